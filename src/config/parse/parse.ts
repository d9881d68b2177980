// Parses one AWS file. Not with an INI library: the AWS dialect has its own comments, continuations and nesting, and errors need lines.
// A first pass finds the sections and checks that plain lines are settings. A section is read only when it is used, so that ten
// thousand profiles cost little when one is needed.
import { XroleError } from "../../errors/error.ts";
import { expectClear } from "./clear-lines.ts";
import { readSettings, type OpenSetting } from "./read-settings.ts";
import { isHeader, readHeader, type FileKind, type SectionKind, type SectionName } from "./section-name.ts";
import { lazySections } from "../sections.ts";
import type { Config, Sections, UnreadHeader } from "../types.ts";

/** The headers of each section, by its name. Most have one. */
type Index = Map<string, number | number[]>;

/**
 * Parses the content of a file (rules 1 to 13).
 * @throws XroleError `config-syntax` with file and line, never with a value
 */
export function parseConfig(content: string, file: string, kind: FileKind): Config {
  const marked = content.startsWith("\uFEFF") ? content.slice(1) : content;
  // As in Python, a carriage return alone also ends a line (rule 12). Inside a value, it would make a terminal hide the text before it.
  const text = marked.includes("\r") ? marked.replace(/\r\n?/g, "\n") : marked;
  const fail = (line: number, problem: string): never => {
    throw new XroleError("config-syntax", { where: `${file}:${String(line)}`, problem });
  };
  // eslint-disable-next-line no-control-regex -- the characters of clear-lines.ts, in which hardly a file has one
  if (/[\v\f\x1c-\x1f\x85\u2028\u2029\ufeff]/.test(text)) expectClear(text, fail);
  // The offset of each header, and its line. Arrays of numbers, because creating ten thousand objects takes longer than finding the headers.
  const heads: number[] = [];
  const lines: number[] = [];
  const index: Record<SectionKind, Index> = {
    profiles: new Map(),
    ssoSessions: new Map(),
    services: new Map(),
    bareSections: new Map(),
  };
  // [pinned] `[profile default]` beats `[default]`, in either order and without merging (rule 10).
  const prefixedDefault: Index = new Map();
  const unread: UnreadHeader[] = [];

  /** Whether all lines since the last header are plain settings. */
  let isPlain = true;
  /** The indent of the last setting: a deeper line belongs to it, whatever it looks like (rule 8). */
  let indentOfValue = Infinity;
  /** The offset of the first = in or after the last plain line; -1 if there are no more. */
  let equals = 0;
  let line = 1;
  for (let at = 0, end = 0; at < text.length; at = end + 1, line++) {
    end = text.indexOf("\n", at);
    if (end < 0) end = text.length;
    const first = text.charCodeAt(at);
    const isInFirstColumn = first > SPACE && first < DELETE;
    const indent = isInFirstColumn ? 0 : indentOf(text.slice(at, end));
    if (indent === undefined) continue;
    const start = text.charCodeAt(at + indent);
    if (start === HASH || start === SEMICOLON) continue;
    if (start === BRACKET && indent <= indentOfValue) {
      if (!isPlain) read(heads.length - 1, at, new Map());
      const header = text.slice(at + indent, end).trimEnd();
      add(
        readHeader(header, kind, (problem) => fail(line, problem)),
        header,
      );
      isPlain = true;
      indentOfValue = Infinity;
      heads.push(at);
      lines.push(line);
      continue;
    }
    // [pinned] The AWS CLI reads such a header as part of the value above, and what follows as part of the profile above: two profiles would
    // become one.
    if (start === BRACKET && isHeader(text.slice(at + indent, end).trimEnd(), kind))
      fail(line, "a section header that is indented into the setting above it; remove what is before its [");
    if (heads.length === 0) fail(line, "a setting before any [section]");
    // A section with any other line is read immediately, so that its errors are found.
    if (isPlain && !isInFirstColumn) isPlain = false;
    if (isPlain) {
      // The next = may be far away, so it is searched only once.
      if (equals >= 0 && equals < at) equals = text.indexOf("=", at);
      if (equals <= at || equals >= end) isPlain = false;
    }
    if (indent <= indentOfValue) indentOfValue = indent;
  }
  if (!isPlain) read(heads.length - 1, text.length, new Map());
  const own = prefixedDefault.get("default");
  const hidden = own === undefined ? undefined : [index.profiles.get("default") ?? []].flat()[0];
  if (own !== undefined) index.profiles.set("default", own);
  return {
    profiles: sections(index.profiles),
    ssoSessions: sections(index.ssoSessions),
    services: sections(index.services),
    bareSections: sections(index.bareSections),
    ...(unread.length > 0 && { unread }),
    ...(hidden !== undefined && { hiddenDefault: { file, line: lines[hidden] ?? 0 } }),
  };

  function add(found: SectionName | undefined, header: string): void {
    if (!found) {
      unread.push({ header, kind, file, line });
      return;
    }
    const to = found.isPrefixedDefault ? prefixedDefault : index[found.kind];
    const before = to.get(found.name);
    if (before === undefined) to.set(found.name, heads.length);
    else if (typeof before === "number") to.set(found.name, [before, heads.length]);
    else before.push(heads.length);
  }

  /** Reads the lines under a header, up to the offset `to`. */
  function read(head: number, to: number, settings: Map<string, OpenSetting>): void {
    const from = text.indexOf("\n", heads[head]) + 1;
    if (from > 0) readSettings(text.slice(from, to), { file, line: (lines[head] ?? 0) + 1, settings, fail });
  }

  function sections(of: Index): Sections {
    return lazySections(of, (name) => {
      const own = [of.get(name) ?? []].flat();
      let settings: Map<string, OpenSetting> | undefined;
      return {
        name,
        file,
        line: lines[own[0] ?? 0] ?? 0,
        get settings() {
          if (settings) return settings;
          settings = new Map();
          for (const head of own) read(head, heads[head + 1] ?? text.length, settings);
          return settings;
        },
      };
    });
  }
}

const SPACE = 0x20;
const DELETE = 0x7f;
const HASH = 0x23;
const SEMICOLON = 0x3b;
const BRACKET = 0x5b;

/** The length of the white space that a line begins with; undefined if the line has nothing else. */
function indentOf(line: string): number | undefined {
  const rest = line.trimStart().length;
  return rest === 0 ? undefined : line.length - rest;
}
