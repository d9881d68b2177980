// Reads mode and owner of the config files, for doctor. Their content is read elsewhere.
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { variable, type Context } from "../context/types.ts";
import { configFiles } from "./locate.ts";
import { settingsFiles } from "./settings.ts";

export interface FileFacts {
  readonly kind: "config" | "credentials" | "settings";
  /** As the user names it. */
  readonly path: string;
  /** The variable that names it. */
  readonly namedBy?: string;
  /** Undefined if the file does not exist or cannot be inspected. */
  readonly mode?: number;
  /** The user id of its owner. */
  readonly owner?: number;
}

/** The two AWS files, and those files of xrole's own settings that exist. */
export function inspectFiles(context: Context): readonly FileFacts[] {
  const files = configFiles(context);
  const settings = settingsFiles(context).map((path) => look(context, "settings", path));
  return [
    look(context, "config", files.config, "AWS_CONFIG_FILE"),
    look(context, "credentials", files.credentials, "AWS_SHARED_CREDENTIALS_FILE"),
    ...settings.filter(({ mode }) => mode !== undefined),
  ];
}

function look({ cwd, env }: Context, kind: FileFacts["kind"], path: string, name?: string): FileFacts {
  const namedBy = name !== undefined && variable(env, name) !== undefined ? { namedBy: name } : {};
  try {
    const { mode, uid } = statSync(resolve(cwd, path));
    return { kind, path, ...namedBy, mode: mode & 0o777, owner: uid };
  } catch {
    return { kind, path, ...namedBy };
  }
}
