// How long the commands that read all profiles take with config files of 256 kB, in shapes that make a careless reader slow.
// By itself, `node bench/config-shapes.mjs [MILLISECONDS] [WORD]` prints what takes longer, of the shapes with the word in their names.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { transformSync } from "esbuild";

const ROLE = "arn:aws:iam::222222222222:role/r";
const COMMANDS = [
  ["list"],
  ["exec", "p", "--", "true"],
  ["explain", "p"],
  ["configure", "p", "--role-arn", ROLE, "--credential-source", "Environment", "--region", "us-east-1", "--dry-run"],
  ["graph"],
];

/** Each shape with each command, and the processor time in milliseconds: the clock would count what others do, too. */
export async function* measureShapes(node, xrole, word = "") {
  const folder = mkdtempSync(join(tmpdir(), "xrole-shapes-"));
  try {
    const source = readFileSync(resolve("test/harness/config-shapes.ts"), "utf8");
    const code = transformSync(source, { loader: "ts", format: "esm" }).code;
    const { configShapes } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      AWS_CONFIG_FILE: join(folder, "config"),
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_ENDPOINT_URL_STS: "http://127.0.0.1:9",
      NODE_OPTIONS: `--require=${resolve("bench/cpu.cjs")}`,
      BENCH_CPU: join(folder, "cpu"),
    };
    for (const [shape, text] of configShapes().filter(([name]) => name.includes(word))) {
      writeFileSync(env.AWS_CONFIG_FILE, text);
      for (const words of COMMANDS) {
        const { status, signal } = spawnSync(node, [xrole, ...words], { env, stdio: "ignore", timeout: 60_000 });
        const took = signal ? Infinity : Number(readFileSync(env.BENCH_CPU, "utf8"));
        yield { shape, command: words[0], took, status };
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [limit = "0", word] = process.argv.slice(2);
  for await (const { shape, command, took, status } of measureShapes(process.execPath, resolve("bin/xrole.js"), word))
    if (took >= Number(limit)) process.stdout.write(`${took.toFixed(0)} ms\t${status}\t${command}\t${shape}\n`);
}
