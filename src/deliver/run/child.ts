// Runs the command beside xrole: its words, streams and terminal untouched, its status and signals passed on.
import { XroleError } from "../../errors/errors.ts";
import type { Context } from "../../context/types.ts";
import { streamsFor } from "./descriptors.ts";
import { hasTerminal } from "./process-state.ts";
import { catchSignals } from "./signals.ts";
import { startWatcher } from "./watcher.ts";

const NODE_IGNORES = ["SIGPIPE", "SIGXFSZ"] as const;

/** How a command ended: with a status, or by a signal, by which xrole then ends too. */
export type Ending = number | NodeJS.Signals;

/**
 * Runs `command` with exactly `env`, and says how it ended. It stays in xrole's process group, as it would be without xrole, and gets
 * each signal once; when xrole is killed, a watcher kills it.
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
  const isWindows = context.platform === "win32";
  const signals = catchSignals();
  const watcher = isWindows ? undefined : startWatcher(signals.numbers, markOf(env));
  try {
    // Without a watcher nobody can say what the group got: there the command is in no group that anybody knows of.
    const hasOwnSession = !isWindows && !watcher && !hasTerminal();
    if (!isWindows && !watcher) context.debug("there is no /bin/sh: if xrole is killed, its command goes on");
    const ended = new Promise<Ending>((resolve, reject) => {
      const child = spawn(path, args, {
        argv0: name,
        cwd: context.cwd,
        env,
        stdio: streamsFor(args, env),
        detached: hasOwnSession,
        // Never a shell: the words are the user's, as given.
        shell: false,
      });
      child.on("error", reject);
      child.on("exit", (status, signal) => resolve(signal ?? status ?? 1));
      if (child.pid !== undefined) watcher?.watch(child.pid);
      signals.to({ process: child, watcher, hasOwnSession });
    });
    const ending = await ended.catch((error: unknown) => {
      throw startFailure(name, error as NodeJS.ErrnoException);
    });
    context.debug(
      typeof ending === "string" ? `the command was ended by ${ending}` : `the command returned ${String(ending)}`,
    );
    return ending;
  } finally {
    await watcher?.close();
    signals.stop();
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
  if (!execve || !isSafe || streamsFor(command.slice(1), env).length > 3) return;
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

/** What the environment of this command holds and that of a process without its role does not. */
function markOf({ XROLE_SESSION: session, XROLE_ENDPOINT: endpoint }: Readonly<Record<string, string>>): string {
  return session === undefined ? `XROLE_ENDPOINT=${endpoint ?? ""}` : `XROLE_SESSION=${session}`;
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
