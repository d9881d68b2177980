// Replaces files in one step: a reader sees either the old content or the new content, complete.
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  futimesSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from "node:fs";
import { dirname, join, resolve } from "node:path";

export interface Replacing {
  /** The permissions of the new file; 0600 by default. */
  readonly mode?: number;
  /** Keeps the permissions and owner of the replaced file, as far as the system allows this user. */
  readonly keepsOwner?: boolean;
  /** Creates the new file with the other attributes of the replaced file (file-attributes.ts). */
  readonly copyAttributes?: (from: string, to: string) => void;
  /** Waits until the content is on disk, so that a power failure leaves either the old text or the new one. */
  readonly isSynced?: boolean;
  /** The modification time to set, in seconds since 1970. */
  readonly time?: number;
  /** Called right before the file is replaced; may throw. */
  readonly beforeRename?: () => void;
}

/**
 * Writes `content` to the path, replacing the file if there is one. A symbolic link would be replaced; see `linkTarget`.
 * @throws the system's error, or an Error for a device; the file is then unchanged
 */
export function replaceFile(path: string, content: string | Uint8Array, options: Replacing = {}): void {
  const folder = dirname(path);
  const temporary = join(folder, `.xrole-${Math.random().toString(36).slice(2)}.tmp`);
  try {
    expectNoDevice(path);
    const like = options.keepsOwner === true ? statSync(path, { throwIfNoEntry: false }) : undefined;
    // A rename only needs permission for the folder. A file that its owner has made read-only must not change.
    if (like) accessSync(path, constants.W_OK);
    if (like) options.copyAttributes?.(path, temporary);
    writeNew(temporary, content, like, options);
    options.beforeRename?.();
    renameSync(temporary, path);
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
  if (options.isSynced === true) syncFolder(folder);
}

/** Root could replace /dev/null, which many users name as their config file. @throws Error */
export function expectNoDevice(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isCharacterDevice() === true || stat?.isBlockDevice() === true) throw new Error("it is a device");
}

function writeNew(path: string, content: string | Uint8Array, like: Stats | undefined, options: Replacing): void {
  const { mode = 0o600, isSynced, time } = options;
  // Never writes through a file or link that another process has put at the path.
  const isMade = options.copyAttributes !== undefined && lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
  const file = openSync(path, isMade ? OVER : "wx", 0o600);
  try {
    if (like) keepOwner(file, like);
    const wanted = like ? like.mode & 0o777 : mode;
    if (wanted !== 0o600) fchmodSync(file, wanted);
    writeFileSync(file, content);
    if (time !== undefined) futimesSync(file, time, time);
    if (isSynced === true) fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Only root may change the owner of a file. Other users may still keep a group that they belong to; they then own the file, which
 * they could write to before.
 */
function keepOwner(file: number, { uid, gid }: Stats): void {
  for (const owner of [uid, fstatSync(file).uid]) {
    try {
      fchownSync(file, owner, gid);
      return;
    } catch {
      // Tries the next owner, if any.
    }
  }
}

/** Ignores errors: the earlier error is the one to report. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The folder does not exist, or is no longer writable.
  }
}

/** Without this, a power failure may undo the rename. */
function syncFolder(folder: string): void {
  try {
    const file = openSync(folder, "r");
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch {
    // Windows and some file systems do not support this.
  }
}

const OVER = constants.O_WRONLY | constants.O_TRUNC | ((constants as Partial<typeof constants>).O_NOFOLLOW ?? 0);

/** As many symbolic links as Linux follows. */
const LINKS = 40;

/** The target of a symbolic link, which may not exist yet; the path itself if it is not a link. */
export function linkTarget(path: string): string {
  let target = path;
  try {
    return realpathSync(path);
  } catch {
    for (let count = 0; count < LINKS; count++) {
      try {
        target = resolve(dirname(target), readlinkSync(target));
      } catch {
        break;
      }
    }
    return target;
  }
}
