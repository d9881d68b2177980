// One caller at a time, across processes: a socket that one process listens on. The kernel lets go of it the moment the holder
// dies, whoever that is and in whichever pid namespace. It only saves calls; nothing is wrong where it cannot be had.
import { closeSync, constants, linkSync, mkdirSync, openSync, rmSync, statSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";

export interface Lock {
  readonly release: () => Promise<void>;
}

/** What came of waiting: the lock; its holder has let go, so look again; or it cannot be had in time, or at all. */
export type Outcome = Lock | "released" | "unavailable";

/** The longest path of a socket, less its final zero (sun_path), and what a name has before it is the lock's. */
const [PATH_LIMIT, SUFFIX] = [103, ".xxxxxxxx.tmp"];
/** Milliseconds until what is in the way may have gone. */
const MOMENT = 30;
/** Milliseconds; what it guards takes microseconds. */
const GUARD_LIFE = 1000;

/**
 * Takes the lock `name` in `folder`, or waits until its holder lets go or dies.
 * @param wait milliseconds at most
 */
export async function acquireLock(
  folder: string,
  name: string,
  wait: number,
  platform: NodeJS.Platform,
): Promise<Outcome> {
  const place = locate(folder, `${name}.lock`, platform);
  if (!place) return "unavailable";
  try {
    const identity = identityOf(place.file);
    const held = await waitForHolder(place.path, wait);
    switch (held) {
      case "released":
      case "unavailable":
        return held;
      case "free":
        return await take(place, platform);
      case "dead":
        if (!removeStale(place.file, identity)) await new Promise((resolve) => setTimeout(resolve, MOMENT));
        return "released";
      default:
        return held satisfies never;
    }
  } finally {
    place.close();
  }
}

/**
 * Listens, and only then gives the socket the lock's name: one that is bound and does not listen yet, since its process waits for
 * the processor, would look as if its holder had died.
 */
async function take({ file, path }: Place, platform: NodeJS.Platform): Promise<Outcome> {
  if (platform === "win32") {
    const lock = await listen(path, () => undefined);
    return typeof lock !== "string" ? lock : lock === "EADDRINUSE" ? "released" : "unavailable";
  }
  const suffix = SUFFIX.replace(/x/g, () => Math.floor(Math.random() * 36).toString(36));
  const lock = await listen(path + suffix, () => removeOwn(file, own));
  if (typeof lock === "string") return "unavailable";
  const own = statSync(file + suffix).ino;
  try {
    linkSync(file + suffix, file);
    return lock;
  } catch (error) {
    await lock.release();
    return (error as NodeJS.ErrnoException).code === "EEXIST" ? "released" : "unavailable";
  } finally {
    rmSync(file + suffix, { force: true });
  }
}

interface Place {
  readonly file: string;
  /** What a socket is told; the same file. */
  readonly path: string;
  readonly close: () => void;
}

/** The path to listen on. One too long for a socket is reached through the folder's descriptor, where the system has that. */
function locate(folder: string, name: string, platform: NodeJS.Platform): Place | undefined {
  const file = join(folder, name);
  if (platform === "win32") return { file, path: `\\\\.\\pipe\\xrole-${name}`, close: () => undefined };
  if (Buffer.byteLength(file) + SUFFIX.length <= PATH_LIMIT) return { file, path: file, close: () => undefined };
  if (platform !== "linux") return undefined;
  try {
    const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
    return { file, path: `/proc/self/fd/${String(descriptor)}/${name}`, close: () => closeSync(descriptor) };
  } catch {
    return undefined;
  }
}

/** The lock, or the code of what is in the way. @param onRelease takes the lock's name away */
function listen(path: string, onRelease: () => void): Promise<Lock | string> {
  return new Promise((resolve) => {
    const waiting = new Set<Socket>();
    const server = createServer((socket) => {
      waiting.add(socket.unref());
      socket.on("error", () => undefined);
      socket.on("close", () => waiting.delete(socket));
    });
    // Those who wait see their connections end; by then the next one can take the lock.
    const release = (): Promise<void> =>
      new Promise((released) => {
        onRelease();
        server.close(() => released());
        for (const socket of waiting) socket.destroy();
      });
    server.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown"));
    server.listen(path, () => {
      server.unref();
      resolve({ release });
    });
  });
}

/** Until the holder's end of a connection closes. "free": nobody holds it; "dead": a process that died left the file behind. */
function waitForHolder(path: string, wait: number): Promise<"free" | "released" | "unavailable" | "dead"> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let isConnected = false;
    const timer = setTimeout(() => {
      socket.destroy();
      resolve("unavailable");
    }, wait);
    socket.on("connect", () => (isConnected = true));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      // A holder that lets go, or dies, before it accepts a connection resets it.
      if (isConnected || error.code === "ECONNRESET") resolve("released");
      else if (error.code === "ENOENT") resolve("free");
      // More are waiting than the system lets wait: look again in a moment.
      else if (error.code === "EAGAIN") setTimeout(() => resolve("released"), MOMENT);
      else resolve(error.code === "ECONNREFUSED" ? "dead" : "unavailable");
    });
    socket.on("close", () => {
      clearTimeout(timer);
      resolve("released");
    });
    socket.resume();
  });
}

/** Tells a file from another one in its place: inodes are used again at once. */
function identityOf(file: string): string | undefined {
  try {
    const { ino, ctimeMs } = statSync(file);
    return `${String(ino)} ${String(ctimeMs)}`;
  } catch {
    return undefined;
  }
}

/** Removes the lock's name, while it is this one's. */
function removeOwn(file: string, own: number): void {
  if (statSync(file, { throwIfNoEntry: false })?.ino === own) rmSync(file, { force: true });
}

/**
 * Removes the file that nobody listens on; of all that saw it, one at a time, and only while it is the one they saw.
 * @returns whether another one is not about to do the same
 */
function removeStale(file: string, identity: string | undefined): boolean {
  const guard = `${file}.guard`;
  try {
    mkdirSync(guard);
  } catch {
    const stat = statSync(guard, { throwIfNoEntry: false });
    // Whoever made it was killed with it.
    if (stat && Date.now() - stat.mtimeMs > GUARD_LIFE) rmSync(guard, { force: true, recursive: true });
    return false;
  }
  try {
    if (identityOf(file) === identity) rmSync(file, { force: true });
    return true;
  } finally {
    rmSync(guard, { force: true, recursive: true });
  }
}
