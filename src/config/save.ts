// Replaces the config file in one step: whoever reads it, or pulls the plug, finds the old text or the new one, whole.
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Context } from "../context.ts";
import { XroleError } from "../errors.ts";
import { makeFolder } from "../make-folder.ts";
import { readText } from "./load.ts";

/** As many links as Linux follows. */
const LINKS = 40;

/** The file behind a symbolic link, which may name one that is not there yet. */
export function linkTarget(path: string): string {
  let target = path;
  try {
    return realpathSync(path);
  } catch {
    for (let count = 0; count < LINKS; count++) {
      try {
        target = resolve(dirname(target), readlinkSync(target));
      } catch {
        break;
      }
    }
    return target;
  }
}

/**
 * Makes the folder of the config file, for its owner alone.
 * @throws XroleError `config-unwritable`
 */
export function makeConfigFolder(path: string, shown: string): void {
  try {
    makeFolder(dirname(path));
  } catch (error) {
    throw unwritable(shown, error);
  }
}

export interface Saving {
  /** No symbolic link: it would be replaced. */
  readonly path: string;
  /** The path as the user knows it. */
  readonly shown: string;
  /** Undefined where there was no file. */
  readonly before: string | undefined;
  readonly after: string;
}

/**
 * Puts `after` in the place of `before`. Mode and owner are kept where the system lets us.
 * @throws XroleError `config-changed` when the file does not say `before` any more, `config-unwritable`
 */
export function saveConfig({ uid }: Context, { path, shown, before, after }: Saving): void {
  const temporary = join(dirname(path), `.xrole-${Math.random().toString(36).slice(2)}.tmp`);
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    // A rename asks for the folder's permission only: a file that its owner has locked stays locked.
    if (stat) accessSync(path, constants.W_OK);
    writeSynced(temporary, after, stat, uid);
    // Nothing holds others back between this look and the rename; they are next to each other for that reason.
    if (readText(path, shown) !== before) throw new XroleError("config-changed", { file: shown });
    renameSync(temporary, path);
  } catch (error) {
    remove(temporary);
    throw error instanceof XroleError ? error : unwritable(shown, error);
  }
  syncFolder(dirname(path));
}

/** What went wrong before is what to tell. */
function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // There is no such folder, or it has gone bad under us.
  }
}

function writeSynced(path: string, text: string, like: Stats | undefined, user: number | undefined): void {
  const file = openSync(path, "wx", 0o600);
  try {
    if (like) {
      keepOwner(file, like, user);
      fchmodSync(file, like.mode & 0o777);
    }
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function keepOwner(file: number, { uid, gid }: Stats, user: number | undefined): void {
  // Only root gives files away; others may still keep a group they are in.
  for (const owner of [uid, user ?? uid]) {
    try {
      fchownSync(file, owner, gid);
      return;
    } catch {
      // The file becomes the user's, who could write to it before.
    }
  }
}

/** Without it, a power cut may forget the rename. */
function syncFolder(folder: string): void {
  try {
    const file = openSync(folder, "r");
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch {
    // Windows and some file systems have no such thing.
  }
}

function unwritable(file: string, error: unknown): XroleError {
  const { code } = error as NodeJS.ErrnoException;
  const problem =
    code === "EACCES" ? "permission denied" : code === "ENOTDIR" ? "its folder is none" : (code ?? String(error));
  return new XroleError("config-unwritable", { file, problem }, { cause: error });
}
