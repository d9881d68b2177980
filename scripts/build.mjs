// Bundles src/ into dist/: files that need no install, which Node loads as any other CommonJS module, each when it is needed.
import { readdirSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { basename, relative, resolve } from "node:path";
import { build } from "esbuild";
import { commandDeclarations } from "./command-declarations.mjs";
import { declarations } from "./declarations.mjs";
import { exportedFunctions } from "./exported-functions.mjs";
import { manual } from "./manual.mjs";
import { thirdPartyNotices } from "./notices.mjs";

/** main is the way that scripts go in a loop. An import() of one of the others, wherever it stands, loads that file. */
const PARTS = {
  main: "src/main.ts",
  cli: "src/cli/run.ts",
  resolve: "src/credentials/resolve.ts",
  renew: "src/commands/shared/renew.ts",
  sts: "src/sts/client.ts",
  formats: "src/deliver/environment/formats.ts",
  doctor: "src/commands/set-up/doctor.ts",
  sandbox: "src/commands/services/sandbox.ts",
  configure: "src/commands/set-up/configure.ts",
  setup: "src/commands/set-up/setup.ts",
  console: "src/commands/use/console.ts",
  completion: "src/commands/other/completion.ts",
  ini: "src/config/ini.ts",
  terminal: "src/terminal/ask.ts",
  picker: "src/terminal/picker.ts",
};

/** Each kind of source is asked by a part of its own. */
const SOURCES = Object.fromEntries(
  readdirSync("src/sources", { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => [`source-${name}`, `src/sources/${name}/fetch.ts`]),
);

/**
 * Parts that are loaded when one of their functions is first called, from wherever it is: what many calls do not need.
 * They export functions alone.
 */
const LATER = {
  wording: "src/errors/wording.ts",
  passwords: "src/errors/passwords.ts",
  closed: "src/context/closed-output.ts",
  absent: "src/config/absent-profile.ts",
  clear: "src/config/parse/clear-lines.ts",
  group: "src/util/user-private-group.ts",
  child: "src/deliver/run/child.ts",
  undo: "src/deliver/environment/undo.ts",
  windows: "src/deliver/run/windows-paths.ts",
  lost: "src/plan/unused/lost-settings.ts",
  replace: "src/util/replace-file.ts",
  timestamp: "src/util/timestamp.ts",
  session: "src/plan/options/session-limits.ts",
  limits: "src/plan/options/limits-in-words.ts",
  close: "src/config/close-names.ts",
  arn: "src/plan/aws/role-arn-problem.ts",
  overlooked: "src/plan/overlooked.ts",
  naming: "src/plan/unused/with-lost-settings.ts",
  files: "src/credentials/cache/files.ts",
};

/** A program loads the first, and the SDK when it has to ask AWS. */
const LIBRARY = {
  "library/index": "src/index.ts",
  "library/sts": "src/sts/client.ts",
  "library/ini": "src/config/ini.ts",
};
/** The same as ES modules: what bundlers follow, too. */
const ES_MODULES = {
  format: "esm",
  outExtension: { ".js": ".mjs" },
  supported: {},
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
  loader: { ".bash": "text", ".zsh": "text", ".fish": "text", ".ps1": "text" },
  metafile: true,
  // A part is loaded by require(), also where the source has import(): Node's loader of ES modules takes longer to start.
  supported: { "dynamic-import": false },
  alias: {
    // The SDK's default chain would fall through to the host's own credentials: it is not even in the bundle.
    "@aws-sdk/credential-provider-node": "./src/sts/stand-ins/no-default-chain.ts",
    // The one provider that is used; its index would bring the others.
    "@aws-sdk/credential-providers": "./node_modules/@aws-sdk/credential-provider-web-identity/dist-es/fromWebToken.js",
    debug: "./src/sts/stand-ins/no-debug.ts",
    "@aws/lambda-invoke-store": "./src/sts/stand-ins/no-lambda-store.ts",
  },
  define: { XROLE_VERSION: JSON.stringify(version) },
};

/** An import() of a part stays one. */
const keepApart = (entries, extension) => ({
  name: "parts",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.{1,2}\// }, ({ kind, path, resolveDir }) => {
      const file = relative(".", resolve(resolveDir, path));
      const name = Object.keys(entries).find((key) => entries[key] === file);
      return kind === "dynamic-import" && name
        ? { path: `./${basename(name)}${extension}`, external: true }
        : undefined;
    }),
});

