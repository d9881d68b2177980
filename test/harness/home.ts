// Temporary homes: no test reads or writes the real one. Removed when the test file is done.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { GUARD } from "./run.ts";
import { notice } from "./secrets.ts";

const made: string[] = [];
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

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

/** The variables by which a child finds this home in its passwd entry: `undefined` is a user without one. */
export function passwdHome(folder: string | undefined): Record<string, string> {
  const home =
    folder === undefined ? `throw new Error("ENOENT: uv_os_get_passwd")` : `return ${JSON.stringify(folder)}`;
  const info = `{ username: "u", uid: 1, gid: 1, shell: null, get homedir() { ${home} } }`;
  const code = `import os from "node:os"; import { syncBuiltinESMExports } from "node:module";
    os.userInfo = () => (${info}); syncBuiltinESMExports();`;
  return { NODE_OPTIONS: `--import=${GUARD} --import=data:text/javascript,${encodeURIComponent(code)}` };
}
