// The manual page as its readers see it: mandoc and groff have nothing to remark, and show every command and option.
import { spawnSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { makeHome } from "../harness/home.ts";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { GLOBAL_OPTIONS } from "../../src/commands/shared/common-options.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const PAGE = join(ROOT, "dist/xrole.1");
const run = (file: string, ...words: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(file, words, {
    encoding: "utf8",
    env: { PATH: process.env.PATH ?? "", LC_ALL: "C.UTF-8", MANWIDTH: "200" },
  });

const SHOWN = COMMANDS.filter(({ isHidden }) => isHidden !== true);

describe("xrole(1)", () => {
  it("is what `man xrole` finds after an install", () => {
    const prefix = makeHome();
    const env = { PATH: `${join(prefix, "bin")}:${process.env.PATH ?? ""}`, HOME: prefix };
    const words = ["install", "--global", "--offline", "--ignore-scripts", "--no-update-notifier", "--prefix", prefix];
    const installed = spawnSync("npm", [...words, ROOT], { encoding: "utf8", env });
    expect(installed.status, installed.stderr).toBe(0);
    const { stdout } = spawnSync("man", ["-w", "xrole"], { encoding: "utf8", env });
    expect(realpathSync(stdout.trim())).toBe(realpathSync(PAGE));
  });

  it("leaves mandoc nothing to remark", () => {
    expect(run("mandoc", "-T", "lint", PAGE)).toMatchObject({ status: 0, stdout: "", stderr: "" });
  });

  it("leaves groff nothing to warn of", () => {
    expect(run("man", "--warnings=w", "-l", PAGE)).toMatchObject({ status: 0, stderr: "" });
  });

  it.each([
    ["groff", ["man", "-l", PAGE]],
    ["mandoc", ["mandoc", "-T", "utf8", "-O", "width=200", PAGE]],
  ])("is shown by %s with every command and option", (_, [file = "", ...words]) => {
    // Overstriking is how a terminal of old shows bold.
    const shown = run(file, ...words).stdout.replaceAll(/.[\b]/g, "");
    for (const name of ["NAME", "SYNOPSIS", "EXIT STATUS", "FILES", "ENVIRONMENT"])
      expect(shown).toMatch(new RegExp(`^${name}$`, "m"));
    for (const { name, examples } of SHOWN) {
      expect(shown).toMatch(new RegExp(`^ +${name}$`, "m"));
      for (const [line] of examples) expect(shown).toContain(line.split("\n")[0]);
    }
    const options = [...GLOBAL_OPTIONS, ...SHOWN.flatMap((entry) => [...entry.options, ...(entry.roleOptions ?? [])])];
    expect(options.length).toBeGreaterThan(30);
    for (const [flags] of options)
      expect(shown).toMatch(new RegExp(`^ +${flags.replaceAll(/[<>]/g, "").replace(/[[\]|]/g, "\\$&")}( |$)`, "m"));
  });
});
