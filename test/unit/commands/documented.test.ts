// What users read has every command and option: docs/contract.md, the README's list of commands and CHANGELOG.md. And the table has
// every command's file. A failure says what to write where.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../../src/cli/command-table.ts";
import { CACHE_OPTIONS, GLOBAL_OPTIONS, ROLE_OPTIONS } from "../../../src/commands/shared/common-options.ts";
import type { Option } from "../../../src/commands/shared/option.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const long = ([flags]: Option): string => flags.replace(/ .*/, "");
const shown = COMMANDS.filter(({ isHidden }) => isHidden !== true);
const sectionOf = (file: string, heading: string): string =>
  read(file)
    .split(/^(?=## )/m)
    .find((part) => part.startsWith(`## ${heading}\n`)) ?? "";
/** Prettier pads tables. */
const rows = (text: string): string[] =>
  text.split("\n").flatMap((line) => (line.startsWith("|") ? line.replaceAll(/\s+/g, " ").trim() : []));

const ROLE_ROWS = { all: "the role options", uncached: "the role options but those of the cache" };
const options = ({ options: own, roleOptions }: (typeof COMMANDS)[number]): string => {
  const all = (roleOptions?.length ?? 0) > ROLE_OPTIONS.length;
  const names = own.map((option) => `\`${long(option)}\``);
  return [...names, ...(roleOptions ? [ROLE_ROWS[all ? "all" : "uncached"]] : [])].join(", ") || "none";
};

describe("docs/contract.md", () => {
  const commands = sectionOf("docs/contract.md", "Commands");

  it.each(shown)("has $name and its options", (entry) => {
    const { name } = entry;
    expect(commands, `docs/contract.md, "Commands": write a line for "xrole ${name}"`).toMatch(
      new RegExp(`^xrole ${name} `, "m"),
    );
    const row = `| \`${name}\` | ${options(entry)} |`;
    expect(rows(commands), `docs/contract.md, "Commands", the table of options: write ${row}`).toContain(row);
  });

  it.each([...ROLE_OPTIONS, ...CACHE_OPTIONS].map(long))("has the role option %s", (name) => {
    const [, text = ""] = /^Role options: (.*?)\n\n/ms.exec(commands) ?? [];
    expect(text.includes(`\`${name}`), `docs/contract.md, "Role options": write what ${name} does`).toBe(true);
  });

  it.each(GLOBAL_OPTIONS.map(long))("has the global option %s", (name) => {
    const [, text = ""] = /^Global: (.*?)$/m.exec(commands) ?? [];
    expect(text.includes(`\`${name}\``), `docs/contract.md, "Global": write ${name}`).toBe(true);
  });
});

it.each(shown)("the README's list of commands has $name", ({ name, summary }) => {
  const row = new RegExp(`^\\| \`xrole ${name}\` \\| \\S`);
  const isThere = rows(sectionOf("README.md", "Commands")).some((line) => row.test(line));
  expect(isThere, `README.md, "Commands": write | \`xrole ${name}\` | ${summary} |`).toBe(true);
});

describe("CHANGELOG.md", () => {
  // What is new since the last release is in no part of a released version, so it must be in the unreleased one.
  const points = read("CHANGELOG.md").split(/^- /m).slice(1);
  const has = (text: string, word: string): boolean => new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(text);
  const isNamed = (...words: string[]): boolean => points.some((point) => words.every((word) => has(point, word)));
  const write = (what: string): string => `CHANGELOG.md: in the unreleased part, write a point about ${what}`;

  it.each(shown)("has $name and its options", ({ name, options: own }) => {
    expect(isNamed(name), write(`xrole ${name}`)).toBe(true);
    const missing = own.map(long).filter((option) => !isNamed(name, option));
    expect(missing, write(`xrole ${name} ${missing.join(", ")}`)).toEqual([]);
  });

  it("has the role options and the global ones", () => {
    const missing = [...ROLE_OPTIONS, ...CACHE_OPTIONS, ...GLOBAL_OPTIONS].map(long).filter((one) => !isNamed(one));
    expect(missing, write(missing.join(", "))).toEqual([]);
  });
});

describe("the command table", () => {
  const FOLDERS = {
    "Use a role": "use",
    Look: "look",
    "Set up and repair": "set-up",
    Services: "services",
    Other: "other",
  };

  it.each(COMMANDS)("has $name, whose file is in the folder of its group", ({ name, group }) => {
    const file = `src/commands/${FOLDERS[group]}/${name}.ts`;
    expect(existsSync(join(ROOT, file)), `write ${file}`).toBe(true);
  });

  it("has the command of every file", () => {
    const files = Object.values(FOLDERS).flatMap((folder) => readdirSync(join(ROOT, "src/commands", folder)));
    const names = COMMANDS.map(({ name }) => name);
    const forgotten = files.map((file) => file.replace(/\.ts$/, "")).filter((name) => !names.includes(name));
    expect(forgotten, `src/cli/command-table.ts: write a line for ${forgotten.join(", ")}`).toEqual([]);
  });

  it.each(COMMANDS)("has for $name conflicts of options that it has", ({ options: own, roleOptions = [] }) => {
    const all = [...own, ...roleOptions, ...GLOBAL_OPTIONS] as const;
    const names = all.map(long);
    const unknown = all
      .flatMap(([, , traits]: Option) => traits?.conflicts ?? [])
      .filter((one) => !names.includes(one));
    expect(unknown).toEqual([]);
  });
});
