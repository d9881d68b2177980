// Finds the command before anything is asked of AWS, so that "not found" (127) and "cannot be run" (126) cost nothing.
import { accessSync, constants, statSync } from "node:fs";
import { posix } from "node:path";
import type { Context } from "../context.ts";
import { XroleError } from "../errors.ts";

/**
 * The path of `command`, as execvp would find it. On Windows the start itself decides: undefined.
 * @throws XroleError `command-not-found`, `command-not-runnable`
 */
export function findCommand({ cwd, env, platform }: Context, command: string): string | undefined {
  if (platform === "win32") return undefined;
  const folders = command.includes("/") ? [""] : (env.PATH ?? "/usr/local/bin:/usr/bin:/bin").split(":");
  let problem: string | undefined;
  for (const folder of folders) {
    const path = posix.resolve(cwd, folder, command);
    const found = judge(path);
    if (found === "runnable") return path;
    // A later folder may hold one that runs; if none does, what is wrong with the first is what to say.
    if (found !== "absent") problem ??= found;
  }
  if (command === "" || problem === undefined) throw new XroleError("command-not-found", { command });
  throw new XroleError("command-not-runnable", { command, problem });
}

function judge(path: string): "runnable" | "absent" | "it is a directory" | "permission denied" {
  try {
    if (statSync(path).isDirectory()) return "it is a directory";
    accessSync(path, constants.X_OK);
    return "runnable";
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "EACCES" ? "permission denied" : "absent";
  }
}
