// Makes the Context of this process, for the command line.
import { output } from "./output.ts";
import { surroundings, workingFolder } from "./surroundings.ts";
import type { Context } from "./types.ts";

/** The Context of this process. */
export function processContext(): Context {
  return {
    ...surroundings(),
    get cwd() {
      return workingFolder();
    },
    executable: [process.execPath, process.argv[1] ?? ""],
    started: Date.now() - process.uptime() * 1000,
    stdout: output(1, () => process.stdout),
    stderr: output(2, () => process.stderr),
    ask: async (question, answered) => (await import("../terminal/ask.ts")).ask(process.platform, question, answered),
    choose: async (choosing) => (await import("../terminal/picker.ts")).choose(process.platform, choosing),
    sharesStreams: true,
    onStop,
    debug: () => undefined,
  };
}

const STOPPING = ["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP"] as const;

function onStop(end: (signal: NodeJS.Signals) => Promise<void>): () => void {
  const stop = (signal: NodeJS.Signals): void => {
    void end(signal).then(() => {
      forget();
      process.kill(process.pid, signal);
    });
  };
  const ours = STOPPING.filter((signal) => process.listenerCount(signal) === 0);
  for (const signal of ours) process.on(signal, stop);
  const forget = (): void => {
    for (const signal of ours) process.off(signal, stop);
  };
  // When the last listener is removed, Node drops a signal that has already arrived. After another turn of the event loop, the
  // signal is delivered.
  return () => void setImmediate(() => setImmediate(forget));
}
