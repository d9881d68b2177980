// Writes the changed config file, unless somebody else has changed it meanwhile.
import { readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { XroleError } from "../../errors/error.ts";
import { makeFolder } from "../../util/make-folder.ts";
import { expectNoDevice, replaceFile } from "../../util/replace-file.ts";
import { copyAttributes } from "./file-attributes.ts";
import { readConfigText } from "../load.ts";

/**
 * Creates the folder of the config file, accessible only to its owner.
 * @throws XroleError `config-unwritable`
 */
export function makeConfigFolder(path: string, shown: string): void {
  try {
    expectNoDevice(path);
    makeFolder(dirname(path));
  } catch (error) {
    throw unwritable(shown, error);
  }
}

export interface Saving {
  /** Must not be a symbolic link, which would be replaced. */
  readonly path: string;
  /** The path as the user knows it. */
  readonly shown: string;
  /** Undefined if the file did not exist. */
  readonly before: string | undefined;
  readonly after: string;
}

/**
 * Replaces `before` by `after`. Mode and owner are kept if the system allows it.
 * @throws XroleError `config-changed` when the file does not say `before` any more, `config-unwritable`
 */
export function saveConfig({ path, shown, before, after }: Saving): void {
  // Another program could write between this check and the rename, so the rename follows immediately.
  const beforeRename = (): void => {
    if (readConfigText(path, shown) !== before) throw new XroleError("config-changed", { file: shown });
  };
  try {
    replaceFile(path, after, { keepsOwner: true, copyAttributes, isSynced: true, beforeRename });
  } catch (error) {
    throw error instanceof XroleError ? error : unwritable(shown, error);
  }
}

/** How many other hard links the file has: they keep the old content when it is replaced. */
export const otherNames = (path: string): number =>
  Math.max(0, (statSync(path, { throwIfNoEntry: false })?.nlink ?? 1) - 1);

/** Milliseconds after which a temporary file counts as left over; a write takes a few. */
const LEFTOVER_LIFE = 60_000;
/** The names of the temporary files of replaceFile and of the lock. */
const LEFTOVER = /^\.xrole-(\w+|config\.lock\.\w{8})\.tmp$/;

/** Removes temporary files that killed processes have left next to the config file. Failing to do so is not an error. */
export function sweepLeftovers(path: string, now: number): void {
  const folder = dirname(path);
  try {
    for (const name of readdirSync(folder)) {
      const stat = LEFTOVER.test(name) ? statSync(join(folder, name), { throwIfNoEntry: false }) : undefined;
      if (stat && !stat.isDirectory() && now - stat.ctimeMs > LEFTOVER_LIFE)
        rmSync(join(folder, name), { force: true });
    }
  } catch {
    // Another xrole may be doing the same.
  }
}

function unwritable(file: string, error: unknown): XroleError {
  const { code, message } = error as NodeJS.ErrnoException;
  const problem =
    code === "EACCES" ? "permission denied" : code === "ENOTDIR" ? "its folder is a file" : (code ?? message);
  return new XroleError("config-unwritable", { file, problem }, { cause: error });
}
