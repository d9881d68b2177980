// The config files, by random files: what was written is read, every name is one name, an edit touches what it must and nothing else.
import { diffArrays } from "diff";
import fc from "fast-check";
import { describe, expect } from "vitest";
import { editProfile } from "../../src/config/edit/edit.ts";
import { mergeFiles } from "../../src/config/merge.ts";
import { parseConfig } from "../../src/config/parse/parse.ts";
import type { FileKind } from "../../src/config/parse/section-name.ts";
import type { Config, Section, Sections } from "../../src/config/types.ts";
import { shellWords } from "../../src/config/parse/words.ts";
import { XroleError } from "../../src/errors/error.ts";
import { oddText, property } from "../harness/property.ts";

const KINDS = ["profiles", "ssoSessions", "services", "bareSections"] as const;

/** Reads every section, since each is read when somebody looks into it. */
function readAll(config: Config): Section[] {
  return KINDS.flatMap((kind) => [...config[kind].values()]).map((section) => ({
    ...section,
    settings: section.settings,
  }));
}

/** Runs it; undefined where it throws one of `codes`, and a failure where it throws anything else. */
function unless<T>(codes: readonly string[], run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof XroleError && codes.includes(error.code)) return undefined;
    throw error;
  }
}

const HEADERS = [
  ...["[profile a]", "[profile 'a']", "[default]", "[profile default]", "[profile 'a b']", "[profile b] # c"],
  ...["[a]", "[sso-session a]", "[services a]", " [profile b]"],
];
const LINES = [
  ...["region = x", "region=y # c", "Region = w", " region = z", "role_arn = r", "\trole_arn = s", "x = a;b"],
  ...["s3 =", "  k = v", "k =", "two words = x", "", "  # c", "; c"],
];
/** Lines that are read one by one, though not always below each other. */
const usual = fc
  .tuple(fc.constantFrom(...HEADERS), fc.array(fc.constantFrom(...HEADERS, ...LINES, ...LINES), { maxLength: 12 }))
  .map(([header, lines]) => [header, ...lines]);
/** Lines as nobody writes them. */
const unusual = fc.array(
  fc.oneof(
    fc.constantFrom(...HEADERS, ...LINES, "[profile b]]", "x"),
    oddText(/[\n\r]/),
    fc.tuple(oddText(/[\n\r]/, 4), oddText(/[\n\r]/, 4)).map(([key, value]) => `${key}=${value}`),
    oddText(/[\n\r]/, 6).map((name) => `[profile ${name}]`),
  ),
  { maxLength: 12 },
);
const soup = fc
  .tuple(fc.oneof(usual, unusual), fc.constantFrom("\n", "\r\n"), fc.boolean())
  .map(([lines, end, isEnded]) => lines.join(end) + (isEnded ? end : ""));
const kind = fc.constantFrom<FileKind>("config", "credentials");

describe("a file", () => {
  property("of any lines is read, or is an error with a line", [soup, kind], (text, kind) => {
    try {
      readAll(parseConfig(text, "file", kind));
    } catch (error) {
      if (!(error instanceof XroleError)) throw error;
      expect(error.code).toBe("config-syntax");
      const [, line] = /^file:(\d+): /.exec(error.message) ?? [];
      expect(Number(line)).toBeGreaterThan(0);
      expect(Number(line)).toBeLessThanOrEqual(text.split("\n").length);
    }
  });

  property("names the line on which each setting is", [soup, kind], (text, kind) => {
    const config = unless(["config-syntax"], () => parseConfig(text, "file", kind));
    const lines = text.replace(/^\ufeff/, "").split("\n");
    for (const { settings, line } of config ? readAll(config) : []) {
      expect(lines[line - 1]?.trim().startsWith("[")).toBe(true);
      for (const [key, setting] of settings) {
        const [name, ...rest] = (lines[setting.line - 1] ?? "").split("=");
        expect(name?.trim().toLowerCase()).toBe(key);
        expect(rest.join("=")).toContain(setting.value.split("\n")[0]);
      }
    }
  });

  property("is the same with a byte order mark, and with other line ends", [soup, kind], (text, kind) => {
    const read = (text: string): unknown =>
      unless(["config-syntax"], () => readAll(parseConfig(text, "file", kind)).map((one) => [one, [...one.settings]]));
    fc.pre(!text.startsWith("\ufeff"));
    const plain = read(text);
    expect(read(`\ufeff${text}`)).toEqual(plain);
    expect(read(text.replace(/\r?\n/g, "\r\n"))).toEqual(read(text.replace(/\r\n/g, "\n")));
  });
});

