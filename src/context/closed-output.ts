// Notices that a shell closed stdout (`>&-`). Node opens /dev/null in the place of a descriptor that it finds closed (PlatformInit in its
// src/node.cc), so that writing succeeds and the text is lost. In the executable a part of its own: it looks only where stdout is /dev/null.
import { fstatSync, readFileSync, readlinkSync } from "node:fs";

const SHELLS = /^(ba|da|z|k|mk|a|fi)?sh$|^busybox$/;
const STDERR = 2;

/** What is looked at of this process. */
type Process = Pick<NodeJS.Process, "ppid" | "execPath" | "argv" | "env">;

/**
 * Whether the descriptor, which is /dev/null, was closed when this process began, as far as Linux tells. Node opens it for reading too,
 * which no `>/dev/null` does. Programs that want no output open it so as well (DEVNULL of Python, `ignore` of Node): so it must be a
 * shell that started this process, and one that has another file there.
 */
export function isClosedByShell(descriptor: number, process: Process): boolean {
  try {
    // `>&2` copies what may be such a /dev/null of a program's.
    if (!isOpenToRead("self", descriptor) || (fstatSync(STDERR).isCharacterDevice() && isOpenToRead("self", STDERR)))
      return false;
    return isStartedByShell(process) && !isOpenToRead(String(process.ppid), descriptor);
  } catch {
    return false;
  }
}

/** Whether a process has /dev/null there, open for reading and writing. */
function isOpenToRead(process: string, descriptor: number): boolean {
  try {
    if (readlinkSync(`/proc/${process}/fd/${String(descriptor)}`) !== "/dev/null") return false;
    const info = readFileSync(`/proc/${process}/fdinfo/${String(descriptor)}`, "utf8");
    const flags = parseInt(/^flags:\s*(\d+)/m.exec(info)?.[1] ?? "0", 8);
    return (flags & 3) === 2;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** A shell is above, or was here: `bash -c COMMAND` becomes the command, with a `_` that the process above does not have. */
function isStartedByShell({ ppid, execPath, argv, env: { _: underscore } }: Process): boolean {
  const above = `/proc/${String(ppid)}`;
  if (SHELLS.test(readFileSync(`${above}/comm`, "utf8").trim())) return true;
  if (underscore === undefined || ![execPath, argv[1]].includes(underscore)) return false;
  return !readFileSync(`${above}/environ`, "utf8").split("\0").includes(`_=${underscore}`);
}
