// The outside world as a value: environment, home, clock, streams. What a test replaces; nobody else asks `process`.
import { closeSync, fstatSync, openSync, writeSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { isAbsolute } from "node:path";
import { isClosedByShell } from "./closed-output.ts";
import { XroleError } from "../errors/errors.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** A stream for text. `write` resolves when the text is handed over, and rejects with `output-failed`. */
export interface Output {
  readonly isTerminal: boolean;
  readonly write: (text: string) => Promise<void>;
  /** From now on `write` hands every text to `take`. */
  readonly divert?: (take: (text: string) => void) => void;
  /** Closes it, so that who reads it sees its end while xrole goes on. A terminal stays open. Nothing may be written afterwards. */
  readonly release: () => void;
}

/** A list to choose from. */
export interface Choosing {
  readonly question: string;
  /** `label` is what is shown and searched, `short` what is left when it was chosen. */
  readonly choices: readonly { readonly value: string; readonly label: string; readonly short: string }[];
  /** The value to begin at. */
  readonly preferred?: string;
  readonly isColored: boolean;
}

export interface Context {
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly cwd: string;
  /** The words that run this xrole again: Node's path, and the script's. */
  readonly executable: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** When this process began, likewise. */
  readonly started: number;
  /** The home folder that the system has for the user, whatever HOME says; undefined where it knows none. */
  readonly userHome: () => string | undefined;
  /** The user's number; undefined on Windows. */
  readonly uid: number | undefined;
  /** The settings of the machine's administrator. */
  readonly systemSettings: string;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Who calls, for a session name that an auditor can read (rule 31). */
  readonly caller: () => { readonly user: string; readonly host: string };
  /**
   * What the user types at the controlling terminal, never at stdin; undefined where there is none, at its end of file, and when
   * `answered` fires: the answer is not needed any more.
   */
  readonly ask: (question: string, answered?: AbortSignal) => Promise<string | undefined>;
  /** The value that the user chooses there from a list; undefined where there is no terminal. Rejects with `pick-cancelled`. */
  readonly choose: (choosing: Choosing) => Promise<string | undefined>;
  /** Whether commands that the configuration names have this process's stdin and stderr. */
  readonly sharesStreams: boolean;
  /**
   * Calls `end` when xrole is told to stop (Ctrl-C, Ctrl-\, SIGTERM, SIGHUP), and lets xrole end by that signal when it is done. Gives the
   * way to take it back. Nothing is called where something else decides how xrole ends: beside a command, in a program.
   */
  readonly onStop: (end: (signal: NodeJS.Signals) => Promise<void>) => () => void;
  /** Tells `--debug` what happens. Never given a secret. */
  readonly debug: (line: string) => void;
}

/** The context of this process. */
export function processContext(): Context {
  return {
    ...surroundings(),
    get cwd() {
      return workingFolder();
    },
    executable: [process.execPath, process.argv[1] ?? ""],
    started: Date.now() - process.uptime() * 1000,
    stdout: output(1, () => process.stdout),
    stderr: output(2, () => process.stderr),
    ask: async (question, answered) => (await import("../terminal/ask.ts")).ask(process.platform, question, answered),
    choose: async (choosing) => (await import("../terminal/picker.ts")).choose(process.platform, choosing),
    sharesStreams: true,
    onStop,
    debug: () => undefined,
  };
}

/**
 * The context of a program that uses the library: its streams are its own, and nobody is asked.
 * @param env instead of the process's own
 */
export function libraryContext(env: Environment | undefined, debug: Context["debug"] | undefined): Context {
  const nobody: Output = { isTerminal: false, write: () => Promise.resolve(), release: () => undefined };
  const around = surroundings();
  return {
    ...around,
    cwd: workingFolder(),
    env: env ?? around.env,
    executable: [],
    // A program lives long: what it asks begins now.
    started: Date.now(),
    stdout: nobody,
    stderr: nobody,
    ask: () => Promise.resolve(undefined),
    choose: () => Promise.resolve(undefined),
    sharesStreams: false,
    onStop: () => () => undefined,
    debug: debug ?? (() => undefined),
  };
}

/** What is the same for every program of this user on this machine. */
function surroundings(): Pick<Context, "env" | "platform" | "now" | "userHome" | "uid" | "systemSettings" | "caller"> {
  // A list of profiles asks for each of their roles, and the system reads a file for each answer.
  let caller: ReturnType<Context["caller"]> | undefined;
  return {
    // Each look at process.env asks the system; but on Windows only it knows that names have no case.
    env: process.platform === "win32" ? process.env : { ...process.env },
    platform: process.platform,
    now: Date.now,
    userHome,
    uid: process.getuid?.(),
    systemSettings: "/etc/xrole/config",
    caller: () => (caller ??= { user: userName(), host: hostname() }),
  };
}

const STOPPING = ["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP"] as const;

function onStop(end: (signal: NodeJS.Signals) => Promise<void>): () => void {
  const stop = (signal: NodeJS.Signals): void => {
    void end(signal).then(() => {
      forget();
      process.kill(process.pid, signal);
    });
  };
  const ours = STOPPING.filter((signal) => process.listenerCount(signal) === 0);
  for (const signal of ours) process.on(signal, stop);
  const forget = (): void => {
    for (const signal of ours) process.off(signal, stop);
  };
  // Node drops a signal that it has got already when its last listener goes: one more turn of its loop, and it is delivered.
  return () => void setImmediate(() => setImmediate(forget));
}

/** @throws XroleError `working-folder-gone` where somebody has removed the folder that this process is in */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new XroleError("working-folder-gone", {}, { cause: error });
  }
}

/** Undefined for a user without a passwd entry, as a container's may be, in which case Node throws. */
function userHome(): string | undefined {
  try {
    const { homedir } = userInfo();
    return isAbsolute(homedir) ? homedir : undefined;
  } catch {
    return undefined;
  }
}

/** The user's name; a container's user may have no passwd entry, in which case Node throws. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER ?? process.env.LOGNAME ?? `uid${String(process.getuid?.() ?? "")}`;
  }
}

/** Writes to the descriptor itself: the stream, which takes a while to set up, is there for a pipe that is full. */
function output(descriptor: number, stream: () => NodeJS.WriteStream): Output {
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
        // Without a listener, a closed pipe ends the process with a stack trace; the callback reports it instead.
        const to = stream().on("error", () => undefined);
        to.write(left, (error) => (error ? reject(failure(error)) : resolve()));
      }),
    release: () => {
      if (stream().isTTY) return;
      closeSync(descriptor);
      // In its place, at the lowest free number: else the next file or socket that is opened would be stdout.
      openSync(process.platform === "win32" ? "\\\\.\\nul" : "/dev/null", "w");
    },
  };
}

const STDOUT = 1;
/** The number of /dev/null as a device on Linux: major 1, minor 3. */
const NULL_DEVICE = 0x103;

/** Whether stdout is the /dev/null that Node opens where it was closed. */
function isLost(): boolean {
  return process.platform === "linux" && fstatSync(STDOUT).rdev === NULL_DEVICE && isClosedByShell(STDOUT, process);
}

/** Writes what can be written without waiting, and gives what is left. @throws XroleError `output-failed` */
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

/** The variable's value; undefined when it is unset, empty or white space only (rules 18 and 49). */
export function variable(env: Environment, name: string): string | undefined {
  const value = env[name];
  return value === undefined || value.trim() === "" ? undefined : value;
}
