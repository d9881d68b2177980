// Runs a command on a real pseudo-terminal, as a user's terminal does: in a session of its own, with keys typed and text seen.
import { spawn } from "@lydell/node-pty";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "./home.ts";
import { BINARY, GUARD } from "./run.ts";

export interface Terminal {
  readonly pid: number;
  /** What came out up to now, as it came. */
  readonly text: () => string;
  readonly type: (keys: string) => void;
  /** Resolves when what came out, after what an earlier call saw, holds `wanted`. */
  readonly see: (wanted: string | RegExp) => Promise<void>;
  readonly ended: Promise<{ readonly status: number; readonly signal: number | undefined }>;
}

export const CTRL_C = "\u0003";
export const CTRL_Z = "\u001a";
export const CTRL_BACKSLASH = "\u001c";

/**
 * Starts `words` on a terminal; `xrole` in a shell's script is the binary. What still runs when the test is over is killed.
 * @param env the whole environment, but for PATH, TERM and the guard
 */
export function openTerminal(words: readonly string[], env: Readonly<Record<string, string>>): Terminal {
  const [file = "", ...args] = words;
  const child = spawn(file, args, {
    cols: 200,
    rows: 40,
    env: {
      PATH: process.env.PATH ?? "",
      TERM: "dumb",
      NODE_OPTIONS: GUARD,
      TMPDIR: temporaryFolder(),
      ...env,
    },
  });
  let text = "";
  let seen = 0;
  let isOver = false;
  const watchers = new Set<() => void>();
  child.onData((more) => {
    text += more;
    for (const watch of watchers) watch();
  });
  const ended = new Promise<{ status: number; signal: number | undefined }>((resolve) =>
    child.onExit(({ exitCode, signal }) => {
      isOver = true;
      for (const watch of watchers) watch();
      resolve({ status: exitCode, signal: signal === 0 ? undefined : signal });
    }),
  );
  onTestFinished(() => {
    if (!isOver) child.kill("SIGKILL");
  });
  return {
    pid: child.pid,
    text: () => text,
    type: (keys) => child.write(keys),
    ended,
    see: (wanted) =>
      new Promise((resolve, reject) => {
        const watch = (): void => {
          const rest = text.slice(seen);
          const at = typeof wanted === "string" ? rest.indexOf(wanted) : rest.search(wanted);
          if (at < 0 && !isOver) return;
          watchers.delete(watch);
          if (at < 0) {
            reject(new Error(`it ended without ${String(wanted)}; there was ${rest}`));
            return;
          }
          seen += at + (typeof wanted === "string" ? wanted.length : (wanted.exec(rest)?.[0].length ?? 0));
          resolve();
        };
        watchers.add(watch);
        watch();
      }),
  };
}

/** The words that run the binary. */
export const xroleWords = (...words: string[]): string[] => [process.execPath, BINARY, ...words];
