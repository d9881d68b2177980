// The manual page holds whatever the command table does, and every variable that xrole knows.
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../../../src/cli/command-table.ts";
import { GLOBAL_OPTIONS } from "../../../../src/commands/shared/common-options.ts";
import { manualPage } from "../../../../src/cli/manual/page.ts";
import { filled, literal, named, prose } from "../../../../src/cli/manual/roff.ts";

const SRC = resolve(import.meta.dirname, "../../../../src");
/** What is for scripts alone is in no help, and not here. */
const SHOWN = COMMANDS.filter(({ isHidden }) => isHidden !== true);
const page = manualPage({ commands: COMMANDS, globals: GLOBAL_OPTIONS }, "1.2.3", new Date("2026-01-31T12:00:00Z"));

/** The text from a heading to the next of its kind. */
const part = (heading: string): string => {
  const [kind = ""] = heading.split(" ");
  const [, after = ""] = page.split(`\n${heading}\n`);
  return after.split(new RegExp(`\n(?:\\.SH|\\${kind}) `))[0] ?? "";
};

describe("the manual page", () => {
  it.each(SHOWN)("has $name with its arguments, options and examples", ({ name, ...entry }) => {
    const own = part(`.SS ${name}`);
    for (const [flags, text] of [...entry.arguments, ...entry.options])
      expect(own).toContain([`.TP\n${named(flags)}`, ...filled(prose(text))].join("\n"));
    for (const [line] of entry.examples) expect(own).toContain(line.split("\n").map(literal).join("\n"));
    expect(own.includes("role options")).toBe(entry.roleOptions !== undefined);
    expect(part(".SH SYNOPSIS")).toContain(`\\fBxrole ${literal(name)}\\fR`);
  });

  it("leaves out what is for scripts alone, and says which values an option may have", () => {
    expect(COMMANDS.some(({ name }) => name === "__complete")).toBe(true);
    expect(page).not.toContain("__complete");
    expect(part(".SS env").replaceAll("\n", " ")).toContain("sh, fish, powershell, cmd, json, dotenv, github");
  });

  it("has each role option once", () => {
    const flags = new Set(COMMANDS.flatMap(({ roleOptions = [] }) => roleOptions.map(([name]) => name)));
    expect(flags.size).toBeGreaterThan(15);
    for (const name of flags) expect(part(".SH ROLE OPTIONS").split(`.TP\n${named(name)}\n`).length, name).toBe(2);
  });

  it("says which role options a command does not take", () => {
    const all = COMMANDS.map((entry) =>
      entry.name === "whoami" ? { ...entry, roleOptions: entry.roleOptions?.slice(0, -1) ?? [] } : entry,
    );
    const shorter = manualPage({ commands: all, globals: GLOBAL_OPTIONS }, "1.2.3", new Date(0));
    expect(shorter).toContain("And the role options (see below), but not \\fB\\-\\-no\\-cache\\fR.");
  });

  it("has the global options, version and date", () => {
    for (const [flags] of GLOBAL_OPTIONS) expect(part(".SH GLOBAL OPTIONS")).toContain(`.TP\n${named(flags)}`);
    expect(page).toMatch(/^\.TH XROLE 1 2026-01-31 "xrole 1\.2\.3" /);
  });

  it("has every variable of AWS's and xrole's that the code names", () => {
    const names = readdirSync(SRC, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !/^(sandbox|cli\/manual|commands\/services\/sandbox\.ts)/.test(file))
      .flatMap((file) => namesIn(join(SRC, file)))
      // Not for users: an SDK's and the tests' own.
      .filter((name) => !["XROLE_VERSION", "XROLE_BUILD"].includes(name));
    expect(names.length).toBeGreaterThan(40);
    expect([...new Set(names)].filter((name) => !page.includes(name))).toEqual([]);
  });
});

/** The variables that are named by the words and strings of a file's code; its comments do not count. */
function namesIn(file: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const text = ts.isIdentifier(node) || ts.isStringLiteralLike(node) ? node.text : "";
    const [name] = /^(AWS|XROLE)_[A-Z\d_]+\b/.exec(text) ?? [];
    if (name !== undefined) found.push(name);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest));
  return found;
}
