// Runs a command of the user's configuration, without a shell, for what it prints; its stderr and stdin are the user's.
import { spawn } from "node:child_process";

const SIZE_LIMIT = 256 * 1024;

/** What the command printed, or what went wrong. */
export function captureOutput(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ stdout: string; problem?: string }> {
  const [command = "", ...args] = words;
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, stdio: ["inherit", "pipe", "inherit"], windowsHide: true });
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
