// Where a section header ends and what it names. The names are botocore 1.44's; where xrole stops instead, the table says so.
import { describe, expect, it } from "vitest";
import { editProfile } from "../../../../src/config/edit/edit.ts";
import { parseConfig } from "../../../../src/config/parse/parse.ts";
import type { XroleError } from "../../../../src/errors/error.ts";

const read = (text: string, kind: "config" | "credentials" = "config"): ReturnType<typeof parseConfig> =>
  parseConfig(text, "file", kind);
const syntaxError = expect.objectContaining({
  code: "config-syntax",
  message: expect.stringContaining("file:3: ") as string,
}) as XroleError;

describe("a header of the config file", () => {
  it.each([
    ["[profile [PROD]-A.ReadOnly]", "[PROD]-A.ReadOnly"],
    ["[profile [a][b]]", "[a][b]"],
    ["[profile prod]-old]", "prod]-old"],
    ["[profile x]]", "x]"],
    ["[profile ]]", "]"],
    ["[profile []", "["],
    ["[profile x] ]", "x]"],
    ['[profile "a]b"]', "a]b"],
    ['[profile "a] b"]', "a] b"],
    ["[profile 'a] # b']", "a] # b"],
    ["[profile a]\\b]", "a]b"],
    ["[profile x#]y]", "x#]y"],
    ["[profile x]#]", "x]#"],
    ["[profile [x]] # c", "[x]"],
    ["[profile [x]];c", "[x]"],
    ["[profile x]\t ", "x"],
    ["[profile x] y", "x"],
    ["[profile x]\t= 3", "x"],
    ["[profile x] [y", "x"],
    ["[profile [x]-A] y", "[x]-A"],
    ["[default] x", "default"],
    // A carriage return alone ends the line.
    ["[profile x]\rs3 = a", "x"],
    // White space that is no blank belongs to the name: trimmed, these three would be one.
    ["[profile x\u00a0]", "x\u00a0"],
    ["[profile x\u2003]", "x\u2003"],
    ["[profile \ufeffx]", "\ufeffx"],
  ])("%j names %j", (header, name) => {
    const { profiles } = read(`${header}\nregion = a\n`);
    expect([...profiles.keys()]).toEqual([name]);
    expect(profiles.get(name)?.settings.get("region")?.value).toBe("a");
  });

  it.each([
    ["[sso-session [a]-b]", "ssoSessions", "[a]-b"],
    ["[services a]b]", "services", "a]b"],
    ["[[a]-b]", "bareSections", "[a]-b"],
    ["[profile]", "bareSections", "profile"],
  ] as const)("%j is one of %s", (header, kind, name) => {
    const config = read(`${header}\nregion = a\n`);
    expect([...config[kind].keys()]).toEqual([name]);
    expect([...config.profiles.keys()]).toEqual([]);
  });

  it.each(["[profile two words]", "[profile x # y]", "[profile 'x]"])("%j names nothing", (header) => {
    expect([...read(`${header}\nregion = a\n`).profiles.keys()]).toEqual([]);
  });

  it.each([
    ...["[profile a] b]", "[profile x] # see [y]", "[profile x] ; see [y]", "[profile 'a]b]", "[profile x] = 3]"],
    // botocore reads these as x, and so would make one profile of [profile x]-A and [profile x]-B.
    ...["[profile x]y", "[profile x]-A", "[profile [x]-A", "[profile x] # see [y] there", "[profile x] y]-z"],
    ...["[sso-session a] b]", "[services a] # [b]", "[profile x", "[]", "[ ]", "["],
    // botocore reads these as sections of another name, and so goes on without [default].
    ...["[default]]", "[default] ]", "[default] # see [y]", "[default] x]"],
  ])("%j is an error that names file and line", (header) => {
    expect(() => read(`[profile k]\nregion = a\n${header}\nregion = b\n`)).toThrow(syntaxError);
  });
});

