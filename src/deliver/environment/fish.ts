// Writes changes of the environment as fish code, for `| source` or for `eval (...)`, which joins the lines with spaces.
import { XroleError } from "../../errors/error.ts";
import type { Changes } from "./environment.ts";

/** Lines of ASCII with a statement or a part of one, each ending with `;`. */
export function fishStatements(changes: Changes): string {
  const { set, unset } = changes;
  const removed = unset.map((name) => `set -el ${name}; set -eg ${name};`);
  const given = Object.entries(set).map(([name, value]) => `set -el ${name}; set -gx ${name} ${quote(value)};`);
  // A `set` that sets a variable keeps the previous status, and one that erases nothing has its own status.
  const lines = [...removed, ...given, "true;"];
  const isRole = "XROLE_SESSION" in set;
  return (isRole ? unlessUniversal(unset, lines) : lines).map((line) => `${line}\n`).join("");
}

/**
 * The whole output when xrole fails. `return` would end the function that evaluates it, and `exit` would end the shell. This is a
 * command with that status, which leaves nothing behind.
 */
export const fishFailure = (status: number): string => `${failure(status)}\n`;

const failure = (status: number): string =>
  `function __xrole_failed; functions -e __xrole_failed; return ${status}; end; __xrole_failed;`;

/**
 * A universal variable belongs to the user in all their shells, and a command inherits it unless it is erased there. If one would
 * have to be removed, nothing is changed, and the script gets an error. Without a role, the user's own variables may take effect
 * again.
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

/**
 * Printable ASCII in single quotes, where fish only interprets `\'` and `\\`; every other byte as `\XHH`, independent of the
 * locale.
 */
function quote(value: string): string {
  const bytes = Buffer.from(value, "utf8").toString("latin1");
  const parts = bytes.match(/[ -~]+|[^ -~]/g) ?? [""];
  return parts.map((part) => (/^[^ -~]/.test(part) ? byte(part) : `'${part.replace(/['\\]/g, "\\$&")}'`)).join("");
}

const byte = (char: string): string => `\\X${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
