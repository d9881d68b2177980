// The parts of the Context that are the same for every program of this user on this machine.
import { hostname, userInfo } from "node:os";
import { isAbsolute } from "node:path";
import { XroleError } from "../errors/error.ts";
import type { Context } from "./types.ts";

export function surroundings(): Pick<
  Context,
  "env" | "platform" | "now" | "userHome" | "uid" | "systemSettings" | "caller"
> {
  // Cached: a list of profiles asks for the caller once for each role, and the system would read a file every time.
  let caller: ReturnType<Context["caller"]> | undefined;
  return {
    // Reading from process.env calls the system each time, so it is copied. On Windows it is not: there, names ignore case.
    env: process.platform === "win32" ? process.env : { ...process.env },
    platform: process.platform,
    now: Date.now,
    userHome,
    uid: process.getuid?.(),
    systemSettings: "/etc/xrole/config",
    caller: () => (caller ??= { user: userName(), host: hostname() }),
  };
}

/** @throws XroleError `working-folder-gone` if the working directory of this process has been removed */
export function workingFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new XroleError("working-folder-gone", {}, { cause: error });
  }
}

/** Undefined for a user without a passwd entry, as in some containers; Node then throws. */
function userHome(): string | undefined {
  try {
    const { homedir } = userInfo();
    return isAbsolute(homedir) ? homedir : undefined;
  } catch {
    return undefined;
  }
}

/** The name of the user. Node throws for a user without a passwd entry, as in some containers. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER ?? process.env.LOGNAME ?? `uid${String(process.getuid?.() ?? "")}`;
  }
}
