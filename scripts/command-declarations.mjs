// Lets the command table have what each command declares without its code. A static import of a command's file by the table gives a
// second copy of that file, of which the bundler keeps what `declaration` uses; an import() gives the file itself.
import { readFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";

const TABLE = "src/cli/command-table.ts";
const NAMESPACE = "declaration";

export const commandDeclarations = {
  name: "declarations of commands",
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^\.{1,2}\// }, ({ importer, kind, namespace, path, resolveDir }) => {
      const file = resolve(resolveDir, path);
      // What only the command's code uses goes with it: that code imports nothing for its effect alone.
      if (namespace === NAMESPACE) return kind === "dynamic-import" ? { path, external: true } : undefined;
      const isCommand = relative(".", file).startsWith("src/commands/") && !file.includes("/shared/");
      if (kind !== "import-statement" || relative(".", importer) !== TABLE || !isCommand) return undefined;
      return { path: relative(".", file), namespace: NAMESPACE };
    });
    onLoad({ filter: /./, namespace: NAMESPACE }, async ({ path }) => ({
      contents: await readFile(path, "utf8"),
      loader: "ts",
      resolveDir: resolve(dirname(path)),
    }));
  },
};
