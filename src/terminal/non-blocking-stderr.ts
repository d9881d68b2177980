// Makes writing to stderr never block, for services. Writing to a full pipe blocks, and would delay every request that is being
// served. Messages are dropped instead, and counted.
import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import type { Context } from "../context/types.ts";

const STDERR = 2;
/** Bytes that a pipe takes completely or not at all. Source: pipe(7), PIPE_BUF. */
const WHOLE = 4096;
/** The most bytes that may wait in the socket's buffer. */
const MOST_WAITING = 64 * 1024;

/** Writes a text; returns false if there is no room for it. */
type Put = ((text: string) => boolean) & { readonly end?: () => void };

/**
 * From now on, writing to stderr never blocks.
 * Returns a function that discards unread output when the process ends.
 * @param isAlone whether no command of this process shares this stderr: the command's own writes would become non-blocking, too
 */
export function neverWait({ stderr, platform }: Pick<Context, "stderr" | "platform">, isAlone: boolean): () => void {
  const put = opened(platform) ?? (isAlone ? shared() : undefined);
  if (put) stderr.divert?.(counting(put));
  return () => put?.end?.();
}

/** Writes to a separate open file description, so that other processes' writes to stderr do not become non-blocking. */
function opened(platform: NodeJS.Platform): Put | undefined {
  if (platform !== "linux") return undefined;
  try {
    const stat = fstatSync(STDERR);
    // A file never blocks, and opening it again would write from its beginning. A socket cannot be opened.
    if (stat.isFile()) return (text) => write(STDERR, text);
    if (!stat.isFIFO() && !stat.isCharacterDevice()) return undefined;
    const descriptor = openSync("/proc/self/fd/2", constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    if (fstatSync(descriptor).ino !== stat.ino) closeSync(descriptor);
    else return (text) => write(descriptor, text);
  } catch {
    // For example, a pipe that belongs to another user.
  }
  return undefined;
}

function write(descriptor: number, text: string): boolean {
  try {
    writeSync(descriptor, text);
    return true;
  } catch {
    return false;
  }
}

/** Writes to stderr itself, which becomes non-blocking. */
function shared(): Put | undefined {
  try {
    if (fstatSync(STDERR).isFile()) return undefined;
    const socket = new Socket({ fd: STDERR, readable: false, writable: true });
    socket.unref().on("error", () => undefined);
    const put: Put = (text) => {
      if (socket.destroyed || socket.writableLength > MOST_WAITING) return false;
      socket.write(text);
      return true;
    };
    // Output that is still buffered would keep the process running.
    const end = (): void => {
      if (socket.writableLength > 0) socket.destroy();
    };
    return Object.assign(put, { end });
  } catch {
    return undefined;
  }
}

/** Writes whole lines, and reports how many were dropped before. */
function counting(put: Put): (text: string) => void {
  let dropped = 0;
  const putLine = (line: string): void => {
    if (dropped > 0 && put(`xrole: warning: ${String(dropped)} lines were dropped: nobody read them\n`)) dropped = 0;
    if (dropped > 0 || !put(line)) dropped++;
  };
  return (text) => {
    if (dropped === 0 && Buffer.byteLength(text) <= WHOLE && put(text)) return;
    for (const line of text.split(/(?<=\n)/)) putLine(line);
  };
}
