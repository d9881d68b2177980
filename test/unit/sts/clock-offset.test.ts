// What is taken from a reply's Date header.
import { expect, it } from "vitest";
import { clockOffsetOf } from "../../../src/sts/clock-offset.ts";

const DATE = "Tue, 01 Jan 2030 00:00:00 GMT";
const TIME = Date.parse(DATE);
const MINUTE = 60_000;

it.each([
  ["at once", 0, 0, 0],
  ["within the second that the header names", 999, 999, 0],
  ["after the second that the header names, on its way before", 100, 1500, 0],
  ["late: it was written at the beginning", -100, 9 * MINUTE, 0],
  ["late: it was written at the end", -9 * MINUTE, 100, 0],
  ["from a clock that is ahead: as far as it can be", -5 * MINUTE, -5 * MINUTE + 200, 5 * MINUTE + 1000],
  ["from a clock that is behind: no farther than it must be", 5 * MINUTE, 5 * MINUTE + 200, -5 * MINUTE + 1000],
])("%s", (_, sent, received, offset) => {
  expect(clockOffsetOf({ date: DATE }, TIME + sent, TIME + received)).toBe(offset);
});

it.each([[{}], [{ date: "yesterday" }], [{ date: DATE, age: "0" }]])("nothing of %j", (headers) => {
  expect(clockOffsetOf(headers, TIME, TIME)).toBeUndefined();
});
