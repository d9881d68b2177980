// Runs a command as a child of xrole: passes its arguments, streams and terminal through unchanged, and passes its exit status and
// signals on.
import { XroleError } from "../../errors/error.ts";
import type { Context } from "../../context/types.ts";
import { streamsFor } from "./descriptors.ts";
import { hasTerminal } from "./process-state.ts";
import { catchSignals } from "./signals.ts";
import { startWatcher } from "./watcher.ts";

const NODE_IGNORES = ["SIGPIPE", "SIGXFSZ"] as const;

/** How a command ended: with an exit status, or by a signal, by which xrole then ends too. */
export type Ending = number | NodeJS.Signals;

/**
 * Runs `command` with exactly `env`, and resolves with how it ended. The command stays in xrole's process group, as it would
 * without xrole, and gets each signal once. If xrole is killed, a watcher kills the command.
 * @param path the path of the command (command.ts)
 * @throws XroleError `command-not-runnable`
 */
export async function runChild(
  context: Context,
  path: string,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ending> {
  const [name = "", ...args] = command;
  // Loaded only now: loading it takes as long as everything else in a call with cached credentials.
  const { spawn } = process.getBuiltinModule("node:child_process");
  const isWindows = context.platform === "win32";
  const signals = catchSignals();
  const watcher = isWindows ? undefined : startWatcher(signals.numbers, markOf(env));
  try {
    // Without a watcher, xrole cannot find out which signals the whole process group got. In that case the command gets a session
    // of its own, where no signal to the group reaches it.
    const hasOwnSession = !isWindows && !watcher && !hasTerminal();
    if (!isWindows && !watcher) context.debug("there is no /bin/sh: if xrole is killed, its command goes on");
    const ended = new Promise<Ending>((resolve, reject) => {
      const child = spawn(path, args, {
        argv0: name,
        cwd: context.cwd,
        env,
        stdio: streamsFor(args, env),
        detached: hasOwnSession,
        // Never through a shell: the arguments are passed exactly as given.
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
 * Replaces this process by the command. Returns only if that is not possible: before Node 26, where a failed execve ends the
 * process instead of throwing an error, and for commands that need what only spawning can do.
 * @param path the path of the command
 */
export function becomeCommand(path: string, command: readonly string[], env: Readonly<Record<string, string>>): void {
  // Neither is in the types of Node 20.
  const { execve, versions } = process as {
    execve?: (path: string, args: string[], env: object) => never;
  } & typeof process;
  const isSafe = versions.bun !== undefined || Number.parseInt(versions.node) >= 26;
  if (!execve || !isSafe || streamsFor(command.slice(1), env).length > 3) return;
  // Node ignores these signals, and a new program would inherit that; a signal with a handler gets its default action back.
  const stay = (): void => undefined;
  for (const signal of NODE_IGNORES) process.on(signal, stay);
  try {
    // xrole ends here, so its exit listeners must run.
    process.emit("exit", 0);
    execve(path, [...command], env);
  } catch {
    // A script without `#!`, or arguments that are too long: spawning a child either works, or reports the problem.
  } finally {
    for (const signal of NODE_IGNORES) process.off(signal, stay);
  }
}

/** A text that only the environment of this command contains, so that its process can be recognized. */
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
      // The file itself was found before; the interpreter in its first line is missing.
      return new XroleError("command-not-runnable", { command, problem: "its interpreter was not found" }, cause);
    default:
      return new XroleError("command-not-runnable", { command, problem: error.code ?? error.message }, cause);
  }
}
