// Shares one request between processes: the first process sends it, and the others wait for its result in the credential cache.
import type { Context } from "../../context/types.ts";
import { fingerprint } from "../../util/digest.ts";
import { XroleError } from "../../errors/error.ts";
import type { ErrorCode } from "../../errors/table.ts";
import type { Cache } from "./cache.ts";
import { REFUSAL_LIFE, type Entry } from "./entry.ts";
import { prepareFolder } from "./folder.ts";
import { acquireLock, type Lock } from "./lock.ts";
import type { Resolving } from "../resolving.ts";
import { AnsweredElsewhere, relayBeat, type Waiting } from "./waiting.ts";

export interface Sharing {
  readonly cache: Cache;
  readonly key: string;
  /** Whether an entry is good enough. */
  readonly isUsable: (entry: Entry) => boolean;
  /** Refusals that other processes received count from this time on, in milliseconds since 1970. */
  readonly since: number;
  readonly waiting: Waiting;
  readonly warn: (warning: string) => void;
  readonly nesting?: Resolving["nesting"];
}

interface Shared {
  readonly entry: Entry;
  readonly isKept: boolean;
}

/**
 * Returns the cached entry, or calls `make` while other processes wait for its result. The result is cached, with or without the
 * lock.
 * @throws what `make` throws, or threw in another process
 */
export async function share(context: Context, sharing: Sharing, make: () => Promise<Entry>): Promise<Shared> {
  const { cache, key, waiting, warn, nesting } = sharing;
  const problem = prepareFolder(cache.folder, context.uid);
  if (problem !== undefined) {
    warn(`credentials are not kept between calls: ${cache.folder}: ${problem}`);
    return { entry: await make(), isKept: false };
  }
  for (;;) {
    const before = kept(context, sharing);
    if (before) return { entry: before, isKept: true };
    nesting?.refuseNested(key);
    const lock = await waitForTurn(context, sharing);
    if (lock === "released") continue;
    if (lock !== "unavailable") waiting.held.add(lock);
    nesting?.holding.add(key);
    try {
      // Another process may have held the lock, and written an entry, between the first look and taking the lock.
      const meanwhile = kept(context, sharing);
      return meanwhile ? { entry: meanwhile, isKept: true } : await makeAndKeep(context, sharing, make);
    } catch (error) {
      if (isShared(error)) cache.writeRefusal(key, error, context.now());
      throw error;
    } finally {
      nesting?.holding.delete(key);
      if (lock !== "unavailable") {
        waiting.held.delete(lock);
        await lock.release();
      }
    }
  }
}

async function makeAndKeep(
  context: Context,
  { cache, key, isUsable, waiting, warn }: Sharing,
  make: () => Promise<Entry>,
): Promise<Shared> {
  const answer = (): Entry | undefined => {
    const entry = cache.read(key);
    return entry && isUsable(entry) ? entry : undefined;
  };
  const look = (): boolean => answer() !== undefined;
  waiting.looks.add(look);
  try {
    const entry = await make();
    const failed = cache.write(key, entry);
    if (failed !== undefined) warn(`credentials are not kept between calls: ${cache.folder}: ${failed}`);
    return { entry, isKept: false };
  } catch (error) {
    // The result of another step in the chain may have made the question unnecessary. In that case this step has no entry.
    const entry = error instanceof AnsweredElsewhere ? answer() : undefined;
    if (!entry) throw error;
    context.debug("another xrole has obtained it meanwhile");
    return { entry, isKept: true };
  } finally {
    waiting.looks.delete(look);
  }
}

/** The usable entry in the cache. @throws XroleError the refusal that another process has just received */
function kept(context: Context, { cache, key, isUsable, since }: Sharing): Entry | undefined {
  const entry = cache.read(key);
  if (entry && isUsable(entry)) return entry;
  const refusal = cache.readRefusal(key, since, context.now());
  if (!refusal) return undefined;
  context.debug("another xrole has just been told");
  throw refusal;
}

/**
 * Waits for the lock, up to the time that this resolution has left; while another process's user is typing a code, for as long as
 * that takes.
 */
async function waitForTurn(
  context: Context,
  { cache, key, waiting }: Sharing,
): Promise<Lock | "released" | "unavailable"> {
  const told = new Set<string>();
  const tell = (line: string): void => {
    if (!told.has(line)) context.debug(line);
    told.add(line);
  };
  const onWait = (): void => tell("another xrole is asking for the same: waiting for it");
  let from = performance.now();
  const onBeat = (): number => {
    tell("it is asking its user for a code: waiting for that");
    from = performance.now();
    return relayBeat(waiting);
  };
  const watching = { onWait, onBeat };
  const lock = await acquireLock(cache.folder, fingerprint(key), waiting.left, context.platform, watching);
  waiting.left -= performance.now() - from;
  if (lock === "unavailable") context.debug("asking without the lock");
  return lock;
}

/** From when on refusals of other processes count for a process that began at `started`. */
export const refusalsSince = (started: number, isFresh: boolean): number => started - (isFresh ? 0 : REFUSAL_LIFE);

/** Errors that AWS would return to every process that sends the same request. */
const REFUSALS: readonly ErrorCode[] = ["access-denied", "sts-refused", "duration-refused", "sso-refused"];

/**
 * Whether other processes need not send the request either, because AWS denied it, or throttled it in its own words. Errors that
 * depend on this process do not count: its MFA code, its network and proxy, its certificates, its secret key (which is not part of
 * the cache key), its clock.
 */
function isShared(error: unknown): error is XroleError {
  if (!(error instanceof XroleError)) return false;
  const { isThrottled, status } = Object(error.details) as { isThrottled?: unknown; status?: unknown };
  if (error.code === "sts-throttled") return isThrottled === true;
  if (error.code === "sso-failed" || error.code === "login-failed") return status === 429;
  return REFUSALS.includes(error.code);
}
