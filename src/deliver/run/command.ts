// Finds the command before any request is sent to AWS, so that "not found" (127) and "cannot be run" (126) cost no request.
import { accessSync, constants, statSync } from "node:fs";
import { posix } from "node:path";
import type { Context, Environment } from "../../context/types.ts";
import { XroleError } from "../../errors/error.ts";
import { windowsPaths } from "./windows-paths.ts";

/**
 * The path of `command`, as execvp would find it; on Windows, as CreateProcess would, but never in the working directory.
 * @throws XroleError `command-not-found`, `command-not-runnable`
 */
export function findCommand({ cwd, env, platform }: Context, command: string): string {
  const paths = platform === "win32" ? windowsPaths(env, command) : posixPaths(cwd, env, command);
  let problem: string | undefined;
  for (const path of paths) {
    const found = judge(path, platform);
    if (found === "runnable") return path;
    // A later folder may contain a runnable one. If none does, the problem with the first is reported.
    if (found !== "absent") problem ??= found;
  }
  if (command === "" || problem === undefined) throw new XroleError("command-not-found", { command });
  throw new XroleError("command-not-runnable", { command, problem });
}

function posixPaths(cwd: string, env: Environment, command: string): string[] {
  const folders = command.includes("/") ? [""] : (env.PATH ?? "/usr/local/bin:/usr/bin:/bin").split(":");
  return folders.map((folder) => posix.resolve(cwd, folder, command));
}

const NEEDS_SHELL = "only cmd.exe runs batch files, and would change their arguments: name the program behind it";

function judge(path: string, platform: NodeJS.Platform): string {
  try {
    if (statSync(path).isDirectory()) return platform === "win32" ? "absent" : "it is a directory";
    if (platform === "win32") return /\.(exe|com)$/i.test(path) ? "runnable" : NEEDS_SHELL;
    accessSync(path, constants.X_OK);
    return "runnable";
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "EACCES" ? "permission denied" : "absent";
  }
}
