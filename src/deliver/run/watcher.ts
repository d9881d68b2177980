// Starts the watcher, a small shell beside the command in xrole's process group. It ends the command if xrole is killed, and
// reports which signals the whole group got, so that xrole passes on only signals that the command has not got already.
import { constants } from "node:os";
import type { Socket } from "node:net";
import { script } from "./watcher-script.ts";

export interface Watcher {
  /** Tells it which command to end when xrole is gone. */
  readonly watch: (pid: number) => void;
  /** Whether it knows the command. A signal that the group got earlier may have arrived before the command existed. */
  readonly isWatching: () => boolean;
  /**
   * Whether the whole group got the signal with this number; undefined if the watcher does not answer.
   * @param since only signals from this time on count, as in `elapsed`
   */
  readonly gotToo: (signal: number, since: number) => Promise<boolean | undefined>;
  /** Ends it, and resolves when it has ended. */
  readonly close: () => Promise<void>;
}

/** Never looked up in PATH, where another program could be found. A container without /bin/sh has no watcher. */
const SHELL = "/bin/sh";
/** Milliseconds to wait for an answer. It takes less than one, unless somebody has stopped the shell. */
const PATIENCE = 1000;

/** How often it is started in total. It can be ended by a signal to the group before it catches signals, or by somebody. */
const TRIES = 10;

/** Milliseconds since xrole started. On Node 20, the first performance.now() loads about ten modules. */
export const elapsed = (): number => process.uptime() * 1000;

interface Shell {
  readonly line: Socket;
  readonly kill: () => void;
  readonly ended: Promise<void>;
}

/**
 * Starts the watcher; undefined if it cannot be started. It inherits nothing of xrole's: no stream, no variable, no working
 * directory. Its arguments contain neither `xrole` nor the command, so that `pkill -f` finds only xrole and the command themselves.
 * @param signals the numbers of the signals that it reports
 * @param mark a text in the command's environment, by which the command is found if xrole is killed before `watch`
 */
export function startWatcher(signals: readonly number[], mark: string): Watcher | undefined {
  const { spawn } = process.getBuiltinModule("node:child_process");
  const reported = new Map<number, number>();
  const waiting: (() => void)[] = [];
  let command: number | undefined;
  let isWatching = false;
  let isClosing = false;
  let tries = 0;
  let shell = launch();
  if (!shell) return undefined;
  return {
    watch: (pid) => {
      command = pid;
      shell?.line.write(`${pid}\n`);
    },
    isWatching: () => isWatching,
    gotToo: async (signal, since) => {
      const isAnswered = shell?.line.write("?\n") !== undefined && (await answered());
      return (reported.get(signal) ?? -Infinity) >= since || (isAnswered ? false : undefined);
    },
    close: async () => {
      isClosing = true;
      shell?.kill();
      await shell?.ended;
    },
  };

  function launch(): Shell | undefined {
    tries++;
    const process_ = spawn(SHELL, ["-c", script(signals)], {
      argv0: "sh",
      cwd: "/",
      env: {},
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    });
    const ended = new Promise<void>((resolve) => {
      process_.once("error", () => resolve());
      process_.once("exit", (_, signal) => {
        // The signal that ended it, before it could catch it, went to the group, like the signals that it reports.
        if (signal) reported.set(constants.signals[signal], elapsed());
        isWatching = false;
        shell = !isClosing && tries < TRIES ? launch() : undefined;
        if (command !== undefined) shell?.line.write(`${command}\n`);
        for (const answer of waiting.splice(0)) answer();
        resolve();
      });
    });
    // In the types of Node 20, an additional pipe has only one direction.
    const line = process_.stdio[3] as Socket | null | undefined;
    if (process_.pid === undefined || !line) return undefined;
    // The socket stays open when the shell has ended, and does not keep the process running. Destroying it would make Node set up
    // process.stderr first.
    line.allowHalfOpen = true;
    line.unref();
    let rest = "";
    line.on("error", () => undefined);
    // Only the first line of the variable: a line break would start another line.
    line.write(`=${process.pid} ${mark.split("\n")[0] ?? ""}\n`);
    line.on("data", (bytes: Buffer) => {
      const lines = (rest + bytes.toString("latin1")).split("\n");
      rest = lines.pop() ?? "";
      for (const each of lines) read(each);
    });
    return { line, ended, kill: () => void process_.kill("SIGKILL") };
  }

  function read(word: string): void {
    if (/^\d+$/.test(word)) reported.set(Number(word), elapsed());
    else if (word === "watching") isWatching = true;
    else waiting.shift()?.();
  }

  /** Whether an answer came: false if the shell has ended, or takes too long. */
  function answered(): Promise<boolean> {
    const asked = shell;
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), PATIENCE);
      waiting.push(() => {
        clearTimeout(timer);
        resolve(shell === asked);
      });
    });
  }
}
