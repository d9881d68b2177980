// A command that counts the signals it gets, and tells the test over a socket, whatever has become of its terminal and streams.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const COUNTED = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGALRM", "SIGVTALRM", "SIGPROF", "SIGXCPU"];
const MORE = ["SIGIO", "SIGPWR", "SIGABRT", "SIGSYS", "SIGSTKFLT", "SIGWINCH"];

/** Its ending. */
export const STATUS = 9;

export interface Counting {
  /** What runs it. */
  readonly words: readonly string[];
  /** Resolves when it catches signals: its number, and that of the process that started it. */
  readonly ready: Promise<{ readonly pid: number; readonly parent: number }>;
  /** Resolves when it has got `signal` so often. */
  readonly got: (signal: NodeJS.Signals, count: number) => Promise<void>;
  /** Resolves when it has gone. */
  readonly gone: Promise<void>;
  /**
   * What it has got, all told. SIGUSR2 to xrole alone is passed on after all that xrole got before, and ends the command.
   * @param parent xrole's number
   */
  readonly all: (parent: number) => Promise<Readonly<Record<string, number>>>;
}

export async function countingCommand(): Promise<Counting> {
  const folder = mkdtempSync(join(tmpdir(), "xrole-count-"));
  const counts: Record<string, number> = {};
  const watchers = new Set<() => void>();
  let text = "";
  let isDone = false;
  let hasGone = false;
  const server = createServer((socket: Socket) => {
    socket.setEncoding("latin1").on("data", (more: string) => {
      const lines = (text + more).split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) {
        const [word = "", pid, parent] = line.split(" ");
        if (word === "ready") starting = { pid: Number(pid), parent: Number(parent) };
        else if (word === "done") isDone = true;
        else counts[word] = (counts[word] ?? 0) + 1;
      }
      for (const watch of watchers) watch();
    });
    socket
      .on("error", () => undefined)
      .on("close", () => {
        hasGone = true;
        for (const watch of watchers) watch();
      });
  });
  let starting: { pid: number; parent: number } | undefined;
  const path = join(folder, "socket");
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
    try {
      if (starting && !hasGone) process.kill(starting.pid, "SIGKILL");
    } catch {
      // It has just gone.
    }
  });
  const until = <T>(find: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const watch = (): void => {
        const found = find();
        if (found === undefined && !hasGone) return;
        watchers.delete(watch);
        if (found === undefined) reject(new Error(`the command is gone; it had got ${JSON.stringify(counts)}`));
        else resolve(found);
      };
      watchers.add(watch);
      watch();
    });
  const script = `const to=require("node:net").connect(${JSON.stringify(path)});
for(const s of ${JSON.stringify([...COUNTED, ...MORE])})process.on(s,()=>to.write(s+"\\n"));
process.on("SIGUSR2",()=>to.end("done\\n",()=>process.exit(${STATUS})));
to.on("connect",()=>to.write("ready "+process.pid+" "+process.ppid+"\\n"));`;
  return {
    words: [process.execPath, "-e", script],
    ready: until(() => starting),
    got: async (signal, count) => {
      await until(() => (counts[signal] ?? 0) >= count || undefined);
    },
    gone: until(() => hasGone || undefined).then(() => undefined),
    all: async (parent) => {
      process.kill(parent, "SIGUSR2");
      await until(() => isDone || undefined);
      return { ...counts };
    },
  };
}
