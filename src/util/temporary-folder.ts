// Creates temporary folders that are removed when their process ends. The process listens on a socket in its folder. If the process
// was killed, nobody listens there any more, and the next process that creates a folder in the same base folder removes it.
import { lstatSync, mkdtempSync, readdirSync, renameSync, rmSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import { socketFileKind, listen, socketAddress, stayConnected, type Listening } from "./local-socket.ts";

export interface TemporaryFolder {
  readonly path: string;
  readonly remove: () => void;
}

interface Owner {
  readonly uid: number | undefined;
  readonly platform: NodeJS.Platform;
}

const SOCKET = ".xrole-alive";
const SUFFIX = ".new";
/** Milliseconds in which a living process accepts a connection. For a stopped process, the kernel accepts it. */
const ANSWER = 1000;
/**
 * Types of local file systems, on which a socket shows whether its process is alive: tmpfs, ramfs, ext, XFS, Btrfs, F2FS, ZFS,
 * overlayfs, APFS, HFS+. On a network file system, the process may run on another host. Source: statfs(2).
 */
const LOCAL = new Set([
  0x01021994, 0x858458f6, 0xef53, 0x58465342, 0x9123683e, 0xf2f52010, 0x2fc12fc1, 0x794c7630, 0x1a, 0x11,
]);

/**
 * Creates a folder for this process, and removes folders with the same prefix that killed processes left in `base`.
 * @throws the system's error
 */
export async function makeTemporary(base: string, prefix: string, owner: Owner): Promise<TemporaryFolder> {
  await sweep(base, prefix, owner).catch(() => undefined);
  const path = mkdtempSync(join(base, prefix));
  const remove = (): void => rmSync(path, { recursive: true, force: true });
  const socket = owner.platform === "win32" ? undefined : await showLife(path, owner.platform);
  // Without a socket, only this process removes the folder.
  if (!socket) return { path, remove };
  const end = (): void => {
    remove();
    void socket.close();
  };
  return { path, remove: end };
}

/**
 * Listens in the folder. The socket is renamed to its final name only after it listens. A socket that is bound but does not listen
 * yet would look as if its process had been killed.
 */
async function showLife(folder: string, platform: NodeJS.Platform): Promise<Listening | undefined> {
  const address = socketAddress(folder, SOCKET, platform, SUFFIX.length);
  if (!address) return undefined;
  try {
    const socket = await listen(address.path + SUFFIX, () => undefined);
    if (typeof socket === "string") return undefined;
    renameSync(address.file + SUFFIX, address.file);
    return socket;
  } catch {
    return undefined;
  } finally {
    address.close();
  }
}

async function sweep(base: string, prefix: string, { uid, platform }: Owner): Promise<void> {
  if (uid === undefined || !isSafe(base, uid) || !LOCAL.has(statfsSync(base).type)) return;
  const names = readdirSync(base).filter(
    (name) => name.startsWith(prefix) && /^\w{6}$/.test(name.slice(prefix.length)),
  );
  for (const name of names) {
    const folder = join(base, name);
    if (isOwn(folder, uid) && (await isAbandoned(folder, platform))) remove(folder);
  }
}

/** Whether no other user can replace one of the user's folders in it. */
function isSafe(base: string, uid: number): boolean {
  const { mode, uid: owner } = statSync(base);
  const isSticky = (mode & 0o1000) !== 0;
  return (owner === uid || owner === 0) && (isSticky || (mode & 0o022) === 0);
}

/** Whether it is a folder (not a link to one) that belongs to the user, and that nobody else can enter. */
function isOwn(folder: string, uid: number): boolean {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  return stat?.isDirectory() === true && stat.uid === uid && (stat.mode & 0o077) === 0;
}

async function isAbandoned(folder: string, platform: NodeJS.Platform): Promise<boolean> {
  const address = socketAddress(folder, SOCKET, platform);
  if (!address) return false;
  try {
    return socketFileKind(address.file) === "socket" && (await connected(address.path)) === "dead";
  } finally {
    address.close();
  }
}

/** Resolves with "alive" as soon as the connection is accepted. */
function connected(path: string): Promise<string> {
  return new Promise((resolve) => {
    void stayConnected(path, ANSWER, { onWait: () => resolve("alive") }).then(resolve);
  });
}

function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Another process is removing it as well.
  }
}
