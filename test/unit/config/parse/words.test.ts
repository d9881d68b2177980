import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { shellWords } from "../../../../src/config/parse/words.ts";

describe("splitting a line into words", () => {
  it.each([
    "a b  c",
    "'a b' c",
    '"a b"c d',
    'a\\ b "c\\"d" "e\\f"',
    "'it'\\''s'",
    '"a\\\\b"',
    "''",
    "  ",
    "a='b c'",
    "tab\tsplit",
    "ünï 'çø dé'",
  ])("as a shell does: %s", (line) => {
    const script = `set -f; for word in ${line}; do printf '%s\\n' "$word"; done`;
    const words = execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\n").slice(0, -1);
    expect(shellWords(line)).toEqual(words);
  });

  it.each(["'open", '"open', "ends in \\"])("gives up on what no shell would take: %s", (line) => {
    expect(shellWords(line)).toBeUndefined();
  });
});
