// Finds the vectors: the project's own, and those of the folders in XROLE_VECTORS, which are laid out alike.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

const OWN = resolve(import.meta.dirname, "..");
const FURTHER = (process.env.XROLE_VECTORS ?? "")
  .split(delimiter)
  .filter(Boolean)
  .map((folder) => resolve(folder));

if (FURTHER.length === 0)
  process.stderr.write("conformance: the project's own vectors only; XROLE_VECTORS names no further folders\n");

/** The content of `path` in each folder that has it, each content once. */
export function vectorFiles(path: string): string[] {
  const texts = [OWN, ...FURTHER].map((root) => join(root, path)).filter(existsSync);
  return [...new Set(texts.map((file) => readFileSync(file, "utf8")))];
}

/**
 * Rule 30: an account id has twelve digits, which is checked before anything is sent. The recordings of smithy-rs have made-up ids of
 * nine or thirteen, of roles and of SSO; here they are made twelve, in what is read and in what is expected.
 */
export const wholeAccounts = (text: string): string =>
  text.replace(
    /(arn(?::|%3A)aws(?::|%3A)(?:iam|sts)(?::|%3A){2}|account_?id["\\\s:=]+)(\d+)/gi,
    (_, before: string, account: string) => before + account.slice(0, 12).padStart(12, "0"),
  );

/** The folders inside `path`, in each folder that has it. */
export function vectorFolders(path: string): string[] {
  return [OWN, ...FURTHER]
    .map((root) => join(root, path))
    .filter(existsSync)
    .flatMap((root) => readdirSync(root, { withFileTypes: true }).map((entry) => ({ root, entry })))
    .filter(({ entry }) => entry.isDirectory())
    .map(({ root, entry }) => join(root, entry.name));
}

/** Says in the report that a runner found no vectors, rather than passing silently. */
export const ABSENT = "no vectors: XROLE_VECTORS names no folder that has them";
