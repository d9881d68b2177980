// Reads the two AWS files from disk, without ever blocking on a pipe or swallowing a device (rules 12 and 15).
import { isUtf8 } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { resolve } from "node:path";
import type { Context } from "../context.ts";
import { XroleError } from "../errors.ts";
import { configFiles } from "./locate.ts";
import { EMPTY, mergeFiles } from "./merge.ts";
import { parseConfig } from "./parse.ts";
import type { Config } from "./types.ts";

const LIMIT = 16 * 1024 * 1024;

/**
 * The user's profiles.
 * @throws XroleError `config-unreadable`, `config-syntax`
 */
export function loadConfig(context: Context): Config {
  const files = configFiles(context.env, context.platform);
  const read = (file: string, kind: "config" | "credentials"): Config => {
    const text = readText(resolve(context.cwd, file), file);
    context.debug(text === undefined ? `${file} does not exist` : `read ${file}`);
    return text === undefined ? EMPTY : parseConfig(text, file, kind);
  };
  return mergeFiles(read(files.config, "config"), read(files.credentials, "credentials"));
}

/**
 * The text of a regular file; undefined when there is none. A symbolic link is followed.
 * @param shown the path as the user knows it
 * @throws XroleError `config-unreadable`
 */
export function readText(path: string, shown: string): string | undefined {
  const fail = (problem: string): never => {
    throw new XroleError("config-unreadable", { file: shown, problem });
  };
  let file: number;
  try {
    // O_NONBLOCK (Windows has none): opening a FIFO for reading would otherwise wait for a writer, for ever.
    file = openSync(path, constants.O_RDONLY | ((constants as Partial<typeof constants>).O_NONBLOCK ?? 0));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    return fail(code === "EACCES" ? "permission denied" : (code ?? "it cannot be opened"));
  }
  try {
    const stat = fstatSync(file);
    if (stat.isDirectory()) fail("it is a directory");
    if (!stat.isFile()) fail("it is not a regular file");
    if (stat.size > LIMIT) fail("it is larger than 16 MiB");
    return decode(readAll(file, stat.size)) ?? fail("it is not UTF-8 text");
  } finally {
    closeSync(file);
  }
}

function readAll(file: number, size: number): Buffer {
  const buffer = Buffer.allocUnsafe(size);
  let filled = 0;
  while (filled < size) {
    const count = readSync(file, buffer, filled, size - filled, null);
    if (count === 0) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}

function decode(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? bytes.toString("utf8") : undefined;
}
