// Reads the two AWS files from disk (rules 12 and 15).
import { dirname, resolve } from "node:path";
import { variable, type Context, type Environment } from "../context/types.ts";
import { XroleError } from "../errors/error.ts";
import { readText } from "../util/files.ts";
import { configFiles } from "./locate.ts";
import { EMPTY, mergeFiles } from "./merge.ts";
import { parseConfig } from "./parse/parse.ts";
import type { Config, MissingFile } from "./types.ts";

/** The largest file that is read, in bytes. */
const LIMIT = 16 * 1024 * 1024;

/**
 * The user's profiles.
 * @throws XroleError `config-unreadable`, `config-syntax`
 */
export function loadConfig(context: Context): Config {
  const files = configFiles(context);
  const missing: MissingFile[] = [];
  const read = (file: string, kind: "config" | "credentials"): Config => {
    const text = readConfigText(resolve(context.cwd, file), file);
    context.debug(text === undefined ? `${file} does not exist` : `read ${file}`);
    if (text !== undefined) return parseConfig(text, file, kind);
    const name = kind === "config" ? "AWS_CONFIG_FILE" : "AWS_SHARED_CREDENTIALS_FILE";
    missing.push({ path: file, ...(variable(context.env, name) !== undefined && { namedBy: name }) });
    return EMPTY;
  };
  const merged = mergeFiles(read(files.config, "config"), read(files.credentials, "credentials"));
  const isNone = missing.length === 2;
  return {
    ...merged,
    looked: {
      missing: missing.filter(({ namedBy }) => isNone || namedBy !== undefined),
      areHidden: areHidden(context.env),
    },
  };
}

/** Whether the config file is the one that xrole creates for an endpoint: it is in the same folder as the endpoint's token. */
function areHidden(env: Environment): boolean {
  const { XROLE_ENDPOINT: url, AWS_CONFIG_FILE: file, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: token } = env;
  const isAtEndpoint = url !== undefined && url === env.AWS_CONTAINER_CREDENTIALS_FULL_URI;
  return isAtEndpoint && file !== undefined && token !== undefined && dirname(file) === dirname(token);
}

/**
 * The text of one of the files; undefined if it does not exist. A symbolic link is followed.
 * @param shown the path as the user knows it
 * @throws XroleError `config-unreadable`
 */
export function readConfigText(path: string, shown: string): string | undefined {
  const fail = (problem: string, cause?: unknown): never => {
    throw new XroleError("config-unreadable", { file: shown, problem }, { cause });
  };
  return readText(path, fail, { limit: LIMIT });
}
