import { describe, expect, it } from "vitest";
import { formatTable } from "../../../src/terminal/table.ts";
import { visible, visibleJson } from "../../../src/terminal/visible.ts";

/** Each with what is shown for it. */
const UNSEEN = [
  ["an escape", "\u001b", "^["],
  ["DEL", "\u007f", "^?"],
  ["C1: the CSI of one byte", "\u009b", "\\u009b"],
  ["C1: next line", "\u0085", "\\u0085"],
  ["a line separator", "\u2028", "\\u2028"],
  ["a bidi override", "\u202e", "\\u202e"],
  ["a bidi isolate", "\u2067", "\\u2067"],
  ["a right-to-left mark", "\u200f", "\\u200f"],
  ["an Arabic letter mark", "\u061c", "\\u061c"],
  ["a zero-width space", "\u200b", "\\u200b"],
  ["a zero-width joiner", "\u200d", "\\u200d"],
  ["a word joiner", "\u2060", "\\u2060"],
  ["a byte order mark", "\ufeff", "\\ufeff"],
  ["a soft hyphen", "\u00ad", "\\u00ad"],
  ["a Hangul filler, which is a letter", "\u3164", "\\u3164"],
  ["a variation selector", "\ufe0f", "\\ufe0f"],
  ["a tag", "\u{e0041}", "\\u{e0041}"],
  ["half a character", "\ud83d", "\\ud83d"],
] as const;

describe("characters without a shape of their own", () => {
  it.each(UNSEEN)("%s is shown", (_, char, shown) => {
    expect(visible(`a${char}b`)).toBe(`a${shown}b`);
  });

  it.each(UNSEEN)("%s is escaped in JSON, and read back as it was", (_, char) => {
    const json = visibleJson({ [`a${char}b`]: [char] }, 2);
    expect(json).toMatch(/^[\n -~]*$/);
    expect(JSON.parse(json)).toEqual({ [`a${char}b`]: [char] });
  });

  it("leave every other one alone", () => {
    const text = "dev-ü é 生产 🚀 עברית العربية e\u0301 \u00a0 ~";
    expect(visible(text)).toBe(text);
    expect(visibleJson(text)).toBe(JSON.stringify(text));
  });
});

it("columns line up by what a terminal shows", () => {
  expect(
    formatTable(
      ["A", "B"],
      [
        ["生产", "x"],
        ["e\u0301", "x"],
        ["\u200b", "x"],
      ],
    ),
  ).toBe(["A       B", "生产    x", "e\u0301       x", "\\u200b  x"].map((line) => `${line}\n`).join(""));
});
