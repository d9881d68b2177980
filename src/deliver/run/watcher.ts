// A small shell beside the command, in xrole's process group: it ends the command when xrole is killed, and says which signals the
// whole group got, so that xrole passes on only what the command has not got already.
import { constants } from "node:os";
import type { Socket } from "node:net";
import { script } from "./watcher-script.ts";

export interface Watcher {
  /** Names the command to end when xrole is gone. */
  readonly watch: (pid: number) => void;
  /** Whether it knows the command: a signal that the group got before may have come before the command was there. */
  readonly isWatching: () => boolean;
  /**
   * Whether the signal of this number came to the whole group; undefined where it does not answer.
   * @param since from when on, of `elapsed`
   */
  readonly gotToo: (signal: number, since: number) => Promise<boolean | undefined>;
  /** Ends it, and resolves when it has ended. */
  readonly close: () => Promise<void>;
}

/** Never looked up in PATH: a program of the user's folder would run. A container without it has no watcher. */
const SHELL = "/bin/sh";
/** Milliseconds for an answer. It takes less than one, unless somebody has stopped the shell. */
const PATIENCE = 1000;

/** How often it is started again when it is ended: by a signal to the group before it catches them, or by somebody. */
const TRIES = 10;

/** Milliseconds since xrole began. On Node 20 the first performance.now() loads about ten modules. */
export const elapsed = (): number => process.uptime() * 1000;

interface Shell {
  readonly line: Socket;
  readonly kill: () => void;
  readonly ended: Promise<void>;
}

/**
 * Starts the watcher; undefined where it cannot be started. It holds nothing of xrole's: no stream, no variable, no folder. Neither
 * `xrole` nor the command is among its words, so that `pkill -f` finds those two alone.
 * @param signals the numbers of those that it reports
 * @param mark a text in the environment that the command will have, by which it is found when xrole is killed before `watch`
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
        // What ended it before it could catch it came to the group, like what it reports.
        if (signal) reported.set(constants.signals[signal], elapsed());
        isWatching = false;
        shell = !isClosing && tries < TRIES ? launch() : undefined;
        if (command !== undefined) shell?.line.write(`${command}\n`);
        for (const answer of waiting.splice(0)) answer();
        resolve();
      });
    });
    // In the types of Node 20, a pipe of one's own has one direction.
    const line = process_.stdio[3] as Socket | null | undefined;
    if (process_.pid === undefined || !line) return undefined;
    // It stays open when the shell has ended, and keeps nobody waiting: to destroy it, Node would first set up process.stderr.
    line.allowHalfOpen = true;
    line.unref();
    let rest = "";
    line.on("error", () => undefined);
    // Whatever the variable holds: a line break would start another line.
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

  /** Whether there was an answer: not when the shell has gone, or takes too long. */
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
