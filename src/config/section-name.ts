// Says what a section header defines (rules 1 to 4 and 10).
import { splitWords } from "./words.ts";

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
 * What a header defines: undefined for `[profile]`, `[profile two words]`, `[preview]` in the credentials file and the like.
 * @param header what stands between the brackets, trimmed
 */
export function sectionName(header: string, kind: FileKind): SectionName | undefined {
  // What nearly all headers are, without the rest below.
  const usual = header.startsWith("profile ") ? header.slice(8) : "";
  if (kind === "config" && PLAIN_NAME.test(usual) && usual !== "default") return { kind: "profiles", name: usual };
  const [, word, rest] = /^(profile|sso-session|services)\s+(.*)$/s.exec(header) ?? [];
  if (word !== undefined && rest !== undefined) {
    if (kind === "credentials") return undefined;
    // A name with unquoted spaces or a stray quote is none to the AWS CLI either (rule 4).
    const [name, surplus] = splitWords(rest) ?? [];
    if (name === undefined || surplus !== undefined) return undefined;
    if (word === "sso-session") return { kind: "ssoSessions", name };
    if (word === "services") return { kind: "services", name };
    return { kind: "profiles", name, isPrefixedDefault: name === "default" };
  }
  if (kind === "credentials" || header === "default") return { kind: "profiles", name: header };
  return { kind: "bareSections", name: header };
}
