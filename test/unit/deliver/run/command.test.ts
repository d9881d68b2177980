// Which file a command's name stands for, and what is said where there is none that runs.
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Context } from "../../../../src/context/types.ts";
import { findCommand } from "../../../../src/deliver/run/command.ts";
import { makeHome } from "../../../harness/home.ts";

const home = makeHome({
  "one/tool": "",
  "one/broken": "",
  "two/tool": "",
  "two/broken": "",
  "two/only": "",
  "here/tool": "",
  "tool.cmd": "",
});
for (const path of ["one/tool", "two/tool", "two/only", "here/tool"]) chmodSync(join(home, path), 0o755);
for (const path of ["one/broken", "two/broken"]) chmodSync(join(home, path), 0o644);
for (const path of ["one/only", "one/folder", "here/folder"]) mkdirSync(join(home, path));
const [one, two, here] = ["one", "two", "here"].map((name) => join(home, name)) as [string, string, string];

const find = (
  command: string,
  env: Record<string, string> = { PATH: `${one}:${two}` },
  more: Partial<Context> = {},
) => {
  try {
    return findCommand({ cwd: here, env, platform: "linux", ...more } as Context, command);
  } catch (error) {
    return error;
  }
};
const notRunnable = (command: string, problem: string): object => ({
  code: "command-not-runnable",
  details: { command, problem },
});

describe("a command", () => {
  it("is the first in PATH that runs", () => {
    expect(find("tool")).toBe(join(one, "tool"));
    expect(find("tool", { PATH: `${two}:${one}` })).toBe(join(two, "tool"));
    // A folder of that name comes first.
    expect(find("only")).toBe(join(two, "only"));
  });

  it("is looked for in the working folder where PATH says so, and only there", () => {
    for (const PATH of [`:${one}`, `${join(home, "absent")}:`, ".", "../here"])
      expect(find("tool", { PATH })).toBe(join(here, "tool"));
    expect(find("tool", { PATH: join(home, "absent") })).toMatchObject({ code: "command-not-found" });
  });

  it("with a path is that file, from the working folder on", () => {
    expect(find("./tool")).toBe(join(here, "tool"));
    expect(find("../two/only")).toBe(join(two, "only"));
    expect(find(join(two, "only"), {})).toBe(join(two, "only"));
    expect(find("./only")).toMatchObject({ code: "command-not-found", details: { command: "./only" } });
  });

  it("is one of the system's where there is no PATH", () => {
    expect(find("sh", {})).toMatch(/^\/(usr\/local\/bin|usr\/bin|bin)\/sh$/);
    expect(find("tool", {})).toMatchObject({ code: "command-not-found", details: { command: "tool" } });
    // An empty one names the working folder.
    expect(find("sh", { PATH: "" })).toMatchObject({ code: "command-not-found" });
    expect(find("tool", { PATH: "" })).toBe(join(here, "tool"));
  });

  it("that is there and does not run is another error than one that is not", () => {
    expect(find("broken")).toMatchObject(notRunnable("broken", "permission denied"));
    expect(find("folder")).toMatchObject(notRunnable("folder", "it is a directory"));
    expect(find("only", { PATH: `${one}:${join(home, "absent")}` })).toMatchObject(
      notRunnable("only", "it is a directory"),
    );
    // What is wrong with the first is what is said.
    expect(find("broken", { PATH: `${one}:${two}` })).toMatchObject({ details: { problem: "permission denied" } });
    expect(find("folder", { PATH: `${one}:${here}` })).toMatchObject({ details: { problem: "it is a directory" } });
    expect(find(`${one}/tool/x`)).toMatchObject({ code: "command-not-found" });
  });

  it("without a name is not found, whatever PATH names", () => {
    expect(find("")).toMatchObject({ code: "command-not-found", details: { command: "" } });
  });
});

describe("a command on Windows", () => {
  // This machine has no Windows: files with a backslash in their names are in the place of paths.
  const folder = makeHome({
    "\\tool.exe": "",
    "\\tool.com": "",
    "\\other.EXE": "",
    "\\batch.cmd": "",
    "\\note.txt": "",
    "\\old.exe.txt": "",
  });
  mkdirSync(join(folder, "\\nothing.exe"));
  const windows = (command: string, PATHEXT = ".EXE;.COM;.CMD"): unknown =>
    find(command, { PATH: `${folder}/`, PATHEXT }, { platform: "win32" });
  const NEEDS_SHELL = "only cmd.exe runs batch files, and would change their arguments: name the program behind it";

  it("is a program, by the first ending that is there", () => {
    expect(windows("tool")).toBe(join(folder, "\\tool.exe"));
    expect(windows("tool", ".COM;.EXE")).toBe(join(folder, "\\tool.com"));
    expect(windows("other.EXE")).toBe(join(folder, "\\other.EXE"));
  });

  it("is neither a batch file, nor a folder, nor another file", () => {
    expect(windows("batch")).toMatchObject(notRunnable("batch", NEEDS_SHELL));
    expect(windows("note.txt", ".TXT")).toMatchObject(notRunnable("note.txt", NEEDS_SHELL));
    expect(windows("old.exe.txt", ".TXT")).toMatchObject(notRunnable("old.exe.txt", NEEDS_SHELL));
    expect(windows("nothing")).toMatchObject({ code: "command-not-found" });
    expect(windows("tool", "")).toBe(join(folder, "\\tool.com"));
  });
});
