// Runs the parts of the bundle with the code that V8 made of them the last time. What scripts call in a loop is over in a few
// milliseconds, half of which went into compiling functions at their first call. Node's own compile cache
// (module.enableCompileCache) holds only what is compiled while a file loads, and is not there before Node 22.1.
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";
import { cacheFolder, isPrivate } from "./credentials/cache-folder.ts";

/** A digest of the parts, from the build: V8 itself tells one source from another by its length. */
declare const XROLE_BUILD: string;

type Part = (require_: NodeJS.Require, load_: typeof load, module_: { exports: object }) => void;

const { arch, argv, env, platform, version } = process;
const uid = process.getuid?.();
const cwd = workingFolder();
const folder = cwd === undefined ? undefined : cacheFolder({ env, platform, cwd, uid }, {});
/** A run of these has been where the next will go. Others leave most of the first part aside: from them its code is not kept. */
const isTypical = ["exec", "env", "credential-process"].includes(argv[2] ?? "");
const loaded = new Map<string, object>();

load("./main.cjs");

/** The exports of a part, which runs once. The file is one function, in ASCII (scripts/build.mjs). */
function load(name: string): object {
  const known = loaded.get(name);
  if (known) return known;
  const file = join(__dirname, name);
  const code = codeFile(name);
  const cachedData = code === undefined ? undefined : read(code);
  const script = new Script(readFileSync(file, "latin1"), { filename: file, ...(cachedData && { cachedData }) });
  if ((isTypical || name !== "./main.cjs") && (!cachedData || script.cachedDataRejected === true))
    process.on("exit", (status) => {
      const place = codeFile(name);
      if (status === 0 && place !== undefined) write(place, script.createCachedData());
    });
  const part = { exports: {} };
  (script.runInThisContext() as Part)(require, load, part);
  loaded.set(name, part.exports);
  return part.exports;
}

/** Undefined where the folder that this process is in has been removed; main.ts tells the user. */
function workingFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

/** Where the code is kept, if anywhere: code from a folder that others may write to would be their code. */
function codeFile(name: string): string | undefined {
  const isSafe = folder !== undefined && isPrivate(folder, uid);
  return isSafe ? join(folder, `${name.slice(2, -4)}-${XROLE_BUILD}-${version}-${arch}.code`) : undefined;
}

/** The code, which stands in its file twice: V8 runs what it is given, and a disk may have damaged it. */
function read(file: string): Buffer | undefined {
  try {
    const both = readFileSync(file);
    const code = both.subarray(0, both.length / 2);
    return code.equals(both.subarray(code.length)) ? code : undefined;
  } catch {
    return undefined;
  }
}

function write(file: string, code: Buffer): void {
  const temporary = `${file}.${Math.random().toString(36).slice(2)}.tmp`;
  try {
    writeFileSync(temporary, Buffer.concat([code, code]), { mode: 0o600, flag: "wx" });
    renameSync(temporary, file);
  } catch {
    // The next run compiles again.
    rmSync(temporary, { force: true });
  }
}
