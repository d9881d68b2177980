// Runs the whole command line in process, in a world of its own: environment, files, clock.
import { resolve } from "node:path";
import type { Context } from "../../../src/context/types.ts";
import { run } from "../../../src/cli/run.ts";

const NO_CACHE = resolve(import.meta.dirname, "../../fixtures/no-cache.ini");

export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly now?: number;
}

export interface Result {
  readonly status: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

export async function commandLine(words: readonly string[], { env, cwd, now }: World): Promise<Result> {
  let stdout = "";
  let stderr = "";
  const output = (take: (text: string) => void): Context["stdout"] => ({
    isTerminal: false,
    write: (text) => {
      take(text);
      return Promise.resolve();
    },
    release: () => undefined,
  });
  const context: Context = {
    env,
    cwd,
    executable: [],
    platform: "linux",
    now: () => now ?? Date.now(),
    started: now ?? Date.now(),
    uid: process.getuid?.(),
    userHome: () => "/nonexistent",
    // Vectors name homes that are not theirs to write to.
    systemSettings: NO_CACHE,
    stdout: output((text) => (stdout += text)),
    stderr: output((text) => (stderr += text)),
    caller: () => ({ user: "tester", host: "host.example.com" }),
    ask: () => Promise.resolve("654321"),
    choose: () => Promise.resolve(undefined),
    sharesStreams: true,
    onStop: () => () => undefined,
    debug: () => undefined,
  };
  const status = await run(context, words);
  return { status, stdout, stderr };
}
