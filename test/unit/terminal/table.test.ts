import { describe, expect, it } from "vitest";
import { describeTimeLeft, formatTable } from "../../../src/terminal/table.ts";

const MINUTE = 60_000;

describe("the time that is left", () => {
  it.each([
    [-1, "past"],
    [0, "past"],
    [1, "0 min left"],
    [MINUTE - 1, "0 min left"],
    [MINUTE, "1 min left"],
    [60 * MINUTE - 1, "59 min left"],
    [60 * MINUTE, "1 h 0 min left"],
    [65 * MINUTE, "1 h 5 min left"],
    [119 * MINUTE, "1 h 59 min left"],
    [120 * MINUTE, "2 h 0 min left"],
    [725.5 * MINUTE, "12 h 5 min left"],
  ])("of %i ms is %s", (milliseconds, text) => {
    expect(describeTimeLeft(milliseconds)).toBe(text);
  });
});

describe("a table", () => {
  it("has a column as wide as its widest cell, and no space at the end of a line", () => {
    const rows = [
      ["a", "b", ""],
      ["longer", "", "c"],
    ];
    expect(formatTable(["X", "WIDE", "Z"], rows)).toBe("X       WIDE  Z\na       b\nlonger        c\n");
  });

  it("shows control characters, and counts them as shown", () => {
    expect(formatTable(["X", "Y"], [["\u001b", "y"]])).toBe("X   Y\n^[  y\n");
  });
});
