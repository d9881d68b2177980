// A stderr that nobody waits for. A pipe that is full makes whoever writes to it wait, and with it every request that is being
// served: what a service says is dropped then, and counted.
import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import type { Context } from "../context/types.ts";

const STDERR = 2;
/** Bytes that a pipe takes whole or not at all. Source: pipe(7), PIPE_BUF. */
const WHOLE = 4096;
/** Bytes that may wait for a socket. */
const MOST_WAITING = 64 * 1024;

/** Takes a text, or gives false: there is no room for it. */
type Put = ((text: string) => boolean) & { readonly end?: () => void };

/**
 * From now on, writing to stderr never waits.
 * Gives what drops, at the end of the process, what nobody has read.
 * @param isAlone whether no command of this process has the same stderr, which would have to write without waiting, too
 */
export function neverWait({ stderr, platform }: Pick<Context, "stderr" | "platform">, isAlone: boolean): () => void {
  const put = opened(platform) ?? (isAlone ? shared() : undefined);
  if (put) stderr.divert?.(counting(put));
  return () => put?.end?.();
}

/** What writes to a description of its own: how stderr itself is written by others does not change. */
function opened(platform: NodeJS.Platform): Put | undefined {
  if (platform !== "linux") return undefined;
  try {
    const stat = fstatSync(STDERR);
    // A file always takes what is written, and would be written from its beginning. A socket cannot be opened.
    if (stat.isFile()) return (text) => write(STDERR, text);
    if (!stat.isFIFO() && !stat.isCharacterDevice()) return undefined;
    const descriptor = openSync("/proc/self/fd/2", constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    if (fstatSync(descriptor).ino !== stat.ino) closeSync(descriptor);
    else return (text) => write(descriptor, text);
  } catch {
    // Such as a pipe of another user's.
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

/** What writes to stderr as it is, from now on without waiting. */
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
    // What still waits to be written would keep the process running.
    const end = (): void => {
      if (socket.writableLength > 0) socket.destroy();
    };
    return Object.assign(put, { end });
  } catch {
    return undefined;
  }
}

/** Writes whole lines, and tells how many were dropped before. */
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
