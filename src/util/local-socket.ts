// A socket in a folder, as a sign of life: the kernel closes it the moment its process ends, whoever that is and in whichever pid
// namespace. What says who holds a lock (credentials/cache/lock.ts), and whose temporary folder is still in use (temporary.ts).
import { closeSync, constants, lstatSync, openSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";

/** The longest path of a socket, less its final zero (sun_path). */
const PATH_LIMIT = 103;

export interface Place {
  readonly file: string;
  /** What a socket is told; the same file. */
  readonly path: string;
  readonly close: () => void;
}

/**
 * The path to listen on; undefined where the system has none that is short enough. A long one is reached through the folder's
 * descriptor, where the system has that.
 * @param suffix bytes that will be added to the name
 */
export function locate(folder: string, name: string, platform: NodeJS.Platform, suffix = 0): Place | undefined {
  const file = join(folder, name);
  if (platform === "win32") return { file, path: `\\\\.\\pipe\\xrole-${name}`, close: () => undefined };
  if (Buffer.byteLength(file) + suffix <= PATH_LIMIT) return { file, path: file, close: () => undefined };
  if (platform !== "linux") return undefined;
  try {
    const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
    return { file, path: `/proc/self/fd/${String(descriptor)}/${name}`, close: () => closeSync(descriptor) };
  } catch {
    return undefined;
  }
}

export interface Listening {
  /** Sends one byte to everybody who is connected, now and until `quiet`. */
  readonly beat: () => void;
  readonly close: () => Promise<void>;
}

/**
 * Listens, and keeps whoever connects connected; or gives the code of what is in the way. Keeps no process running.
 * @param onClose is called before the connections end: by then the next one can take the place
 */
export function listen(path: string, onClose: () => void): Promise<Listening | string> {
  return new Promise((resolve) => {
    const waiting = new Set<Socket>();
    const server = createServer((socket) => {
      waiting.add(socket.unref());
      socket.on("error", () => undefined);
      socket.on("close", () => waiting.delete(socket));
    });
    const close = (): Promise<void> =>
      new Promise((closed) => {
        onClose();
        server.close(() => closed());
        for (const socket of waiting) socket.destroy();
      });
    const beat = (): void => {
      // One that does not read, since it is stopped, is sent no more than its buffer takes.
      for (const socket of waiting) if (socket.writableLength === 0) socket.write(".");
    };
    server.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown"));
    server.listen(path, () => {
      server.unref();
      resolve({ beat, close });
    });
  });
}

/** What is at the place of a socket, without connecting; a symbolic link is not followed. */
export function kindOf(file: string): "socket" | "folder" | "other" | "nothing" | "unknown" {
  try {
    const stat = lstatSync(file, { throwIfNoEntry: false });
    if (!stat) return "nothing";
    return stat.isSocket() ? "socket" : stat.isDirectory() ? "folder" : "other";
  } catch {
    return "unknown";
  }
}

/** How a connection ended: `dead` where nobody listens, `busy` where the system lets no more wait, `barred` where it forbids. */
export type Ended = "closed" | "absent" | "dead" | "busy" | "barred" | "late";

/**
 * Connects, and stays connected until the other end closes.
 * @param wait milliseconds at most
 * @param onWait is told that somebody listens
 * @param onBeat is told of each sign of life, and says for how many milliseconds to wait from then on
 */
export function stayConnected(
  path: string,
  wait: number,
  { onWait, onBeat }: { readonly onWait?: () => void; readonly onBeat?: () => number } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let isConnected = false;
    const end = (how: Ended): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(how);
    };
    const give = (milliseconds: number): NodeJS.Timeout => setTimeout(() => end("late"), Math.max(0, milliseconds));
    let timer = give(wait);
    socket.on("connect", () => {
      isConnected = true;
      onWait?.();
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      // A holder that lets go, or dies, before it accepts a connection resets it.
      if (isConnected || error.code === "ECONNRESET") end("closed");
      else if (error.code === "ENOENT") end("absent");
      else if (error.code === "EAGAIN") end("busy");
      else end(error.code === "ECONNREFUSED" ? "dead" : "barred");
    });
    socket.on("close", () => end("closed"));
    socket.on("data", () => {
      if (!onBeat) return;
      clearTimeout(timer);
      timer = give(onBeat());
    });
  });
}
