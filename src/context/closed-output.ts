// Detects that a shell closed stdout (`>&-`). Node opens /dev/null for a descriptor that it finds closed (PlatformInit in its
// src/node.cc), so writing succeeds and the text is lost. In the executable this is a part of its own, loaded only if stdout is
// /dev/null.
import { fstatSync, readFileSync, readlinkSync } from "node:fs";

const SHELLS = /^(ba|da|z|k|mk|a|fi)?sh$|^busybox$/;
const STDERR = 2;

/** The properties of this process that the check needs. */
type Process = Pick<NodeJS.Process, "ppid" | "execPath" | "argv" | "env">;

/**
 * Whether the descriptor, which is /dev/null, was closed when this process began, as far as Linux can tell. Node opens it for
 * reading as well, which no `>/dev/null` does. Programs that want no output also open it for reading (DEVNULL of Python, `ignore`
 * of Node). So a shell must have started this process, and must itself have another file at this descriptor.
 */
export function isClosedByShell(descriptor: number, process: Process): boolean {
  try {
    // With `>&2`, stdout may be a copy of such a /dev/null that another program opened.
    if (!isOpenToRead("self", descriptor) || (fstatSync(STDERR).isCharacterDevice() && isOpenToRead("self", STDERR)))
      return false;
    return isStartedByShell(process) && !isOpenToRead(String(process.ppid), descriptor);
  } catch {
    return false;
  }
}

/** Whether the process has /dev/null open at this descriptor, for reading and writing. */
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

/**
 * Whether the parent is a shell, or this process was one: `bash -c COMMAND` becomes the command, with a `_` that its parent does
 * not have.
 */
function isStartedByShell({ ppid, execPath, argv, env: { _: underscore } }: Process): boolean {
  const above = `/proc/${String(ppid)}`;
  if (SHELLS.test(readFileSync(`${above}/comm`, "utf8").trim())) return true;
  if (underscore === undefined || ![execPath, argv[1]].includes(underscore)) return false;
  return !readFileSync(`${above}/environ`, "utf8").split("\0").includes(`_=${underscore}`);
}
