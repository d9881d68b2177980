import { describe, expect, it } from "vitest";
import { formatTime, isKeyText, parseTime } from "../../src/chain/received.ts";

describe("a time that somebody sent", () => {
  it.each([
    ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"],
    ["2026-01-01T00:00:00.123Z", "2026-01-01T00:00:00Z"],
    ["2026-01-01T02:00:00+02:00", "2026-01-01T00:00:00Z"],
    ["2026-01-01 00:00:00+0000", "2026-01-01T00:00:00Z"],
  ])("is read: %s", (text, expected) => {
    const time = parseTime(text);
    expect(time && formatTime(time)).toBe(expected);
  });

  it.each([
    "",
    "soon",
    "2026",
    "2026-01-01",
    "2026-01-01T00:00:60Z",
    "2026-13-01T00:00:00Z",
    "2026-01-01T00:00:00",
    "1767225600",
  ])("is none: %j", (text) => {
    expect(parseTime(text)).toBeUndefined();
  });
});

describe("the text of a key", () => {
  it("is what AWS uses, and nothing that a shell treats specially", () => {
    expect(isKeyText("AKIA0123")).toBe(true);
    expect(isKeyText("abc/DEF+ghi==")).toBe(true);
    for (const bad of ["", "a b", "a'b", 'a"b', "a\nb", "a$b", "a`b", "a;b", "a*b", "ä", undefined, 1])
      expect(isKeyText(bad)).toBe(false);
  });
});