const names = fc.uniqueArray(
  oddText(/[\n\r]/, 8).filter((name) => name !== "" && name !== "default"),
  { minLength: 1, maxLength: 5 },
);
const quoted = (name: string): string => `"${name.replace(/["\\]/g, "\\$&")}"`;
/** Without the characters that are refused beside or within some values (test/unit/config/clear-lines.test.ts). */
const value = oddText(/[\n\r\u2028\ufeff]/).filter((text) => text === text.trim() && !/(^|\s)[#;]/.test(text));
const settings = fc.dictionary(fc.constantFrom("role_arn", "region", "__proto__", "x"), value, {
  noNullPrototype: false,
});

describe("profiles that were written", () => {
  property(
    "are read with their names, values and lines",
    [names, fc.array(settings, { minLength: 5, maxLength: 5 })],
    (names, all) => {
      const lines: string[] = [];
      const expected = names.map((name, at) => {
        lines.push("# comment", `[profile ${quoted(name)}]`);
        const line = lines.length;
        const own = Object.entries(all[at] ?? {}).map(([key, value]) => {
          lines.push(`${key.toUpperCase()} = ${value}`);
          return { key, value, line: lines.length };
        });
        lines.push("");
        return { name, line, own };
      });
      const { profiles } = parseConfig(lines.join("\n"), "file", "config");
      const read = [...profiles.values()].map(({ name, line, settings }) => ({
        name,
        line,
        own: [...settings].map(([key, { value, line }]) => ({ key, value, line })),
      }));
      expect(read).toEqual(expected);
    },
  );

  property("are never two under one name, however they are written", [names], (names) => {
    const headers = names.flatMap((name) => (/^[^\s'"\\[\]#;]+$/.test(name) ? [name, quoted(name)] : [quoted(name)]));
    const text = headers.map((header, at) => `[profile ${header}]\nx${String(at)} = 1\n`).join("");
    const read = unless(["config-syntax"], () => [...parseConfig(text, "file", "config").profiles.keys()]);
    if (read) expect(read).toEqual(names);
  });

  property("have one name for each word that a header has", [oddText(/[\n\r]/)], (text) => {
    const read = unless(["config-syntax"], () => [
      ...parseConfig(`[profile ${text}]\n`, "f", "config").profiles.keys(),
    ]);
    const words = shellWords(text);
    // A header may end before the end of the line: in a comment, or in white space.
    if (read && read.length > 0 && !text.includes("]")) expect(read).toEqual(words);
    if (words?.length !== 1 && !text.includes("]")) expect(read ?? []).toEqual([]);
  });
});

describe("two files", () => {
  const KEYS = ["aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token"];
  const plain = fc.constantFrom("", "1", "2", "3");
  const file = fc.dictionary(fc.constantFrom("a", "b"), fc.dictionary(fc.constantFrom(...KEYS, "region", "x"), plain));
  const write = (file: Record<string, Record<string, string>>, head: string): string =>
    Object.entries(file)
      .map(
        ([name, own]) =>
          `[${head}${name}]\n${Object.entries(own)
            .map(([key, value]) => `${key} = ${value}\n`)
            .join("")}`,
      )
      .join("");

  property("are one, key by key, with the keys of one of them", [file, file], (below, above) => {
    const merged = mergeFiles(
      parseConfig(write(below, "profile "), "config", "config"),
      parseConfig(write(above, ""), "credentials", "credentials"),
    );
    expect([...merged.profiles.keys()].sort()).toEqual(
      [...new Set([...Object.keys(below), ...Object.keys(above)])].sort(),
    );
    for (const { name, settings } of merged.profiles.values()) {
      const [low, high] = [below[name] ?? {}, above[name] ?? {}];
      const keysFrom = high[KEYS[0] ?? ""] ? high : low[KEYS[0] ?? ""] ? low : undefined;
      for (const key of [...KEYS, "region", "x"]) {
        const either = [high[key], low[key], ""].find((value) => value !== "" && value !== undefined) ?? "";
        const expected = keysFrom && KEYS.includes(key) ? (keysFrom[key] ?? "") : either;
        expect(settings.get(key)?.value ?? "", `${name}.${key}`).toBe(expected);
      }
    }
  });
});

describe("an edit", () => {
  const NAMES = ["a", "b", "default", "a b"];
  const profile = fc.oneof({ arbitrary: fc.constantFrom(...NAMES), weight: 4 }, oddText(undefined, 5));
  const changed = (value: fc.Arbitrary<string>): fc.Arbitrary<ReadonlyMap<string, string>> =>
    fc
      .uniqueArray(fc.tuple(fc.constantFrom("region", "role_arn", "k", "x"), value), {
        selector: ([key]) => key,
        minLength: 1,
        maxLength: 3,
      })
      .map((entries) => new Map(entries));
  const changes = fc.oneof(changed(fc.constantFrom("", "new", "1")), changed(oddText(undefined, 6)));
  const REFUSALS = ["config-syntax", "setting-invalid"];
  const withoutEnds = (text: string): string[] => text.split(/\r?\n/);
  const others = (sections: Sections, but: string): unknown[] =>
    [...sections.values()].filter(({ name }) => name !== but).map(({ name, settings }) => [name, values(settings)]);
  const values = (settings: Section["settings"]): unknown[] => [...settings].map(([key, { value }]) => [key, value]);

  property("is read back, done once, and changes nothing else", [soup, profile, changes], (text, profile, settings) => {
    const edit = (text: string): string => editProfile(text, "file", { profile, settings });
    // What is plain can be said in any file that can be read.
    const isPlain = /^\w+$/.test(profile) && [...settings.values()].every((value) => /^\w*$/.test(value));
    const edited = unless(isPlain ? ["config-syntax"] : REFUSALS, () => edit(text));
    if (edited === undefined) return;
    expect(edit(edited)).toBe(edited);
    const [before, after] = [parseConfig(text, "file", "config"), parseConfig(edited, "file", "config")];
    const own = after.profiles.get(profile)?.settings;
    for (const [key, value] of settings) expect(own?.get(key)?.value ?? "").toBe(value);
    // Nobody else's settings change, and of the profile's own no other.
    for (const kind of KINDS) expect(others(after[kind], profile)).toEqual(others(before[kind], profile));
    const kept = (config: Config): unknown[] =>
      values(config.profiles.get(profile)?.settings ?? new Map()).filter(
        (one) => !settings.has((one as string[])[0] ?? ""),
      );
    expect(kept(after)).toEqual(kept(before));
    // Of the lines, only those go that say one of the settings, or continue it.
    let line = 0;
    const old = withoutEnds(text.replace(/^\ufeff/, ""));
    for (const { added, removed, value } of diffArrays(old, withoutEnds(edited.replace(/^\ufeff/, "")))) {
      if (removed) {
        for (const [offset] of value.entries()) {
          let at = line + offset;
          while (at > 0 && /^\s/.test(old[at] ?? "") && !/^\s*(region|role_arn|k|x)\s*=/i.test(old[at] ?? "")) at--;
          const key = (old[at] ?? "").split("=")[0]?.trim().toLowerCase() ?? "";
          const isIndented = /^\s/.test(old[at] ?? "");
          expect(settings.has(key) || isIndented || old[at] === "", `line ${String(at + 1)}`).toBe(true);
        }
      }
      if (!added) line += value.length;
    }
    expect(edited.startsWith("\ufeff")).toBe(text.startsWith("\ufeff"));
  });

  property("that says what is there already changes no byte", [soup], (text) => {
    const config = unless(["config-syntax"], () => parseConfig(text, "file", "config"));
    for (const { name, settings } of config?.profiles.values() ?? []) {
      const own = [...settings].filter(([, { value }]) => value !== "" && !value.includes("\n"));
      const same = new Map(own.map(([key, { value }]) => [key, value]));
      const edited = unless(["setting-invalid"], () => editProfile(text, "file", { profile: name, settings: same }));
      if (edited !== undefined) expect(edited).toBe(text);
    }
  });
});
