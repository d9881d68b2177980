// Makes a folder and those above it. Node's own recursive mkdir never ends where the system says that a folder is not there which
// is, as in /proc.
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** Makes the folder, where it is not there, for its owner alone. @throws the system's error */
export function makeFolder(folder: string): void {
  if (make(folder) !== "ENOENT") return;
  makeFolder(dirname(folder));
  if (make(folder) === "ENOENT") mkdirSync(folder);
}

/** `ENOENT` where the folder above is missing. */
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
