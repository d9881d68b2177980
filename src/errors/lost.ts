// Adds to an error's hint the lines that were meant as settings and are not read as such.
import { sameError, type XroleError } from "./error.ts";
import type { ErrorCode } from "./table.ts";

/** Errors about something that is missing: a line that was meant to be it replaces the hint. */
const ABSENT: readonly ErrorCode[] = [
  ...(["profile-empty", "role-missing", "source-missing", "source-empty", "source-not-found"] as const),
  ...(["setting-missing", "keys-incomplete", "credentials-nowhere"] as const),
];

/** A line that was meant as a setting and is not one (plan/unused/lost-settings.ts). */
interface Lost {
  readonly written: string;
  readonly meant: string;
  readonly from: string;
  readonly above?: { readonly name: string; readonly line: number };
}

const lostInWords = ({ written, meant, from, above }: Lost): string =>
  above
    ? `${from}: ${written} is indented, so it is part of ${above.name} in line ${String(above.line)}; remove the blanks before it`
    : `${from}: ${written} is not a setting that is read; write ${meant}`;

/** The same error, with at most three such lines in its hint. */
export function withLost(error: XroleError, lost: readonly Lost[]): XroleError {
  const rest = error.hint !== undefined && !ABSENT.includes(error.code) ? [error.hint] : [];
  const hint = [...lost.slice(0, 3).map(lostInWords), ...rest].join("; ");
  return Object.assign(sameError(error.code, error.details, error.cause), { hint, isNaming: true });
}
