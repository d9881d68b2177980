// Uses a Unix socket in a folder as a sign that its process is alive: the kernel closes the socket the moment the process ends,
// whichever user or PID namespace it belongs to. Cache locks (credentials/cache/lock.ts) and temporary folders (temporary-folder.ts) are
// built on it.
import { closeSync, constants, lstatSync, openSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";

/** The longest path of a socket, without its final zero (sun_path). */
const PATH_LIMIT = 103;

export interface SocketAddress {
  readonly file: string;
  /** The path to pass to `listen` and `connect`. It leads to the same file. */
  readonly path: string;
  readonly close: () => void;
}

/**
 * The path at which to create a socket in the folder; undefined if no path is short enough. Linux reaches a long path through a
 * descriptor of the folder.
 * @param suffix the number of bytes that the caller will append to the name
 */
export function socketAddress(
  folder: string,
  name: string,
  platform: NodeJS.Platform,
  suffix = 0,
): SocketAddress | undefined {
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
  /** Sends one byte to every connected client. */
  readonly beat: () => void;
  readonly close: () => Promise<void>;
}

/**
 * Listens on the path, and keeps every client connected. Resolves with the error code if it cannot listen. The server does not keep
 * the process running.
 * @param onClose is called before the connections end, so that the next process can already take the path
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
      // A stopped process does not read. Writing stops once its buffer is full.
      for (const socket of waiting) if (socket.writableLength === 0) socket.write(".");
    };
    server.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown"));
    server.listen(path, () => {
      server.unref();
      resolve({ beat, close });
    });
  });
}

/** What is at the path of a socket, found without connecting. Symbolic links are not followed. */
export function socketFileKind(file: string): "socket" | "folder" | "other" | "nothing" | "unknown" {
  try {
    const stat = lstatSync(file, { throwIfNoEntry: false });
    if (!stat) return "nothing";
    return stat.isSocket() ? "socket" : stat.isDirectory() ? "folder" : "other";
  } catch {
    return "unknown";
  }
}

/**
 * How a connection ended: `dead` if nobody listens, `busy` if the queue of connections is full, `barred` if the system forbids it.
 */
export type Ended = "closed" | "absent" | "dead" | "busy" | "barred" | "late";

/**
 * Connects, and stays connected until the other end closes.
 * @param wait the longest time, in milliseconds
 * @param onWait is called once the connection is accepted
 * @param onBeat is called for each byte that arrives, and returns for how many more milliseconds to wait
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
      // A lock holder that releases the lock, or dies, before it accepts a connection resets it.
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
