// Says which files are the AWS files, from the environment alone (rules 15 and 16).
import { posix, win32 } from "node:path";
import { variable, type Environment } from "../context.ts";

/** The paths of both files. They may be relative to the working directory, and need not exist. */
export function configFiles(env: Environment, platform: NodeJS.Platform): { config: string; credentials: string } {
  const home = homeFolder(env, platform);
  // [pinned] A leading ~/ is expanded, $VAR is not; an empty variable counts as unset.
  const locate = (named: string | undefined, name: string): string =>
    named ? expandHome(named, env, platform) : flavour(platform).join(home, ".aws", name);
  return {
    config: locate(env.AWS_CONFIG_FILE, "config"),
    credentials: locate(env.AWS_SHARED_CREDENTIALS_FILE, "credentials"),
  };
}

/** The path with a leading ~/ expanded. */
export function expandHome(path: string, env: Environment, platform: NodeJS.Platform): string {
  return /^~[/\\]/.test(path) ? flavour(platform).join(homeFolder(env, platform), path.slice(2)) : path;
}

/** HOME; on Windows also USERPROFILE, then HOMEDRIVE and HOMEPATH. "" when there is none: the files are then relative. */
export function homeFolder(env: Environment, platform: NodeJS.Platform): string {
  if (platform !== "win32") return env.HOME ?? "";
  const named = variable(env, "HOME") ?? variable(env, "USERPROFILE");
  return named ?? `${env.HOMEDRIVE ?? ""}${env.HOMEPATH ?? ""}`;
}

const flavour = (platform: NodeJS.Platform): typeof posix => (platform === "win32" ? win32 : posix);
