// Makes the Context for a program that uses the library.
import { surroundings, workingFolder } from "./surroundings.ts";
import type { Context, Environment, Output } from "./types.ts";

/** A Context that leaves the program's streams alone and never prompts. @param env replaces the environment of the process */
export function libraryContext(env: Environment | undefined, debug: Context["debug"] | undefined): Context {
  const nobody: Output = { isTerminal: false, write: () => Promise.resolve(), release: () => undefined };
  const around = surroundings();
  return {
    ...around,
    cwd: workingFolder(),
    env: env ?? around.env,
    executable: [],
    // The program may have been running for long; this request starts now.
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
