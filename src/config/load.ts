// Reads the two AWS files from disk (rules 12 and 15).
import { resolve } from "node:path";
import type { Context } from "../context.ts";
import { XroleError } from "../errors.ts";
import { readText } from "../files.ts";
import { configFiles } from "./locate.ts";
import { EMPTY, mergeFiles } from "./merge.ts";
import { parseConfig } from "./parse.ts";
import type { Config } from "./types.ts";

/** Bytes. */
const LIMIT = 16 * 1024 * 1024;

/**
 * The user's profiles.
 * @throws XroleError `config-unreadable`, `config-syntax`
 */
export function loadConfig(context: Context): Config {
  const files = configFiles(context);
  const read = (file: string, kind: "config" | "credentials"): Config => {
    const text = readConfigText(resolve(context.cwd, file), file);
    context.debug(text === undefined ? `${file} does not exist` : `read ${file}`);
    return text === undefined ? EMPTY : parseConfig(text, file, kind);
  };
  return mergeFiles(read(files.config, "config"), read(files.credentials, "credentials"));
}

/**
 * The text of one of the files; undefined where there is none. A symbolic link is followed.
 * @param shown the path as the user knows it
 * @throws XroleError `config-unreadable`
 */
export function readConfigText(path: string, shown: string): string | undefined {
  const fail = (problem: string, cause?: unknown): never => {
    throw new XroleError("config-unreadable", { file: shown, problem }, { cause });
  };
  return readText(path, fail, { limit: LIMIT });
}
