// Bundles src/ into dist/: files that need no install, each a part that is loaded when it is needed, and run by start.cjs.
import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { build } from "esbuild";
import { thirdPartyNotices } from "./notices.mjs";

/** main is the way that scripts go in a loop. An import() of one of the others, wherever it stands, loads that file. */
const PARTS = {
  main: "src/main.ts",
  cli: "src/cli.ts",
  resolve: "src/credentials/resolve.ts",
  renew: "src/commands/renew.ts",
  sts: "src/sts/client.ts",
  login: "src/sources/login.ts",
  sandbox: "src/commands/sandbox.ts",
  configure: "src/commands/configure.ts",
  setup: "src/commands/setup.ts",
  ini: "src/config/ini.ts",
  terminal: "src/terminal.ts",
};

const { version } = JSON.parse(await readFile("package.json", "utf8"));
const common = {
  outdir: "dist",
  outExtension: { ".js": ".cjs" },
  bundle: true,
  platform: "node",
  // CommonJS: for an ES module Node builds a facade of node:fs, which loads all of its streams.
  format: "cjs",
  target: "node20.17",
  mainFields: ["module", "main"],
  minify: true,
  legalComments: "none",
  metafile: true,
};

const parts = {
  name: "parts",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.{1,2}\// }, ({ kind, path, resolveDir }) => {
      const file = relative(".", resolve(resolveDir, path));
      const name = Object.keys(PARTS).find((key) => PARTS[key] === file);
      return kind === "dynamic-import" && name ? { path: `./${name}.cjs`, external: true } : undefined;
    }),
};

await rm("dist", { recursive: true, force: true });
const { metafile } = await build({
  ...common,
  entryPoints: PARTS,
  plugins: [parts],
  // Parts are run from their text (src/start.ts), where import() would be experimental.
  supported: { "dynamic-import": false },
  alias: {
    // The SDK's default chain would fall through to the host's own credentials: it is not even in the bundle.
    "@aws-sdk/credential-provider-node": "./src/sts/no-default-chain.ts",
    debug: "./src/sts/no-debug.ts",
    // The one provider that is used; its index would bring the others.
    "@aws-sdk/credential-providers": "./node_modules/@aws-sdk/credential-providers/dist-es/fromLoginCredentials.js",
  },
  define: { XROLE_VERSION: JSON.stringify(version) },
});

const digest = createHash("sha256");
for (const name of Object.keys(PARTS)) {
  const file = `dist/${name}.cjs`;
  const text = (await readFile(file, "utf8")).replace(/\brequire\((?="\.\/)/g, "load(");
  await writeFile(file, `(function(require,load,module){${text}})`);
  digest.update(text);
}
const start = await build({
  ...common,
  entryPoints: { start: "src/start.ts" },
  define: { XROLE_BUILD: JSON.stringify(digest.digest("hex").slice(0, 16)) },
});

const outputs = { ...metafile.outputs, ...start.metafile.outputs };
await writeFile("dist/metafile.json", JSON.stringify({ outputs }));
await writeFile("dist/THIRD-PARTY-NOTICES.txt", await thirdPartyNotices(Object.keys(metafile.inputs)));
