// A flood of requests that are refused, while nobody reads what the endpoint says: answers come, and memory and log stay bounded.
import { execFileSync, spawn } from "node:child_process";
import { constants, openSync, readFileSync, readSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join, resolve } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { fakeAws, hourly } from "../../harness/fake-aws.ts";
import { makeHome, temporaryFolder } from "../../harness/home.ts";
import { BINARY, GUARD } from "../../harness/run.ts";

const FLOOD = resolve(import.meta.dirname, "../../harness/flood.mjs");
const CONFIG =
  "[profile p]\nrole_arn = arn:aws:iam::222222222222:role/r\ncredential_source = Environment\nregion = us-east-1\n";
const COUNT = 100_000;
/** More lines than any stderr takes that nobody reads. */
const FILLING = 20_000;
/** KiB by which the memory may grow in a flood, once it has grown to what Node's heap takes under load, and in all. */
const [GROWTH, MOST] = [24 * 1024, 192 * 1024];

interface Started {
  readonly pid: number;
  /** The first line on stdout. */
  readonly line: Promise<string>;
  readonly ended: Promise<number | null>;
}

/** Starts a program with this stderr. What still runs when the test is over is killed. */
function begin(words: readonly string[], env: Readonly<Record<string, string>>, stderr: number | Socket): Started {
  const child = spawn(process.execPath, words, { env, stdio: ["ignore", "pipe", stderr] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = new Promise<number | null>((done) => child.on("close", done));
  let text = "";
  const line = new Promise<string>((done, fail) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.endsWith("\n")) done(text);
    });
    void ended.then((status) => fail(new Error(`it ended with ${String(status)} before it printed a line`)));
  });
  return { pid: child.pid ?? 0, line, ended };
}

/** Sends so many requests, and gives how many answers of each status came. */
async function flood(count: number, { uri, token }: { uri: string; token?: string }): Promise<unknown> {
  const words = [FLOOD, String(count), uri, ...(token === undefined ? [] : [token])];
  const { line, pid, ended } = begin(words, { NODE_OPTIONS: GUARD }, 2);
  const answers = JSON.parse(await line) as unknown;
  process.kill(pid, "SIGTERM");
  await ended;
  return answers;
}

async function environment(): Promise<Record<string, string>> {
  return {
    PATH: process.env.PATH ?? "",
    NODE_OPTIONS: GUARD,
    HOME: makeHome({ ".aws/config": CONFIG }),
    TMPDIR: temporaryFolder(),
    AWS_ACCESS_KEY_ID: "AKIAENV",
    AWS_SECRET_ACCESS_KEY: "secret-of-env",
    AWS_ENDPOINT_URL_STS: (await fakeAws(hourly)).url,
  };
}

/** KiB: the most that the process has had in memory so far. Source: proc_pid_status(5). */
const memory = (pid: number): number =>
  Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${String(pid)}/status`, "utf8"))?.[1]);

/** A FIFO: the end to write to, and what reads what is in it. */
function fifo(): { readonly stderr: number; readonly drain: () => string } {
  const path = join(makeHome(), "fifo");
  execFileSync("mkfifo", [path]);
  const reading = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return { stderr: openSync(path, "w"), drain: () => readAll(reading) };
}

function readAll(descriptor: number): string {
  const bytes = Buffer.alloc(65_536);
  let text = "";
  for (;;) {
    try {
      const count = readSync(descriptor, bytes);
      if (count === 0) return text;
      text += bytes.toString("utf8", 0, count);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") return text;
      throw error;
    }
  }
}

/** A connected socket whose other end reads nothing. */
async function unreadSocket(): Promise<Socket> {
  const server = createServer({ pauseOnConnect: true });
  const path = join(makeHome(), "socket");
  await new Promise<void>((done) => server.listen(path, done));
  const other = new Promise<Socket>((done) => server.on("connection", done));
  const socket = connect(path);
  const opposite = await other;
  onTestFinished(() => {
    socket.destroy();
    opposite.destroy();
    server.close();
  });
  return socket;
}

interface Served {
  readonly uri: string;
  readonly token: string;
}

async function serve(stderr: number | Socket): Promise<Started & Served> {
  const started = begin([BINARY, "serve", "p", "--print", "json"], await environment(), stderr);
  const [place] = JSON.parse(await started.line) as [{ uri: string; tokenFile: string }];
  return { ...started, uri: place.uri, token: readFileSync(place.tokenFile, "utf8") };
}

describe.skipIf(process.platform !== "linux")("serve", () => {
  it.each<[string, () => number | Socket | Promise<Socket>]>([
    ["a FIFO", () => fifo().stderr],
    ["a socket", unreadSocket],
  ])("whose stderr is %s that nobody reads answers all, in bounded memory, and ends", async (_, make) => {
    const { pid, uri, token, ended } = await serve(await make());
    expect(await flood(FILLING, { uri, token })).toEqual({ 200: FILLING });
    const filled = memory(pid);
    expect(await flood(COUNT, { uri })).toEqual({ 403: COUNT });
    expect(await flood(4, { uri, token })).toEqual({ 200: 4 });
    expect(memory(pid) - filled).toBeLessThan(GROWTH);
    expect(memory(pid)).toBeLessThan(MOST);
    process.kill(pid, "SIGTERM");
    expect(await ended).toBe(0);
  });

  it("says of refused requests one line a second at most, and how many there were", async () => {
    const { stderr, drain } = fifo();
    const started = performance.now();
    const { pid, uri, ended } = await serve(stderr);
    const count = COUNT / 4;
    expect(await flood(count, { uri })).toEqual({ 403: count });
    process.kill(pid, "SIGTERM");
    expect(await ended).toBe(0);
    const seconds = (performance.now() - started) / 1000;
    const counts = [...drain().matchAll(/^\S+Z - - 403(?: x(\d+))?$/gm)].map(([, number = "1"]) => Number(number));
    expect(counts.reduce((sum, number) => sum + number, 0)).toBe(count);
    // The first at once, and the last when it ends.
    expect(counts.length).toBeLessThanOrEqual(seconds + 2);
  });
});

describe.skipIf(process.platform !== "linux")("exec --renew", () => {
  it("whose stderr nobody reads answers all, in bounded memory, and ends with its command", async () => {
    const words = [BINARY, "exec", "p", "--renew", "--", process.execPath, FLOOD, String(COUNT)];
    const { pid, line, ended } = begin(words, await environment(), fifo().stderr);
    expect(JSON.parse(await line)).toEqual({ 403: COUNT });
    expect(memory(pid)).toBeLessThan(MOST);
    process.kill(pid, "SIGTERM");
    expect(await ended).toBe(0);
  });
});
