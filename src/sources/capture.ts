// Runs a command of the user's configuration, without a shell, for what it prints; its stderr and stdin are the user's, but for
// the library's, whose program has its own use for them. It may ask the user, so it has no limit of time: who ends xrole ends it.
import { spawn, type ChildProcess } from "node:child_process";
import { splitWords } from "../config/parse/words.ts";
import type { Context } from "../context/types.ts";

/** The words of a command that runs without a shell, or why it has none. */
export function commandWords(command: string): { readonly words: readonly string[]; readonly problem?: string } {
  const words = splitWords(command);
  if (!words)
    return { words: [], problem: command.endsWith("\\") ? "it ends with a backslash" : "a quote is not closed" };
  return (words[0] ?? "").trim() === "" ? { words: [], problem: "it names no command" } : { words };
}

const SIZE_LIMIT = 256 * 1024;
/** Milliseconds that it is given to end by itself, after a key such as Ctrl-C, which it has had too, and after a SIGTERM. */
const GRACE = 2000;
/** Milliseconds in which what it printed is read, after its end: what it started may hold the pipe for ever. */
const REST = 100;

/** What the command printed, or what went wrong. */
export type Captured = Promise<{ stdout: string; problem?: string }>;

/** @param unneeded ends the command: nobody needs what it prints any more */
export function captureOutput(
  { env, sharesStreams, onStop }: Pick<Context, "env" | "sharesStreams" | "onStop">,
  words: readonly string[],
  unneeded?: AbortSignal,
): Captured {
  const [command = "", ...args] = words;
  const stream = sharesStreams ? "inherit" : "ignore";
  return new Promise((resolve) => {
    let child: ChildProcess;
    try {
      child = spawn(command, args, { env, stdio: [stream, "pipe", stream], windowsHide: true });
    } catch (error) {
      // Node throws some of the system's errors, and emits the others.
      resolve({ stdout: "", problem: startProblem(error as NodeJS.ErrnoException) });
      return;
    }
    const output = collect(child);
    const end = (): void => terminate(child);
    unneeded?.addEventListener("abort", end);
    const forget = onStop((signal) => stop(child, signal));
    const finish = (problem?: string): void => {
      unneeded?.removeEventListener("abort", end);
      forget();
      child.stdout?.destroy();
      resolve(problem === undefined ? { stdout: output.text() } : { stdout: "", problem });
    };
    child.on("error", (error) => finish(startProblem(error)));
    child.on("exit", (status, signal) => {
      const done = (): void => {
        clearTimeout(timer);
        if (output.isTooLarge()) finish("its output is too large");
        else if (signal) finish(`ended by ${signal}`);
        else finish(status === 0 ? undefined : `exited with status ${String(status)}`);
      };
      // After the timer, what lies in the pipe is read once more before `setImmediate` runs.
      const timer = setTimeout(() => setImmediate(done), REST);
      // A signal may be for xrole too, and is its ending then.
      if (!signal) child.on("close", done);
    });
  });
}

/** Reads what the command prints. Past the limit nothing is read any more, and the command is ended. */
function collect(child: ChildProcess): { readonly text: () => string; readonly isTooLarge: () => boolean } {
  const chunks: Buffer[] = [];
  let size = 0;
  child.stdout?.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= SIZE_LIMIT) {
      chunks.push(chunk);
      return;
    }
    child.stdout?.destroy();
    terminate(child);
  });
  child.stdout?.on("error", () => undefined);
  return { text: () => Buffer.concat(chunks).toString("utf8"), isTooLarge: () => size > SIZE_LIMIT };
}

/** Ends the command: by SIGTERM, and by SIGKILL where it does not heed that. */
function terminate(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): void {
  child.kill(signal);
  const timer = setTimeout(() => child.kill("SIGKILL"), GRACE);
  child.once("exit", () => clearTimeout(timer));
}

/** xrole is told to stop: resolves when the command has ended. */
function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  // A signal to the whole process group may end the command before xrole gets it.
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  // Ctrl-C and Ctrl-\ have reached it from the terminal; it may be putting the terminal back in order.
  const isKey = signal === "SIGINT" || signal === "SIGQUIT";
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    const timer = setTimeout(() => terminate(child, isKey ? "SIGTERM" : signal), isKey ? GRACE : 0);
    child.once("exit", () => clearTimeout(timer));
  });
}

const START_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: "command not found",
  ENOTDIR: "command not found",
  EACCES: "permission denied",
  E2BIG: "its arguments are too long",
};

const startProblem = ({ code, message }: NodeJS.ErrnoException): string =>
  START_PROBLEMS[code ?? ""] ?? code ?? message;
