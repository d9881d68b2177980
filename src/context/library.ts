// The context of a program that uses the library.
import { surroundings, workingFolder } from "./surroundings.ts";
import type { Context, Environment, Output } from "./types.ts";

/**
 * The program's streams are its own, and xrole never prompts.
 * @param env instead of the process's own
 */
export function libraryContext(env: Environment | undefined, debug: Context["debug"] | undefined): Context {
  const nobody: Output = { isTerminal: false, write: () => Promise.resolve(), release: () => undefined };
  const around = surroundings();
  return {
    ...around,
    cwd: workingFolder(),
    env: env ?? around.env,
    executable: [],
    // A program lives long: what it asks begins now.
    started: Date.now(),
    stdout: nobody,
    stderr: nobody,
    ask: () => Promise.resolve(undefined),
    choose: () => Promise.resolve(undefined),
    sharesStreams: false,
    onStop: () => () => undefined,
    debug: debug ?? (() => undefined),
  };
}
