// Temporary folders of runs that were killed are removed by the next run; nobody else's are.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { fakeAws, hourly } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { BINARY, xrole } from "../../harness/run.ts";

const CONFIG = `[profile p]\nrole_arn = arn:aws:iam::222222222222:role/r\ncredential_source = Environment\nregion = us-east-1\n`;

interface Host {
  readonly env: Record<string, string>;
  /** Where the folders are. */
  readonly base: string;
}

async function host(kind: "runtime" | "tmp"): Promise<Host> {
  const home = makeHome({ ".aws/config": CONFIG });
  const base = join(home, "base");
  mkdirSync(base, { mode: 0o700 });
  const env = {
    HOME: home,
    AWS_ACCESS_KEY_ID: "AKIAENV",
    AWS_SECRET_ACCESS_KEY: "secret-of-env",
    AWS_ENDPOINT_URL_STS: (await fakeAws(hourly)).url,
    [kind === "runtime" ? "XDG_RUNTIME_DIR" : "TMPDIR"]: base,
  };
  return { env, base };
}

const foldersIn = (base: string): string[] => readdirSync(base).filter((name) => name.startsWith("xrole-"));

/** Starts xrole, below other words, and waits until what it starts is up. */
async function up(words: readonly string[], { env }: Host, before: readonly string[] = []): Promise<ChildProcess> {
  const [file = "", ...args] = [...before, process.execPath, BINARY, ...words];
  const child = spawn(file, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  onTestFinished(() => {
    try {
      process.kill(-(child.pid ?? 0), "SIGKILL");
    } catch {
      // It has ended.
    }
  });
  await once(child.stdout, "data");
  return child;
}

const WAITS = ["--", "sh", "-c", "echo up; exec sleep 60"];
const KINDS = [
  ["exec --renew", "runtime", ["exec", "p", "--renew", ...WAITS], ["exec", "p", "--renew", "--", "true"]],
  ["exec --renew", "tmp", ["exec", "p", "--renew", ...WAITS], ["exec", "p", "--renew", "--", "true"]],
  ["serve", "runtime", ["serve", "p", "--print", "json"], ["exec", "p", "--renew", "--", "true"]],
  ["sandbox", "tmp", ["sandbox", ...WAITS], ["sandbox", "--", "true"]],
] as const;

describe.each(KINDS)("the folder of %s (%s)", (_, kind, words, next) => {
  it("that was killed goes with the next run", async () => {
    const at = await host(kind);
    const child = await up(words, at);
    const left = foldersIn(at.base);
    expect(left).toHaveLength(1);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(foldersIn(at.base)).toEqual(left);
    expect((await xrole(next, { env: at.env })).status).toBe(0);
    expect(foldersIn(at.base)).toEqual([]);
  });

  it("that lives, or is stopped, stays", async () => {
    const at = await host(kind);
    const child = await up(words, at);
    const left = foldersIn(at.base);
    expect((await xrole(next, { env: at.env })).status).toBe(0);
    child.kill("SIGSTOP");
    expect((await xrole(next, { env: at.env })).status).toBe(0);
    expect(foldersIn(at.base)).toEqual(left);
  });

  it.runIf(process.getuid?.() === 0)("that lives in another pid namespace stays", async () => {
    const at = await host(kind);
    await up(words, at, ["unshare", "--pid", "--fork"]);
    const left = foldersIn(at.base);
    expect(left).toHaveLength(1);
    expect((await xrole(next, { env: at.env })).status).toBe(0);
    expect(foldersIn(at.base)).toEqual(left);
  });
});

/** A folder as a killed run leaves it. */
async function abandoned(folder: string): Promise<void> {
  mkdirSync(folder, { mode: 0o700 });
  const listens = `require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))`;
  await once(spawn(process.execPath, ["-e", listens, join(folder, ".xrole-alive")]), "exit");
}

describe("what is not a killed run's own", () => {
  it.each<[string, (base: string) => unknown, boolean]>([
    ["an abandoned folder", (base) => abandoned(join(base, "xrole-AAAAAA")), false],
    [
      "a link to one",
      async (base) => {
        await abandoned(join(base, "mine"));
        symlinkSync("mine", join(base, "xrole-AAAAAA"));
      },
      true,
    ],
    ["a folder without a socket", (base) => mkdirSync(join(base, "xrole-AAAAAA"), { mode: 0o700 }), true],
    ["a file", (base) => writeFileSync(join(base, "xrole-AAAAAA"), ""), true],
    ["a folder of another name", (base) => abandoned(join(base, "xrole-test-AAAAAA")), true],
  ])("%s", async (_, put, stays) => {
    const { env, base } = await host("tmp");
    await put(base);
    const before = readdirSync(base);
    expect((await xrole(["exec", "p", "--renew", "--", "true"], { env })).status).toBe(0);
    expect(readdirSync(base)).toEqual(stays ? before : []);
    for (const name of stays ? before : []) expect(existsSync(join(base, name))).toBe(true);
  });

  it.runIf(process.getuid?.() === 0)("another user's", async () => {
    const { env, base } = await host("tmp");
    await abandoned(join(base, "xrole-AAAAAA"));
    chownSync(join(base, "xrole-AAAAAA"), 65_534, 65_534);
    await xrole(["exec", "p", "--renew", "--", "true"], { env });
    expect(readdirSync(base)).toEqual(["xrole-AAAAAA"]);
  });

  it("in a folder where others may put things", async () => {
    const { env, base } = await host("tmp");
    await abandoned(join(base, "xrole-AAAAAA"));
    await xrole(["-c", `chmod 0777 "$TMPDIR"; exec "${process.execPath}" "${BINARY}" exec p --renew -- true`], {
      env,
      command: "sh",
    });
    expect(readdirSync(base)).toEqual(["xrole-AAAAAA"]);
  });
});
