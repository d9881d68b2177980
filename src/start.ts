// Starts dist/main.cjs with the code that V8 made of it the last time. What scripts call in a loop is over in a few milliseconds,
// half of which went into compiling functions at their first call. Node's own compile cache (module.enableCompileCache) holds only
// what is compiled while a file loads, and is not there before Node 22.1.
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";
import { cacheFolder, isPrivate } from "./credentials/cache-folder.ts";

/** A digest of main.cjs, from the build: V8 itself tells one source from another by its length. */
declare const XROLE_BUILD: string;

const { argv, arch, env, platform, version } = process;
const uid = process.getuid?.();
const folder = cacheFolder({ env, platform, cwd: process.cwd(), uid }, {});
// Code from a folder that others may write to would be their code.
const place = (): string | undefined =>
  folder !== undefined && isPrivate(folder, uid) ? join(folder, `${XROLE_BUILD}-${version}-${arch}.code`) : undefined;
const cachedData = readCode(place());

const file = join(__dirname, "main.cjs");
// The file is one function (scripts/build.mjs), in ASCII, which takes half the memory.
const script = new Script(readFileSync(file, "latin1"), { filename: file, ...(cachedData && { cachedData }) });
// import() inside a Script is experimental: it is lent this file's.
const load = (name: string): Promise<unknown> => import(name);
(script.runInThisContext() as (require_: NodeJS.Require, load_: typeof load) => void)(require, load);

// A run that did its work has been where the next will go.
const isTypical = ["exec", "env", "credential-process"].includes(argv[2] ?? "");
if (isTypical && (!cachedData || script.cachedDataRejected === true))
  process.on("exit", (status) => {
    if (status === 0) writeCode(place(), script.createCachedData());
  });

function readCode(from: string | undefined): Buffer | undefined {
  try {
    return from === undefined ? undefined : readFileSync(from);
  } catch {
    return undefined;
  }
}

function writeCode(to: string | undefined, code: Buffer): void {
  if (to === undefined) return;
  const temporary = `${to}.${Math.random().toString(36).slice(2)}.tmp`;
  try {
    writeFileSync(temporary, code, { mode: 0o600, flag: "wx" });
    renameSync(temporary, to);
  } catch {
    // The next run compiles again.
    rmSync(temporary, { force: true });
  }
}
