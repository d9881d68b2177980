// Bundles src/ into dist/: self-contained ES modules that need no install, split so that a command loads only its own.
import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { build } from "esbuild";
import { thirdPartyNotices } from "./notices.mjs";

const { version } = JSON.parse(await readFile("package.json", "utf8"));

await rm("dist", { recursive: true, force: true });
const common = {
  outdir: "dist",
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.17",
  mainFields: ["module", "main"],
  minify: !process.env.NOMIN,
  legalComments: "none",
  metafile: true,
  define: { XROLE_VERSION: JSON.stringify(version) },
};
// The way that scripts go in a loop is one file. What it leaves to others is loaded when it is needed.
const LATER = {
  cli: "src/cli.ts",
  ini: "src/config/ini.ts",
  resolve: "src/credentials/resolve.ts",
  terminal: "src/terminal.ts",
};
const later = {
  name: "later",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.{1,2}\// }, ({ kind, path, resolveDir }) => {
      const file = relative(".", resolve(resolveDir, path));
      const name = Object.keys(LATER).find((key) => LATER[key] === file);
      return kind === "dynamic-import" && name ? { path: `./${name}.js`, external: true } : undefined;
    }),
};
const builds = await Promise.all([
  build({
    ...common,
    entryPoints: { main: "src/main.ts" },
    // CommonJS: for an ES module Node builds a facade of node:fs, which loads all of its streams.
    format: "cjs",
    outExtension: { ".js": ".cjs" },
    plugins: [later],
  }),
  build({
    ...common,
    entryPoints: LATER,
    splitting: true,
    // The SDK's default chain would fall through to the host's own credentials: it is not even in the bundle.
    alias: {
      "@aws-sdk/credential-provider-node": "./src/sts/no-default-chain.ts",
      debug: "./src/sts/no-debug.ts",
      // The one provider that is used; its index would bring the others, each in a file of its own.
      "@aws-sdk/credential-providers": "./node_modules/@aws-sdk/credential-providers/dist-es/fromLoginCredentials.js",
    },
    // commander and parts of the SDK are CommonJS: their require() of Node's own modules needs a real one.
    banner: { js: 'import{createRequire as __r}from"node:module";const require=__r(import.meta.url);' },
  }),
]);
// src/start.ts runs the file from its text, where there is no require() and import() is experimental: it lends its own.
const text = (await readFile("dist/main.cjs", "utf8")).replace(/\bimport\((?="\.\/)/g, "load(");
const main = `(function(require,load){${text}})`;
await writeFile("dist/main.cjs", main);
const digest = createHash("sha256").update(main).digest("hex").slice(0, 16);
builds.push(
  await build({
    ...common,
    entryPoints: { start: "src/start.ts" },
    format: "cjs",
    outExtension: { ".js": ".cjs" },
    define: { XROLE_BUILD: JSON.stringify(digest) },
  }),
);
const metafile = {
  inputs: Object.assign({}, ...builds.map(({ metafile }) => metafile.inputs)),
  outputs: Object.assign({}, ...builds.map(({ metafile }) => metafile.outputs)),
};

await writeFile("dist/metafile.json", JSON.stringify(metafile));
await writeFile("dist/THIRD-PARTY-NOTICES.txt", await thirdPartyNotices(Object.keys(metafile.inputs)));
