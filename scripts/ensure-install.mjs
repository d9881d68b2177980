// Installs and builds what a fresh clone lacks, so that one command is enough to start with.
import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** npm's own word on what is installed; older than the lock file, or not there, means that `npm ci` has to run. */
const INSTALLED = "node_modules/.package-lock.json";

/** Runs `npm ci`, which builds, where node_modules is missing or stale; else builds where dist is missing. */
export function ensureInstalled() {
  process.chdir(ROOT);
  const isFresh = existsSync(INSTALLED) && statSync(INSTALLED).mtimeMs >= statSync("package-lock.json").mtimeMs;
  if (!isFresh) {
    process.stderr.write("installing (npm ci) ...\n");
    npm("ci", "--no-audit", "--no-fund", "--loglevel=error");
  } else if (!existsSync("dist/main.cjs")) {
    npm("run", "--silent", "build");
  }
}

/** Runs npm with its output on stderr: stdout is the caller's. */
function npm(...words) {
  // npm hands its own path to the scripts it runs, which spares finding it (on Windows it is no executable).
  const cli = process.env.npm_execpath;
  const [file, args] = cli ? [process.execPath, [cli, ...words]] : ["npm", words];
  execFileSync(file, args, { stdio: ["ignore", 2, 2] });
}
