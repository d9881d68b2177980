// Temporary homes: no test reads or writes the real one. Removed when the test file is done.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { notice } from "./secrets.ts";

const made: string[] = [];
afterAll(() => {
  // A process that was just killed may still be writing there.
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  temporary = undefined;
});

let temporary: string | undefined;
/** TMPDIR for the processes that a test file starts: what one leaves there when it is killed goes with the test file. */
export const temporaryFolder = (): string => (temporary ??= makeHome());

/** A new folder that holds `files`, by relative path. Its secrets are noticed. */
export function makeHome(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const home = mkdtempSync(join(tmpdir(), "xrole-test-"));
  made.push(home);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), content);
    if (typeof content === "string") notice(content);
  }
  return home;
}
