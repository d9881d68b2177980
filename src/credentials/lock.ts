// One caller at a time, across processes: a socket that one process listens on. The kernel lets go of it the moment the holder
// dies, whoever that is and in whichever pid namespace. It only saves calls; nothing is wrong where it cannot be had.
import { closeSync, constants, mkdirSync, openSync, rmSync, statSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";

export interface Lock {
  readonly release: () => Promise<void>;
}

/** What came of waiting: the lock; its holder has let go, so look again; or it cannot be had in time, or at all. */
export type Outcome = Lock | "released" | "unavailable";

/** The longest path of a socket, less its final zero (sun_path). */
const PATH_LIMIT = 103;
/** Milliseconds in which a process that is on its way comes to listen. */
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
    const server = await listen(place.path);
    if (typeof server !== "string") return server;
    if (server !== "EADDRINUSE") return "unavailable";
    const identity = identityOf(place.file);
    const held = await waitForHolder(place.path, wait);
    if (held !== "nobody") return held;
    // A socket that has its name already and does not listen yet looks the same, for a moment.
    await new Promise((resolve) => setTimeout(resolve, MOMENT));
    const again = await waitForHolder(place.path, wait - MOMENT);
    if (again !== "nobody") return again;
    removeStale(place.file, identity);
    return "released";
  } finally {
    place.close();
  }
}

/** The path to listen on. One too long for a socket is reached through the folder's descriptor, where the system has that. */
function locate(
  folder: string,
  name: string,
  platform: NodeJS.Platform,
): { readonly file: string; readonly path: string; readonly close: () => void } | undefined {
  const file = join(folder, name);
  if (platform === "win32") return { file, path: `\\\\.\\pipe\\xrole-${name}`, close: () => undefined };
  if (Buffer.byteLength(file) <= PATH_LIMIT) return { file, path: file, close: () => undefined };
  if (platform !== "linux") return undefined;
  try {
    const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
    return { file, path: `/proc/self/fd/${String(descriptor)}/${name}`, close: () => closeSync(descriptor) };
  } catch {
    return undefined;
  }
}

/** The lock, or the code of what is in the way. */
function listen(path: string): Promise<Lock | string> {
  return new Promise((resolve) => {
    const waiting = new Set<Socket>();
    const server = createServer((socket) => {
      waiting.add(socket.unref());
      socket.on("error", () => undefined);
      socket.on("close", () => waiting.delete(socket));
    });
    // Closing removes the socket's file too; those who wait see their connections end.
    const release = (): Promise<void> =>
      new Promise((released) => {
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

/** Until the holder's end of a connection closes. "nobody": a process that died left the file behind. */
function waitForHolder(path: string, wait: number): Promise<"released" | "unavailable" | "nobody"> {
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
      if (isConnected || error.code === "ENOENT" || error.code === "ECONNRESET") resolve("released");
      // More are waiting than the system lets wait: look again in a moment.
      else if (error.code === "EAGAIN") setTimeout(() => resolve("released"), MOMENT);
      else resolve(error.code === "ECONNREFUSED" ? "nobody" : "unavailable");
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
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat && `${stat.ino} ${stat.ctimeMs}`;
}

/** Removes the file that nobody listens on; of all that saw it, one at a time, and only while it is the one they saw. */
function removeStale(file: string, identity: string | undefined): void {
  const guard = `${file}.guard`;
  try {
    mkdirSync(guard);
  } catch {
    const stat = statSync(guard, { throwIfNoEntry: false });
    // Whoever made it was killed with it.
    if (stat && Date.now() - stat.mtimeMs > GUARD_LIFE) rmSync(guard, { force: true, recursive: true });
    return;
  }
  try {
    if (identityOf(file) === identity) rmSync(file, { force: true });
  } finally {
    rmSync(guard, { force: true, recursive: true });
  }
}
