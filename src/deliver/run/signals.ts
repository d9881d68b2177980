// Passes signals from xrole on to the command that it runs, and its ending on to the calling process.
import type { ChildProcess } from "node:child_process";
import { constants } from "node:os";
import { handles, isInForeground, isInOwnGroup } from "./process-state.ts";
import { elapsed, type Watcher } from "./watcher.ts";

/**
 * The signals that xrole passes on: all that would end it and that Node can catch, and SIGWINCH, which stops some servers. Not
 * included are SIGPIPE and SIGXFSZ, which Node ignores and xrole's own output may cause; and the signals of a fault in the program
 * itself (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP): these end xrole, and the watcher then ends the command.
 */
const PASSED_ON = [
  "SIGHUP",
  "SIGINT",
  "SIGQUIT",
  "SIGABRT",
  "SIGUSR1",
  "SIGUSR2",
  "SIGALRM",
  "SIGTERM",
  "SIGSTKFLT",
  "SIGXCPU",
  "SIGVTALRM",
  "SIGPROF",
  "SIGWINCH",
  "SIGIO",
  "SIGPWR",
  "SIGSYS",
] as const satisfies readonly NodeJS.Signals[];

/** Node ignores the first two, and main.ts catches the last. */
const NOT_AT_DEFAULT: readonly NodeJS.Signals[] = ["SIGPIPE", "SIGXFSZ", "SIGUSR1"];

/** The terminal's keys send these to its foreground process group. */
const FROM_TERMINAL: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT"];

/**
 * Milliseconds within which a signal to xrole and one to its process group count as the same signal: `timeout` sends both, one
 * after the other, and an init system may send it to each process separately.
 */
const MOMENT = 50;

export interface Command {
  readonly process: ChildProcess;
  readonly watcher: Watcher | undefined;
  /** Whether it has a session of its own, where no signal to xrole's process group reaches it. */
  readonly hasOwnSession: boolean;
}

export interface Relay {
  /** The numbers of the signals that are caught. */
  readonly numbers: readonly number[];
  /** From now on, signals are passed to this command. */
  readonly to: (command: Command) => void;
  /** Restores the default actions of the signals. */
  readonly stop: () => void;
}

/** Catches the signals that would end xrole, and passes on to the command those that it has not got already. */
export function catchSignals(): Relay {
  // A signal that this system lacks has no number.
  const numbers = PASSED_ON.flatMap((name) => (constants.signals as Partial<Record<string, number>>)[name] ?? []);
  const asking = new Set<NodeJS.Signals>();
  let command: Command | undefined;
  const pass = async (signal: NodeJS.Signals): Promise<void> => {
    // A signal that is already pending is not sent twice, as usual.
    if (!command || asking.has(signal)) return;
    asking.add(signal);
    const hasIt = await hasGot(command, signal);
    asking.delete(signal);
    if (!hasIt) command.process.kill(signal);
  };
  const listener = (signal: NodeJS.Signals): void => void pass(signal);
  for (const signal of PASSED_ON) process.on(signal, listener);
  return {
    numbers,
    to: (started) => {
      command = started;
    },
    stop: () => {
      for (const signal of PASSED_ON) process.off(signal, listener);
    },
  };
}

/** Whether the command itself has got the signal that xrole has just got. */
async function hasGot({ process: { pid }, watcher, hasOwnSession }: Command, signal: NodeJS.Signals): Promise<boolean> {
  if (hasOwnSession || pid === undefined) return false;
  const number = constants.signals[signal];
  // While the command starts, the signal may have arrived before it existed. Unless it already handles the signal, sending it again
  // changes nothing.
  const isStarting = watcher?.isWatching() === false;
  const isInTime = isInOwnGroup(pid) && (!isStarting || handles(pid, number));
  const since = elapsed() - MOMENT;
  let groupHas = await watcher?.gotToo(number, since);
  if (groupHas === false) {
    await new Promise((resolve) => setTimeout(resolve, MOMENT).unref());
    groupHas = await watcher?.gotToo(number, since);
  }
  if (groupHas === undefined) return FROM_TERMINAL.includes(signal) && isInForeground();
  return groupHas && isInTime;
}

/** Ends xrole by the signal that ended its command, so that a calling shell sees what it would see without xrole. */
export function endBySignal(signal: NodeJS.Signals): void {
  process.exitCode = 128 + constants.signals[signal];
  // After its last listener is removed, a signal has its default action again.
  if (NOT_AT_DEFAULT.includes(signal)) process.on(signal, () => undefined).removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/** Resolves with the first signal that asks xrole to stop. */
export function waitForStop(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP"] as const) process.once(signal, resolve);
  });
}
