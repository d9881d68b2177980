// Reads one AWS file. Not an INI library: the AWS dialect has its own comments, continuations and nesting, and errors need lines.
import { XroleError } from "../errors.ts";
import type { Config, Section, Setting } from "./types.ts";
import { splitWords } from "./words.ts";

type Kind = "profiles" | "ssoSessions" | "services" | "bareSections";
type FileKind = "config" | "credentials";

interface OpenSetting extends Setting {
  value: string;
  nested?: Map<string, Setting>;
}

interface OpenSection extends Section {
  settings: Map<string, OpenSetting>;
}

/**
 * The sections of `text`, the content of `file` (rules 1 to 13).
 * @throws XroleError `config-syntax` naming file and line, never a value.
 */
export function parseConfig(text: string, file: string, kind: FileKind): Config {
  const config = {
    profiles: new Map<string, OpenSection>(),
    ssoSessions: new Map<string, OpenSection>(),
    services: new Map<string, OpenSection>(),
    bareSections: new Map<string, OpenSection>(),
  };
  // [pinned] `[profile default]` beats `[default]`, in either order and without merging (rule 10).
  const prefixedDefault = { section: undefined as OpenSection | undefined };
  // Settings of a section that is no profile are still checked, then dropped.
  let settings: Map<string, OpenSetting> | undefined;
  let open: { setting: OpenSetting; indent: number; isBlock: boolean } | undefined;
  let line = 0;

  const fail = (problem: string): never => {
    throw new XroleError("config-syntax", { where: `${file}:${String(line)}`, problem });
  };

  for (const raw of text.replace(/^\uFEFF/, "").split("\n")) {
    line++;
    const content = raw.trim();
    if (content === "" || content.startsWith("#") || content.startsWith(";")) continue;
    const indent = raw.length - raw.trimStart().length;

    if (open && indent > open.indent) {
      // A deeper line belongs to the value above, whatever it looks like (rule 8).
      open.setting.value += `\n${content}`;
      if (open.isBlock) addNested(open.setting, content);
      continue;
    }
    open = undefined;

    if (content.startsWith("[")) {
      const end = content.indexOf("]");
      if (end < 0) fail("a section header without its closing ]");
      settings = openSection(content.slice(1, end).trim()).settings;
      continue;
    }
    if (!settings) fail("a setting before any [section]");
    const { key, value } = splitSetting(content);
    const setting: OpenSetting = { value, file, line };
    // [pinned] A key with a space in it is ignored, and so is what continues it (rule 5).
    if (!/\s/.test(key)) settings?.set(key, setting);
    open = { setting, indent, isBlock: value === "" };
  }

  if (prefixedDefault.section) config.profiles.set("default", prefixedDefault.section);
  return config;

  function splitSetting(content: string): { key: string; value: string } {
    const equals = content.indexOf("=");
    if (equals < 0)
      fail(
        content.includes(":")
          ? "a line without = (a colon in its place is not read by the AWS SDKs)"
          : "a line without =",
      );
    const key = content.slice(0, equals).trim().toLowerCase();
    if (key === "") fail("a setting without a name before its =");
    // [pinned] The SDKs strip such comments, the AWS CLI keeps them in the value (rule 6).
    const value = content
      .slice(equals + 1)
      .replace(/\s[#;].*$/, "")
      .trim();
    return { key, value };
  }

  function addNested(parent: OpenSetting, content: string): void {
    const equals = content.indexOf("=");
    if (equals < 0) fail("a nested line without =");
    const key = content.slice(0, equals).trim().toLowerCase();
    if (key === "") fail("a nested setting without a name before its =");
    parent.nested ??= new Map();
    parent.nested.set(key, { value: splitSetting(content).value, file, line });
  }

  function openSection(header: string): OpenSection {
    const found = sectionName(header, kind);
    const section = (name: string): OpenSection => ({ name, file, line, settings: new Map() });
    if (!found) return section(header);
    if (found.isPrefixedDefault) return (prefixedDefault.section ??= section("default"));
    const sections = config[found.kind];
    const existing = sections.get(found.name) ?? section(found.name);
    sections.set(found.name, existing);
    return existing;
  }
}

/** What a header defines: undefined for `[profile]`, `[profile two words]`, `[preview]` in the credentials file and the like. */
function sectionName(
  header: string,
  kind: FileKind,
): { kind: Kind; name: string; isPrefixedDefault?: boolean } | undefined {
  const [, word, rest] = /^(profile|sso-session|services)\s+(.*)$/s.exec(header) ?? [];
  if (word !== undefined && rest !== undefined) {
    if (kind === "credentials") return undefined;
    const words = splitWords(rest);
    // A name with unquoted spaces or a stray quote is none to the AWS CLI either (rule 4).
    const [name, surplus] = words ?? [];
    if (name === undefined || surplus !== undefined) return undefined;
    if (word === "sso-session") return { kind: "ssoSessions", name };
    if (word === "services") return { kind: "services", name };
    return { kind: "profiles", name, isPrefixedDefault: name === "default" };
  }
  if (kind === "credentials" || header === "default") return { kind: "profiles", name: header };
  return { kind: "bareSections", name: header };
}
