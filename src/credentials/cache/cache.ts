// The credential cache: one file per key, readable by its owner only and replaced as a whole (docs/contract.md, "Cache").
import { join } from "node:path";
import type { XroleError } from "../../errors/error.ts";
import { fingerprint } from "../../util/digest.ts";
import { parseEntry, readOwn, type Entry } from "./entry.ts";
import { clearFolder, listEntries, readRefusal, writeEntry, writeRefusal } from "./files.ts";

export interface Cache {
  readonly folder: string;
  /** The entry, expired or not; undefined if there is no entry that can be trusted. */
  readonly read: (key: string) => Entry | undefined;
  /** Writes an entry. Returns the problem, in words, if it could not be written. */
  readonly write: (key: string, entry: Entry) => string | undefined;
  /**
   * The refusal that another process received between `since` and `now`. A refusal with a later time was written by another clock.
   */
  readonly readRefusal: (key: string, since: number, now: number) => XroleError | undefined;
  readonly writeRefusal: (key: string, error: XroleError, now: number) => void;
  readonly list: () => readonly { readonly file: string; readonly entry: Entry }[];
  /** Removes these files, or all files of the cache. Returns the number of removed entries. */
  readonly clear: (files?: readonly string[]) => number;
}

/** @param uid the user; undefined on platforms without user ids */
export function openCache(folder: string, uid: number | undefined): Cache {
  const path = (key: string, kind: "json" | "refused" = "json"): string => join(folder, `${fingerprint(key)}.${kind}`);
  // Sweeping once per process is enough.
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
