// Extended attributes, access lists and the security label of a file, for which Node has no functions: cp(1) copies them.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { platform } from "node:os";

/** The system's own; the first is BusyBox or missing on a few systems, where the attributes are not kept. */
const PROGRAMS = ["/bin/cp", "/usr/bin/cp"];
const WORDS = platform() === "darwin" ? ["-p"] : ["--attributes-only", "--preserve=all"];

/** Makes `to` with the attributes of `from`; where that cannot be done, `to` is not there. */
export function copyAttributes(from: string, to: string): void {
  if (platform() === "win32") return;
  for (const program of PROGRAMS) {
    const { status } = spawnSync(program, [...WORDS, "--", from, to], { stdio: "ignore", env: {} });
    if (status === 0) return;
    rmSync(to, { force: true });
  }
}
