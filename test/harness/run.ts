// Runs the built binary as a user would, and holds it to what is true of every run: bounded time, no secret, no escape byte
// and no stack trace on stderr, no connection that leaves the machine.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "vitest";
import { notice, secretsIn } from "./secrets.ts";

const ROOT = resolve(import.meta.dirname, "../..");
export const BINARY = join(ROOT, "bin/xrole.js");
export const GUARD = pathToFileURL(join(ROOT, "test/harness/guard.mjs")).href;
const LIMIT = 25;

export interface Run {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** The whole environment, but for PATH and the guard. Without HOME, a place that does not exist. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
  /** Another command than the binary, such as a shell that runs it. */
  readonly command?: string;
  /** Seconds before it is ended. */
  readonly limit?: number;
}

/** Runs `xrole ...words`; see RunOptions. */
export async function xrole(words: readonly string[], options: RunOptions = {}): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), "xrole-guard-"));
  const log = join(folder, "refused");
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: join(folder, "home"),
    NODE_OPTIONS: `--import=${GUARD}`,
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
    return run;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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

function collect(
  file: string,
  args: readonly string[],
  { env, cwd, stdin, limit = LIMIT }: RunOptions & { readonly env: Readonly<Record<string, string>> },
): Promise<Run> {
  return new Promise((done, fail) => {
    // In a session of its own the child has no terminal, whoever runs the tests.
    const child = spawn(file, args, { env, cwd: cwd ?? ROOT, stdio: "pipe", detached: true });
    const timer = setTimeout(() => process.kill(-(child.pid ?? 0), "SIGKILL"), limit * 1000);
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

/** How much faster the clock of a child with FAST goes. */
export const SPEED = 10;
/** The variables by which the clock and the timers of a child go faster. */
export const FAST = {
  NODE_OPTIONS: `--import=${GUARD} --import=${pathToFileURL(join(ROOT, "test/harness/fast-clock.mjs")).href}`,
  XROLE_TEST_SPEED: String(SPEED),
};
