// A small shell beside the command, in xrole's process group: it ends the command when xrole is killed, and says which signals the
// whole group got, so that xrole passes on only what the command has not got already.
import type { ChildProcess } from "node:child_process";
import type { Duplex } from "node:stream";

export interface Watcher {
  /** Names the command to end when xrole is gone. */
  readonly watch: (pid: number) => void;
  /** Whether it knows the command: a signal that the group got before may have come before the command was there. */
  readonly isWatching: () => boolean;
  /**
   * Whether the signal of this number came to the whole group; undefined where it does not answer.
   * @param since from when on, of performance.now()
   */
  readonly gotToo: (signal: number, since: number) => Promise<boolean | undefined>;
  /** Ends it, and resolves when it has ended. */
  readonly close: () => Promise<void>;
}

/** Never looked up in PATH: a program of the user's folder would run. A container without it has no watcher. */
const SHELL = "/bin/sh";
/** Milliseconds for an answer. It takes less than one, unless somebody has stopped the shell. */
const PATIENCE = 1000;
const SIGPIPE = 13;

/**
 * Starts the watcher, and resolves when it is ready; with undefined where it cannot be started. It holds nothing of xrole's: no
 * stream, no variable, no folder. Neither `xrole` nor the command is among its words, so that `pkill -f` finds those two alone.
 * @param signals the numbers of those that it reports
 */
export async function startWatcher(signals: readonly number[]): Promise<Watcher | undefined> {
  const { spawn } = process.getBuiltinModule("node:child_process");
  const shell = spawn(SHELL, ["-c", script(signals)], {
    argv0: "sh",
    cwd: "/",
    env: {},
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const ended = new Promise<void>((resolve) => shell.once("exit", () => resolve()).once("error", () => resolve()));
  // In the types of Node 20, a pipe of one's own has one direction.
  const line = shell.stdio[3] as Duplex | null | undefined;
  if (shell.pid === undefined || !line) return undefined;
  line.on("error", () => undefined);

  const reported = new Map<number, number>();
  let waiting: (() => void)[] = [];
  let isWatching = false;
  let isThere = true;
  let rest = "";
  line.setEncoding("latin1").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const each of lines) read(each);
  });
  const answerAll = (): void => {
    for (const answer of waiting) answer();
    waiting = [];
  };
  const gone = ended.then(() => {
    isThere = false;
    answerAll();
  });

  const close = (): Promise<void> => {
    shell.kill("SIGKILL");
    return gone;
  };
  // Not ready in time, it is still worth having: it ends the command when xrole is killed.
  if (!(await answered()) && hasEnded(shell)) return undefined;
  return {
    watch: (pid) => void line.write(`${pid}\n`),
    isWatching: () => isWatching,
    gotToo: async (signal, since) => {
      if (!isThere) return undefined;
      line.write("?\n");
      return (await answered()) ? (reported.get(signal) ?? -Infinity) >= since : undefined;
    },
    close,
  };

  function read(word: string): void {
    if (/^\d+$/.test(word)) reported.set(Number(word), performance.now());
    else if (word === "watching") isWatching = true;
    else waiting.shift()?.();
  }

  /** Whether there was an answer; to the first call, that the shell is ready. */
  function answered(): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), PATIENCE);
      waiting.push(() => {
        clearTimeout(timer);
        resolve(isThere);
      });
    });
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

/**
 * What the shell does, with nothing but what is built into it. It reports a signal by its number, answers each line, and at the end
 * of the lines (xrole is gone) stops the command and what the command has started, then kills them. The command is told from another
 * process that has its number by an open /proc file, which is the first one's alone; systems without /proc count slowly enough.
 */
const script = (signals: readonly number[]): string =>
  [
    ": ends a command whose parent was killed",
    "exec <&3 >&3",
    `trap "" ${SIGPIPE}`,
    ...signals.map((signal) => `trap "echo ${signal}; got=1" ${signal}`),
    "end() { kill -STOP $1; for at in /proc/$1/task/*/children; do pids=; read -r pids <$at; for pid in $pids; do end $pid; done; done; kill -KILL $1; }",
    "echo ready",
    // A signal interrupts `read`, which then fails as at the end.
    'while got=; read -r word || [ "$got" ]; do case $word in [1-9]*) pid=$word; [ -r /proc/$pid/stat ] && exec 4</proc/$pid/stat && open=1; word=watching;; esac; [ "$word" ] && echo "$word"; word=; done',
    'if [ "$pid" ] && { [ ! "$open" ] || read -r word <&4; }; then end $pid; fi',
  ].join("\n");
