// `npm run check:package`: what npm would publish, judged by publint and attw, installed alone and used: binary, library, types.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ensureInstalled, ROOT } from "./ensure-install.mjs";

const FILES = /^(bin|dist|docs)\/|^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/;
const TSC = join(ROOT, "node_modules/typescript/bin/tsc");
const CONSUMERS = ["consumer.mts", "consumer.cts"];
const STRICT = { strict: true, exactOptionalPropertyTypes: true, target: "es2022", lib: ["es2022"], types: [] };
const AS = {
  Node: { module: "nodenext" },
  bundlers: { module: "esnext", moduleResolution: "bundler", noEmit: true },
};

ensureInstalled();
const folder = mkdtempSync(join(tmpdir(), "xrole-package-"));
try {
  await check(folder);
} catch (error) {
  console.error(`check:package: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function check(folder) {
  const { name, version, dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
  expect("dependencies to install", dependencies, undefined);

  // Packing would build too, in the middle of its JSON.
  run("the build", process.execPath, ["scripts/build.mjs"]);
  const packing = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  const [packed] = JSON.parse(npm("npm pack", packing, ROOT));
  const stray = packed.files.map(({ path }) => path).filter((path) => !FILES.test(path));
  expect("files that are nobody's", stray.join(" "), "");
  const tarball = join(folder, packed.filename);
  console.log(`${packed.filename}: ${packed.files.length} files, ${(packed.size / 1024).toFixed(0)} KiB packed`);

  run("publint", process.execPath, ["node_modules/publint/src/cli.js", "run", tarball, "--strict"]);
  const attw = "node_modules/@arethetypeswrong/cli/dist/index.js";
  run("attw", process.execPath, [attw, tarball, "--format", "ascii"]);

  const clean = join(folder, "clean");
  mkdirSync(clean);
  writeFileSync(join(clean, "package.json"), JSON.stringify({ private: true }));
  npm("npm install", ["install", "--offline", "--no-audit", "--no-fund", tarball], clean);
  const installed = readdirSync(join(clean, "node_modules")).filter((each) => !each.startsWith("."));
  expect("what an install brings", installed.join(" "), name);

  const binary = join(clean, "node_modules/.bin/xrole");
  const inside = (...words) => run(words.join(" "), binary, ["sandbox", "--", ...words], clean);
  expect("xrole --version", run("xrole --version", binary, ["--version"], clean), `${version}\n`);
  const crossed = inside("xrole", "exec", "b-s3", "--", "printenv", "AWS_ACCOUNT_ID");
  expect("the account that xrole exec leads to", crossed, "222222222222\n");

  for (const file of CONSUMERS) copyFileSync(join("test/package", file), join(clean, file));
  for (const [who, options] of Object.entries(AS)) {
    const files = options.noEmit ? CONSUMERS.slice(0, 1) : CONSUMERS;
    writeFileSync(join(clean, "tsconfig.json"), JSON.stringify({ compilerOptions: { ...STRICT, ...options }, files }));
    run(`the types, as ${who} see them,`, process.execPath, [TSC, "-p", "."], clean);
  }
  const account = "account 222222222222 until true\n";
  const rest = "error true true 78\nerror false\ntypes object function\n";
  expect("what an ES module gets", inside(process.execPath, "consumer.mjs"), account + rest);
  expect("what a CommonJS module gets", inside(process.execPath, "consumer.cjs"), account);
  for (const [bundler, file] of Object.entries(await bundle(clean)))
    expect(`what an ES module bundled by ${bundler} gets`, inside(process.execPath, file), account + rest);
  console.log(`check:package: ${name} ${version} can be installed and used on Node ${process.versions.node}`);
}

/** Bundles the consumer, with the library, as an ES module; the files by the bundler's name. A warning is an error. */
async function bundle(cwd) {
  // In a fresh clone they are there only now.
  const { build: esbuild } = await import("esbuild");
  const { rollup } = await import("rollup");
  const { nodeResolve } = await import("@rollup/plugin-node-resolve");
  const { default: webpack } = await import("webpack");
  const input = join(cwd, "consumer.mjs");
  const output = (name) => join(cwd, "bundled", name, "consumer.mjs");
  await esbuild({
    ...{ entryPoints: [input], outfile: output("esbuild"), bundle: true, platform: "node", format: "esm" },
    logLevel: "silent",
  }).then(({ warnings }) => expect("esbuild's warnings", warnings.map(({ text }) => text).join(), ""));

  const onwarn = ({ message }) => fail(`rollup warns: ${message}`);
  const rolled = await rollup({ input, plugins: [nodeResolve()], onwarn });
  await rolled.write({
    dir: dirname(output("rollup")),
    format: "es",
    entryFileNames: "[name].mjs",
    chunkFileNames: "[name].mjs",
  });
  await rolled.close();

  const packing = {
    ...{ mode: "production", target: "node20", entry: input, experiments: { outputModule: true } },
    output: { path: dirname(output("webpack")), filename: "consumer.mjs", module: true, chunkFormat: "module" },
  };
  await new Promise((resolve, reject) => {
    webpack(packing, (error, stats) => {
      const told = error?.message ?? stats.toString({ preset: "errors-warnings", colors: false });
      if (error || stats.hasErrors() || stats.hasWarnings()) reject(new Error(`webpack: ${told}`));
      else resolve();
    });
  });
  return Object.fromEntries(["esbuild", "rollup", "webpack"].map((name) => [name, output(name)]));
}

function npm(what, words, cwd) {
  // npm hands its own path to the scripts it runs (on Windows it is no executable).
  const cli = process.env.npm_execpath;
  const [file, first] = cli ? [process.execPath, [cli]] : ["npm", []];
  return run(what, file, [...first, ...words], cwd, { isQuiet: false });
}

/** What a command prints. It must succeed, and print nothing on stderr. */
function run(what, file, words, cwd = ROOT, { isQuiet = true } = {}) {
  const { status, stdout, stderr, error } = spawnSync(file, words, { cwd, encoding: "utf8", env: environment() });
  if (status !== 0 || (isQuiet && stderr !== "")) fail(`${what}: ${error?.message ?? status}\n${stdout}${stderr}`);
  return stdout;
}

/** Nothing of the caller's identity, and nothing of this project's own settings for npm. */
function environment() {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(AWS|XROLE|npm_(config|package|lifecycle))_/.test(name),
  );
  return Object.fromEntries(kept);
}

function expect(what, found, wanted) {
  if (found !== wanted) fail(`${what}: ${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)}`);
}

function fail(message) {
  throw new Error(message);
}
