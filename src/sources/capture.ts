// Runs a command of the user's configuration, without a shell, for what it prints; its stderr and stdin are the user's, but for
// the library's, whose program has its own use for them.
import { spawn } from "node:child_process";
import type { Context } from "../context.ts";

const SIZE_LIMIT = 256 * 1024;

/** What the command printed, or what went wrong. */
export function captureOutput(
  { env, sharesStreams }: Pick<Context, "env" | "sharesStreams">,
  words: readonly string[],
): Promise<{ stdout: string; problem?: string }> {
  const [command = "", ...args] = words;
  const stream = sharesStreams ? "inherit" : "ignore";
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, stdio: [stream, "pipe", stream], windowsHide: true });
    const chunks: Buffer[] = [];
    let size = 0;
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= SIZE_LIMIT) chunks.push(chunk);
      else child.kill();
    });
    child.on("error", (error: NodeJS.ErrnoException) => {
      resolve({ stdout: "", problem: error.code === "ENOENT" ? "command not found" : (error.code ?? error.message) });
    });
    child.on("close", (status, signal) => {
      const stdout = Buffer.concat(chunks).toString("utf8");
      if (size > SIZE_LIMIT) resolve({ stdout: "", problem: "its output is too large" });
      else if (signal) resolve({ stdout, problem: `ended by ${signal}` });
      else if (status !== 0) resolve({ stdout, problem: `exited with status ${String(status)}` });
      else resolve({ stdout });
    });
  });
}
