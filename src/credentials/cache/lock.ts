// One caller at a time, across processes: a socket that one process listens on. It only saves calls; nothing is wrong without it.
import { linkSync, lstatSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { kindOf, listen, locate, stayConnected, type Place } from "../../util/local-socket.ts";

export interface Lock {
  /** Tells those who wait that this process waits for its user: they then wait for as long as they hear of it. */
  readonly beat: () => void;
  readonly release: () => Promise<void>;
}

/** What came of waiting: the lock; its holder has released it, so look again; or there is no lock in time, or at all. */
export type Outcome = Lock | "released" | "unavailable";

/** What is told to one who waits. */
export interface Watching {
  /** There is a holder, and the wait has begun. */
  readonly onWait?: () => void;
  /** The holder waits for its user. Gives the milliseconds to wait from then on; without it, the first limit stays. */
  readonly onBeat?: () => number;
}

/** What a name has before it is the lock's. */
const SUFFIX = ".xxxxxxxx.tmp";
/** Milliseconds until what is in the way may have gone. */
const MOMENT = 30;

/**
 * Takes the lock `name` in `folder`, or waits until its holder releases it or dies. Whatever else is in its place is removed; where
 * that is not possible, the lock is unavailable at once.
 * @param wait milliseconds at most; from 0 down, the lock is taken only if it is free
 */
export async function acquireLock(
  folder: string,
  name: string,
  wait: number,
  platform: NodeJS.Platform,
  watching: Watching = {},
): Promise<Outcome> {
  const place = locate(folder, `${name}.lock`, platform, SUFFIX.length);
  if (!place) return "unavailable";
  const deadline = performance.now() + wait;
  try {
    for (;;) {
      const outcome = await attempt(place, deadline - performance.now(), platform, watching);
      if (outcome !== "again") return outcome;
      if (performance.now() >= deadline) return "unavailable";
      await new Promise((resolve) => setTimeout(resolve, MOMENT));
    }
  } finally {
    place.close();
  }
}

async function attempt(
  place: Place,
  wait: number,
  platform: NodeJS.Platform,
  watching: Watching,
): Promise<Outcome | "again"> {
  const identity = identityOf(place.file);
  // A connection would follow a link to somebody else's socket.
  const kind = platform === "win32" ? "socket" : kindOf(place.file);
  if (kind === "nothing") return take(place, platform);
  if (kind === "unknown") return "unavailable";
  if (kind !== "socket") return removeStale(place.file, identity) ? "again" : "unavailable";
  const ended = await stayConnected(place.path, wait, watching);
  switch (ended) {
    case "closed":
      return wait > 0 ? "released" : "unavailable";
    case "absent":
      return take(place, platform);
    case "dead":
      return removeStale(place.file, identity) ? "again" : "unavailable";
    case "busy":
      return "again";
    case "late":
    case "barred":
      return "unavailable";
    default:
      return ended satisfies never;
  }
}

/**
 * Listens, and only then gives the socket the lock's name: one that is bound and does not listen yet, since its process waits for
 * the processor, would look as if its holder had died.
 */
async function take({ file, path }: Place, platform: NodeJS.Platform): Promise<Lock | "again" | "unavailable"> {
  if (platform === "win32") {
    const pipe = await listen(path, () => undefined);
    if (typeof pipe !== "string") return { beat: pipe.beat, release: pipe.close };
    return pipe === "EADDRINUSE" ? "again" : "unavailable";
  }
  const suffix = SUFFIX.replace(/x/g, () => Math.floor(Math.random() * 36).toString(36));
  const socket = await listen(path + suffix, () => removeOwn(file, own));
  if (typeof socket === "string") return "unavailable";
  const own = lstatSync(file + suffix).ino;
  try {
    linkSync(file + suffix, file);
    return { beat: socket.beat, release: socket.close };
  } catch (error) {
    await socket.close();
    return (error as NodeJS.ErrnoException).code === "EEXIST" ? "again" : "unavailable";
  } finally {
    rmSync(file + suffix, { force: true });
  }
}

/** Tells a file from another one in its place, whatever its name: inodes are used again at once. */
function identityOf(file: string): string | undefined {
  try {
    const { ino, mtimeNs } = lstatSync(file, { bigint: true });
    return `${String(ino)} ${String(mtimeNs)}`;
  } catch {
    return undefined;
  }
}

/** Removes the lock's name, while it is this one's. */
function removeOwn(file: string, own: number): void {
  try {
    if (lstatSync(file, { throwIfNoEntry: false })?.ino === own) rmSync(file, { force: true });
  } catch {
    // It stays, and the next one finds that nobody listens.
  }
}

/**
 * Removes what nobody listens on, and not what another process has put in its place meanwhile: what was taken away and is not the
 * file that was seen is put back.
 * @returns false where it cannot be removed
 */
function removeStale(file: string, identity: string | undefined): boolean {
  const aside = `${file}.${Math.random().toString(36).slice(2)}.tmp`;
  try {
    if (identityOf(file) !== identity) return true;
    if (kindOf(file) === "folder") {
      // Only an empty one: the rest is somebody's.
      rmdirSync(file);
      return true;
    }
    renameSync(file, aside);
    if (identityOf(aside) !== identity) linkBack(aside, file);
    rmSync(aside, { force: true });
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
}

function linkBack(aside: string, file: string): void {
  try {
    linkSync(aside, file);
  } catch {
    // Somebody has taken the lock already: there are two holders, which costs a call.
  }
}
