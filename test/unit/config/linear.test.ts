// A config file of 256 kB takes well under a second to read or edit, whatever its shape. The limit below, of processor time, is far
// from that, for a slow machine, and from what a reader takes whose time grows with the square of the size: 12 s and more. More shapes, and the
// commands on the built binary: `node bench/config-shapes.mjs`.
import { describe, expect, it } from "vitest";
import { meantHeader } from "../../../src/config/absent-profile.ts";
import { closeProfiles } from "../../../src/config/close-names.ts";
import { matchesPattern } from "../../../src/config/pattern.ts";
import { editProfile } from "../../../src/config/edit/edit.ts";
import { mergeFiles } from "../../../src/config/merge.ts";
import { parseConfig } from "../../../src/config/parse/parse.ts";
import { findProfile } from "../../../src/config/profile.ts";
import { XroleError } from "../../../src/errors/error.ts";
import { configShapes, FEW_FILLS } from "../../harness/config-shapes.ts";

/** Seconds of processor time. */
const LIMIT = 5;

/** What else the machine does has no part in the time that `work` takes. */
function expectQuick(work: () => void): void {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(LIMIT);
}

/** Errors of xrole's own are an answer, too. */
function attempt(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof XroleError)) throw error;
  }
}

describe("a config file of 256 kB", () => {
  it.each(configShapes(FEW_FILLS))("is read to its end, and edited: %s", (_, text) => {
    expectQuick(() => {
      const settings = new Map(["region", "output", "key5"].map((key) => [key, key === "key5" ? "" : "new"]));
      attempt(() => {
        const both = mergeFiles(parseConfig(text, "config", "config"), parseConfig(text, "credentials", "credentials"));
        for (const section of both.profiles.values()) expect(section.settings.size).toBeGreaterThanOrEqual(0);
      });
      attempt(() => findProfile(parseConfig(text, "config", "config"), `${"p".repeat(60)}x`));
      attempt(() => editProfile(text, "config", { profile: "p", settings }));
    });
  });
});

describe("names that are not there, of thousands of profiles", () => {
  const names = Array.from({ length: 3000 }, (_, at) => `profile-${at}`);
  const config = parseConfig(names.map((name) => `[profile ${name}]\n`).join(""), "config", "config");

  it("are compared with all, the first of them, and not each of thousands", () => {
    expectQuick(() => {
      const close = names.map((name) => closeProfiles(config, `${name}x`));
      expect(close[0]?.[0]).toBe("profile-0");
      expect(close.at(-1)).toEqual([]);
    });
  });
});

it("headers that were meant for thousands of profiles that are not there are looked up, not compared", () => {
  const names = Array.from({ length: 20_000 }, (_, at) => `profile-${at}`);
  const config = parseConfig(names.map((name) => `[${name}]\n`).join(""), "config", "config");
  expectQuick(() => {
    expect(names.map((name) => meantHeader(config, name)?.written)).toEqual(names.map((name) => `[${name}]`));
    expect(names.map((name) => meantHeader(config, name.toUpperCase())?.instead).at(-1)).toBe(
      "[profile profile-19999]",
    );
    for (const name of names) expect(meantHeader(config, `${name}x`)).toBeUndefined();
  });
});

describe("a pattern", () => {
  const star = (count: number): string => "*p".repeat(count);

  it("of many stars is matched without trying all ways", () => {
    const name = "p".repeat(10_000);
    expectQuick(() => {
      expect(matchesPattern(name, `${star(60)}z`)).toBe(false);
      expect(matchesPattern(name, star(60))).toBe(true);
      expect(matchesPattern(`${name}z`, `${star(60)}z`)).toBe(true);
    });
  });

  it.each([
    ["", "*", true],
    ["", "?", false],
    ["abc", "a*c", true],
    ["abc", "a*b", false],
    ["abcbc", "a*bc", true],
    ["abc", "???", true],
    ["abc", "????", false],
    ["a😀c", "a?c", true],
    ["a\nc", "a*c", true],
    ["a.c", "a.*", true],
    ["abc", "a.*", false],
    ["[x]-a", "[x]*", true],
    ["abc", "***", true],
    ["abc", "**c*?", false],
    ["abcd", "*c?", true],
    ["abc", "b", true],
  ])("%j by %j", (name, pattern, is) => {
    expect(matchesPattern(name, pattern)).toBe(is);
  });
});
