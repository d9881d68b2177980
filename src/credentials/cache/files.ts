// Writes, lists and removes the files of the credential cache. In the executable this is a part of its own: a call that finds its
// credentials in the cache only reads one file.
import { lstatSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseObject } from "../../util/json.ts";
import { sameError, type XroleError } from "../../errors/error.ts";
import type { ErrorCode } from "../../errors/table.ts";
import { replaceFile } from "../../util/replace-file.ts";
import { isTime, LONGEST, parseEntry, readOwn, REFUSAL_LIFE, type Entry } from "./entry.ts";
import { prepareFolder } from "./folder.ts";

/** Milliseconds (a day) after which the temporary file or lock of a killed process is removed. */
const LEFTOVER_LIFE = 86_400_000;
/** Compiled code that earlier builds cached here. It is never read, only removed. */
const CODE = /(^|[/\\])[a-z]+-[0-9a-f]{16}-v[\w.]+-\w+\.code(\.\w+\.tmp)?$/;
/** Entries, refusals and their temporary files, of this build or an earlier one. */
const KEPT = /(^|[/\\])([0-9a-f]{32}\.(json|refused)(\.\w+\.tmp)?|\.xrole-\w+\.tmp)$/;

interface OwnedFolder {
  readonly folder: string;
  readonly uid: number | undefined;
}

/**
 * Writes an entry, and removes the refusal with the same key.
 * @param sweeps whether to remove expired entries as well
 * @returns the problem, in words, if it could not be written
 */
export function writeEntry(
  { folder, uid }: OwnedFolder,
  [file, refused]: readonly [string, string],
  key: string,
  entry: Entry,
  sweeps: boolean,
): string | undefined {
  const problem = prepareFolder(folder, uid);
  if (problem !== undefined) return problem;
  const { credentials, clockOffset } = entry;
  try {
    // The file's modification time is the entry's expiration by this machine's clock, so that sweeping need not read the file.
    const end = credentials.expiration.getTime() - clockOffset;
    replaceFile(file, formatEntry(key, entry), { time: end / 1000 });
    removeQuietly(refused);
    if (sweeps) sweep(folder, entry.obtained);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/** A refusal for the key that was written between `since` and `now`. */
export function readRefusal(
  file: string,
  uid: number | undefined,
  key: string,
  time: readonly [number, number],
): XroleError | undefined {
  const text = readOwn(file, uid);
  return text === undefined ? undefined : parseRefusal(text, key, time);
}

/** Writes a refusal for other processes that would send the same request. */
export function writeRefusal(
  { folder, uid }: OwnedFolder,
  file: string,
  key: string,
  { code, details }: XroleError,
  now: number,
): void {
  if (prepareFolder(folder, uid) !== undefined) return;
  try {
    const text = JSON.stringify({ key, at: now, code, details });
    replaceFile(file, text, { time: (now + REFUSAL_LIFE) / 1000 });
  } catch {
    // The other processes will send their own request.
  }
}

/** Removes these files, or all files of the cache. Returns the number of removed entries. */
export function clearFolder(folder: string, files?: readonly string[]): number {
  const all = files ?? namesIn(folder).map((name) => join(folder, name));
  const ours = all.filter((file) => KEPT.test(file) || CODE.test(file));
  for (const file of ours) rmSync(file, { force: true });
  return ours.filter((file) => file.endsWith(".json")).length;
}

/** The entries, expired or not. */
export function listEntries(
  folder: string,
  uid: number | undefined,
): { readonly file: string; readonly entry: Entry }[] {
  return namesIn(folder).flatMap((name) => {
    if (!name.endsWith(".json")) return [];
    const file = join(folder, name);
    const text = readOwn(file, uid);
    const entry = text === undefined ? undefined : parseEntry(text);
    return entry ? [{ file, entry }] : [];
  });
}

/** Removes expired files, and files dated later than any cached session can expire. Another process may be doing the same. */
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

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Removes a file. A folder stays, because the cache creates none. */
function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // The file does no harm.
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

function parseRefusal(text: string, key: string, [since, now]: readonly [number, number]): XroleError | undefined {
  const found = parseObject(text);
  if (found?.key !== key || !isTime(found.at) || found.at < since || found.at > now) return undefined;
  try {
    return sameError(found.code as ErrorCode, found.details);
  } catch {
    return undefined;
  }
}
