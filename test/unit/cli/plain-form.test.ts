// The plain forms are read without the option parser: over many argument lists, both read alike.
import { describe, expect, it } from "vitest";
import { plainForm } from "../../../src/cli/argv.ts";
import { readWords } from "../../../src/cli/run.ts";

const WORDS = [
  ...["exec", "env", "credential-process", "list", "cache", "help"],
  ...[
    "p",
    "my profile",
    "",
    "-",
    "--",
    "--",
    "--",
    "-x",
    "-h",
    "--help",
    "--version",
    "--debug",
    "--no-color",
    "--json",
  ],
  ...[
    "--region",
    "--region=x",
    "us-east-1",
    "--duration",
    "1h",
    "--tag",
    "k=v",
    "--format",
    "sh",
    "--unset",
    "--no-cache",
  ],
  ...["sh", "-c", "echo $HOME", "toString", "__proto__", "é", "a=b"],
];

/** Numbers from 0 to below 1, the same in every run (a linear congruential generator). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

/** What the option parser makes of the words; undefined when it is no command without options. */
function parsed(words: readonly string[]): object | undefined {
  const { entry, command, parse } = readWords(words);
  try {
    const found = parse();
    if ("help" in found || found.entry !== entry) return undefined;
    // commander says `true` for what only a --no-... takes away.
    const { color, cache, ...given } = found.options;
    if (color === false || cache === false || Object.keys(given).length > 0) return undefined;
    return { name: entry.name, profile: found.words[0], command };
  } catch {
    return undefined;
  }
}

describe("the plain forms", () => {
  it("are read as the option parser reads them, over 10,000 argument lists", () => {
    const next = numbers(20261124);
    const pick = (from: readonly string[]): string => from[Math.floor(next() * from.length)] ?? "";
    let plain = 0;
    for (let run = 0; run < 10_000; run++) {
      const first = next() < 0.8 ? pick(WORDS.slice(0, 3)) : pick(WORDS);
      const words = [first, ...Array.from({ length: Math.floor(next() * 6) }, () => pick(WORDS))];
      const form = plainForm(words);
      if (form) plain++;
      if (form) expect(form, JSON.stringify(words)).toEqual(parsed(words));
    }
    expect(plain).toBeGreaterThan(1000);
  });

  it.each([
    [["exec", "p", "--", "aws", "s3", "ls"]],
    [["exec", "p", "aws", "--debug"]],
    [["exec", "--", "env"]],
    [["env", "p"]],
    [["env"]],
    [["credential-process", "p"]],
  ])("cover %j", (words) => {
    expect(plainForm(words)).toEqual(parsed(words));
    expect(plainForm(words)).toBeDefined();
  });

  it.each([[["exec", "--debug", "p", "--", "x"]], [["env", "p", "q"]], [["list"]], [["exec", "-h"]], [[]]])(
    "do not cover %j",
    (words) => {
      expect(plainForm(words)).toBeUndefined();
    },
  );
});
