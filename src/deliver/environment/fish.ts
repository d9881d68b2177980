// Writes changes of the environment as what fish evaluates, by `| source` or by `eval (...)`, which joins lines with spaces.
import { XroleError } from "../../errors/errors.ts";
import type { Changes } from "./environment.ts";

/** A statement or a part of one a line, in ASCII, each ended with `;`. */
export function fishStatements(changes: Changes): string {
  const { set, unset } = changes;
  const removed = unset.map((name) => `set -el ${name}; set -eg ${name};`);
  const given = Object.entries(set).map(([name, value]) => `set -el ${name}; set -gx ${name} ${quote(value)};`);
  // A `set` that sets passes the status before it on, and one that erases nothing has a status of its own.
  const lines = [...removed, ...given, "true;"];
  const isRole = "XROLE_SESSION" in set;
  return (isRole ? unlessUniversal(unset, lines) : lines).map((line) => `${line}\n`).join("");
}

/**
 * The whole output when xrole fails. `return` by itself would end the function that evaluates it, and `exit` the shell: this is a
 * command with that status, which leaves nothing behind.
 */
export const fishFailure = (status: number): string => `${failure(status)}\n`;

const failure = (status: number): string =>
  `function __xrole_failed; functions -e __xrole_failed; return ${status}; end; __xrole_failed;`;

/**
 * A universal variable is the user's, in all their shells, and nothing but erasing it there keeps it from a child: where one must
 * go, nothing is changed, and the script told so. Without a role, the user's own may count again.
 */
function unlessUniversal(names: readonly string[], lines: readonly string[]): readonly string[] {
  const { message, hint, status } = new XroleError("variable-stays", { names: ["$__xrole_stay"], where: "fish" });
  const told = `echo "xrole: ${message}" >&2; echo "  hint: ${hint ?? ""}" >&2;`;
  return [
    `set -l __xrole_stay (for name in ${names.join(" ")}; set -qUx $name; and echo $name; end);`,
    `if test -n "$__xrole_stay"; ${told} set -el __xrole_stay; ${failure(status)}`,
    "else; set -el __xrole_stay;",
    ...lines,
    "end;",
  ];
}

/** Printable ASCII in single quotes, in which fish knows `\'` and `\\` only; every other byte as `\XHH`, whatever the locale. */
function quote(value: string): string {
  const bytes = Buffer.from(value, "utf8").toString("latin1");
  const parts = bytes.match(/[ -~]+|[^ -~]/g) ?? [""];
  return parts.map((part) => (/^[^ -~]/.test(part) ? byte(part) : `'${part.replace(/['\\]/g, "\\$&")}'`)).join("");
}

const byte = (char: string): string => `\\X${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
