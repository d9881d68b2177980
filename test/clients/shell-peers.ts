// The real shells, with xrole on their PATH as a user has it.
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeHome } from "../harness/home.ts";
import { BINARY } from "../harness/run.ts";

/** Each with how it is started to run a script, without the files of whoever runs the tests. */
export const SHELLS = {
  bash: ["bash", "--norc", "-c"],
  dash: ["dash", "-c"],
  busybox: ["busybox", "ash", "-c"],
  zsh: ["zsh", "-f", "-c"],
  // Not --no-config, which has no universal variables: with its own HOME it finds no files of anybody's.
  fish: ["fish", "-c"],
} as const;

export type Shell = keyof typeof SHELLS;

/** A folder with a command `xrole` that runs the built binary. */
export function binaryFolder(): string {
  const folder = makeHome();
  const file = join(folder, "xrole");
  writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" "${BINARY}" "$@"\n`);
  chmodSync(file, 0o755);
  return folder;
}
