// Where credentials are kept between calls (docs/contract.md, "Cache").
import { statSync, type Stats } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import type { Settings } from "../../config/settings.ts";
import { expandHome, knownHome } from "../../config/locate.ts";
import { variable, type Context } from "../../context/types.ts";
import { makeFolder } from "../../util/make-folder.ts";
import { unsafeFolder } from "../../util/safe-folder.ts";

/** What of a context tells the place. */
type Place = Pick<Context, "env" | "platform" | "userHome" | "cwd" | "uid">;

/** The folder, which need not exist; undefined where nothing is to be kept, or where there is no place for it. */
export function cacheFolder(context: Place, { cache }: Settings): string | undefined {
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

/** The platform's place for what can be made again. */
function diskFolder(place: Place): string | undefined {
  const { env, platform } = place;
  const home = knownHome(place);
  if (platform === "win32") {
    const local = variable(env, "LOCALAPPDATA") ?? (home && join(home, "AppData", "Local"));
    return local === undefined ? undefined : join(local, "xrole", "Cache");
  }
  const named = variable(env, "XDG_CACHE_HOME");
  if (named !== undefined && isAbsolute(named)) return join(named, "xrole");
  if (home === undefined) return undefined;
  return platform === "darwin" ? join(home, "Library", "Caches", "xrole") : join(home, ".cache", "xrole");
}

/** What the system says of a folder that is the user's. */
function ownFolder(folder: string, uid: number | undefined): Stats | undefined {
  try {
    const stat = statSync(folder);
    return stat.isDirectory() && (uid === undefined || stat.uid === uid) ? stat : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What is wrong with a folder, or one above it, in words: where others may write, they could put one role's credentials in the place
 * of another's. One that is not there yet has nothing wrong.
 */
export function folderProblem(folder: string, uid: number | undefined): string | undefined {
  try {
    const problem = unsafeFolder(folder, uid);
    return problem && `${problem}; name a folder that only you may write to with XROLE_CACHE_DIR`;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/** Makes the folder, for its owner alone, and says what is wrong with it. */
export function prepareFolder(folder: string, uid: number | undefined): string | undefined {
  try {
    makeFolder(folder);
    return folderProblem(folder, uid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}
