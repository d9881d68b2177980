// The one way in which files are replaced: whoever reads one finds the old content or the new one, whole.
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
  /** The permissions of the new file; 0600 where nothing is said. */
  readonly mode?: number;
  /** Keeps permissions and owner of the file that is replaced, as far as the system lets this user. */
  readonly keepsOwner?: boolean;
  /** Makes the new file, which is not there yet, with the other attributes of the one that is replaced (file-attributes.ts). */
  readonly copyAttributes?: (from: string, to: string) => void;
  /** Waits until the disk has it, so that a power cut leaves one text or the other. */
  readonly isSynced?: boolean;
  /** The file's time, in seconds since 1970. */
  readonly time?: number;
  /** Called right before the file is replaced; may throw. */
  readonly beforeRename?: () => void;
}

/**
 * Puts `content` in the place of the file, or of nothing. A symbolic link would be replaced; see `linkTarget`.
 * @throws the system's error, or one for a device; the file is then as it was
 */
export function replaceFile(path: string, content: string | Uint8Array, options: Replacing = {}): void {
  const folder = dirname(path);
  const temporary = join(folder, `.xrole-${Math.random().toString(36).slice(2)}.tmp`);
  try {
    expectNoDevice(path);
    const like = options.keepsOwner === true ? statSync(path, { throwIfNoEntry: false }) : undefined;
    // A rename needs permission for the folder only; a file that its owner has made read-only stays as it is.
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

/** Root could put a file in the place of /dev/null, which many name as their config file. @throws Error */
export function expectNoDevice(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isCharacterDevice() === true || stat?.isBlockDevice() === true) throw new Error("it is a device");
}

function writeNew(path: string, content: string | Uint8Array, like: Stats | undefined, options: Replacing): void {
  const { mode = 0o600, isSynced, time } = options;
  // A file or link that somebody has put there is not written through.
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

/** Only root gives files away; others may still keep a group that they are in, and own the file, which they could write to before. */
function keepOwner(file: number, { uid, gid }: Stats): void {
  for (const owner of [uid, fstatSync(file).uid]) {
    try {
      fchownSync(file, owner, gid);
      return;
    } catch {
      // The next one, or none.
    }
  }
}

/** The error before is the one to tell. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // There is no such folder, or it can no longer be written to.
  }
}

/** Without it, a power cut may undo the rename. */
function syncFolder(folder: string): void {
  try {
    const file = openSync(folder, "r");
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch {
    // Windows and some file systems cannot.
  }
}

const OVER = constants.O_WRONLY | constants.O_TRUNC | ((constants as Partial<typeof constants>).O_NOFOLLOW ?? 0);

/** The number of links that Linux follows. */
const LINKS = 40;

/** The file behind a symbolic link, which may name one that is not there yet; else the path itself. */
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
