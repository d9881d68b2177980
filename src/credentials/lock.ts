// One caller at a time, across processes: a socket that one process listens on. The kernel lets go of it the moment the holder
// dies, whoever that is and in whichever pid namespace. It only saves calls; nothing is wrong where it cannot be had.
import { closeSync, constants, openSync, renameSync, rmSync, statSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";

export interface Lock {
  readonly release: () => Promise<void>;
}

/** What came of waiting: the lock; its holder has let go, so look again; or it cannot be had in time, or at all. */
export type Outcome = Lock | "released" | "unavailable";

/** The longest path of a socket, less its final zero (sun_path). */
const PATH_LIMIT = 103;

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
    const inode = inodeOf(place.file);
    const held = await waitForHolder(place.path, wait);
    if (held !== "nobody") return held;
    removeStale(place.file, inode);
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
      if (isConnected || error.code === "ENOENT") resolve("released");
      else resolve(error.code === "ECONNREFUSED" ? "nobody" : "unavailable");
    });
    socket.on("close", () => {
      clearTimeout(timer);
      resolve("released");
    });
    socket.resume();
  });
}

const inodeOf = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.ino;

/** Removes the file that nobody listens on, unless somebody has put a fresh one in its place meanwhile. */
function removeStale(file: string, inode: number | undefined): void {
  const aside = `${file}.${Math.random().toString(36).slice(2)}.tmp`;
  try {
    renameSync(file, aside);
    if (inodeOf(aside) === inode) rmSync(aside, { force: true });
    else renameSync(aside, file);
  } catch {
    // Another has done it.
  }
}
