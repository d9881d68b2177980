// A command that gives credentials or a code comes to an end, whatever it does: with its own process, at a limit, or with xrole.
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { fakeAws, sts } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { FAST, UNTIL, xrole } from "../../harness/run.ts";
import { seen, start } from "../../harness/start.ts";
import { CTRL_C, openTerminal, xroleWords } from "../../harness/terminal.ts";

const JSON_TEXT = `{"Version":1,"AccessKeyId":"AKIAPROCESS","SecretAccessKey":"secret-of-process"}`;
const SERIAL = "arn:aws:iam::111111111111:mfa/alice";

interface Place {
  readonly env: Record<string, string>;
  /** The process of the command, when it has told it. */
  readonly pid: () => number;
}

/** A home whose profile `c` has the script as its credential_process, and `m` as its mfa_process. */
async function home(script: string): Promise<Place> {
  const { url } = await fakeAws(sts);
  const HOME = makeHome({
    "bin/helper": `#!/bin/sh\necho $$ >"$HOME/pid.new" && mv "$HOME/pid.new" "$HOME/pid"\n${script}\n`,
  });
  const helper = join(HOME, "bin/helper");
  chmodSync(helper, 0o755);
  const config = `[profile c]\ncredential_process = ${helper}\nregion = us-east-1
[profile keys]\naws_access_key_id = AKIAKEYS\naws_secret_access_key = secret-of-keys
[profile m]\nrole_arn = arn:aws:iam::222222222222:role/m\nsource_profile = keys\nmfa_serial = ${SERIAL}\nmfa_process = ${helper}\nregion = us-east-1\n`;
  const env = { HOME, AWS_CONFIG_FILE: join(makeHome({ config }), "config"), AWS_ENDPOINT_URL_STS: url, ...FAST };
  return { env, pid: () => Number(readFileSync(join(HOME, "pid"), "utf8")) };
}

async function expectGone(pid: number): Promise<void> {
  await vi.waitFor(() => expect(existsSync(`/proc/${String(pid)}`)).toBe(false), UNTIL);
}

describe("a command whose own process has ended", () => {
  it.each([
    ["and left another that holds the pipe", `sleep 30 2>/dev/null & echo "$OUT"`],
    ["before another that ignores everything", `(trap '' TERM HUP INT PIPE; sleep 30) 2>/dev/null & printf %s "$OUT"`],
    ["with nothing left", `printf %s "$OUT"`],
  ])("%s is done", async (_, script) => {
    for (const [profile, out] of [
      ["c", JSON_TEXT],
      ["m", "123456"],
    ] as const) {
      const { env } = await home(script);
      const run = await xrole(["env", profile], { env: { ...env, OUT: out }, limit: 20 });
      expect(run.stderr).toBe("");
      expect(run.status).toBe(0);
    }
  });

  it("has printed all of a long text", async () => {
    const { env } = await home(`sleep 30 2>/dev/null & head -c 200000 /dev/zero | tr '\\0' ' '; echo "$OUT"`);
    expect((await xrole(["env", "c"], { env: { ...env, OUT: JSON_TEXT } })).status).toBe(0);
  });
});

describe("a command that prints without end", () => {
  it.each([
    ["is ended", "yes"],
    [
      "is killed, where it ignores that",
      "trap '' TERM PIPE; while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done 2>/dev/null",
    ],
  ])("%s", async (_, script) => {
    for (const profile of ["c", "m"]) {
      const { env, pid } = await home(script);
      const { status, stderr } = await xrole(["env", profile], { env });
      expect(status).toBe(78);
      expect(stderr).toContain("its output is too large");
      await expectGone(pid());
    }
  });
});

describe("when xrole is ended", () => {
  const STUBBORN = "trap '' TERM INT HUP; echo up >&2; while :; do sleep 0.1 2>/dev/null; done";

  it.each(["SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP"] as const)(
    "by %s, so is its command, and xrole ends by it",
    async (signal) => {
      for (const script of [STUBBORN, "echo up >&2; exec sleep 30"]) {
        const { env, pid } = await home(script);
        const running = start(["env", "c"], env);
        await seen(running, "up");
        running.child.kill(signal);
        expect(await running.ended).toMatchObject({ status: null, signal });
        await expectGone(pid());
      }
    },
  );

  it.each(["SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP"] as const)(
    "by %s to the process group, which ends the command first, xrole ends by it",
    async (signal) => {
      for (const profile of ["c", "m"]) {
        const { env, pid } = await home("echo up >&2; exec sleep 30");
        const running = start(["exec", profile, "--", "true"], env);
        await seen(running, "up");
        // As a signal to the group may reach them, in this order.
        process.kill(pid(), signal);
        process.kill(running.child.pid ?? 0, signal);
        expect(await running.ended).toMatchObject({ status: null, signal, stderr: "up\n" });
      }
    },
  );

  it("by Ctrl-C, so is its command, even one that ignores it", async () => {
    const { env, pid } = await home(STUBBORN);
    const terminal = openTerminal(xroleWords("env", "c"), env);
    await terminal.see("up");
    terminal.type(CTRL_C);
    expect(await terminal.ended).toMatchObject({ signal: 2 });
    await expectGone(pid());
  });

  it("while `serve` starts, so is its command", async () => {
    const { env, pid } = await home(STUBBORN);
    const running = start(["serve", "c"], env);
    await seen(running, "up");
    running.child.kill("SIGTERM");
    await running.ended;
    await expectGone(pid());
  });
});

describe("in a program that uses the library", () => {
  it.each([
    ['sleep 30 2>/dev/null & echo "$OUT"', "AKIAPROCESS"],
    ["trap '' TERM PIPE; yes 2>/dev/null; while :; do :; done", "its output is too large"],
  ])("%s", async (script, expected) => {
    const { env, pid } = await home(script);
    const library = resolve(import.meta.dirname, "../../../dist/library/index.cjs");
    const program = `require(${JSON.stringify(library)}).fromXrole({ profile: "c" })().then((c) => c.accessKeyId, (e) => e.message).then(console.log)`;
    const run = await xrole(["-e", program], { command: process.execPath, env: { ...env, OUT: JSON_TEXT } });
    expect(run.stdout).toContain(expected);
    await expectGone(pid());
  });
});
