// Runs the command beside xrole: its words, streams and terminal untouched, its status and signals passed on.
import type { ChildProcess, StdioOptions } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import type { Context } from "../context.ts";
import { XroleError } from "../errors.ts";

/** The keys of a terminal send these to the whole process group, the child included: there xrole only has to outlive them. */
const FROM_TERMINAL = ["SIGINT", "SIGQUIT"] as const;
const FORWARDED = ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"] as const;

const NODE_IGNORES = ["SIGPIPE", "SIGXFSZ"] as const;

/** How a command ended: with a status, or by a signal, by which xrole then ends too. */
export type Ending = number | NodeJS.Signals;

/**
 * Runs `command` with exactly `env`, and says how it ended.
 * @param path where the command is (command.ts)
 * @throws XroleError `command-not-runnable`
 */
export async function runChild(
  context: Context,
  path: string,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ending> {
  const [name = "", ...args] = command;
  // Loaded when there is something to run: it takes as long as everything else on a warm path.
  const { spawn } = process.getBuiltinModule("node:child_process");
  let child: ChildProcess | undefined;
  const forward = (signal: NodeJS.Signals): void => void child?.kill(signal);
  const forwardUnlessTyped = (signal: NodeJS.Signals): void => {
    if (!isInForeground()) forward(signal);
  };
  for (const signal of FROM_TERMINAL) process.on(signal, forwardUnlessTyped);
  for (const signal of FORWARDED) process.on(signal, forward);
  try {
    const ended = new Promise<{ status: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
      // Never a shell: the words are the user's, as given.
      const options = { argv0: name, cwd: context.cwd, env: { ...env }, stdio: stdio(args), shell: false };
      child = spawn(path, args, options);
      child.on("error", reject);
      child.on("exit", (status, signal) => resolve({ status, signal }));
    });
    const { status, signal } = await ended.catch((error: unknown) => {
      throw startFailure(name, error as NodeJS.ErrnoException);
    });
    context.debug(signal ? `the command was ended by ${signal}` : `the command returned ${status ?? ""}`);
    return signal ?? status ?? 1;
  } finally {
    for (const signal of FROM_TERMINAL) process.off(signal, forwardUnlessTyped);
    for (const signal of FORWARDED) process.off(signal, forward);
  }
}

/**
 * Replaces this process by the command, and returns only where that cannot be: before Node 26, where a failure of execve ends the
 * process instead of throwing, and for what only a start of a child can do.
 * @param path where the command is
 */
export function becomeCommand(path: string, command: readonly string[], env: Readonly<Record<string, string>>): void {
  // Neither is in the types of Node 20.
  const { execve, versions } = process as {
    execve?: (path: string, args: string[], env: object) => never;
  } & typeof process;
  const isSafe = versions.bun !== undefined || Number.parseInt(versions.node) >= 26;
  if (!execve || !isSafe || stdio(command).length > 3) return;
  // Node ignores these, and a process inherits that; what is caught goes back to its default.
  const stay = (): void => undefined;
  for (const signal of NODE_IGNORES) process.on(signal, stay);
  try {
    // This is the end of xrole, and who waits for it must know.
    process.emit("exit", 0);
    execve(path, [...command], env);
  } catch {
    // A script without `#!`, arguments too long: starting a child either works, or says why it does not.
  } finally {
    for (const signal of NODE_IGNORES) process.off(signal, stay);
  }
}

/** Ends xrole by the signal that ended its command, so that a calling shell sees what it would without xrole. */
export function endBySignal(signal: NodeJS.Signals): void {
  process.exitCode = 128 + constants.signals[signal];
  process.kill(process.pid, signal);
}

/** Resolves with the first signal that asks xrole to stop. */
export function waitForStop(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, resolve);
  });
}

/**
 * Whether this process is what its terminal's keys are for. Elsewhere (in the background, under a CI runner or an init system) a
 * SIGINT was sent to xrole alone. Source: proc(5), /proc/pid/stat, fields 5 (pgrp), 7 (tty_nr) and 8 (tpgid).
 */
function isInForeground(): boolean {
  if (process.platform === "win32") return true;
  try {
    const [, , group, , terminal, foreground] =
      readFileSync("/proc/self/stat", "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return terminal !== "0" && group === foreground;
  } catch {
    // No /proc, as on macOS: whoever has a terminal is taken to be in its foreground.
    return isTerminalThere();
  }
}

function isTerminalThere(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return false;
  }
}

/** Node closes other descriptors at a start; a shell's `<(...)` hands over one as /dev/fd/N, which must stay open. */
function stdio(args: readonly string[]): StdioOptions {
  const streams: ("inherit" | "ignore")[] = ["inherit", "inherit", "inherit"];
  for (const arg of args) {
    const number = Number(/^\/(?:dev|proc\/self)\/fd\/(\d{1,3})$/.exec(arg)?.[1] ?? 0);
    while (streams.length <= number) streams.push("ignore");
    if (number > 2) streams[number] = "inherit";
  }
  return streams;
}

function startFailure(command: string, error: NodeJS.ErrnoException): XroleError {
  const cause = { cause: error };
  switch (error.code) {
    case "E2BIG":
      return new XroleError(
        "command-not-runnable",
        { command, problem: "its arguments and variables are too long" },
        cause,
      );
    case "EACCES":
      return new XroleError("command-not-runnable", { command, problem: "permission denied" }, cause);
    case "ENOENT":
      // The file itself was found before: what is missing is the interpreter in its first line.
      return new XroleError("command-not-runnable", { command, problem: "its interpreter was not found" }, cause);
    default:
      return new XroleError("command-not-runnable", { command, problem: error.code ?? error.message }, cause);
  }
}
