// Reads xrole's own settings: ~/.config/xrole/config, and /etc/xrole/config, which wins (docs/contract.md, "Cache").
import { isAbsolute, posix } from "node:path";
import { variable, type Context } from "../context/types.ts";
import { XroleError } from "../errors/error.ts";
import { readText } from "../util/files.ts";
import { knownHome } from "./locate.ts";

export interface Settings {
  /** `off`: no cache; `runtime`: in memory only; `file`: on disk. Without it, in memory if the system has a folder for that, else on disk. */
  readonly cache?: (typeof CACHE)[number];
}

const CACHE = ["off", "runtime", "file"] as const;

/**
 * The settings. If neither file exists, no parser is loaded.
 * @throws XroleError `settings-invalid`
 */
export async function loadSettings(context: Context): Promise<Settings> {
  let settings: Settings = {};
  for (const file of settingsFiles(context)) {
    const text = readText(file, (problem, cause) => {
      throw new XroleError("settings-invalid", { file, problem }, { cause });
    });
    if (text !== undefined) settings = { ...settings, ...(await parseSettings(text, file)) };
  }
  return settings;
}

/** The paths of the settings files, the strongest last. */
export function settingsFiles(context: Context): readonly string[] {
  const named = variable(context.env, "XDG_CONFIG_HOME");
  const home = knownHome(context);
  // A relative path must be ignored (XDG Base Directory Specification).
  const folder = named !== undefined && isAbsolute(named) ? named : home && posix.join(home, ".config");
  return [...(folder === undefined ? [] : [posix.join(folder, "xrole", "config")]), context.systemSettings];
}

async function parseSettings(text: string, file: string): Promise<Settings> {
  const { parse } = await import("./ini.ts");
  const found = Object.entries(parse(text));
  for (const [key, value] of found) {
    if (key !== "cache") throw new XroleError("settings-invalid", { file, problem: `${key} is no setting of xrole's` });
    const cache = CACHE.find((known) => known === value);
    if (!cache) throw new XroleError("settings-invalid", { file, problem: `cache must be one of ${CACHE.join(", ")}` });
    return { cache };
  }
  return {};
}
