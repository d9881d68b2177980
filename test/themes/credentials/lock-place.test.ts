// Whatever lies in the place of a lock: no command waits longer than the cap, and what it obtains is kept for the next one.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { fakeAws, hourly } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { BINARY, FAST, xrole, type Run } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";

const CONFIG = `[profile p]
role_arn = arn:aws:iam::222222222222:role/p
credential_source = Environment
region = us-east-1
`;
const FUTURE = new Date("2099-01-01T00:00:00Z");

/** A program that listens, and does so much of a holder's work. */
async function holder(file: string, script = ""): Promise<ChildProcess> {
  const listens = `const s = require("net").createServer(${script}).listen({ path: process.argv[1], backlog: 1 }, () => console.log("listening"))`;
  const child = spawn(process.execPath, ["-e", listens, file], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return child;
}

/** A socket that nobody listens on any more. */
async function dead(file: string): Promise<void> {
  const child = await holder(file);
  child.kill("SIGKILL");
  await once(child, "exit");
}

async function stopped(file: string, connections = 0): Promise<void> {
  const child = await holder(file);
  child.kill("SIGSTOP");
  for (let count = 0; count < connections; count++) {
    const socket = connect(file);
    socket.on("error", () => undefined);
    onTestFinished(() => void socket.destroy());
  }
}

const PLACES: [what: string, put: (file: string) => unknown][] = [
  ["a file", (file) => writeFileSync(file, "")],
  ["a file that nobody may read", (file) => writeFileSync(file, "", { mode: 0 })],
  ["an empty folder", (file) => mkdirSync(file)],
  ["a folder with something in it", (file) => mkdirSync(join(file, "inner", "more"), { recursive: true })],
  ["a link to nothing", (file) => symlinkSync("nowhere", file)],
  ["a link to itself", (file) => symlinkSync(file, file)],
  ["a link to a folder", (file) => symlinkSync("/", file)],
  [
    "a link to somebody's socket",
    async (file) => {
      const elsewhere = join(makeHome(), "socket");
      await holder(elsewhere);
      symlinkSync(elsewhere, file);
    },
  ],
  ["a FIFO", (file) => execFileSync("mkfifo", [file])],
  ["a dead socket", dead],
  [
    "a dead socket from the future",
    async (file) => {
      await dead(file);
      utimesSync(file, FUTURE, FUTURE);
    },
  ],
  [
    "a dead socket beside a guard from the future",
    async (file) => {
      await dead(file);
      mkdirSync(`${file}.guard`);
      utimesSync(`${file}.guard`, FUTURE, FUTURE);
    },
  ],
  ["a holder that never accepts", (file) => stopped(file)],
  ["a holder that never accepts, with a queue that is full", (file) => stopped(file, 8)],
  ["a holder that never ends", (file) => holder(file)],
  ["a holder that hangs up on everybody", (file) => holder(file, "(socket) => socket.destroy()")],
  [
    "a holder that says things and never ends",
    async (file) => {
      const talks = `(socket) => { socket.on("error", () => {}); socket.write("x"); setTimeout(() => process.kill(process.pid, "SIGSTOP"), 100) }`;
      await holder(file, talks);
    },
  ],
];

interface Host {
  readonly folder: string;
  readonly asked: readonly unknown[];
  /** Where the lock of `p` is. */
  readonly place: string;
  readonly run: (...words: string[]) => Promise<Run>;
}

/** A host on which `p` has been obtained, and forgotten. @param as runs the binary as another user */
async function host(as: readonly string[] = []): Promise<Host> {
  const { url, asked } = await fakeAws(hourly);
  const home = makeHome({ ".aws/config": CONFIG });
  if (as.length > 0) for (const name of [".", ".aws", ".aws/config"]) chownSync(join(home, name), NOBODY, NOBODY);
  const env = {
    HOME: home,
    AWS_ACCESS_KEY_ID: "AKIAENV",
    AWS_SECRET_ACCESS_KEY: secret("secret-of-env"),
    AWS_ENDPOINT_URL_STS: url,
    ...FAST,
  };
  const [command = process.execPath, ...before] = [...as, ...(as.length > 0 ? [process.execPath] : [])];
  const run: Host["run"] = (...words) => xrole([...before, BINARY, ...words], { env, command, cwd: "/" });
  const folder = join(home, ".cache/xrole");
  expect((await run("env", "p")).status).toBe(0);
  const [name = ""] = readdirSync(folder).filter((one) => one.endsWith(".json"));
  rmSync(join(folder, name));
  return { folder, asked, place: join(folder, name.replace(/json$/, "lock")), run };
}

describe("in the place of the lock", () => {
  it.each(PLACES)("%s: the command goes on, and the next one finds what it obtained", async (_, put) => {
    const { asked, place, run } = await host();
    await put(place);
    const first = await run("env", "p");
    expect(first).toMatchObject({ status: 0, stderr: "" });
    expect(await run("env", "p")).toMatchObject({ status: 0, stdout: first.stdout });
    expect(asked).toHaveLength(2);
    expect((await run("env", "p", "--fresh")).status).toBe(0);
  });

  it("what is not a lock goes, and the next one is a lock again", async () => {
    const { folder, place, run } = await host();
    for (const put of [
      (): unknown => writeFileSync(place, ""),
      (): unknown => symlinkSync("nowhere", place),
      (): unknown => mkdirSync(place),
    ]) {
      for (const name of readdirSync(folder)) rmSync(join(folder, name));
      put();
      await run("env", "p");
      expect(readdirSync(folder).filter((name) => !name.endsWith(".json"))).toEqual([]);
    }
  });

  it("what is linked to is left alone", async () => {
    const { place, run } = await host();
    const elsewhere = join(makeHome({ mine: "" }), "mine");
    symlinkSync(elsewhere, place);
    await run("env", "p");
    expect(lstatSync(elsewhere).isFile()).toBe(true);
  });
});

const NOBODY = 65_534;
/** Without root's rights, for which no folder is read-only. */
const UNPRIVILEGED =
  process.getuid?.() === 0
    ? ["setpriv", `--reuid=${String(NOBODY)}`, `--regid=${String(NOBODY)}`, "--clear-groups"]
    : [];

describe("in a folder that cannot be written", () => {
  it.each(PLACES)("%s: the command goes on, with a warning", async (_, put) => {
    const { folder, place, run } = await host(UNPRIVILEGED);
    await put(place);
    chmodSync(folder, 0o500);
    onTestFinished(() => chmodSync(folder, 0o700));
    const { status, stderr } = await run("env", "p");
    expect(status).toBe(0);
    expect(stderr).toBe(`xrole: warning: credentials are not kept between calls: ${folder}: EACCES\n`);
  });
});
