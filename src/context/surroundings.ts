// What is the same for every program of this user on this machine.
import { hostname, userInfo } from "node:os";
import { isAbsolute } from "node:path";
import { XroleError } from "../errors/errors.ts";
import type { Context } from "./types.ts";

export function surroundings(): Pick<
  Context,
  "env" | "platform" | "now" | "userHome" | "uid" | "systemSettings" | "caller"
> {
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

/** @throws XroleError `working-folder-gone` where somebody has removed the folder that this process is in */
export function workingFolder(): string {
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
