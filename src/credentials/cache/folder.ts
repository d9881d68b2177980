// Decides the folder of the credential cache, and checks that it is safe (docs/contract.md, "Cache").
import { statSync, type Stats } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import type { Settings } from "../../config/settings.ts";
import { expandHome, knownHome } from "../../config/locate.ts";
import { variable, type Context } from "../../context/types.ts";
import { makeFolder } from "../../util/make-folder.ts";
import { unsafeFolder } from "../../util/safe-folder.ts";

/** The parts of a Context that decide the folder. */
type CacheContext = Pick<Context, "env" | "platform" | "userHome" | "cwd" | "uid">;

/** The folder, which may not exist yet; undefined if caching is off, or there is no folder for it. */
export function cacheFolder(context: CacheContext, { cache }: Settings): string | undefined {
  const { env, cwd, uid } = context;
  if (cache === "off") return undefined;
  const name = "XROLE_CACHE_DIR";
  const named = variable(env, name);
  if (named !== undefined && cache !== "runtime") return resolve(cwd, expandHome(named, context, name));
  if (cache !== "file") {
    const runtime = variable(env, "XDG_RUNTIME_DIR");
    if (runtime !== undefined && isAbsolute(runtime) && ownFolder(runtime, uid)) return join(runtime, "xrole");
    if (cache === "runtime") return undefined;
  }
  return diskFolder(context);
}

/** The platform's folder for caches. */
function diskFolder(context: CacheContext): string | undefined {
  const { env, platform } = context;
  const home = knownHome(context);
  if (platform === "win32") {
    const local = variable(env, "LOCALAPPDATA") ?? (home && join(home, "AppData", "Local"));
    return local === undefined ? undefined : join(local, "xrole", "Cache");
  }
  const named = variable(env, "XDG_CACHE_HOME");
  if (named !== undefined && isAbsolute(named)) return join(named, "xrole");
  if (home === undefined) return undefined;
  return platform === "darwin" ? join(home, "Library", "Caches", "xrole") : join(home, ".cache", "xrole");
}

/** The stat result of a folder that belongs to the user. */
function ownFolder(folder: string, uid: number | undefined): Stats | undefined {
  try {
    const stat = statSync(folder);
    return stat.isDirectory() && (uid === undefined || stat.uid === uid) ? stat : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Describes why the folder is unsafe, because of itself or a parent folder: if others could write to it, they could put one role's
 * credentials in place of another's. A folder that does not exist yet is safe.
 */
export function folderProblem(folder: string, uid: number | undefined): string | undefined {
  try {
    const problem = unsafeFolder(folder, uid);
    return problem && `${problem}; name a folder that only you may write to with XROLE_CACHE_DIR`;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/** Creates the folder, for its owner only. Returns the problem, in words, if it is not usable. */
export function prepareFolder(folder: string, uid: number | undefined): string | undefined {
  try {
    makeFolder(folder);
    return folderProblem(folder, uid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}
