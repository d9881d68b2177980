// Help of xrole and of each command, and what is wrong usage.
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../../src/cli/command-table.ts";
import { GROUPS } from "../../../src/commands/shared/groups.ts";
import { xrole } from "../../harness/run.ts";
import { home } from "../../harness/listed-profiles.ts";
/** Lines of a help text at most. */
const SCREEN = 40;
const lineCount = (text: string): number => text.trimEnd().split("\n").length;

describe("help and usage", () => {
  const shown = COMMANDS.filter(({ isHidden }) => isHidden !== true);

  it("fits one screen a command, each under its group's heading, and shows only what works", async () => {
    const top = await xrole(["--help"]);
    expect(top).toMatchObject({ status: 0, stderr: "" });
    expect(lineCount(top.stdout)).toBeLessThanOrEqual(SCREEN);
    const headings = [...top.stdout.matchAll(/^(\S.*):$/gm)].map(([, heading = ""]) => heading);
    expect(headings).toEqual(["Options", ...GROUPS.filter((group) => COMMANDS.some((one) => one.group === group))]);
    for (const { name, group } of shown) {
      const [, own = ""] = top.stdout.split(`\n${group}:\n`);
      expect(own.split("\n\n")[0]).toMatch(new RegExp(`^ {2}${name} `, "m"));
    }
    const names = [...top.stdout.matchAll(/^ {2}([a-z][\w-]*) {2}/gm)].map(([, name]) => name);
    expect(names.sort()).toEqual([...shown.map(({ name }) => name), "help"].sort());
  });

  it.each(shown)("of $name fits one screen, with its options and examples", async ({ name, ...entry }) => {
    const help = await xrole([name, "--help"]);
    expect(help).toMatchObject({ status: 0, stderr: "" });
    expect(lineCount(help.stdout)).toBeLessThanOrEqual(SCREEN);
    expect(help.stdout).toContain("Examples:");
    for (const [flags, , traits] of [...entry.options, ...(entry.roleOptions ?? [])])
      expect(help.stdout.includes(`\n  ${flags} `), flags).toBe(traits?.hidden !== true);
  });

  it.each([[[]], [["nonsense"]], [["list", "--nonsense"]], [["list", "a", "b"]], [["env", "--format", "cmd.exe"]]])(
    "that is wrong is 64: %j",
    async (words) => {
      const run = await xrole(words, { env: home() });
      expect(run.status).toBe(64);
      expect(run.stderr).not.toBe("");
    },
  );

  it("tells on stderr what happens with --debug, and nothing with --quiet", async () => {
    const debug = await xrole(["env", "keys", "--debug"], { env: home() });
    expect(debug.stderr).toContain("xrole: debug: read ");
    const quiet = await xrole(["explain", "deep", "--quiet"], { env: home() });
    expect(quiet.stderr).toBe("");
    expect((await xrole(["explain", "deep"], { env: home() })).stderr).toContain("warning");
  });
});
