// A lock between processes: a socket that one process listens on. Locks only save requests; without them, everything still works.
import { linkSync, lstatSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { socketFileKind, listen, socketAddress, stayConnected, type SocketAddress } from "../../util/local-socket.ts";

export interface Lock {
  /** Tells the waiting processes that this process is waiting for its user. They keep waiting as long as they receive this. */
  readonly beat: () => void;
  readonly release: () => Promise<void>;
}

/**
 * The result of waiting: the lock; "released" if its holder released it, so that the caller should check again; or "unavailable" if
 * there was no lock in time, or locks do not work here.
 */
export type Outcome = Lock | "released" | "unavailable";

/** Callbacks for a process that waits for the lock. */
export interface Watching {
  /** Called when another process holds the lock and the wait begins. */
  readonly onWait?: () => void;
  /**
   * Called when the holder is waiting for its user. Returns for how many more milliseconds to wait; without it, the first limit
   * remains.
   */
  readonly onBeat?: () => number;
}

/** The suffix of the socket's temporary name, before it gets the name of the lock. */
const SUFFIX = ".xxxxxxxx.tmp";
/** Milliseconds before trying again, when something is briefly in the way. */
const MOMENT = 30;

/**
 * Takes the lock `name` in `folder`, or waits until its holder releases it or dies. Anything else with that name is removed; if
 * that is not possible, the lock is unavailable at once.
 * @param wait the longest time, in milliseconds; if 0 or less, the lock is taken only if it is free
 */
export async function acquireLock(
  folder: string,
  name: string,
  wait: number,
  platform: NodeJS.Platform,
  watching: Watching = {},
): Promise<Outcome> {
  const address = socketAddress(folder, `${name}.lock`, platform, SUFFIX.length);
  if (!address) return "unavailable";
  const deadline = performance.now() + wait;
  try {
    for (;;) {
      const outcome = await attempt(address, deadline - performance.now(), platform, watching);
      if (outcome !== "again") return outcome;
      if (performance.now() >= deadline) return "unavailable";
      await new Promise((resolve) => setTimeout(resolve, MOMENT));
    }
  } finally {
    address.close();
  }
}

async function attempt(
  address: SocketAddress,
  wait: number,
  platform: NodeJS.Platform,
  watching: Watching,
): Promise<Outcome | "again"> {
  const identity = identityOf(address.file);
  // Connecting would follow a symbolic link to another user's socket.
  const kind = platform === "win32" ? "socket" : socketFileKind(address.file);
  if (kind === "nothing") return take(address, platform);
  if (kind === "unknown") return "unavailable";
  if (kind !== "socket") return removeStale(address.file, identity) ? "again" : "unavailable";
  const ended = await stayConnected(address.path, wait, watching);
  switch (ended) {
    case "closed":
      return wait > 0 ? "released" : "unavailable";
    case "absent":
      return take(address, platform);
    case "dead":
      return removeStale(address.file, identity) ? "again" : "unavailable";
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
 * Listens first, and then gives the socket the name of the lock. A socket that is bound but does not listen yet would look as if
 * its holder had died.
 */
async function take({ file, path }: SocketAddress, platform: NodeJS.Platform): Promise<Lock | "again" | "unavailable"> {
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

/** Identifies a file, to detect that another file has taken its name. The inode alone is not enough: inodes are reused at once. */
function identityOf(file: string): string | undefined {
  try {
    const { ino, mtimeNs } = lstatSync(file, { bigint: true });
    return `${String(ino)} ${String(mtimeNs)}`;
  } catch {
    return undefined;
  }
}

/** Removes the lock's name, if it still belongs to this lock. */
function removeOwn(file: string, own: number): void {
  try {
    if (lstatSync(file, { throwIfNoEntry: false })?.ino === own) rmSync(file, { force: true });
  } catch {
    // The name remains; the next process finds that nobody listens.
  }
}

/**
 * Removes a socket on which nobody listens, but not a file that another process has put in its place meanwhile: if the removed file
 * is not the one that was checked, it is put back.
 * @returns false if it cannot be removed
 */
function removeStale(file: string, identity: string | undefined): boolean {
  const aside = `${file}.${Math.random().toString(36).slice(2)}.tmp`;
  try {
    if (identityOf(file) !== identity) return true;
    if (socketFileKind(file) === "folder") {
      // rmdir removes only an empty folder. Any other folder may hold somebody's files.
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
    // Another process has taken the lock already. Two processes then hold it, which costs an additional request.
  }
}
