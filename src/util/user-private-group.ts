// Decides whether a group contains only the user. Many systems give each user such a group, and a umask that lets the group write.
// Loaded only when a folder is writable by a group (scripts/build.mjs, LATER).
import { userInfo } from "node:os";
import { readText, type Fail } from "./files.ts";

/**
 * Whether the user is the group's only member, as far as this machine knows: it is the user's primary group, has the user's name or
 * number, and /etc/group and /etc/passwd list no other member.
 */
export function isUserPrivateGroup(gid: number, uid: number): boolean {
  const user = passwdEntry(uid);
  if (gid !== (user?.gid ?? uid)) return false;
  const groups = lines("/etc/group").filter(([, , number]) => number === String(gid));
  if (gid !== uid && !groups.some(([name]) => name === user?.name)) return false;
  const members = groups.flatMap(([, , , names = ""]) => names.split(",")).filter((name) => name !== "");
  if (members.some((name) => name !== user?.name)) return false;
  return !lines("/etc/passwd").some(([, , number, group]) => group === String(gid) && number !== String(uid));
}

/** The user of a container may have no passwd entry; Node then throws. */
function passwdEntry(uid: number): { readonly name: string; readonly gid: number } | undefined {
  try {
    const { uid: found, gid, username: name } = userInfo();
    return found === uid ? { name, gid } : undefined;
  } catch {
    return undefined;
  }
}

/** The fields of each line. Source: group(5), passwd(5). */
function lines(file: string): readonly (readonly string[])[] {
  const fail: Fail = (problem) => {
    throw new Error(problem);
  };
  try {
    return (readText(file, fail) ?? "").split("\n").map((line) => line.split(":"));
  } catch {
    return [];
  }
}
