// Says which files are the AWS files, from the environment alone (rules 15 and 16).
import { posix, win32 } from "node:path";
import { variable, type Environment } from "../context.ts";

/** The paths of both files. They may be relative to the working directory, and need not exist. */
export function configFiles(env: Environment, platform: NodeJS.Platform): { config: string; credentials: string } {
  const path = platform === "win32" ? win32 : posix;
  const home = homeFolder(env, platform);
  // [pinned] A leading ~/ is expanded, $VAR is not; an empty variable counts as unset.
  const locate = (named: string | undefined, name: string): string => {
    if (!named) return path.join(home, ".aws", name);
    return /^~[/\\]/.test(named) ? path.join(home, named.slice(2)) : named;
  };
  return {
    config: locate(env.AWS_CONFIG_FILE, "config"),
    credentials: locate(env.AWS_SHARED_CREDENTIALS_FILE, "credentials"),
  };
}

/** HOME; on Windows also USERPROFILE, then HOMEDRIVE and HOMEPATH. "" when there is none: the files are then relative. */
export function homeFolder(env: Environment, platform: NodeJS.Platform): string {
  if (platform !== "win32") return env.HOME ?? "";
  const named = variable(env, "HOME") ?? variable(env, "USERPROFILE");
  return named ?? `${env.HOMEDRIVE ?? ""}${env.HOMEPATH ?? ""}`;
}
