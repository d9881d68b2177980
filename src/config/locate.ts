// Finds the paths of the two AWS files and of the user's home folder (rules 15 and 16).
import { posix, win32 } from "node:path";
import { variable, type Context } from "../context/types.ts";
import { XroleError } from "../errors/error.ts";

/** The parts of a context that determine the home folder. */
export type HomeContext = Pick<Context, "env" | "platform" | "userHome">;

/**
 * The paths of both files. A path from a variable may be relative to the working directory. The files need not exist.
 * @throws XroleError `home-missing`, `setting-invalid`
 */
export function configFiles(place: HomeContext): { config: string; credentials: string } {
  // [pinned] A leading ~/ is expanded, $VAR is not; an empty variable counts as unset.
  const locate = (by: string, name: string): string => {
    const named = variable(place.env, by);
    return named !== undefined ? expandHome(named, place, by) : flavour(place).join(homeFolder(place), ".aws", name);
  };
  return {
    config: locate("AWS_CONFIG_FILE", "config"),
    credentials: locate("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
  };
}

/**
 * The path with a leading ~/ (or ~ alone) expanded. [pinned] ~user/ is an error: the AWS CLI expands it, but the SDKs read it as a folder
 * of the working directory, where other users may have put files.
 * @param name the variable or setting that contains the path, and `where` its location
 * @throws XroleError `home-missing`, `setting-invalid`
 */
export function expandHome(path: string, place: HomeContext, name: string, where = "environment"): string {
  if (!path.startsWith("~")) return path;
  if (/^~([/\\]|$)/.test(path)) return flavour(place).join(homeFolder(place), path.slice(2));
  const expected = "a path that xrole can resolve: write out the home folder instead of ~user";
  throw new XroleError("setting-invalid", { where, name, value: path, expected });
}

/**
 * The home folder: HOME, on Windows also USERPROFILE, then HOMEDRIVE and HOMEPATH; otherwise the home of the user's passwd entry. Never a
 * path relative to the working directory, where other users may have put files.
 * @throws XroleError `home-missing`; `setting-invalid` for a relative one
 */
export function homeFolder(place: HomeContext): string {
  const { name, folder } = findHome(place);
  if (folder === undefined) throw new XroleError("home-missing", {});
  if (flavour(place).isAbsolute(folder)) return folder;
  throw new XroleError("setting-invalid", { where: "environment", name, value: folder, expected: "an absolute path" });
}

/** The home folder for callers that can do without it; undefined if it is unknown. */
export function knownHome(place: HomeContext): string | undefined {
  const { folder } = findHome(place);
  return folder !== undefined && flavour(place).isAbsolute(folder) ? folder : undefined;
}

function findHome({ env, platform, userHome }: HomeContext): {
  readonly name: string;
  readonly folder: string | undefined;
} {
  const names = platform === "win32" ? ["HOME", "USERPROFILE"] : ["HOME"];
  const name = names.find((one) => variable(env, one) !== undefined);
  if (name !== undefined) return { name, folder: env[name] };
  const { HOMEDRIVE = "", HOMEPATH = "" } = env;
  if (platform === "win32" && HOMEPATH !== "") return { name: "HOMEPATH", folder: `${HOMEDRIVE}${HOMEPATH}` };
  return { name: "", folder: userHome() };
}

const flavour = ({ platform }: Pick<HomeContext, "platform">): typeof posix => (platform === "win32" ? win32 : posix);
