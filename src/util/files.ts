// The one way in which files are read: it comes to an end at once, whatever lies in the file's place. What is wrong is told in words,
// which each caller puts into an error of its own.
import { isUtf8 } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readSync, statSync, type Stats } from "node:fs";

/** Throws the caller's error. @param problem such as "it is a directory" */
export type Fail = (problem: string, cause?: unknown) => never;

export interface Reading {
  /** Bytes; a longer file is an error. */
  readonly limit?: number;
  /** Whether a symbolic link in the file's place is an error. */
  readonly refusesLinks?: boolean;
  /** What else is wrong with the file that was opened. */
  readonly check?: (stat: Stats) => string | undefined;
}

const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0, O_NOCTTY = 0 } = constants as Partial<typeof constants>;

/** What settings, tokens and policies stay far below. */
const LIMIT = 1024 * 1024;

/**
 * The bytes of a regular file, or none for /dev/null; undefined when there is no file. A pipe, socket, device or directory is an
 * error. It never waits: a FIFO is opened without blocking, and what was opened is looked at before it is read.
 */
export function readBytes(path: string, fail: Fail, options: Reading = {}): Buffer | undefined {
  const { limit = LIMIT, refusesLinks = false, check } = options;
  let file: number;
  try {
    // That a file is not there is usual, and an exception takes longer than all the rest.
    if (!refusesLinks && !statSync(path, { throwIfNoEntry: false })) return undefined;
    // Windows has none of these flags.
    file = openSync(path, (O_RDONLY ?? 0) | O_NONBLOCK | O_NOCTTY | (refusesLinks ? O_NOFOLLOW : 0));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    return fail(openProblem(code, refusesLinks), error);
  }
  try {
    const stat = fstatSync(file);
    if (isNullDevice(stat)) return Buffer.alloc(0);
    const problem = kindProblem(stat) ?? (stat.size > limit ? tooLarge(limit) : check?.(stat));
    if (problem !== undefined) return fail(problem);
    return readAll(file, stat.size, limit) ?? fail(tooLarge(limit));
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    return fail(`it cannot be read (${String(code)})`, error);
  } finally {
    closeSync(file);
  }
}

/** The text of such a file. What is not UTF-8 is an error. */
export function readText(path: string, fail: Fail, options?: Reading): string | undefined {
  const bytes = readBytes(path, fail, options);
  if (bytes === undefined) return undefined;
  return isUtf8(bytes) ? bytes.toString("utf8") : fail("it is not UTF-8 text");
}

function openProblem(code: string | undefined, refusesLinks: boolean): string {
  switch (code) {
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "ELOOP":
      return refusesLinks ? "it is a symbolic link" : "it is a symbolic link to itself";
    // A socket, or a device that is not there.
    case "ENXIO":
    case "ENODEV":
    case "EOPNOTSUPP":
      return "it is not a regular file";
    case "EISDIR":
      return "it is a directory";
    case "ENAMETOOLONG":
      return "its path is too long";
    default:
      return `it cannot be opened (${String(code)})`;
  }
}

function kindProblem(stat: Stats): string | undefined {
  if (stat.isDirectory()) return "it is a directory";
  return stat.isFile() ? undefined : "it is not a regular file";
}

const tooLarge = (limit: number): string =>
  `it is larger than ${limit >= 1024 * 1024 ? `${limit / 1024 / 1024} MiB` : `${limit / 1024} KiB`}`;

/** /dev/null is the usual way to name no file. */
function isNullDevice(stat: Stats): boolean {
  if (!stat.isCharacterDevice()) return false;
  const known = statSync("/dev/null", { throwIfNoEntry: false });
  return known?.isCharacterDevice() === true && known.rdev === stat.rdev;
}

/** Undefined where the file is longer than the limit: it may have grown, and those of /proc do not tell their size. */
function readAll(file: number, size: number, limit: number): Buffer | undefined {
  let buffer = Buffer.allocUnsafe(Math.min(Math.max(size, 4095), limit) + 1);
  let filled = 0;
  for (;;) {
    const count = readSync(file, buffer, filled, buffer.length - filled, null);
    filled += count;
    if (filled > limit) return undefined;
    if (count === 0) return buffer.subarray(0, filled);
    if (filled === buffer.length) buffer = Buffer.concat([buffer], Math.min(2 * filled, limit + 1));
  }
}
