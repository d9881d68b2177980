// Which signals reach the command under exec, and how often; and that nothing is left running with the role.
import { execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { countingCommand, STATUS } from "../../harness/counting.ts";
import { fakeAws, hourly } from "../../harness/fake-aws.ts";
import { makeHome, temporaryFolder } from "../../harness/home.ts";
import { BINARY, GUARD } from "../../harness/run.ts";
import { start } from "../../harness/start.ts";
import { CTRL_C, openTerminal, xroleWords } from "../../harness/terminal.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const CONFIG = `[profile p]\nrole_arn = arn:aws:iam::222222222222:role/p\ncredential_source = Environment\nregion = eu-west-1\n`;

async function environment(): Promise<Record<string, string>> {
  const { url } = await fakeAws(hourly);
  return {
    HOME: makeHome({ ".aws/config": CONFIG }),
    TMPDIR: temporaryFolder(),
    AWS_ACCESS_KEY_ID: "AKIAENV",
    AWS_SECRET_ACCESS_KEY: "secret-of-env",
    AWS_ENDPOINT_URL_STS: url,
  };
}

/** Runs xrole, or `before` with xrole's words, in a new session, with or without a terminal, and gives its process group. */
function run(words: readonly string[], env: Record<string, string>, isOnTerminal: boolean): number {
  if (isOnTerminal) return openTerminal(words, env).pid;
  const [file = "", ...args] = words;
  const child = spawn(file, args, {
    detached: true,
    stdio: "ignore",
    env: { PATH: process.env.PATH ?? "", NODE_OPTIONS: GUARD, ...env },
  });
  return child.pid ?? 0;
}

interface Row {
  readonly sent: string;
  readonly signal: NodeJS.Signals;
  /** @param group that of xrole, whose number is its leader's; `xrole` is xrole's own number */
  readonly send: (group: number, xrole: number) => void;
  readonly before?: readonly string[];
}

const to = (signal: NodeJS.Signals): Pick<Row, "signal" | "send"> => ({
  signal,
  send: (_, xrole) => void process.kill(xrole, signal),
});
const toGroup = (signal: NodeJS.Signals): Pick<Row, "signal" | "send"> => ({
  signal,
  send: (group) => void process.kill(-group, signal),
});
const ROWS: readonly Row[] = [
  { sent: "SIGTERM to xrole alone", ...to("SIGTERM") },
  { sent: "SIGTERM to the process group", ...toGroup("SIGTERM") },
  { sent: "SIGINT to xrole alone", ...to("SIGINT") },
  { sent: "SIGINT to the process group", ...toGroup("SIGINT") },
  { sent: "SIGHUP to the process group", ...toGroup("SIGHUP") },
  {
    sent: "SIGTERM by `timeout -k`",
    signal: "SIGTERM",
    send: (group) => void process.kill(group, "SIGTERM"),
    before: ["timeout", "-k", "60", "60"],
  },
  { sent: "SIGKILL to xrole alone", ...to("SIGKILL") },
  { sent: "SIGKILL to the process group", ...toGroup("SIGKILL") },
];
const COLUMNS = [
  { isOnTerminal: false, options: [] },
  { isOnTerminal: true, options: [] },
  { isOnTerminal: false, options: ["--renew"] },
  { isOnTerminal: true, options: ["--renew"] },
] as const;

/** How often the command gets it. */
async function count(
  { signal, send, before = [] }: Row,
  { isOnTerminal, options }: (typeof COLUMNS)[number],
): Promise<string> {
  const command = await countingCommand();
  const words = [...before, ...xroleWords("exec", "p", ...options, "--", ...command.words)];
  const group = run(words, await environment(), isOnTerminal);
  const { parent } = await command.ready;
  send(group, parent);
  if (signal === "SIGKILL") {
    await command.gone;
    return "killed";
  }
  await command.got(signal, 1);
  const all = await command.all(parent);
  expect(Object.keys(all)).toEqual([signal]);
  return String(all[signal]);
}

describe("the table of docs/long-jobs.md", () => {
  const cells = new Map<Row, string[]>();

  it.each(ROWS)("$sent", async (row) => {
    const counted: string[] = [];
    for (const column of COLUMNS) counted.push(await count(row, column));
    cells.set(row, counted);
    expect(counted).toEqual(counted.map(() => (row.signal === "SIGKILL" ? "killed" : "1")));
  });

  it("is what was counted", () => {
    const page = readFileSync(join(ROOT, "docs/long-jobs.md"), "utf8");
    const rows = page.split("\n").filter((line) => line.startsWith("| SIG"));
    const said = rows.map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
    expect(said).toEqual(ROWS.map((row) => [row.sent, ...(cells.get(row) ?? [])]));
  });
});

describe("a signal to the process group", () => {
  it.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "reaches the command once each time: %s, 50 times",
    async (signal) => {
      const command = await countingCommand();
      const group = run(xroleWords("exec", "p", "--", ...command.words), await environment(), false);
      const { parent } = await command.ready;
      for (let round = 1; round <= 50; round++) {
        process.kill(-group, signal);
        await command.got(signal, round);
      }
      expect(await command.all(parent)).toEqual({ [signal]: 50 });
    },
  );

  it("reaches a command that has left the group, as timeout does", async () => {
    const command = await countingCommand();
    const words = xroleWords("exec", "p", "--", "timeout", "60", ...command.words);
    const terminal = openTerminal(words, await environment());
    const { parent } = await command.ready;
    terminal.type(CTRL_C);
    await command.got("SIGINT", 1);
    process.kill(parent, "SIGKILL");
  });
});

