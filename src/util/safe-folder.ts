// Checks whether another user could put files into a folder, or replace the folder. Every folder on the path counts, including the
// ones that symbolic links lead through: whoever may write to one of them decides what the path means.
import { lstatSync, readlinkSync, type Stats } from "node:fs";
import { dirname, resolve } from "node:path";
import { isUserPrivateGroup } from "./user-private-group.ts";

const [STICKY, GROUP_WRITES, OTHERS_WRITE] = [0o1000, 0o020, 0o002];
const ROOT = 0;
/** As many symbolic links as Linux follows (path_resolution(7)). */
const LINKS = 40;

/**
 * Describes why the folder is not safe for files that no other user may replace; undefined if it is safe. The folder and its
 * parents may not exist yet; the user will create them.
 * @param folder an absolute path
 * @param uid the user; undefined on platforms without user ids, where nothing is checked
 * @throws the system's error, such as EACCES
 */
export function unsafeFolder(folder: string, uid: number | undefined): string | undefined {
  if (uid === undefined) return undefined;
  const names = folder.split("/");
  let links = 0;
  let at = "/";
  let stat = lstatSync(at);
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    if (name === "" || name === ".") continue;
    if (name === "..") {
      at = dirname(at);
      stat = lstatSync(at);
      continue;
    }
    const problem = parentProblem(at, stat, uid);
    if (problem !== undefined) return problem;
    const next = at === "/" ? `/${name}` : `${at}/${name}`;
    const found = lstatSync(next, { throwIfNoEntry: false });
    if (!found) return undefined;
    if (!found.isSymbolicLink()) {
      if (!found.isDirectory()) return `${next} is not a folder`;
      at = next;
      stat = found;
      continue;
    }
    if (!isTrusted(found, uid)) return `${next} is a symbolic link of another user`;
    if (++links > LINKS) return `${next} is a symbolic link to itself`;
    const target = readlinkSync(next);
    names.unshift(...target.split("/"));
    if (target.startsWith("/")) {
      at = "/";
      stat = lstatSync(at);
    }
  }
  if (stat.uid !== uid) return `${at} belongs to another user`;
  return writersProblem(at, stat, uid);
}

/** The same for a folder in which a new folder will be created. It may have the sticky bit, as /tmp does. */
export const unsafeParent = (folder: string, uid: number | undefined): string | undefined =>
  unsafeFolder(resolve(folder, "new"), uid);

const isTrusted = (stat: Stats, uid: number): boolean => stat.uid === uid || stat.uid === ROOT;

/** In a folder with the sticky bit, such as /tmp, only the owner of a file may replace it. */
function parentProblem(folder: string, stat: Stats, uid: number): string | undefined {
  if (!isTrusted(stat, uid)) return `${folder} belongs to another user`;
  return (stat.mode & STICKY) === 0 ? writersProblem(folder, stat, uid) : undefined;
}

function writersProblem(folder: string, { mode, gid }: Stats, uid: number): string | undefined {
  if ((mode & OTHERS_WRITE) !== 0) return `every user may write to ${folder}`;
  if ((mode & GROUP_WRITES) !== 0 && !isUserPrivateGroup(gid, uid)) return `a group may write to ${folder}`;
  return undefined;
}
