// Finds the descriptors, besides stdin, stdout and stderr, that the command should inherit. Node closes inherited descriptors when
// it starts a program, so xrole passes on the ones that the command's arguments or variables name.
import type { StdioOptions } from "node:child_process";
import { fstatSync, lstatSync, readdirSync, readlinkSync } from "node:fs";

/** As shells write `<(...)`, alone or within an argument: `file:///dev/fd/63`. */
const PATH = /\/(?:dev|proc\/self)\/fd\/(\d+)/g;
/** As in `--status-fd=3` of gpg, or `-passin fd:3` of openssl; `--status-fd 3` is two arguments. */
const OPTION = /(?:^|-)fd[=:](\d+)$/;
/**
 * A jobserver that consists of two descriptors. Source: the GNU make manual, "POSIX Jobserver Interaction"; make before 4.2 uses
 * `fds`. A jobserver that is a FIFO, as in make 4.4, needs no descriptors.
 */
const JOBSERVER = /--jobserver-(?:auth|fds)=(\d+),(\d+)/g;
const JOBSERVER_VARIABLES = ["MAKEFLAGS", "MFLAGS", "CARGO_MAKEFLAGS"] as const;

/** The `stdio` option of `spawn` for a command with these arguments and variables. */
export function streamsFor(args: readonly string[], env: Readonly<Record<string, string>>): StdioOptions {
  const streams: ("inherit" | undefined)[] = ["inherit", "inherit", "inherit"];
  for (const descriptor of namedDescriptors(args, env)) if (isInherited(descriptor)) streams[descriptor] = "inherit";
  return Array.from(streams, (stream) => stream ?? "ignore");
}

/** The descriptors that are named, whether they are open or not. */
export function namedDescriptors(args: readonly string[], env: Readonly<Record<string, string>>): Set<number> {
  const found: (string | undefined)[] = [];
  args.forEach((word, index) => {
    found.push(OPTION.exec(word)?.[1]);
    if (/^--?[\w-]*-fd$/.test(args[index - 1] ?? "") && /^\d+$/.test(word)) found.push(word);
  });
  for (const text of [...args, ...Object.values(env)])
    if (text.includes("/fd/")) for (const match of text.matchAll(PATH)) found.push(match[1]);
  for (const name of JOBSERVER_VARIABLES)
    for (const match of env[name]?.matchAll(JOBSERVER) ?? []) found.push(match[1], match[2]);
  return new Set(found.filter((number) => number !== undefined).map(Number));
}

/**
 * Whether a descriptor is open, and was inherited rather than opened by Node or xrole, which take free numbers: make closes its
 * jobserver for a recipe that does not run make, but still names it. Descriptors of Node and xrole are not regular files (a socket
 * would be the watcher's), or are pipes with both ends in this process.
 */
function isInherited(descriptor: number): boolean {
  let stats;
  try {
    stats = fstatSync(descriptor);
  } catch {
    return false;
  }
  const target = targetOf("self", descriptor);
  if (target !== undefined && target === targetOf(process.ppid, descriptor)) return !target.startsWith("anon_inode:");
  // Without /proc, as on macOS, a pipe is assumed to be the parent's.
  return stats.isFile() || (stats.isFIFO() && (target === undefined || !hasOtherEnd(descriptor, target)));
}

/** What a descriptor of a process refers to. Source: proc(5), /proc/pid/fd. */
function targetOf(pid: number | "self", descriptor: string | number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/fd/${descriptor}`);
  } catch {
    return undefined;
  }
}

/** Whether the other end of this pipe is in this process too. */
function hasOtherEnd(descriptor: number, target: string): boolean {
  const end = endOf(descriptor);
  return readdirSync("/proc/self/fd").some((other) => targetOf("self", other) === target && endOf(other) !== end);
}

/** Whether it is open for reading, writing or both, according to the permissions of the link. */
const endOf = (descriptor: string | number): number =>
  (lstatSync(`/proc/self/fd/${descriptor}`, { throwIfNoEntry: false })?.mode ?? 0) & 0o600;
