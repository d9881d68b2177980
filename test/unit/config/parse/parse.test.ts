// Sections and their lines: what begins one, what is passed over, which line each has, and what is refused with its line.
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../../src/config/parse/parse.ts";
import type { Config } from "../../../../src/config/types.ts";

const parse = (text: string): Config => parseConfig(text, "file", "config");
const said = (text: string, name = "p"): Record<string, string> =>
  Object.fromEntries(
    [...(parse(text).profiles.get(name)?.settings ?? [])].map(([key, { value, line }]) => [
      key,
      `${value} @ ${String(line)}`,
    ]),
  );
const refusal = (text: string): unknown => {
  try {
    return parse(text);
  } catch (error) {
    return error;
  }
};

describe("a file", () => {
  it.each<[string, Record<string, string>]>([
    ["\uFEFF[profile p]\nx = 1\n", { x: "1 @ 2" }],
    ["\uFEFF# comment\n[profile p]\nx = 1", { x: "1 @ 3" }],
    ["[profile p]\rx = 1\ry = 2", { x: "1 @ 2", y: "2 @ 3" }],
    ["[profile p]\r\nx = 1\r\n\r\ny = 2\r\n", { x: "1 @ 2", y: "2 @ 4" }],
    ["\n\n[profile p]\n\nx = 1\n", { x: "1 @ 5" }],
    ["# a\n; b\n[profile p]\n# c\nx = 1\n; d\n  # e\ny = 2", { x: "1 @ 5", y: "2 @ 8" }],
    ["[profile p]", {}],
    ["[profile p]\n[profile q]\nx = 1\n[profile p]\ny = 2\n", { y: "2 @ 5" }],
    ["[profile p]\nx = 1\n[profile q]\nx = 2\n[profile p]\nx = 3\n[profile p]\ny = 4", { x: "3 @ 6", y: "4 @ 8" }],
    ["  [profile p]\n  x = 1\n", { x: "1 @ 2" }],
    ["[profile p]\nx = 1\n  y = 2\n", { x: "1\ny = 2 @ 2" }],
    ["[profile p]\n  x = 1\n  y = 2\n", { x: "1 @ 2", y: "2 @ 3" }],
  ])("%j says %j", (text, settings) => {
    expect(said(text)).toEqual(settings);
  });

  it("has each section at its first header", () => {
    const { profiles, ssoSessions, services, bareSections } = parse(
      "[default]\n[profile a]\n[sso-session b]\n[services c]\n[d]\n[profile a]\n[profile e]\n",
    );
    const places = [profiles, ssoSessions, services, bareSections].map((sections) =>
      [...sections.values()].map(({ name, line, file }) => `${name} @ ${file}:${String(line)}`),
    );
    expect(places).toEqual([
      ["default @ file:1", "a @ file:2", "e @ file:7"],
      ["b @ file:3"],
      ["c @ file:4"],
      ["d @ file:5"],
    ]);
  });

  it("has one default: the one with the word profile, and where the other is", () => {
    for (const text of ["[default]\nx = 1\n[profile default]\nx = 2\n", "[profile default]\nx = 2\n[default]\nx = 1\n"])
      expect(said(text, "default")).toMatchObject({ x: expect.stringMatching(/^2 @/) as string });
    expect(parse("[default]\n[profile default]\n").hiddenDefault).toEqual({ file: "file", line: 1 });
    expect(parse("\n[profile default]\n[default]\n[default]\n").hiddenDefault).toEqual({ file: "file", line: 3 });
    expect(parse("[default]\n")).not.toHaveProperty("hiddenDefault");
    expect(parse("[profile default]\n")).not.toHaveProperty("hiddenDefault");
  });

  it("lists headers that define nothing, each with its line", () => {
    expect(parse("[profile p]\n\n[profile two words]\n").unread).toEqual([
      { header: "[profile two words]", kind: "config", file: "file", line: 3 },
    ]);
    expect(parse("[profile p]\n")).not.toHaveProperty("unread");
  });
});

describe("a line that cannot be read", () => {
  it.each<[string, number, RegExp]>([
    ["x = 1\n", 1, /^a setting before any \[section\]$/],
    ["\n# c\nx = 1\n[profile p]\n", 3, /^a setting before any \[section\]$/],
    ["[profile p]\nx = 1\n  [profile q]\ny = 2\n", 3, /^a section header that is indented into the setting above it/],
    ["[profile p]\nx = 1\ny\n", 3, /./],
    ["[profile p]\nx = 1\n[profile q]\ny\n[profile r]\n", 4, /./],
    ["[profile p]\ny\nx = 1\n", 2, /./],
    ["[profile p]\n= 1\n", 2, /./],
    ["[profile p\nx = 1\n", 1, /./],
  ])("%j is refused at line %i", (text, line, problem) => {
    expect(refusal(text)).toMatchObject({
      code: "config-syntax",
      details: { where: `file:${String(line)}`, problem: expect.stringMatching(problem) as string },
    });
  });
});
