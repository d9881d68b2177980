// `npm test`: every test that needs npm alone, on a fresh clone too. Words are passed on to vitest.
import { runNode } from "./alone.mjs";
import { ensureInstalled } from "./ensure-install.mjs";

ensureInstalled();
const projects = ["unit", "scenarios", "conformance"].flatMap((name) => ["--project", name]);
const words = ["node_modules/vitest/vitest.mjs", "run", ...projects, ...process.argv.slice(2)];
process.exitCode = runNode(words);
