// One profile changes; every line that is not concerned stays as it is, byte by byte.
import { diffArrays } from "diff";
import { describe, expect, it } from "vitest";
import { editProfile } from "../../../../src/config/edit/edit.ts";
import { parseConfig } from "../../../../src/config/parse/parse.ts";
import type { Sections } from "../../../../src/config/types.ts";
import { XroleError } from "../../../../src/errors/error.ts";

const edit = (text: string, profile: string, settings: Readonly<Record<string, string>>): string =>
  editProfile(text, "config", { profile, settings: new Map(Object.entries(settings)) });

describe("a setting", () => {
  it.each([
    ["is changed where it stands", "[profile p]\nregion=a\nx = 1\n", { region: "b" }, "[profile p]\nregion=b\nx = 1\n"],
    [
      "keeps its key's case, its spacing and its comment",
      "[profile p]\n Region  =  a   # why\r\n",
      { region: "b" },
      "[profile p]\n Region  =  b   # why\r\n",
    ],
    [
      "that was empty gets its value before the comment",
      "[profile p]\nregion = # none\nx=\n",
      { region: "b", x: "1" },
      "[profile p]\nregion = b # none\nx=1\n",
    ],
    [
      "that is new comes after the last one of the section, before the comments of the next",
      "[profile p]\nregion = a\n\n# about q\n[profile q]\nregion = a\n",
      { role_arn: "r" },
      "[profile p]\nregion = a\nrole_arn = r\n\n# about q\n[profile q]\nregion = a\n",
    ],
    [
      "that is new comes after a nested block, not into it",
      "[profile p]\ns3 =\n  role_arn = not\n\n  x = 1\n[profile q]\n",
      { role_arn: "r" },
      "[profile p]\ns3 =\n  role_arn = not\n\n  x = 1\nrole_arn = r\n[profile q]\n",
    ],
    [
      "that is new is indented as the others are",
      "[profile p]\n\tregion = a\n\t[profile q]\n",
      { role_arn: "r" },
      "[profile p]\n\tregion = a\n\trole_arn = r\n\t[profile q]\n",
    ],
    [
      "in an empty section does not swallow an indented header below",
      "[profile p]\n  [profile q]\n  region = a\n",
      { role_arn: "r" },
      "[profile p]\n  role_arn = r\n  [profile q]\n  region = a\n",
    ],
    [
      "takes what continued its old value with it",
      "[profile p]\nregion = a\n  b\n  # kept\n  c\nx = 1\n",
      { region: "d" },
      "[profile p]\nregion = d\n  # kept\nx = 1\n",
    ],
    [
      "that is given as it is changes nothing",
      "[profile p]\nregion=a   ; c",
      { region: "a" },
      "[profile p]\nregion=a   ; c",
    ],
    [
      "of duplicates is changed where it counts",
      "[profile p]\nregion = a\nregion = b\n[profile p]\nx = 1\n",
      { region: "c" },
      "[profile p]\nregion = a\nregion = c\n[profile p]\nx = 1\n",
    ],
    [
      "that goes takes its duplicates and its block with it",
      "[profile p]\nregion = a\nx =\n  y = 1\n[profile q]\n[profile p]\nREGION = b\n",
      { region: "", x: "" },
      "[profile p]\n[profile q]\n[profile p]\n",
    ],
    [
      "keeps a BOM, the line ends and a last line without one",
      "\uFEFF[profile p]\r\nregion = a",
      { role_arn: "r" },
      "\uFEFF[profile p]\r\nregion = a\r\nrole_arn = r",
    ],
    [
      "that goes from the last line leaves the end as it was",
      "[profile p]\r\nx = 1\r\nregion = a",
      { region: "" },
      "[profile p]\r\nx = 1",
    ],
    [
      "of default goes where it counts",
      "[profile default]\nregion = a\n[default]\nregion = b\n",
      { region: "c" },
      "[profile default]\nregion = c\n[default]\nregion = b\n",
    ],
    ["of [default] stays there", "[default]\nregion = b\n", { region: "c" }, "[default]\nregion = c\n"],
  ])("%s", (says, text, settings, expected) => {
    const profile = says.includes("default") ? "default" : "p";
    expect(edit(text, profile, settings)).toBe(expected);
  });
});

