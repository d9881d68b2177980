// `npm run docs`: writes the tables of docs/errors.md from the error table, and those of docs/doctor.md from the cases that the tests play.
import { readFile, rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import { withTables } from "./made-tables.mjs";

const made = await build({
  stdin: {
    contents: `export { errorTables } from "./src/errors/page.ts"; export { doctorTables } from "./test/commands/doctor/page.ts";`,
    resolveDir: ".",
  },
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  write: false,
});
// A file of this repository, so that its packages are found.
const file = new URL("docs-page.tmp.mjs", import.meta.url);
try {
  await writeFile(file, made.outputFiles[0].contents);
  const { errorTables, doctorTables } = await import(file.href);
  await write("docs/errors.md", errorTables());
  await write("docs/doctor.md", doctorTables());
} finally {
  await rm(file, { force: true });
}

async function write(page, tables) {
  await writeFile(page, await withTables(await readFile(page, "utf8"), tables));
}
