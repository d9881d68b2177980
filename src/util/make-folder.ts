// Creates a folder and its missing parents. Node's own recursive mkdir loops forever where the system reports an existing folder as
// missing, as in /proc.
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** Creates the folder if it does not exist, for its owner only. @throws the system's error */
export function makeFolder(folder: string): void {
  if (make(folder) !== "ENOENT") return;
  makeFolder(dirname(folder));
  if (make(folder) === "ENOENT") mkdirSync(folder);
}

/** `ENOENT` if the parent folder is missing. */
function make(folder: string): "ENOENT" | undefined {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" && dirname(folder) !== folder) return code;
    if (code !== "EEXIST") throw error;
  }
  return undefined;
}