describe("a profile that is not there", () => {
  it.each([
    ["in an empty file", "", "p", "[profile p]\nregion = a\n"],
    ["at the end", "[default]\nx = 1\n", "p", "[default]\nx = 1\n\n[profile p]\nregion = a\n"],
    ["after a last line without an end", "[default]\nx = 1", "p", "[default]\nx = 1\n\n[profile p]\nregion = a"],
    [
      "with the file's line ends",
      "[default]\r\nx = 1\r\n",
      "p",
      "[default]\r\nx = 1\r\n\r\n[profile p]\r\nregion = a\r\n",
    ],
    ["after a blank line that is there", "[default]\n\n", "p", "[default]\n\n[profile p]\nregion = a\n"],
    ["beside a section that lacks the word profile", "[p]\n", "p", "[p]\n\n[profile p]\nregion = a\n"],
    ["as [default]", "", "default", "[default]\nregion = a\n"],
    ["with spaces in its name", "", "my profile", '[profile "my profile"]\nregion = a\n'],
    ["with quotes in its name", "", `a"b'c\\d`, `[profile "a\\"b'c\\\\d"]\nregion = a\n`],
    ["with any other name", "", "é#;=$(id)[x", "[profile é#;=$(id)[x]\nregion = a\n"],
  ])("is added %s", (_, text, profile, expected) => {
    expect(edit(text, profile, { region: "a" })).toBe(expected);
  });
});

describe("what the file cannot hold", () => {
  it.each([
    ["p", "a\nrole_arn = evil"],
    ["p", "a\r"],
    ["p", " a"],
    ["p", "a #b"],
    ["p", "# a"],
    ["p", "sh -c 'x ; y'"],
    ["a\n[profile q", "a"],
    ["", "a"],
    ["\u001b[31m", "a"],
  ])("is refused: profile %j, value %j", (profile, value) => {
    expect(() => edit("[profile p]\nregion = a\n", profile, { region: value })).toThrow(
      expect.objectContaining({ code: "setting-invalid" }) as XroleError,
    );
  });

  it("is not made worse: a file that cannot be read is an error", () => {
    expect(() => edit("[profile p\n", "p", { region: "a" })).toThrow(
      expect.objectContaining({ code: "config-syntax" }) as XroleError,
    );
  });
});

/** Numbers from 0 to below 1, the same in every run (a linear congruential generator). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

const HEADERS = [
  ...["[default]", "[profile default]", "[profile p]", "[profile  p ]", "[profile p]# c", '[profile "p"]', "[p]"],
  ...['[profile "my profile"]', "[profile 'my profile']", "[profile my profile]", "[profile q]", "[profile __proto__]"],
  ...["[sso-session s]", "[services p]", "[preview]", "[profile]"],
];
const KEYS = ["region", "Region", "role_arn", "source_profile", "s3", "a key", "__proto__", "output"];
const VALUES = [
  "",
  "a",
  "b  # comment",
  "c ; comment",
  "a#b",
  "arn:aws:iam::222222222222:role/r",
  "'x' \"y\"",
  "k = v",
  "é",
  "[x]",
];
const PROFILES = ["p", "my profile", "default", "q", "__proto__", "new", "new one"];
const EDITED = ["region", "role_arn", "source_profile", "s3", "__proto__"];

/** A file as people, and programs that care little, write them. */
function file(next: () => number): string {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!;
  const lines: string[] = [];
  const indentOfSection = (): string => (next() < 0.15 ? pick([" ", "\t", "    "]) : "");
  for (let sections = Math.floor(next() * 6); sections > 0; sections--) {
    lines.push(pick(HEADERS));
    const indent = indentOfSection();
    for (let settings = Math.floor(next() * 5); settings > 0; settings--) {
      if (next() < 0.2) lines.push(pick(["", "# comment", "  ; indented comment", "   "]));
      lines.push(
        `${next() < 0.1 ? indentOfSection() : indent}${pick(KEYS)}${pick(["=", " = ", " =", "= "])}${pick(VALUES)}`,
      );
      while (next() < 0.15) lines.push(`${indent}  ${pick(["x = 1", "role_arn = nested", "more", "[y]", "# c", ""])}`);
    }
    if (next() < 0.5) lines.push("");
  }
  const end = pick(["\n", "\n", "\r\n"]);
  const ends = lines.map(() => (next() < 0.05 ? pick(["\n", "\r\n"]) : end));
  if (next() < 0.2) ends[ends.length - 1] = "";
  return (next() < 0.1 ? "\uFEFF" : "") + lines.map((line, at) => line + (ends[at] ?? "")).join("");
}

