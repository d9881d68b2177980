// What goes where: the payload on stdout, words for people on stderr, JSON for programs, and output that cannot be written.
import { describe, expect, it } from "vitest";
import { BINARY, shell, xrole } from "../../harness/run.ts";
import { home } from "../../harness/listed-profiles.ts";

describe("output that cannot be written", () => {
  // What a shell closes, Node opens as /dev/null.
  it.runIf(process.platform === "linux")("because stdout is closed is status 74", async () => {
    const COMMANDS = ["list --json", "explain b-s3", "env keys", "credential-process keys", "--version", "list --help"];
    for (const words of COMMANDS) {
      const run = await shell(`xrole ${words} >&-; exit $?`, { env: home() });
      expect(run, words).toMatchObject({
        status: 74,
        stderr: "xrole: the output could not be written: stdout is closed\n",
      });
    }
    expect((await shell("exec >&-; xrole env keys; exit $?", { env: home() })).status).toBe(74);
    const bash = `exec "${process.execPath}" "${BINARY}" list >&-`;
    expect((await xrole(["-c", `bash -c '${bash}'; exit $?`], { env: home(), command: "bash" })).status).toBe(74);
  });

  it("is no failure where /dev/null is meant", async () => {
    for (const script of ["xrole list >/dev/null", "xrole list >/dev/null 2>&1", "xrole list 3<>/dev/null 2>&3 >&2"])
      expect((await shell(`${script}; exit $?`, { env: home() })).status, script).toBe(0);
    // As programs do, in Node's words: for reading and writing.
    const program = `const { status } = require("node:child_process").spawnSync(process.execPath, [${JSON.stringify(BINARY)}, "list"], { stdio: ["ignore", "ignore", "pipe"] }); process.exit(status);`;
    const env = { ...home(), _: BINARY };
    expect((await xrole(["-e", program], { env, command: process.execPath })).status).toBe(0);
  });

  it("is status 74", async () => {
    for (const words of ["list", "explain b-s3", "credential-process keys", "env keys"]) {
      const run = await shell(`xrole ${words} > /dev/full`, { env: home() });
      expect(run.status).toBe(74);
      expect(run.errors.at(-1)?.code).toBe("output-failed");
    }
  });

  it("because its reader is gone is no matter for words", async () => {
    const run = await shell("(xrole list; echo $? >&2) | true", { shell: ["bash"], env: home() });
    expect(run.stderr).toMatch(/^(0|74)\n$/);
  });
});
