// The shell beside the command: it ends the command whenever xrole is killed, in whatever shell /bin/sh is, and comes back when killed.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { countingCommand, type Counting } from "../../harness/counting.ts";
import { fakeAws, hourly } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { GUARD, UNTIL } from "../../harness/run.ts";
import { start } from "../../harness/start.ts";
import { xroleWords } from "../../harness/terminal.ts";

const CONFIG =
  "[profile p]\nrole_arn = arn:aws:iam::222222222222:role/p\ncredential_source = Environment\nregion = eu-west-1\n";

async function environment(): Promise<Record<string, string>> {
  const { url } = await fakeAws(hourly);
  return {
    HOME: makeHome({ ".aws/config": CONFIG }),
    AWS_ACCESS_KEY_ID: "AKIAENV",
    AWS_SECRET_ACCESS_KEY: "secret-of-env",
    AWS_ENDPOINT_URL_STS: url,
  };
}
/** Kills xrole as soon as it runs itself, and would hold stdout open for long. */
const EARLY = "kill -KILL $PPID; exec sleep 100";

const canMount = ((): boolean => {
  try {
    execFileSync("unshare", ["-rm", "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();
const SHELLS = ["dash", "bash", "busybox", "ksh93", "mksh", "zsh"].filter((name) => existsSync(`/usr/bin/${name}`));

/** Runs xrole's words in a new process group, where /bin/sh is another shell, and gives xrole's number. */
async function runUnder(
  shell: string,
  words: readonly string[],
): Promise<{ pid: number; ended: Promise<NodeJS.Signals | null> }> {
  const script = `mount --bind /usr/bin/${shell} "$(readlink -f /bin/sh)" && exec "$@"`;
  const child = spawn("unshare", ["-rm", "/bin/sh", "-c", script, "sh", ...xroleWords("exec", "p", "--", ...words)], {
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
    env: { PATH: process.env.PATH ?? "", NODE_OPTIONS: GUARD, ...(await environment()) },
  });
  child.stdout.resume();
  return { pid: child.pid ?? 0, ended: new Promise((resolve) => child.on("close", (_, signal) => resolve(signal))) };
}

/** The shells beside the commands of this xrole. */
function watchers(xrole: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const [, parent] = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1)?.split(" ") ?? [];
        const words = readFileSync(`/proc/${pid}/cmdline`, "latin1");
        return Number(parent) === xrole && words.includes(": ends a command whose parent was killed");
      } catch {
        return false;
      }
    });
}

describe("xrole that is killed while its command starts", () => {
  it.each([
    ["a command", "", []],
    ["a command that it renews credentials for", "", ["--renew"]],
    ["a command that has left the process group", "timeout 100 ", []],
    ["a command with a session of its own", "setsid ", []],
  ])("leaves nothing of %s", async (_, before, option) => {
    const env = await environment();
    for (let round = 0; round < 5; round++) {
      const words = ["exec", "p", ...option, "--", "sh", "-c", EARLY.replace("sleep", `${before}sleep`)];
      // It ends when all who have its stdout have ended.
      expect((await start(words, env).ended).signal).toBe("SIGKILL");
    }
  });

  it("leaves other processes that hold its role alone", async () => {
    const command = await countingCommand();
    const env = await environment();
    const quoted = command.words.map((word) => `'${word}'`).join(" ");
    // A daemon: its parent has gone, so it has the same new parent as the command that is killed.
    await start(["exec", "p", "--", "sh", "-c", `${quoted} >/dev/null 2>&1 & exit 0`], env).ended;
    const { pid } = await command.ready;
    expect((await start(["exec", "p", "--", "sh", "-c", EARLY], env).ended).signal).toBe("SIGKILL");
    process.kill(pid, "SIGHUP");
    await command.got("SIGHUP", 1);
  });
});

describe.skipIf(!canMount)("where /bin/sh is", () => {
  /** Runs the counting command, and gives xrole's number. */
  async function run(shell: string): Promise<{ command: Counting; xrole: number }> {
    const command = await countingCommand();
    const { pid } = await runUnder(shell, command.words);
    await command.ready;
    return { command, xrole: pid };
  }

  it.each(SHELLS)("%s, each signal to the process group is one", async (shell) => {
    const { command, xrole } = await run(shell);
    for (let round = 1; round <= 10; round++)
      for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
        process.kill(-xrole, signal);
        await command.got(signal, round);
      }
    process.kill(xrole, "SIGALRM");
    await command.got("SIGALRM", 1);
    expect(await command.all(xrole)).toEqual({ SIGTERM: 10, SIGINT: 10, SIGHUP: 10, SIGALRM: 1 });
  });

  it.each(SHELLS)("%s, the command is killed with xrole", async (shell) => {
    const { command, xrole } = await run(shell);
    process.kill(xrole, "SIGKILL");
    await command.gone;
    const early = await runUnder(shell, ["bash", "-c", EARLY]);
    expect(await early.ended).toBe("SIGKILL");
  });
});

describe.skipIf(process.platform !== "linux")("a watcher that is killed", () => {
  it("is started again, and ends the command with xrole", async () => {
    const command = await countingCommand();
    const { child, ended } = start(["exec", "p", "--", ...command.words], await environment());
    await command.ready;
    const xrole = child.pid ?? 0;
    for (let round = 0; round < 3; round++) {
      const [first] = await vi.waitUntil(() => watchers(xrole).length > 0 && watchers(xrole), UNTIL);
      process.kill(first ?? 0, "SIGKILL");
      await vi.waitUntil(() => !watchers(xrole).includes(first ?? 0), UNTIL);
    }
    await vi.waitUntil(() => watchers(xrole).length > 0, UNTIL);
    process.kill(-xrole, "SIGTERM");
    await command.got("SIGTERM", 1);
    child.kill("SIGKILL");
    await command.gone;
    expect(await ended).toMatchObject({ signal: "SIGKILL", stderr: "" });
  });
});
