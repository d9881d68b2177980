// Parses section headers: what each defines (rules 1 to 4, 7 and 10).
import { shellWords } from "./words.ts";

export type FileKind = "config" | "credentials";
export type SectionKind = "profiles" | "ssoSessions" | "services" | "bareSections";

export interface SectionName {
  readonly kind: SectionKind;
  readonly name: string;
  /** `[profile default]`, which beats `[default]` (rule 10). */
  readonly isPrefixedDefault?: boolean;
}

/** A name that needs no unquoting. */
const PLAIN_NAME = /^[\w.:/@+-]+$/;

/**
 * What the header in `line` defines; undefined if it defines nothing, such as `[profile two words]`. As in the AWS CLI, a header ends at
 * the last `]` of its line, so a name may contain brackets. Only a blank or a comment may follow it.
 * @param line begins with the opening bracket
 * @param fail throws an error about a header whose end is unclear: guessing could merge two profiles
 */
export function readHeader(line: string, kind: FileKind, fail: (problem: string) => never): SectionName | undefined {
  const end = line.lastIndexOf("]");
  if (end < 0) fail("a section header without its closing ]");
  const header = trimBlanks(line.slice(1, end));
  if (header === "") fail("a section header without a name");
  if (end !== line.length - 1 && !/[\s#;]/.test(line.charAt(end + 1)))
    fail(`${UNCLEAR}; only a blank or a comment may follow its ]`);
  const found = sectionName(header, kind);
  if (header.includes("]") && isUnclear(header, kind, found)) fail(`${UNCLEAR}; ${REPAIR}`);
  return found;
}

/** Whether a line that belongs to a value looks like a section header of the AWS tools, even a malformed one. */
export function isHeader(line: string, kind: FileKind): boolean {
  if (kind === "credentials") return /^\[[^\]]*\]\s*([#;]|$)/.test(line);
  return /^\[[ \t]*(default[ \t]*\]|(profile|sso-session|services)[ \t])/.test(line);
}

const UNCLEAR = "it is unclear where this section header ends";
const REPAIR = "put a comment on a line of its own, and quotes around a name with spaces";

/** Whether a header with several `]` may end before the last one, such as `[profile a] b]` and `[default] # see [b]`. */
function isUnclear(header: string, kind: FileKind, found: SectionName | undefined): boolean {
  if (/^default[ \t]*\]/.test(header)) return true;
  if (kind === "credentials") return /\][ \t]*[#;]/.test(header);
  return !found;
}

/**
 * What a header defines: undefined for `[profile]`, `[profile two words]`, `[preview]` in the credentials file and the like.
 * @param header the text between the brackets, trimmed
 */
function sectionName(header: string, kind: FileKind): SectionName | undefined {
  // The usual form, without the slower steps below.
  const usual = header.startsWith("profile ") ? header.slice(8) : "";
  if (kind === "config" && PLAIN_NAME.test(usual) && usual !== "default") return { kind: "profiles", name: usual };
  const [, word, rest] = /^(profile|sso-session|services)[ \t]+(.*)$/s.exec(header) ?? [];
  if (word !== undefined && rest !== undefined) {
    if (kind === "credentials") return undefined;
    // The AWS CLI does not read a name with unquoted spaces or a stray quote either (rule 4).
    const [name, surplus] = shellWords(rest) ?? [];
    if (name === undefined || surplus !== undefined) return undefined;
    if (word === "sso-session") return { kind: "ssoSessions", name };
    if (word === "services") return { kind: "services", name };
    return { kind: "profiles", name, isPrefixedDefault: name === "default" };
  }
  if (kind === "credentials" || header === "default") return { kind: "profiles", name: header };
  return { kind: "bareSections", name: header };
}

/** The text without surrounding spaces and tabs. As in the AWS CLI, other white space belongs to the name, so that two names stay different. */
function trimBlanks(text: string): string {
  let [from, to] = [0, text.length];
  while (isBlank(text.charCodeAt(from))) from++;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;
