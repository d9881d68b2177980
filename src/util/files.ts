// Reads files. Reading never blocks, whatever is at the path (a FIFO, a device), and the size is limited. Problems are described in
// words, which each caller puts into its own error.
import { isUtf8 } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readSync, statSync, type Stats } from "node:fs";

/** Throws the caller's error. @param problem such as "it is a directory" */
export type Fail = (problem: string, cause?: unknown) => never;

export interface Reading {
  /** The largest size, in bytes; a longer file is an error. */
  readonly limit?: number;
  /** Whether a symbolic link at the path is an error. */
  readonly refusesLinks?: boolean;
  /** An additional check of the opened file; returns the problem, in words. */
  readonly check?: (stat: Stats) => string | undefined;
}

const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0, O_NOCTTY = 0 } = constants as Partial<typeof constants>;

/** Settings, tokens and policies are far smaller than this. */
const LIMIT = 1024 * 1024;

/**
 * The bytes of a regular file; empty for /dev/null; undefined when the file does not exist. A pipe, socket, device or directory is
 * an error. It never blocks: a FIFO is opened in non-blocking mode, and the type of the opened file is checked before it is read.
 */
export function readBytes(path: string, fail: Fail, options: Reading = {}): Buffer | undefined {
  const { limit = LIMIT, refusesLinks = false, check } = options;
  let file: number;
  try {
    // A missing file is the common case, and throwing an exception costs more than everything else here.
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

/** The text of a file, read like `readBytes`. Text that is not UTF-8 is an error. */
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
    // A socket, or a device that does not exist.
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

/** Users name /dev/null to say that there is no file. */
function isNullDevice(stat: Stats): boolean {
  if (!stat.isCharacterDevice()) return false;
  const known = statSync("/dev/null", { throwIfNoEntry: false });
  return known?.isCharacterDevice() === true && known.rdev === stat.rdev;
}

/**
 * Undefined if the file is longer than the limit. The size may be wrong: the file may have grown, and files of /proc report none.
 */
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
