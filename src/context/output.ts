// Writes to stdout and stderr.
import { closeSync, fstatSync, openSync, writeSync } from "node:fs";
import { isClosedByShell } from "./closed-output.ts";
import { XroleError } from "../errors/error.ts";
import type { Output } from "./types.ts";

/**
 * An Output that writes to the descriptor directly. Setting up Node's stream takes a while, so the stream is only used when a pipe
 * is full.
 */
export function output(descriptor: number, stream: () => NodeJS.WriteStream): Output {
  const failure = (error: Error): XroleError =>
    new XroleError("output-failed", { problem: error.message }, { cause: error });
  let take: ((text: string) => void) | undefined;
  return {
    divert(to) {
      take = to;
    },
    get isTerminal() {
      return stream().isTTY;
    },
    write: (text) =>
      new Promise((resolve, reject) => {
        if (take) {
          take(text);
          resolve();
          return;
        }
        const left = writeNow(descriptor, Buffer.from(text), failure);
        if (left.length === 0) {
          resolve();
          return;
        }
        // Without a listener, a closed pipe would end the process with a stack trace. The callback reports the error.
        const to = stream().on("error", () => undefined);
        to.write(left, (error) => (error ? reject(failure(error)) : resolve()));
      }),
    release: () => {
      if (stream().isTTY) return;
      closeSync(descriptor);
      // /dev/null takes the free descriptor; otherwise the next file or socket to be opened would become stdout.
      openSync(process.platform === "win32" ? "\\\\.\\nul" : "/dev/null", "w");
    },
  };
}

const STDOUT = 1;
/** The device number of /dev/null on Linux: major 1, minor 3. */
const NULL_DEVICE = 0x103;

/** Whether stdout is the /dev/null that Node opened because stdout was closed. */
function isLost(): boolean {
  return process.platform === "linux" && fstatSync(STDOUT).rdev === NULL_DEVICE && isClosedByShell(STDOUT, process);
}

/** Writes as much as possible without waiting, and returns the rest. @throws XroleError `output-failed` */
function writeNow(descriptor: number, bytes: Buffer, failure: (error: Error) => XroleError): Buffer {
  let left = bytes;
  try {
    if (descriptor === STDOUT && isLost()) throw new Error("stdout is closed");
    while (left.length > 0) left = left.subarray(writeSync(descriptor, left));
    return left;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return left;
    throw failure(error as Error);
  }
}
