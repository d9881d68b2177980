// The files of the cache: writing, listing and removing them. In the executable a part of its own, since a call that finds what it
// needs only reads one file.
import { lstatSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseObject } from "../../plan/aws/received.ts";
import { XroleError, type ErrorCode } from "../../errors/errors.ts";
import { replaceFile } from "../../util/replace-file.ts";
import { isTime, LONGEST, parseEntry, readOwn, REFUSAL_LIFE, type Entry } from "./entry.ts";
import { prepareFolder } from "./folder.ts";

/** What is left of a write or a lock of a process that was killed goes after a day. */
const LEFTOVER_LIFE = 86_400_000;
/** Compiled code that earlier builds kept here. It is never read, only removed. */
const CODE = /(^|[/\\])[a-z]+-[0-9a-f]{16}-v[\w.]+-\w+\.code(\.\w+\.tmp)?$/;
/** Entries, refusals, and what is left of writing them, by this build or an earlier one. */
const KEPT = /(^|[/\\])([0-9a-f]{32}\.(json|refused)(\.\w+\.tmp)?|\.xrole-\w+\.tmp)$/;

interface Place {
  readonly folder: string;
  readonly uid: number | undefined;
}

/**
 * Writes an entry, and removes a refusal that it answers.
 * @param sweeps whether what has ended is removed too
 * @returns what kept it from being written, in words
 */
export function writeEntry(
  { folder, uid }: Place,
  [file, refused]: readonly [string, string],
  key: string,
  entry: Entry,
  sweeps: boolean,
): string | undefined {
  const problem = prepareFolder(folder, uid);
  if (problem !== undefined) return problem;
  const { credentials, clockOffset } = entry;
  try {
    // The time of the file is its end, by this machine's clock: sweeping need not read.
    const end = credentials.expiration.getTime() - clockOffset;
    replaceFile(file, formatEntry(key, entry), { time: end / 1000 });
    removeQuietly(refused);
    if (sweeps) sweep(folder, entry.obtained);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/** A refusal of the key that was written in the time from `since` to `now`. */
export function readRefusal(
  file: string,
  uid: number | undefined,
  key: string,
  time: readonly [number, number],
): XroleError | undefined {
  const text = readOwn(file, uid);
  return text === undefined ? undefined : parseRefusal(text, key, time);
}

/** Writes a refusal, for those who would ask the same. */
export function writeRefusal(
  { folder, uid }: Place,
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
    // Others will ask for themselves.
  }
}

/** Removes these files, or all there are, and gives how many entries went. */
export function clearFolder(folder: string, files?: readonly string[]): number {
  const all = files ?? namesIn(folder).map((name) => join(folder, name));
  const ours = all.filter((file) => KEPT.test(file) || CODE.test(file));
  for (const file of ours) rmSync(file, { force: true });
  return ours.filter((file) => file.endsWith(".json")).length;
}

/** The entries, alive or not. */
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

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
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