describe("a header that is part of the value above it", () => {
  // Read as a value, its profile would become one with the profile above.
  it.each([
    "  [profile b]",
    "\t[profile b] # c",
    "\u00a0[default]",
    "\uFEFF[profile b]",
    "\f[sso-session b]",
    " [profile b",
  ])("%j is an error that names file and line", (header) => {
    expect(() => read(`[profile a]\nregion = a\n${header}\nrole_arn = b\n`)).toThrow(syntaxError);
  });

  it.each(["  [b]", "\uFEFF[b] # c"])("%j is one in the credentials file", (header) => {
    expect(() => read(`[a]\nregion = a\n${header}\nrole_arn = b\n`, "credentials")).toThrow(syntaxError);
  });

  it("is none where the lines around it are indented as much, or it is no section", () => {
    const config = read("  [profile a]\n  region = a\n  [profile b]\n  region = b\n   [x], [y]\n   [profiles]\n");
    expect([...config.profiles.keys()]).toEqual(["a", "b"]);
    expect(config.profiles.get("b")?.settings.get("region")?.value).toBe("b\n[x], [y]\n[profiles]");
  });
});

describe("a header of the credentials file", () => {
  it.each([
    ["[[PROD]-A]", "[PROD]-A"],
    ["[prod]-old]", "prod]-old"],
    ["[a] b]", "a] b"],
    ["[x]]", "x]"],
    ["[ x\t] # c", "x"],
    ["[x\u00a0]", "x\u00a0"],
    ["[x] y", "x"],
  ])("%j names %j", (header, name) => {
    expect([...read(`${header}\nregion = a\n`, "credentials").profiles.keys()]).toEqual([name]);
  });

  it.each(["[x] # see [y]", "[x];[y]", "[x] y]-z", "[default]]", "[x]-A", "[x"])(
    "%j is an error that names file and line",
    (header) => {
      expect(() => read(`[k]\nregion = a\n${header}\n`, "credentials")).toThrow(syntaxError);
    },
  );

  it("with the word profile names nothing, brackets or not", () => {
    expect([...read("[profile [x]-A]\nregion = a\n", "credentials").profiles.keys()]).toEqual([]);
  });
});

describe("a carriage return alone", () => {
  const TEXT = "[profile p]\rregion = a\rrole_arn = b\r\r\n output = c\r# d\r[profile q]\n";

  it("ends a line, as for the AWS CLI", () => {
    const { profiles } = read(TEXT);
    const settings = profiles.get("p")?.settings;
    expect([...(settings ?? [])].map(([key, { value, line }]) => [key, value, line])).toEqual([
      ["region", "a", 2],
      ["role_arn", "b\noutput = c", 3],
    ]);
    expect([...profiles.keys()]).toEqual(["p", "q"]);
  });

  it("stays in an edit, and ends the lines that are added", () => {
    const set = (text: string, profile: string, key: string): string =>
      editProfile(text, "config", { profile, settings: new Map([[key, "new"]]) });
    expect(set(TEXT, "p", "region")).toBe(TEXT.replace("region = a", "region = new"));
    expect(set("[profile p]\rregion = a\r", "p", "output")).toBe("[profile p]\rregion = a\routput = new\r");
    expect(set("[profile p]\rregion = a", "p", "output")).toBe("[profile p]\rregion = a\routput = new");
    expect(set("[profile p]\r", "q", "region")).toBe("[profile p]\r\r[profile q]\rregion = new\r");
  });
});

describe("an edit", () => {
  it("finds a profile whose header has words after it", () => {
    const edited = editProfile("[profile x] of ours\nregion = a\n", "config", {
      profile: "x",
      settings: new Map([["region", "b"]]),
    });
    expect(edited).toBe("[profile x] of ours\nregion = b\n");
  });

  const NAMES = [
    "[PROD]-A",
    "prod]-old",
    "x]",
    "]",
    "[",
    "a] b",
    "a] # b",
    'q"]',
    "x]#",
    "x #]",
    "\\]",
    "default]",
    "x\u00a0",
  ];

  it.each(NAMES)("adds %j, finds it again, and leaves its neighbours alone", (profile) => {
    const neighbours = "[profile [PROD]-B]\nregion = b\n[profile prod]\nregion = c\n[profile x]\nregion = d\n";
    const set = (text: string, region: string): string =>
      editProfile(text, "config", { profile, settings: new Map([["region", region]]) });
    const twice = set(set(neighbours, "new"), "newer");
    const { profiles } = read(twice);
    expect([...profiles.keys()]).toEqual(["[PROD]-B", "prod", "x", profile]);
    expect([...profiles.values()].map(({ settings }) => settings.get("region")?.value)).toEqual([
      "b",
      "c",
      "d",
      "newer",
    ]);
    expect(twice.startsWith(neighbours)).toBe(true);
  });
});
