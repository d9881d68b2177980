// Changes settings of one profile in the text of a config file, and leaves every other byte as it is: comments, blank lines,
// order, line ends, BOM, duplicates, nested blocks. An INI library would rewrite the whole file.
import { XroleError } from "../../errors/error.ts";
import { parseConfig } from "../parse/parse.ts";
import { withoutComment } from "../parse/read-settings.ts";
import { readHeader } from "../parse/section-name.ts";

/** The new values for the settings of a profile; "" removes a setting. */
export interface Edit {
  readonly profile: string;
  readonly settings: ReadonlyMap<string, string>;
}

interface Line {
  readonly text: string;
  /** "\n", "\r\n", "\r", or "" at the end of a file without one. */
  readonly end: string;
}

/** The lines of a setting: its own, and those that continue it or are nested below it. */
interface SettingLines {
  readonly key: string;
  readonly at: number;
  readonly indent: number;
  readonly below: number[];
}

/** One section of the profile; a file may have several (rule 9). */
interface Part {
  readonly header: number;
  readonly settings: SettingLines[];
  /** The line of the next header, if any. */
  next?: number;
}

/**
 * The text with the profile's settings changed. A profile that does not exist is added at the end.
 * @throws XroleError `config-syntax`; `setting-invalid` for a name or value that the format cannot express
 */
export function editProfile(text: string, file: string, { profile, settings }: Edit): string {
  expectOneLine({ profile, settings });
  const before = parseConfig(text, file, "config").profiles.get(profile)?.settings;
  const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  const endsLine = text.length === mark.length || /[\r\n]$/.test(text);
  let lines = splitLines(text.slice(mark.length));
  for (const [key, value] of settings) {
    const old = before?.get(key)?.value;
    if (value === "") lines = withoutSetting(lines, profile, key);
    else if (value !== old) lines = withSetting(lines, profile, key, value);
  }
  const edited = mark + joinLines(lines, endsLine);
  expectRead(edited, { profile, settings });
  return edited;
}

function splitLines(text: string): Line[] {
  // A carriage return alone ends a line too, as in parse.ts.
  const [...lines] = text.matchAll(/([^\r\n]*)(\r\n?|\n|$)/g);
  return lines.map(([, text = "", end = ""]) => ({ text, end })).filter(({ text, end }) => text !== "" || end !== "");
}

/** Keeps whether the last line of the file ends with a line end. */
function joinLines(lines: readonly Line[], endsLine: boolean): string {
  const usual = usualEnd(lines);
  const last = lines.length - 1;
  return lines.map(({ text, end }, at) => text + (at < last || endsLine ? end || usual : "")).join("");
}

const usualEnd = (lines: readonly Line[]): string => lines.find(({ end }) => end !== "")?.end ?? "\n";

function withoutSetting(lines: readonly Line[], profile: string, key: string): Line[] {
  const places = partsOf(lines, profile).flatMap(({ settings }) => settings.filter((one) => one.key === key));
  const gone = new Set(places.flatMap(({ at, below }) => [at, ...below]));
  return lines.filter((_, at) => !gone.has(at));
}

function withSetting(lines: readonly Line[], profile: string, key: string, value: string): Line[] {
  const parts = partsOf(lines, profile);
  // Of duplicates the last one wins (rule 9).
  const place = parts.flatMap(({ settings }) => settings).findLast((one) => one.key === key);
  if (place) {
    const gone = new Set(place.below);
    return lines
      .map((line, at) => (at === place.at ? { ...line, text: withValue(line.text, value) } : line))
      .filter((_, at) => !gone.has(at));
  }
  const part = parts.at(-1);
  if (!part) return withSetting([...lines, ...newSection(lines, profile)], profile, key, value);
  const last = part.settings.at(-1);
  const at = last ? (last.below.at(-1) ?? last.at) : part.header;
  // A line that is indented deeper than the one above would continue it. The same is true of a header below a setting.
  const beside = lines[last?.at ?? part.next ?? part.header]?.text ?? "";
  const added = { text: `${/^\s*/.exec(beside)?.[0] ?? ""}${key} = ${value}`, end: lines[at]?.end ?? "" };
  return [...lines.slice(0, at + 1), added, ...lines.slice(at + 1)];
}

