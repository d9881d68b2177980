// `npm run docs`: writes the tables of docs/doctor.md anew, of the cases that the tests play.
import { readFile, rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const PAGE = "docs/doctor.md";
const made = await build({
  entryPoints: ["test/commands/doctor/page.ts"],
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
  const { withTables } = await import(file.href);
  await writeFile(PAGE, await withTables(await readFile(PAGE, "utf8")));
} finally {
  await rm(file, { force: true });
}
