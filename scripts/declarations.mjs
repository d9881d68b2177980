// The declarations of the library for its users' compilers: src/library/types.ts, with the error codes of src/errors/errors.ts written out.
import { readFile } from "node:fs/promises";

export async function declarations() {
  const types = await readFile("src/library/types.ts", "utf8");
  const errors = await readFile("src/errors/errors.ts", "utf8");
  const table = errors.slice(errors.indexOf("const FAILURES"), errors.indexOf("} satisfies Record"));
  const codes = [...table.matchAll(/^ {2}"?([a-z][a-z-]*)"?: \(/gm)].map(([, code]) => `  | "${code}"`);
  const text = types
    .replace(/^(\/\/.*\n)+/, "// The types of xrole's library. Its documentation is docs/library.md.\n")
    .replace(/^import type \{ ErrorCode \}.*\n\n/m, "\n")
    .replace(/= ErrorCode;/, () => `=\n${codes.join("\n")};`);
  // What is left of the sources' own imports would not be there for a user.
  if (codes.length === 0 || /\bErrorCode\b|\bimport\b/.test(text))
    throw new Error("src/library/types.ts is not self-contained");
  return text;
}
