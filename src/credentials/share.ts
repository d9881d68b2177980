// One call for many: whoever comes first asks, the others wait for what comes of it.
import type { Context } from "../context.ts";
import { fingerprint } from "../digest.ts";
import { STATUS, XroleError } from "../errors.ts";
import { REFUSAL_LIFE, type Cache, type Entry } from "./cache.ts";
import { prepareFolder } from "./cache-folder.ts";
import { acquireLock } from "./lock.ts";

/** Milliseconds that anybody waits for another process: it may be stopped, and never come to an end. */
const WAIT = 20_000;

export interface Sharing {
  readonly cache: Cache;
  readonly key: string;
  /** Whether an entry will do. */
  readonly isUsable: (entry: Entry) => boolean;
  /** Refusals of others count from this time on. */
  readonly since: number;
  readonly warn: (warning: string) => void;
}

/**
 * The entry that is kept, or what `make` makes while others wait for it.
 * @throws what `make` throws, or threw in another process
 */
export async function share(
  context: Context,
  { cache, key, isUsable, since, warn }: Sharing,
  make: () => Promise<Entry>,
): Promise<{ readonly entry: Entry; readonly isKept: boolean }> {
  const kept = (): Entry | undefined => {
    const entry = cache.read(key);
    if (entry && isUsable(entry)) return entry;
    const refusal = cache.readRefusal(key, since);
    if (refusal) {
      context.debug("another xrole has just been told");
      throw refusal;
    }
    return undefined;
  };
  const problem = prepareFolder(cache.folder, context.uid);
  if (problem !== undefined) {
    warn(`credentials are not kept between calls: ${cache.folder}: ${problem}`);
    return { entry: await make(), isKept: false };
  }
  const deadline = context.now() + WAIT;
  for (;;) {
    const before = kept();
    if (before) return { entry: before, isKept: true };
    const lock = await acquireLock(cache.folder, fingerprint(key), deadline - context.now(), context.platform);
    if (lock === "released") continue;
    if (lock === "unavailable") return { entry: await make(), isKept: false };
    try {
      // Somebody may have held the lock, and written, between the look and the lock.
      const meanwhile = kept();
      if (meanwhile) return { entry: meanwhile, isKept: true };
      const entry = await make();
      const failed = cache.write(key, entry);
      if (failed !== undefined) warn(`credentials are not kept between calls: ${cache.folder}: ${failed}`);
      return { entry, isKept: false };
    } catch (error) {
      if (isShared(error)) cache.writeRefusal(key, error, context.now());
      throw error;
    } finally {
      await lock.release();
    }
  }
}

/** When refusals of others begin to count for a process that began at `started`. */
export const refusalsSince = (started: number, isFresh: boolean): number => started - (isFresh ? 0 : REFUSAL_LIFE);

/** What AWS or the network said goes for everybody; a code, or a terminal to type it on, is each one's own. */
function isShared(error: unknown): error is XroleError {
  const shared: readonly number[] = [STATUS.refused, STATUS.unavailable, STATUS.tryLater];
  return error instanceof XroleError && shared.includes(error.status) && !error.code.startsWith("mfa-");
}
