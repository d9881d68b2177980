// Writes the config file back.
import { dirname } from "node:path";
import { XroleError } from "../errors.ts";
import { makeFolder } from "../make-folder.ts";
import { expectNoDevice, replaceFile } from "../replace-file.ts";
import { readConfigText } from "./load.ts";

/**
 * Makes the folder of the config file, for its owner alone.
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
  /** No symbolic link: it would be replaced. */
  readonly path: string;
  /** The path as the user knows it. */
  readonly shown: string;
  /** Undefined where there was no file. */
  readonly before: string | undefined;
  readonly after: string;
}

/**
 * Puts `after` in the place of `before`. Mode and owner are kept where the system allows it.
 * @throws XroleError `config-changed` when the file does not say `before` any more, `config-unwritable`
 */
export function saveConfig({ path, shown, before, after }: Saving): void {
  // Nothing holds others back between this look and the rename; they are next to each other for that reason.
  const beforeRename = (): void => {
    if (readConfigText(path, shown) !== before) throw new XroleError("config-changed", { file: shown });
  };
  try {
    replaceFile(path, after, { keepsOwner: true, isSynced: true, beforeRename });
  } catch (error) {
    throw error instanceof XroleError ? error : unwritable(shown, error);
  }
}

function unwritable(file: string, error: unknown): XroleError {
  const { code, message } = error as NodeJS.ErrnoException;
  const problem =
    code === "EACCES" ? "permission denied" : code === "ENOTDIR" ? "its folder is a file" : (code ?? message);
  return new XroleError("config-unwritable", { file, problem }, { cause: error });
}
