// Small readers and writers of text, against plainer ones that are too slow or too long for the product.
import fc from "fast-check";
import { describe, expect } from "vitest";
import { seconds } from "../../src/plan/options/limits.ts";
import { matchesPattern } from "../../src/config/pattern.ts";
import { formatTime, parseTime } from "../../src/plan/aws/timestamps.ts";
import { describeTimeLeft } from "../../src/terminal/table.ts";
import { visible } from "../../src/terminal/visible.ts";
import { XroleError } from "../../src/errors/error.ts";
import { oddText, property } from "../harness/property.ts";

const duration = (value: string, name: string): number | undefined => {
  try {
    return seconds({ value, where: "", name });
  } catch (error) {
    if (error instanceof XroleError && error.code === "setting-invalid") return undefined;
    throw error;
  }
};

describe("a duration", () => {
  const UNITS = { "": 1, s: 1, m: 60, h: 3600 } as const;
  const unit = fc.constantFrom<keyof typeof UNITS>("", "s", "m", "h");

  property("is so many seconds, from 900 to 43200", [fc.nat({ max: 50_000 }), unit], (number, unit) => {
    const expected = number * UNITS[unit];
    const isAllowed = expected >= 900 && expected <= 43_200;
    expect(duration(`${String(number)}${unit}`, "--duration")).toBe(isAllowed ? expected : undefined);
    expect(duration(`${String(number)}${unit}`, "duration_seconds")).toBe(
      isAllowed && unit === "" ? expected : undefined,
    );
  });

  property("of anything else is none", [oddText()], (text) => {
    fc.pre(!/^\d+[smh]?$/.test(text));
    for (const around of [text, `${text}3600`, `3600${text}`])
      if (!/^\d+[smh]?$/.test(around)) expect(duration(around, "--duration")).toBeUndefined();
  });

  property(
    "that is left is told in hours and minutes that add up",
    [fc.integer({ min: 1, max: 100 * 3_600_000 })],
    (left) => {
      const [, hours = "0", minutes = ""] = /^(?:(\d+) h )?(\d+) min left$/.exec(describeTimeLeft(left)) ?? [];
      expect(Number(hours) * 60 + Number(minutes)).toBe(Math.floor(left / 60_000));
      expect(Number(minutes)).toBeLessThan(60);
    },
  );
});

describe("a time", () => {
  const date = fc.date({ min: new Date(0), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true });

  property("that is written is read, to the second", [date], (date) => {
    expect(parseTime(formatTime(date))?.getTime()).toBe(Math.floor(date.getTime() / 1000) * 1000);
    expect(parseTime(date.toISOString())).toEqual(date);
  });

  property("that is read is one", [oddText()], (text) => {
    for (const one of [
      text,
      `2026-01-01T00:00:00Z${text}`,
      `2026-01-01T00:00:00${text}Z`,
      `${text}2026-01-01T00:00:00Z`,
    ]) {
      const time = parseTime(one);
      if (time) expect(Number.isNaN(time.getTime())).toBe(false);
      if (time) expect(one.trim()).toMatch(/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/);
    }
  });
});

describe("text that is shown", () => {
  const any = fc.oneof(oddText(undefined, 30), fc.string({ unit: "binary", maxLength: 30 }));

  property("has no control character, and stays as it is without one", [any], (text) => {
    const shown = visible(text);
    expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
    expect(visible(shown)).toBe(shown);
    if (/^[\p{L}\p{N}\p{P}\p{S} ]*$/u.test(text) && !/\p{Default_Ignorable_Code_Point}/u.test(text))
      expect(shown).toBe(text);
  });

  property("is shown part by part", [any, any], (one, other) => {
    expect(visible(one + other)).toBe(visible(one) + visible(other));
  });
});

describe("a pattern", () => {
  const text = (characters: string): fc.Arbitrary<string> =>
    fc.array(fc.constantFrom(...Array.from(characters)), { maxLength: 8 }).map((characters) => characters.join(""));

  /** By trying: a star is nothing, or one character and a star. */
  function matches(name: readonly string[], pattern: readonly string[]): boolean {
    const [first, ...rest] = pattern;
    if (first === undefined) return name.length === 0;
    if (first === "*") return matches(name, rest) || (name.length > 0 && matches(name.slice(1), pattern));
    return name.length > 0 && (first === "?" || first === name[0]) && matches(name.slice(1), rest);
  }

  property("matches what a slower one matches", [text("ab.😂["), text("ab.😂[*?**")], (name, pattern) => {
    const expected = /[*?]/.test(pattern) ? matches(Array.from(name), Array.from(pattern)) : name.includes(pattern);
    expect(matchesPattern(name, pattern)).toBe(expected);
  });

  property(
    "of a part of the name, with stars around it, matches",
    [oddText(), oddText(/[*?]/), oddText()],
    (a, b, c) => {
      expect(matchesPattern(a + b + c, `*${b}*`)).toBe(true);
      expect(matchesPattern(a + b + c, b)).toBe(true);
    },
  );
});
