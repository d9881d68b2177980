// Changes the config file: plans the edit, writes it in one step, and starts again if another program wrote in the meantime.
import { dirname, resolve } from "node:path";
import { editedConfig, type Edited } from "../../plan/edited/edited-config.ts";
import type { Edit } from "../../config/edit/edit.ts";
import { readConfigText } from "../../config/load.ts";
import { configFiles } from "../../config/locate.ts";
import { EMPTY } from "../../config/merge.ts";
import { parseConfig } from "../../config/parse/parse.ts";
import { makeConfigFolder, otherNames, saveConfig, sweepLeftovers } from "../../config/edit/save.ts";
import type { Context } from "../../context/types.ts";
import { acquireLock } from "../../credentials/cache/lock.ts";
import { XroleError } from "../../errors/error.ts";
import { linkTarget } from "../../util/replace-file.ts";

/** Milliseconds that one xrole waits for the lock of another; writing takes a few. */
const WAIT = 5000;
/** How often it starts again if a program without a lock, such as an editor, writes at the same time. */
const TRIES = 5;

export interface Change {
  /** The path as the user knows it. */
  readonly file: string;
  /** Undefined if the file does not exist. */
  readonly before: string | undefined;
  readonly edited: Edited;
  /** How many other hard links the file had; they keep the old content. */
  readonly otherNames?: number;
}

/**
 * The result of an edit, without writing it.
 * @throws XroleError any error of planning the profile, and of reading and editing the files
 */
export function previewChange(context: Context, edit: Edit): Change {
  const { config: file, credentials } = configFiles(context);
  const above = readConfigText(resolve(context.cwd, credentials), credentials);
  const before = readConfigText(resolve(context.cwd, file), file);
  const edited = editedConfig({
    ...edit,
    text: before ?? "",
    file,
    credentials: above === undefined ? EMPTY : parseConfig(above, credentials, "credentials"),
    env: context.env,
    caller: context.caller,
  });
  return { file, before, edited };
}

/**
 * Writes what an edit changes.
 * @throws XroleError as `previewChange`; `config-unwritable`, `config-changed`
 */
export async function writeChange(context: Context, edit: Edit): Promise<Change> {
  const { config: file } = configFiles(context);
  const path = linkTarget(resolve(context.cwd, file));
  // Before anything is created: an edit that is refused leaves nothing behind, not even a folder.
  previewChange(context, edit);
  makeConfigFolder(path, file);
  const deadline = performance.now() + WAIT;
  for (let tries = 1; ;) {
    const wait = deadline - performance.now();
    const lock = await acquireLock(dirname(path), ".xrole-config", wait, context.platform);
    if (lock === "released") continue;
    try {
      const change = previewChange(context, edit);
      const { before, edited } = change;
      if (edited.text === (before ?? "")) return change;
      const names = otherNames(path);
      saveConfig({ path, shown: file, before, after: edited.text });
      sweepLeftovers(path, context.now());
      return { ...change, otherNames: names };
    } catch (error) {
      const isChanged = error instanceof XroleError && error.code === "config-changed";
      if (!isChanged || ++tries > TRIES) throw error;
      context.debug(`${file} was changed meanwhile`);
    } finally {
      if (lock !== "unavailable") await lock.release();
    }
  }
}
