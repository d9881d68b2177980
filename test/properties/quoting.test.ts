// Whatever a value holds, a shell that evaluates it gets that value and runs nothing. sh, bash, dash, BusyBox and fish are asked
// themselves, many values at a time; PowerShell and cmd are not here, so their rules are.
import { execFileSync, spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect } from "vitest";
import { quoteWord, shellWords } from "../../src/config/parse/words.ts";
import { cmdLines } from "../../src/deliver/environment/cmd.ts";
import { dotenvLines } from "../../src/deliver/environment/dotenv.ts";
import { fishStatements } from "../../src/deliver/environment/fish.ts";
import { powershellStatements } from "../../src/deliver/environment/powershell.ts";
import { shellStatements } from "../../src/deliver/environment/sh.ts";
import { XroleError } from "../../src/errors/error.ts";
import { oddText, property } from "../harness/property.ts";

/** No environment variable holds a NUL. */
const NUL = /\0/;
const value = fc.oneof(
  oddText(NUL, 20),
  fc.string({ unit: "binary", maxLength: 20 }).map((text) => text.replaceAll("\0", "")),
);
/** Values for one shell to evaluate at once: to start one takes much longer than to read a value. */
const MANY = 50;
const many = fc.array(value, { minLength: MANY, maxLength: MANY });
const named = (values: readonly string[]): Record<string, string> =>
  Object.fromEntries(values.map((value, at) => [`XROLE_TEST_${String(at)}`, value]));

/** The shells of this machine, and how each is told to evaluate its stdin. */
const SHELLS: readonly (readonly [string, readonly string[], string])[] = [
  ["sh", [], 'eval "$(cat)"'],
  ["sh", [], "eval $(cat)"],
  ["bash", [], "eval $(cat)"],
  ["dash", [], "eval $(cat)"],
  ["busybox", ["sh"], "eval $(cat)"],
  ["fish", ["--no-config"], "cat | source"],
];
const isHere = (shell: string): boolean => spawnSync(shell, ["-c", "true"]).error === undefined;

/** The variables that a shell has after evaluating the statements. */
function evaluated(shell: string, words: readonly string[], form: string, input: string): Record<string, string> {
  const output = execFileSync(shell, [...words, "-c", `${form}; /usr/bin/env -0`], {
    input,
    env: { PATH: process.env.PATH, HOME: "/dev/null" },
    cwd: "/",
  });
  const entries = output
    .toString("utf8")
    .split("\0")
    .filter((entry) => entry.startsWith("XROLE_TEST_"))
    .map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]);
  return Object.fromEntries(entries) as Record<string, string>;
}

describe("every value is given back", () => {
  for (const [shell, words, form] of SHELLS.filter(([shell]) => isHere(shell))) {
    const statements = shell === "fish" ? fishStatements : shellStatements;
    property(
      `by ${[shell, ...words].join(" ")}, with ${form}`,
      [many],
      (values) => {
        const set = named(values);
        expect(evaluated(shell, words, form, statements({ set, unset: ["GONE"] }))).toEqual(set);
      },
      1 / MANY,
    );
  }

  property("by PowerShell's rules, in one line of ASCII", [value], (value) => {
    const line = powershellStatements({ set: { A: value }, unset: [] });
    expect(line).toMatch(/^\$env:A = [ -~]*;\n$/);
    expect(readPowershell(line.slice("$env:A = ".length, -2))).toBe(value);
  });

  property("by cmd's rules, or it is refused", [value], (value) => {
    const lines = fitting(() => cmdLines({ set: { A: value }, unset: [] }));
    if (lines === undefined) return;
    const [line = ""] = lines.split("\r\n");
    expect(/^set "A=(.*)"$/.exec(line)?.[1]).toBe(value);
    // Nothing that expands, escapes, or ends the quotes.
    expect(value).toMatch(/^[^%!^"\r\n]*$/);
    expect(lines).toMatch(/^[ -~\r\n]*$/);
  });

  property("by whoever reads an env file, or it is refused", [value], (value) => {
    const text = fitting(() => dotenvLines({ set: { A: value }, unset: [] }));
    if (text === undefined) return;
    expect(text).toBe(`A=${value}\n`);
    // Nothing that a reader of such files may quote, expand, run, or take for a comment.
    expect(value).not.toMatch(/[\s"'`\\$#;&|<>(){}[\]*?!^]/);
  });

  property("by what splits a line into words", [fc.array(value)], (values) => {
    expect(shellWords(values.map(quoteWord).join(" "))).toEqual(values);
  });
});

property(
  "a line is split as sh splits it, or not at all",
  [fc.array(oddText(/[\0\n\r$`;&|<>()*?[\]{}~#!=]/, 10), { minLength: MANY, maxLength: MANY })],
  (lines) => {
    const split = lines.map((line) => ({ line, words: shellWords(line) })).filter(({ words }) => words !== undefined);
    const script = split.map(({ line }) => `show ${line}`).join("\n");
    const show = `show() { for word; do printf '%s\\0' "$word"; done; printf '\\n\\0'; }`;
    const output = execFileSync("sh", ["-fc", `${show}\n${script}`], { env: { PATH: process.env.PATH } }).toString(
      "utf8",
    );
    const expected = split.flatMap(({ words }) => [...(words ?? []), "\n"]);
    expect(output.split("\0").slice(0, -1)).toEqual(expected);
  },
  1 / MANY,
);

/** What it gives; undefined where the form cannot hold the value. */
function fitting(write: () => string): string | undefined {
  try {
    return write();
  } catch (error) {
    if (error instanceof XroleError && error.code === "value-unfit") return undefined;
    throw error;
  }
}

/** The value of `'...' + [char]0x... + ...`, where a quote is doubled (about_Quoting_Rules); undefined for anything else. */
function readPowershell(expression: string): string | undefined {
  const part = /^('(?:[^']|'')*'|\[char\]0x[0-9a-f]{4})(?: \+ |$)/;
  if (!expression.startsWith("'")) return undefined;
  let value = "";
  for (let rest = expression; rest !== "";) {
    const [whole, text = ""] = part.exec(rest) ?? [];
    if (whole === undefined) return undefined;
    value += text.startsWith("'")
      ? text.slice(1, -1).replaceAll("''", "'")
      : String.fromCharCode(Number.parseInt(text.slice("[char]0x".length), 16));
    rest = rest.slice(whole.length);
  }
  return value;
}
