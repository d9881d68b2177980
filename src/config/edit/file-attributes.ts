// Copies the extended attributes, access lists and security label of a file with cp(1), because Node has no functions for them.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { platform } from "node:os";

/** The system's programs. On a few systems the first is BusyBox or missing; then the attributes are lost. */
const PROGRAMS = ["/bin/cp", "/usr/bin/cp"];
const WORDS = platform() === "darwin" ? ["-p"] : ["--attributes-only", "--preserve=all"];

/** Creates `to` with the attributes of `from`. If that fails, `to` does not exist. */
export function copyAttributes(from: string, to: string): void {
  if (platform() === "win32") return;
  for (const program of PROGRAMS) {
    const { status } = spawnSync(program, [...WORDS, "--", from, to], { stdio: "ignore", env: {} });
    if (status === 0) return;
    rmSync(to, { force: true });
  }
}
