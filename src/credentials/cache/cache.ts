// Keeps credentials between calls: one file a key, for its owner alone, replaced as a whole (docs/contract.md, "Cache").
import { join } from "node:path";
import type { XroleError } from "../../errors/errors.ts";
import { fingerprint } from "../../util/digest.ts";
import { parseEntry, readOwn, type Entry } from "./entry.ts";
import { clearFolder, listEntries, readRefusal, writeEntry, writeRefusal } from "./files.ts";

export interface Cache {
  readonly folder: string;
  /** The entry, alive or not; undefined when there is none that can be trusted. */
  readonly read: (key: string) => Entry | undefined;
  /** What kept it from being written, in words. */
  readonly write: (key: string, entry: Entry) => string | undefined;
  /** What another process was refused with from `since` to `now`: a later one was written by another clock. */
  readonly readRefusal: (key: string, since: number, now: number) => XroleError | undefined;
  readonly writeRefusal: (key: string, error: XroleError, now: number) => void;
  readonly list: () => readonly { readonly file: string; readonly entry: Entry }[];
  /** Removes these files, or all there are, and gives how many entries went. */
  readonly clear: (files?: readonly string[]) => number;
}

/** @param uid the user; undefined where the platform has none */
export function openCache(folder: string, uid: number | undefined): Cache {
  const path = (key: string, kind: "json" | "refused" = "json"): string => join(folder, `${fingerprint(key)}.${kind}`);
  // Sweeping once a process is enough.
  let isSwept = false;

  return {
    folder,
    read(key) {
      const text = readOwn(path(key), uid);
      return text === undefined ? undefined : parseEntry(text, key);
    },
    write(key, entry) {
      const problem = writeEntry({ folder, uid }, [path(key), path(key, "refused")], key, entry, !isSwept);
      isSwept ||= problem === undefined;
      return problem;
    },
    readRefusal: (key, since, now) => readRefusal(path(key, "refused"), uid, key, [since, now]),
    writeRefusal: (key, error, now) => {
      writeRefusal({ folder, uid }, path(key, "refused"), key, error, now);
    },
    list: () => listEntries(folder, uid),
    clear: (files) => clearFolder(folder, files),
  };
}
