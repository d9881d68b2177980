// Makes the manual page from the command table. Its generator is bundled and run here: it is no part of the executable.
import { build } from "esbuild";
import { commandDeclarations } from "./command-declarations.mjs";

/**
 * The text of xrole(1).
 * @param version of xrole
 * @param date of the build
 */
export async function manual(version, date) {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { COMMANDS } from "./src/cli/command-table.ts"; export { GLOBAL_OPTIONS } from "./src/commands/shared/common-options.ts"; export { manualPage } from "./src/cli/manual/page.ts";`,
      resolveDir: ".",
    },
    write: false,
    bundle: true,
    platform: "node",
    format: "esm",
    plugins: [commandDeclarations, unloaded],
  });
  const { COMMANDS, GLOBAL_OPTIONS, manualPage } = await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`
  );
  return manualPage({ commands: COMMANDS, globals: GLOBAL_OPTIONS }, version, date);
}

/** Leaves the commands' own code out: the table imports it when a command runs. */
const unloaded = {
  name: "unloaded",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.{1,2}\// }, ({ kind, path }) =>
      kind === "dynamic-import" ? { path, external: true } : undefined,
    ),
};
