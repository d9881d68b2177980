// Reads the entries of the credential cache, in the format of its files (docs/contract.md, "Cache").
import { isKeyText } from "../../plan/aws/credential-text.ts";
import { parseObject } from "../../util/json.ts";
import { parseTime } from "../../plan/aws/timestamps.ts";
import type { Credentials } from "../../plan/aws/credentials.ts";
import { readText } from "../../util/files.ts";
import { lifetime, type Session } from "../session.ts";

/** A session that expires, with the details that `xrole cache list` shows. */
export interface Entry extends Session {
  readonly credentials: Credentials & { readonly expiration: Date };
  /** The profile of the role or source. */
  readonly profile: string;
  readonly roleArn?: string;
}

/** The largest size of an entry, in bytes; real entries take a few kilobytes. */
const SIZE_LIMIT = 64 * 1024;
/** The longest session that AWS issues, from GetSessionToken: 36 hours in milliseconds. */
export const LONGEST = 129_600_000;
/** How long a cached refusal answers other processes, in milliseconds. */
export const REFUSAL_LIFE = 4000;

/** The text of a regular file that belongs to the user and that nobody else can read. Symbolic links are not followed. */
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

/** Parses an entry. @param key the expected key: the entry contains its key, so a file with another entry's name is rejected */
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