/** In place of a file of LATER: functions that load it. */
const loadLater = {
  name: "later",
  setup: ({ onResolve, onLoad }) => {
    const files = new Map(Object.entries(LATER).map(([name, file]) => [file, name]));
    onResolve({ filter: /^\.{1,2}\// }, ({ kind, namespace, path, resolveDir }) => {
      const file = relative(".", resolve(resolveDir, path));
      if (namespace === "later") return { path, external: true };
      return kind === "import-statement" && files.has(file) ? { path: file, namespace: "later" } : undefined;
    });
    onLoad({ filter: /./, namespace: "later" }, async ({ path }) => {
      const part = JSON.stringify(`./${files.get(path)}.cjs`);
      return {
        contents: (await exportedFunctions(path))
          .map((name) => `export const ${name} = (...args) => require(${part}).${name}(...args);`)
          .join("\n"),
      };
    });
  },
};

/** Packages that are CommonJS ask for Node's own modules by require(), which an ES module does not have. */
const importBuiltIns = {
  name: "built-in modules by import",
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^[\w:/]+$/ }, ({ kind, path }) =>
      kind === "require-call" && isBuiltin(path) ? { path, namespace: "built-in" } : undefined,
    );
    onLoad({ filter: /./, namespace: "built-in" }, ({ path }) => ({
      contents: `export * from "${path}"; export { default } from "${path}";`,
    }));
  },
};

const withoutWarning = {
  name: "without the SDK's warning on Node 20",
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/emitWarningIfUnsupportedVersion$/ }, () => ({
      path: resolve("src/sts/stand-ins/no-version-warning.ts"),
    })),
};

const buildParts = (entryPoints, options, ...plugins) => {
  const all = { ...common, ...options };
  const apart = keepApart(entryPoints, all.outExtension[".js"]);
  return build({ ...all, entryPoints, plugins: [...plugins, apart, withoutWarning] });
};

await rm("dist", { recursive: true, force: true });
// Each require() of a module of Node's goes over all of its exports, and each source file has its own.
const requireOnce = '"use strict";require=(load=>{const known={};return name=>known[name]??=load(name)})(require);';
const [executable, library, modules] = await Promise.all([
  buildParts({ ...PARTS, ...SOURCES, ...LATER }, { banner: { js: requireOnce } }, commandDeclarations, loadLater),
  buildParts(LIBRARY, {}),
  buildParts(LIBRARY, ES_MODULES, importBuiltIns),
]);

const types = declarations();
for (const name of ["index.d.mts", "index.d.cts"]) await writeFile(`dist/library/${name}`, types);

// Where a part loads another one, Node reads the nearest package.json: that of the package is longer, and a folder up.
await writeFile("dist/package.json", '{ "type": "commonjs" }\n');

const built = [executable, library, modules].map(({ metafile }) => metafile);
const outputs = Object.assign({}, ...built.map((metafile) => metafile.outputs));
await writeFile("dist/metafile.json", JSON.stringify({ outputs }));
const inputs = built.flatMap((metafile) => Object.keys(metafile.inputs));
await writeFile("dist/THIRD-PARTY-NOTICES.txt", await thirdPartyNotices(inputs));

// A build of the same sources is the same, where the builder says when it is (reproducible-builds.org/specs/source-date-epoch).
const { SOURCE_DATE_EPOCH: epoch } = process.env;
await writeFile("dist/xrole.1", await manual(version, epoch ? new Date(Number(epoch) * 1000) : new Date()));
