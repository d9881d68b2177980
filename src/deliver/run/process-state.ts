// Reads the state of this process and of the command from /proc. Source: proc(5), /proc/pid/stat and /proc/pid/status. Without
// /proc, as on macOS, nothing is known.
import { closeSync, openSync, readFileSync } from "node:fs";

/** Whether the command is still in xrole's process group, and so got the group's signals. Assumed to be so if nothing is known. */
export function isInOwnGroup(pid: number): boolean {
  const own = stat("self");
  const other = stat(pid);
  return !own || !other || own.group === other.group;
}

/** Whether the process catches or ignores the signal with this number. */
export function handles(pid: number, signal: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "latin1");
    const masks = [...status.matchAll(/^Sig(?:Ign|Cgt):\s*([0-9a-f]+)$/gm)].map(([, mask]) =>
      BigInt(`0x${mask ?? "0"}`),
    );
    return masks.some((mask) => ((mask >> BigInt(signal - 1)) & 1n) === 1n);
  } catch {
    return false;
  }
}

/** Whether this process gets the signals that its terminal's keys send. */
export function isInForeground(): boolean {
  const own = stat("self");
  // Without /proc, a process with a terminal is assumed to be in the foreground.
  return own ? own.terminal !== "0" && own.group === own.foreground : hasTerminal();
}

/** Whether this process has a controlling terminal. */
export function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return false;
  }
}

/** Fields 5 (pgrp), 7 (tty_nr) and 8 (tpgid). The process name before them may contain any characters. */
function stat(pid: number | "self"): { group?: string; terminal?: string; foreground?: string } | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1)?.split(" ") ?? [];
    const [, , group, , terminal, foreground] = fields;
    return { ...(group && { group }), ...(terminal && { terminal }), ...(foreground && { foreground }) };
  } catch {
    return undefined;
  }
}