function newSection(lines: readonly Line[], profile: string): Line[] {
  const end = usualEnd(lines);
  const header = { text: `[${headerOf(profile)}]`, end };
  return lines.length === 0 || lines.at(-1)?.text.trim() === "" ? [header] : [{ text: "", end }, header];
}

/** The header of a profile, with quotes if the AWS CLI needs them, because it splits a header as a shell would (rule 4). */
function headerOf(profile: string): string {
  if (profile === "default") return profile;
  const isPlain = /^[^\s'"\\]+$/.test(profile);
  return `profile ${isPlain ? profile : `"${profile.replace(/["\\]/g, "\\$&")}"`}`;
}

/** The line with another value, and its spacing and comment unchanged. */
function withValue(text: string, value: string): string {
  const body = text.trimEnd();
  const equals = body.indexOf("=") + 1;
  const rest = body.slice(equals);
  const old = withoutComment(rest);
  const [space = ""] = /^\s*/.exec(old) ?? [];
  const isSpaced = /\s=$/.test(body.slice(0, equals));
  const after = old.slice(old.trim() === "" ? old.length : old.trimEnd().length) + rest.slice(old.length);
  return body.slice(0, equals) + (space === "" && isSpaced ? " " : space) + value + after + text.slice(body.length);
}

/** The sections of a profile. The text has been parsed before, so a line that is no header, comment or continuation is a setting. */
function partsOf(lines: readonly Line[], profile: string): Part[] {
  const found: (Part & { readonly isPrefixedDefault: boolean })[] = [];
  let part: Part | undefined;
  let open: SettingLines | undefined;
  for (const [at, { text }] of lines.entries()) {
    const content = text.trim();
    if (content === "" || content.startsWith("#") || content.startsWith(";")) continue;
    const indent = text.length - text.trimStart().length;
    if (content.startsWith("[") && indent <= (open?.indent ?? Infinity)) {
      if (part) part.next = at;
      part = { header: at, settings: [] };
      open = undefined;
      const named = readHeader(content, "config", () => {
        throw refusal("profile", profile, NAME);
      });
      if (named?.kind === "profiles" && named.name === profile) {
        found.push(Object.assign(part, { isPrefixedDefault: named.isPrefixedDefault === true }));
      }
    } else if (open && indent > open.indent) {
      open.below.push(at);
    } else {
      open = { key: content.slice(0, content.indexOf("=")).trim().toLowerCase(), at, indent, below: [] };
      part?.settings.push(open);
    }
  }
  const prefixed = found.filter(({ isPrefixedDefault }) => isPrefixedDefault);
  return prefixed.length > 0 ? prefixed : found;
}

const NAME = "a name on one line, without control characters";
const VALUE = "on one line, without white space around it or before a # or ;";

/** Rejects a line end in a name or value, which would begin a new line. */
function expectOneLine({ profile, settings }: Edit): void {
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  const isPlain = (text: string): boolean => !/[\u0000-\u001f\u007f]/.test(text);
  if (profile === "" || !isPlain(profile)) throw refusal("profile", profile, NAME);
  // Some programs read the others as line ends or white space (clear-lines.ts).
  for (const [name, value] of settings)
    if (!isPlain(value) || /[\u0085\u2028\u2029\ufeff]/.test(value)) throw refusal(name, value, VALUE);
}

/** Reads the result back, and rejects names and values that the format cannot express. */
function expectRead(edited: string, { profile, settings }: Edit): void {
  const after = parseConfig(edited, "", "config").profiles.get(profile)?.settings;
  if (!after && [...settings.values()].some((value) => value !== "")) throw refusal("profile", profile, NAME);
  for (const [name, value] of settings) {
    if ((after?.get(name)?.value ?? "") !== value) throw refusal(name, value, VALUE);
  }
}

const refusal = (name: string, value: string, expected: string): XroleError =>
  new XroleError("setting-invalid", { where: "command line", name, value, expected });
