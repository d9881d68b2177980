// Opens a URL in the user's browser with the platform's command, without a shell.
import { spawn } from "node:child_process";
import type { Context } from "../context/types.ts";
import { XroleError } from "../errors/error.ts";
import { findCommand } from "../deliver/run/command.ts";

/** Milliseconds within which a command that cannot open the URL fails. If it still runs, it is the browser itself. */
const MOMENT = 3000;

/** @throws XroleError `browser-missing` */
export async function openBrowser(context: Context, address: string): Promise<void> {
  const { env, platform, cwd } = context;
  const [command, ...args] = opener(platform);
  const fail = (problem: string, cause?: unknown): never => {
    throw new XroleError("browser-missing", { command, problem }, { cause });
  };
  try {
    findCommand(context, command);
  } catch (error) {
    fail("command not found", error);
  }
  const child = spawn(command, [...args, address], { cwd, env, stdio: "ignore", detached: true, windowsHide: true });
  const problem = await new Promise<string | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), MOMENT);
    const done = (text?: string): void => {
      clearTimeout(timer);
      resolve(text);
    };
    child.once("error", (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    child.once("exit", (status, signal) =>
      done(status === 0 ? undefined : `it ended with ${String(signal ?? status)}`),
    );
  });
  child.unref();
  if (problem !== undefined) fail(problem);
}

function opener(platform: NodeJS.Platform): readonly [string, ...string[]] {
  switch (platform) {
    case "win32":
      return ["rundll32", "url.dll,FileProtocolHandler"];
    case "darwin":
      return ["open"];
    default:
      return ["xdg-open"];
  }
}
