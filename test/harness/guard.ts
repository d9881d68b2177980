// Loads the guard into vitest's workers.
import { createRequire } from "node:module";

createRequire(import.meta.url)("./guard.cjs");
