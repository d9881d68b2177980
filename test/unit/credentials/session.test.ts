// How long credentials live, by AWS's clock, and when that is long enough: to the millisecond, since a swapped bound is seen nowhere else.
import { describe, expect, it } from "vitest";
import { isFresh, lifetime, timeLeft, type Session } from "../../../src/credentials/session.ts";

const NOW = 1_900_000_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A session that was obtained `age` milliseconds ago, on a clock that AWS's is ahead of by `clockOffset`. */
const session = (life: number | undefined, { age = 0, clockOffset = 0 } = {}): Session => ({
  credentials: {
    accessKeyId: "ASIA1",
    secretAccessKey: "secret",
    ...(life !== undefined && { expiration: new Date(NOW - age + clockOffset + life) }),
  },
  obtained: NOW - age,
  clockOffset,
});

describe("the time that is left", () => {
  it("is that to the end, by AWS's clock", () => {
    expect(timeLeft(session(HOUR), NOW)).toBe(HOUR);
    expect(timeLeft(session(HOUR, { age: MINUTE }), NOW)).toBe(HOUR - MINUTE);
    expect(timeLeft(session(HOUR, { age: MINUTE, clockOffset: 5 * MINUTE }), NOW)).toBe(HOUR - MINUTE);
    expect(timeLeft(session(MINUTE, { age: HOUR }), NOW)).toBe(MINUTE - HOUR);
    expect(timeLeft(session(undefined), NOW)).toBe(Infinity);
  });

  it("is none where the clock was ahead by more than a minute when they were obtained", () => {
    expect(timeLeft(session(HOUR, { age: -MINUTE }), NOW)).toBe(HOUR + MINUTE);
    expect(timeLeft(session(HOUR, { age: -MINUTE - 1 }), NOW)).toBe(0);
  });
});

describe("the whole life", () => {
  it("is the same on any clock, at any time", () => {
    for (const at of [{}, { age: MINUTE }, { clockOffset: HOUR }, { clockOffset: -HOUR, age: 2 * HOUR }])
      expect(lifetime(session(HOUR, at))).toBe(HOUR);
    expect(lifetime(session(undefined))).toBe(Infinity);
  });
});

describe("credentials do", () => {
  const isFreshAt = (life: number, left: number, minTtl: number, leastLife?: number): boolean =>
    isFresh(session(life, { age: life - left }), NOW, { minTtl, ...(leastLife !== undefined && { leastLife }) });

  it.each<[string, number, number, number, number?]>([
    ["minTtl, in seconds", HOUR, 900_000, 900],
    ["a third of their life, where that is less", 15 * MINUTE, 5 * MINUTE, 900],
    ["leastLife, in milliseconds, however long they live", 2 * MINUTE, MINUTE, 900, MINUTE],
    ["minTtl, where leastLife is less", HOUR, 900_000, 900, MINUTE],
  ])("with %s left, and not with less", (_, life, left, minTtl, leastLife) => {
    expect(isFreshAt(life, left, minTtl, leastLife)).toBe(true);
    expect(isFreshAt(life, left - 1, minTtl, leastLife)).toBe(false);
  });

  it("for ever where they have no end", () => {
    expect(isFresh(session(undefined), NOW, { minTtl: 900 })).toBe(true);
  });
});
