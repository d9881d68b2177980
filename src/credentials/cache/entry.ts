// What is kept between calls, as a file has it (docs/contract.md, "Cache").
import { isKeyText, parseObject, parseTime } from "../../plan/aws/received.ts";
import type { Credentials } from "../../plan/sts-types.ts";
import { readText } from "../../util/files.ts";
import { lifetime, type Session } from "../session.ts";

/** A session with an end, and what `xrole cache list` says of it. */
export interface Entry extends Session {
  readonly credentials: Credentials & { readonly expiration: Date };
  /** The profile whose role or source this is. */
  readonly profile: string;
  readonly roleArn?: string;
}

/** An entry is some kilobytes. */
const SIZE_LIMIT = 64 * 1024;
/** The longest session that AWS gives, of GetSessionToken: 36 hours. */
export const LONGEST = 129_600_000;
/** Milliseconds in which a refusal answers for those who start after it. */
export const REFUSAL_LIFE = 4000;

/** The text of a regular file that is the user's, and nobody else's to read; a symbolic link is not followed. */
export function readOwn(path: string, uid: number | undefined): string | undefined {
  try {
    return readText(path, unreadable, {
      limit: SIZE_LIMIT,
      refusesLinks: true,
      check: ({ uid: owner, mode }) =>
        uid !== undefined && (owner !== uid || (mode & 0o077) !== 0) ? "others may write to it" : undefined,
    });
  } catch {
    return undefined;
  }
}

function unreadable(problem: string): never {
  throw new Error(problem);
}

/** @param key what the entry must be of: it holds its key, so that a file under another's name is none */
export function parseEntry(text: string, key?: string): Entry | undefined {
  const found = parseObject(text);
  if (!found || (key !== undefined && found.key !== key)) return undefined;
  const { accessKeyId, secretAccessKey, sessionToken, accountId, obtained, clockOffset, profile, roleArn } = found;
  const expiration = typeof found.expiration === "string" ? parseTime(found.expiration) : undefined;
  if (!isKeyText(accessKeyId) || !isKeyText(secretAccessKey) || !isKeyText(sessionToken) || !expiration)
    return undefined;
  if (!isTime(obtained) || !isTime(clockOffset) || typeof profile !== "string") return undefined;
  if (accountId !== undefined && !(typeof accountId === "string" && /^\d+$/.test(accountId))) return undefined;
  const entry = {
    credentials: {
      accessKeyId,
      secretAccessKey,
      sessionToken,
      expiration,
      ...(accountId !== undefined && { accountId }),
    },
    obtained,
    clockOffset,
    profile,
    ...(typeof roleArn === "string" && { roleArn }),
  };
  return lifetime(entry) <= LONGEST ? entry : undefined;
}

export const isTime = (value: unknown): value is number => Number.isFinite(value);
