// Keeps credentials between calls: one file a key, for its owner alone, replaced as a whole (docs/contract.md, "Cache").
import { lstatSync, readdirSync, rmSync, type Stats } from "node:fs";
import { join } from "node:path";
import { isKeyText, parseObject, parseTime } from "../chain/received.ts";
import type { Credentials } from "../chain/types.ts";
import { XroleError, type ErrorCode } from "../errors.ts";
import { fingerprint } from "../digest.ts";
import { readText, type Fail } from "../files.ts";
import { replaceFile } from "../replace-file.ts";
import { prepareFolder } from "./cache-folder.ts";
import { lifetime, type Session } from "./session.ts";

/** A session with an end, and what `xrole cache list` says of it. */
export interface Entry extends Session {
  readonly credentials: Credentials & { readonly expiration: Date };
  /** The profile whose role or source this is. */
  readonly profile: string;
  readonly roleArn?: string;
}

export interface Cache {
  readonly folder: string;
  /** The entry, alive or not; undefined when there is none that can be trusted. */
  readonly read: (key: string) => Entry | undefined;
  /** What kept it from being written, in words. */
  readonly write: (key: string, entry: Entry) => string | undefined;
  /** What another process was refused with from `since` to `now`: a later one was written by another clock. */
  readonly readRefusal: (key: string, since: number, now: number) => XroleError | undefined;
  readonly writeRefusal: (key: string, error: XroleError, now: number) => void;
  readonly list: () => readonly { readonly file: string; readonly entry: Entry }[];
  /** Removes these files, or all there are, and gives how many entries went. */
  readonly clear: (files?: readonly string[]) => number;
}

/** An entry is some kilobytes. */
const SIZE_LIMIT = 64 * 1024;
/** The longest session that AWS gives, of GetSessionToken: 36 hours. */
const LONGEST = 129_600_000;
/** Milliseconds in which a refusal answers for those who start after it. */
export const REFUSAL_LIFE = 4000;
/** What is left of a write or a lock of a process that was killed goes after a day. */
const LEFTOVER_LIFE = 86_400_000;
/** Compiled code that earlier builds kept here. It is never read, only removed. */
const CODE = /(^|[/\\])[a-z]+-[0-9a-f]{16}-v[\w.]+-\w+\.code(\.\w+\.tmp)?$/;
/** Entries, refusals, and what is left of writing them, by this build or an earlier one. */
const KEPT = /(^|[/\\])([0-9a-f]{32}\.(json|refused)(\.\w+\.tmp)?|\.xrole-\w+\.tmp)$/;

/** @param uid the user; undefined where the platform has none */
export function openCache(folder: string, uid: number | undefined): Cache {
  const path = (key: string, kind: "json" | "refused" = "json"): string => join(folder, `${fingerprint(key)}.${kind}`);
  // Sweeping once a process is enough.
  let isSwept = false;

  const read = (key: string): Entry | undefined => {
    const text = readOwn(path(key), uid);
    return text === undefined ? undefined : parseEntry(text, key);
  };

  return {
    folder,
    read,
    write(key, entry) {
      const problem = prepareFolder(folder, uid);
      if (problem !== undefined) return problem;
      const { credentials, clockOffset } = entry;
      try {
        // The time of the file is its end, by this machine's clock: sweeping need not read.
        const end = credentials.expiration.getTime() - clockOffset;
        replaceFile(path(key), formatEntry(key, entry), { time: end / 1000 });
        removeQuietly(path(key, "refused"));
        if (!isSwept) sweep(folder, entry.obtained);
        isSwept = true;
        return undefined;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code ?? String(error);
      }
    },
    readRefusal(key, since, now) {
      const text = readOwn(path(key, "refused"), uid);
      return text === undefined ? undefined : parseRefusal(text, key, [since, now]);
    },
    writeRefusal(key, { code, details }, now) {
      if (prepareFolder(folder, uid) !== undefined) return;
      try {
        const text = JSON.stringify({ key, at: now, code, details });
        replaceFile(path(key, "refused"), text, { time: (now + REFUSAL_LIFE) / 1000 });
      } catch {
        // Others will ask for themselves.
      }
    },
    clear(files) {
      const all = files ?? namesIn(folder).map((name) => join(folder, name));
      const ours = all.filter((file) => KEPT.test(file) || CODE.test(file));
      for (const file of ours) rmSync(file, { force: true });
      return ours.filter((file) => file.endsWith(".json")).length;
    },
    list() {
      return namesIn(folder).flatMap((name) => {
        if (!name.endsWith(".json")) return [];
        const file = join(folder, name);
        const text = readOwn(file, uid);
        const entry = text === undefined ? undefined : parseEntry(text);
        return entry ? [{ file, entry }] : [];
      });
    },
  };
}

/** The text of a regular file that is the user's, and nobody else's to read; a symbolic link is not followed. */
function readOwn(path: string, uid: number | undefined): string | undefined {
  const check = (stat: Stats): string | undefined =>
    uid !== undefined && (stat.uid !== uid || (stat.mode & 0o077) !== 0) ? "others may read it" : undefined;
  try {
    return readText(path, distrust, { limit: SIZE_LIMIT, refusesLinks: true, check });
  } catch {
    // What cannot be trusted is as if it were not there.
    return undefined;
  }
}

const distrust: Fail = (problem) => {
  throw new Error(problem);
};

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Removes what has ended, and what is dated later than anything that is kept can end. Another process may be doing the same. */
function sweep(folder: string, now: number): void {
  for (const name of namesIn(folder)) {
    const file = join(folder, name);
    const isOver = /\.(json|refused)$/.test(name) || CODE.test(name);
    const life = isOver ? 0 : /\.(tmp|lock)$/.test(name) ? LEFTOVER_LIFE : Infinity;
    if (life === Infinity) continue;
    const stat = lstatSync(file, { throwIfNoEntry: false });
    if (stat && (stat.mtimeMs + life < now || stat.mtimeMs - LONGEST - LEFTOVER_LIFE > now)) removeQuietly(file);
  }
}

/** Removes a file. A folder stays: nothing of this cache's is one. */
function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It is in nobody's way.
  }
}

function formatEntry(key: string, { credentials, obtained, clockOffset, profile, roleArn }: Entry): string {
  const { expiration, ...keys } = credentials;
  return JSON.stringify({
    key,
    ...keys,
    expiration: expiration.toISOString(),
    obtained,
    clockOffset,
    profile,
    roleArn,
  });
}

/** @param key what the entry must be of: it holds its key, so that a file under another's name is none */
function parseEntry(text: string, key?: string): Entry | undefined {
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

function parseRefusal(text: string, key: string, [since, now]: readonly [number, number]): XroleError | undefined {
  const found = parseObject(text);
  if (found?.key !== key || !isTime(found.at) || found.at < since || found.at > now) return undefined;
  try {
    return new XroleError(
      ...([found.code as ErrorCode, found.details] as never as ConstructorParameters<typeof XroleError>),
    );
  } catch {
    return undefined;
  }
}

const isTime = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
