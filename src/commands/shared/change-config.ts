// The second half of every command that changes the config file: judge the change, write it in one step, and begin again where
// somebody else wrote meanwhile.
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

/** Milliseconds that one xrole waits for another; writing takes a few. */
const WAIT = 5000;
/** How often it begins again when something that knows no lock, an editor say, writes at the same time. */
const TRIES = 5;

export interface Change {
  /** The path as the user knows it. */
  readonly file: string;
  /** Undefined where there is no file. */
  readonly before: string | undefined;
  readonly edited: Edited;
  /** How many other names the file had, which keep the old content. */
  readonly otherNames?: number;
}

/**
 * What an edit would change; nothing is written.
 * @throws XroleError what planning the profile would throw, and what reading and editing the files can
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
  // What is refused leaves nothing behind, not even a folder.
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