describe("a signal to xrole alone", () => {
  const signals = "HUP INT QUIT ABRT USR1 ALRM TERM STKFLT XCPU VTALRM PROF WINCH IO PWR SYS".split(" ");
  it.skipIf(process.platform !== "linux")("is the command's, whichever would end xrole", async () => {
    const command = await countingCommand();
    run(xroleWords("exec", "p", "--", ...command.words), await environment(), false);
    const { parent } = await command.ready;
    for (const name of signals) {
      process.kill(parent, `SIG${name}`);
      await command.got(`SIG${name}` as NodeJS.Signals, 1);
    }
    expect(await command.all(parent)).toEqual(Object.fromEntries(signals.map((name) => [`SIG${name}`, 1])));
  });

  it.each(["SIGTRAP", "SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL"] as const)(
    "that xrole cannot catch ends both: %s",
    async (signal) => {
      const command = await countingCommand();
      const { child, ended } = start(["exec", "p", "--", ...command.words], await environment());
      await command.ready;
      child.kill(signal);
      await command.gone;
      expect((await ended).signal).toBe(signal);
    },
  );

  it("comes back as the command's own ending", async () => {
    const command = await countingCommand();
    const { child, ended } = start(["exec", "p", "--", ...command.words], await environment());
    await command.ready;
    child.kill("SIGUSR2");
    expect((await ended).status).toBe(STATUS);
  });
});

describe("when xrole is killed", () => {
  it("what the command has started is killed too", async () => {
    const command = await countingCommand();
    const quoted = command.words.map((word) => `'${word}'`).join(" ");
    const words = ["exec", "p", "--", "bash", "-c", `trap "" TERM; ${quoted}; echo next`];
    const { child, ended } = start(words, await environment());
    await command.ready;
    child.kill("SIGKILL");
    await command.gone;
    expect(await ended).toMatchObject({ signal: "SIGKILL", stdout: "" });
  });
});

describe("when the terminal hangs up", () => {
  /** Runs `words` on a terminal, types `line` at its prompt, and gives what takes the terminal away. */
  function onTerminal(words: readonly string[], env: Record<string, string>, line?: string): () => void {
    const script = `const t=require("@lydell/node-pty").spawn(process.argv[1],process.argv.slice(2),{env:process.env,cols:1000});
let line=process.env.LINE;t.onData(()=>{if(line)t.write(line+"\\n");line=""})`;
    const child = spawn(process.execPath, ["-e", script, ...words], {
      cwd: ROOT,
      stdio: "ignore",
      env: { PATH: process.env.PATH ?? "", NODE_OPTIONS: GUARD, ...env, ...(line && { LINE: line }) },
    });
    return () => void child.kill("SIGKILL");
  }

  it("the command gets SIGHUP once", async () => {
    const command = await countingCommand();
    const close = onTerminal(xroleWords("exec", "p", "--", ...command.words), await environment());
    const { parent } = await command.ready;
    close();
    await command.got("SIGHUP", 1);
    expect(await command.all(parent)).toEqual({ SIGHUP: 1 });
  });

  it.each([
    ["nohup after xrole", "xrole exec p -- nohup"],
    ["setsid before xrole", "setsid xrole exec p --"],
  ])("a job of the shell goes on with %s", async (_, start) => {
    const home = makeHome();
    const [go, back] = [join(home, "go"), join(home, "back")] as const;
    execFileSync("mkfifo", [go, back]);
    const witness = await countingCommand();
    const job = `${start.replace("xrole", `"${process.execPath}" "${BINARY}"`)} sh -c 'echo ready >"${back}"; read line <"${go}"; echo "$line" >"${back}"' >/dev/null 2>&1 &`;
    const quoted = witness.words.map((word) => `'${word.replaceAll("\n", "")}'`).join(" ");
    const close = onTerminal(["bash", "--norc", "-i"], await environment(), `${job} ${quoted} &`);
    expect(await readFile(back, "utf8")).toBe("ready\n");
    const { pid } = await witness.ready;
    close();
    // The shell passes it on to its jobs in their order.
    await witness.got("SIGHUP", 1);
    process.kill(pid, "SIGUSR2");
    await writeFile(go, "again\n");
    expect(await readFile(back, "utf8")).toBe("again\n");
  });
});
