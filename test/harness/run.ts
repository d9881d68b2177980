// Runs the built binary as a user would, and holds it to what is true of every run: bounded time, no secret, no escape byte
// and no stack trace on stderr, no connection that leaves the machine.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "vitest";
import type { ErrorCode } from "../../src/errors/table.ts";
import { temporaryFolder } from "./home.ts";
import { notice, secretsIn } from "./secrets.ts";

const ROOT = resolve(import.meta.dirname, "../..");
export const BINARY = join(ROOT, "bin/xrole.js");
/** The option by which Node loads the guard: a CommonJS module, since processes without any ES module start faster. */
export const GUARD = `--require=${JSON.stringify(join(ROOT, "test/harness/guard.cjs"))}`;
const LIMIT = 25;
/** For what a test looks at again and again until it is so: milliseconds, after which it never will be. */
export const UNTIL = { timeout: 150_000 };

/** An error that xrole reported: what a test compares instead of its words. */
export interface Reported {
  readonly code: ErrorCode;
  readonly status: number;
  /** What the message was made of: the facts (src/errors/). */
  readonly details?: unknown;
}

export interface Run {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The errors of every xrole that ran, in their order. */
  readonly errors: readonly Reported[];
}

export interface RunOptions {
  /** The whole environment, but for PATH and the guard. Without HOME, a place that does not exist. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
  /** Another command than the binary, such as a shell that runs it. */
  readonly command?: string;
  /** Seconds before it is ended, on a machine that has little else to do. */
  readonly limit?: number;
}

/** Runs `xrole ...words`; see RunOptions. */
export async function xrole(words: readonly string[], options: RunOptions = {}): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), "xrole-guard-"));
  const log = join(folder, "refused");
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: join(folder, "home"),
    TMPDIR: temporaryFolder(),
    NODE_OPTIONS: GUARD,
    XROLE_TEST_GUARD: log,
    ...options.env,
  };
  for (const [name, value] of Object.entries(env)) notice(`${name}=${value}`);
  try {
    const [file, args] =
      options.command === undefined ? [process.execPath, [BINARY, ...words]] : [options.command, words];
    const run = await collect(file, args, { ...options, env });
    expect(existsSync(log) ? readFileSync(log, "utf8") : "", "connections that leave the machine").toBe("");
    expectClean(run.stderr);
    return { ...run, errors: errorsIn(folder) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The errors that guard.cjs has written down in the folder of XROLE_TEST_GUARD. */
export function errorsIn(folder: string): Reported[] {
  const file = join(folder, "errors");
  const lines = existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
  return lines.map((line) => JSON.parse(line) as Reported);
}

/** What holds for stderr whatever happens. */
export function expectClean(stderr: string): void {
  expect(secretsIn(stderr), "secrets on stderr").toEqual([]);
  expect(stderr, "escape bytes on stderr").not.toContain("\u001b");
  expect(stderr, "a stack trace").not.toMatch(/^\s+at .*[:(]/m);
}

/** Runs a shell script in which `xrole` is the binary. */
export function shell(script: string, options: RunOptions & { readonly shell?: readonly string[] } = {}): Promise<Run> {
  const [command = "sh", ...args] = options.shell ?? ["sh"];
  const function_ = `xrole() { "${process.execPath}" "${BINARY}" "$@"; }`;
  return xrole([...args, "-c", `${function_}\n${script}`], { ...options, command });
}

/** How many processes want each processor, one at least: by so much everything takes longer. */
const crowd = (): number => Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());

function collect(
  file: string,
  args: readonly string[],
  { env, cwd, stdin, limit = LIMIT }: RunOptions & { readonly env: Readonly<Record<string, string>> },
): Promise<Omit<Run, "errors">> {
  return new Promise((done, fail) => {
    // In a session of its own the child has no terminal, whoever runs the tests.
    const child = spawn(file, args, { env, cwd: cwd ?? ROOT, stdio: "pipe", detached: true });
    const begun = performance.now();
    const watch = (): NodeJS.Timeout =>
      setTimeout(() => {
        if (performance.now() - begun < limit * 1000 * crowd()) timer = watch();
        else process.kill(-(child.pid ?? 0), "SIGKILL");
      }, limit * 1000);
    let timer = watch();
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", fail);
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      done({ status, signal, stdout, stderr });
    });
    child.stdin.on("error", () => undefined);
    child.stdin.end(stdin ?? "");
  });
}

const CLOCK = {
  NODE_OPTIONS: `${GUARD} --import=${pathToFileURL(join(ROOT, "test/harness/clock.mjs")).href}`,
};
/** How much faster the clock of a child with FAST goes. */
export const SPEED = 10;
/** The variables by which the clock and the timers of a child go faster. */
export const FAST = { ...CLOCK, XROLE_TEST_SPEED: String(SPEED) };
/** The variables by which the clock and the timers of children go that much slower, for those that must not run out of time on a busy machine. */
export const slow = (times: number): Record<string, string> => ({
  ...CLOCK,
  XROLE_TEST_SPEED: String(1 / times),
  XROLE_TEST_EPOCH: String(Date.now()),
});

/** The variables by which a child finds this home in its passwd entry: `undefined` is a user without one. */
export function passwdHome(folder: string | undefined): Record<string, string> {
  const home =
    folder === undefined ? `throw new Error("ENOENT: uv_os_get_passwd")` : `return ${JSON.stringify(folder)}`;
  const info = `{ username: "u", uid: 1, gid: 1, shell: null, get homedir() { ${home} } }`;
  const code = `import os from "node:os"; import { syncBuiltinESMExports } from "node:module";
    os.userInfo = () => (${info}); syncBuiltinESMExports();`;
  return { NODE_OPTIONS: `${GUARD} --import=data:text/javascript,${encodeURIComponent(code)}` };
}
