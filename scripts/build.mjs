// Bundles src/ into dist/: self-contained ES modules that need no install, split so that a command loads only its own.
import { readFile, rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import { thirdPartyNotices } from "./notices.mjs";

const { version } = JSON.parse(await readFile("package.json", "utf8"));

await rm("dist", { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: { main: "src/main.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.17",
  mainFields: ["module", "main"],
  minify: true,
  legalComments: "none",
  metafile: true,
  // The SDK's default chain would fall through to the host's own credentials: it is not even in the bundle.
  alias: {
    "@aws-sdk/credential-provider-node": "./src/sts/no-default-chain.ts",
    debug: "./src/sts/no-debug.ts",
    // The one provider that is used; its index would bring the others, each in a file of its own.
    "@aws-sdk/credential-providers": "./node_modules/@aws-sdk/credential-providers/dist-es/fromLoginCredentials.js",
  },
  define: { XROLE_VERSION: JSON.stringify(version) },
  // commander and parts of the SDK are CommonJS: their require() of Node's own modules needs a real one.
  banner: { js: 'import{createRequire as __r}from"node:module";const require=__r(import.meta.url);' },
});

await writeFile("dist/metafile.json", JSON.stringify(metafile));
await writeFile("dist/THIRD-PARTY-NOTICES.txt", await thirdPartyNotices(Object.keys(metafile.inputs)));