/** Everything a file says, but for its line numbers. */
function plain(text: string): Record<string, Map<string, Map<string, unknown>>> {
  const config = parseConfig(text, "config", "config");
  const all = (of: Sections): Map<string, Map<string, unknown>> =>
    new Map(
      [...of.values()].map(({ name, settings }) => [
        name,
        new Map(
          [...settings].map(([key, { value, nested }]) => [
            key,
            { value, nested: nested && [...nested].map(([inner, setting]) => [inner, setting.value]) },
          ]),
        ),
      ]),
    );
  const { profiles, ssoSessions, services, bareSections } = config;
  return {
    profiles: all(profiles),
    ssoSessions: all(ssoSessions),
    services: all(services),
    bareSections: all(bareSections),
  };
}

describe("over 20,000 generated files", () => {
  it("an edit changes the one setting that is meant, and no line of anything else", () => {
    const next = numbers(20261124);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!;
    let edits = 0;
    let removals = 0;
    for (let run = 0; run < 20_000; run++) {
      const text = file(next);
      let before;
      try {
        before = plain(text);
      } catch (error) {
        if (error instanceof XroleError) continue;
        throw error;
      }
      const profile = pick(PROFILES);
      const key = pick(EDITED);
      const value = next() < 0.3 ? "" : pick(["new", "a", "arn:aws:iam::222222222222:role/r", "x#y"]);
      const edited = edit(text, profile, { [key]: value });
      const says = JSON.stringify({ text, profile, key, value, edited });

      const expected = before;
      const own = expected.profiles!.get(profile);
      if (value === "") own?.delete(key);
      else if (own?.has(key)) own.set(key, { value, nested: undefined });
      else expected.profiles!.set(profile, new Map([...(own ?? []), [key, { value, nested: undefined }]]));
      // A nested block of the same value is the block itself, and stays.
      expect(plain(edited), says).toEqual(expected);

      const lines = (of: string): string[] => of.replace(/^\uFEFF/, "").split(/\r?\n/);
      const isSetting = (line: string): boolean => new RegExp(`^\\s*${key}\\s*=`, "i").test(line);
      const changes = diffArrays(lines(text), lines(edited));
      const added = changes.flatMap((change) => (change.added ? change.value : []));
      const removed = changes.flatMap((change) => (change.removed ? change.value : []));
      expect(added.filter((line) => !isSetting(line) && line !== "" && !line.startsWith("[")).length, says).toBe(0);
      // What continued a value, or was nested below it, goes with it: it is indented.
      expect(removed.filter((line) => !isSetting(line) && !/^\s/.test(line) && line !== "").length, says).toBe(0);
      expect(removed.filter((line) => /^\s*[#;]/.test(line)).length, says).toBe(0);
      expect(edited.startsWith("\uFEFF")).toBe(text.startsWith("\uFEFF"));
      if (text !== "" && text !== "\uFEFF")
        expect(edited.endsWith("\n"), says).toBe(text.endsWith("\n") || edited === "");
      if (!/[^\r]\n/.test(text) && text.includes("\r\n")) expect(edited, says).not.toMatch(/[^\r]\n/);
      if (value === "") removals++;
      else edits++;
    }
    expect(edits).toBeGreaterThan(3000);
    expect(removals).toBeGreaterThan(1000);
  });
});
