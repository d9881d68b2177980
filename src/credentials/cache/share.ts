// One call for many: whoever comes first asks, the others wait for what comes of it.
import type { Context } from "../../context/types.ts";
import { fingerprint } from "../../util/digest.ts";
import { XroleError, type ErrorCode } from "../../errors/errors.ts";
import type { Cache } from "./cache.ts";
import { REFUSAL_LIFE, type Entry } from "./entry.ts";
import { prepareFolder } from "./folder.ts";
import { acquireLock, type Lock } from "./lock.ts";
import type { Resolving } from "../request.ts";
import { AnsweredElsewhere, relayBeat, type Waiting } from "./waiting.ts";

export interface Sharing {
  readonly cache: Cache;
  readonly key: string;
  /** Whether an entry will do. */
  readonly isUsable: (entry: Entry) => boolean;
  /** Refusals of others count from this time on. */
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
 * The entry that is kept, or what `make` makes while others wait for it. What is made is kept, with the lock or without.
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
      // Somebody may have held the lock, and written, between the look and the lock.
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
    // It may have been the answer to another step of the chain that ended the question: then this one has none.
    const entry = error instanceof AnsweredElsewhere ? answer() : undefined;
    if (!entry) throw error;
    context.debug("another xrole has obtained it meanwhile");
    return { entry, isKept: true };
  } finally {
    waiting.looks.delete(look);
  }
}

/** What is in the cache. @throws XroleError what another process has just been refused with */
function kept(context: Context, { cache, key, isUsable, since }: Sharing): Entry | undefined {
  const entry = cache.read(key);
  if (entry && isUsable(entry)) return entry;
  const refusal = cache.readRefusal(key, since, context.now());
  if (!refusal) return undefined;
  context.debug("another xrole has just been told");
  throw refusal;
}

/** Waits for the lock, no longer than this resolution still may; while another process's user types, for as long as that takes. */
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

/** When refusals of others begin to count for a process that began at `started`. */
export const refusalsSince = (started: number, isFresh: boolean): number => started - (isFresh ? 0 : REFUSAL_LIFE);

/** What AWS refuses to everybody who asks for the same. */
const REFUSALS: readonly ErrorCode[] = ["access-denied", "sts-refused", "duration-refused", "sso-refused"];

/**
 * Whether others need not ask either: AWS refuses, or throttles in its own words. Not what depends on this process: its code, its
 * network and proxy, its certificates, its secret (which is in no key), its clock.
 */
function isShared(error: unknown): error is XroleError {
  if (!(error instanceof XroleError)) return false;
  const { isThrottled, status } = Object(error.details) as { isThrottled?: unknown; status?: unknown };
  if (error.code === "sts-throttled") return isThrottled === true;
  if (error.code === "sso-failed" || error.code === "login-failed") return status === 429;
  return REFUSALS.includes(error.code);
}
