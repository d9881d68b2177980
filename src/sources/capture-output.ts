// Runs a command from the user's configuration, without a shell, and captures what it prints. Its stdin and stderr are the user's,
// except in the library, whose program uses them itself. The command may ask the user something, so there is no time limit; ending
// xrole ends it.
import { spawn, type ChildProcess } from "node:child_process";
import { shellWords } from "../config/parse/words.ts";
import type { Context } from "../context/types.ts";

/** The words of a command that runs without a shell, or why it has none. */
export function commandWords(command: string): { readonly words: readonly string[]; readonly problem?: string } {
  const words = shellWords(command);
  if (!words)
    return { words: [], problem: command.endsWith("\\") ? "it ends with a backslash" : "a quote is not closed" };
  return (words[0] ?? "").trim() === "" ? { words: [], problem: "it names no command" } : { words };
}

const SIZE_LIMIT = 256 * 1024;
/**
 * Milliseconds that the command has to end by itself: after a key such as Ctrl-C, which it has received too, and after a SIGTERM.
 */
const GRACE = 2000;
/** Milliseconds for which its output is still read after it has ended: a process that it started may hold the pipe open forever. */
const REST = 100;

/** The output of the command, or what went wrong. */
export type Captured = Promise<{ stdout: string; problem?: string }>;

/** @param unneeded ends the command, because its output is no longer needed */
export function captureOutput(
  { env, sharesStreams, onStop }: Pick<Context, "env" | "sharesStreams" | "onStop">,
  words: readonly string[],
  unneeded?: AbortSignal,
): Captured {
  const [command = "", ...args] = words;
  const stream = sharesStreams ? "inherit" : "ignore";
  return new Promise((resolve) => {
    let child: ChildProcess;
    // Before the command starts: a signal that arrives while it does must not leave it running.
    const forget = onStop((signal) => stop(child, signal));
    try {
      child = spawn(command, args, { env, stdio: [stream, "pipe", stream], windowsHide: true });
    } catch (error) {
      forget();
      // Node throws some of the system's errors, and emits the others.
      resolve({ stdout: "", problem: startProblem(error as NodeJS.ErrnoException) });
      return;
    }
    const output = collect(child);
    const end = (): void => terminate(child);
    unneeded?.addEventListener("abort", end);
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
      // After the timer, the pipe is read once more before `setImmediate` runs.
      const timer = setTimeout(() => setImmediate(done), REST);
      // A signal may be meant for xrole too, which then ends.
      if (!signal) child.on("close", done);
    });
  });
}

/** Collects the output of the command. Beyond the limit, reading stops and the command is ended. */
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

/** Ends the command with SIGTERM, and with SIGKILL if it does not react. */
function terminate(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): void {
  child.kill(signal);
  const timer = setTimeout(() => child.kill("SIGKILL"), GRACE);
  child.once("exit", () => clearTimeout(timer));
}

/** Ends the command because xrole is told to stop. Resolves when it has ended. */
function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  // A signal to the whole process group may end the command before xrole gets it.
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  // The terminal has sent Ctrl-C and Ctrl-\ to the command too. It may be restoring the terminal's settings.
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
