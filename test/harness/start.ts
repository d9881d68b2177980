// Starts the built binary and leaves it running, for tests about several at once.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "./home.ts";
import { BINARY, errorsIn, GUARD, type Run } from "./run.ts";

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Run>;
}

/** Starts `xrole ...words`. What still runs when the test is over is killed. */
export function start(words: readonly string[], env: Readonly<Record<string, string>>, cwd?: string): Running {
  const folder = mkdtempSync(join(tmpdir(), "xrole-guard-"));
  const log = join(folder, "refused");
  const base = { PATH: process.env.PATH ?? "", NODE_OPTIONS: GUARD, TMPDIR: temporaryFolder(), XROLE_TEST_GUARD: log };
  const child = spawn(process.execPath, [BINARY, ...words], { cwd, env: { ...base, ...env }, detached: true });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<Run>((resolve) =>
    child.on("close", (status, signal) => resolve({ status, signal, stdout, stderr, errors: errorsIn(folder) })),
  );
  onTestFinished(() => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  return { child, ended };
}

/** Resolves when `text` is on its stderr. */
export function seen({ child, ended }: Running, text: string): Promise<void> {
  let stderr = "";
  return new Promise((resolve, reject) => {
    child.stderr?.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
      if (stderr.includes(text)) resolve();
    });
    void ended.then(() => reject(new Error(`it ended without ${text}; there was ${stderr}`)));
  });
}

/** What it has printed by the time it says `text` on stderr, which it says last: two pipes may be read in any order. */
export function printedBefore({ child, ended }: Running, text: string): Promise<string> {
  let stdout = "";
  let stderr = "";
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (stdout.endsWith("\n") && stderr.includes(text)) resolve(stdout);
    };
    child.stdout?.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      look();
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
      look();
    });
    void ended.then(() => reject(new Error(`it ended without ${text}; there was ${stdout}${stderr}`)));
  });
}
