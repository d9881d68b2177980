// Writes changes of the environment as sh code, which also survives an unquoted `eval $(...)`.
import type { Changes } from "./environment.ts";

/**
 * The changes for sh, bash, zsh, dash, ksh and BusyBox: one statement per line, each ending with `;`.
 * XROLE_PROFILE is left out for a name that word splitting or globbing could change (docs/contract.md).
 */
export function shellStatements({ set, unset }: Changes): string {
  const lines = unset.length > 0 ? [`unset ${unset.join(" ")};`] : [];
  for (const [name, value] of Object.entries(set)) {
    if (name === "XROLE_PROFILE" && !SAFE.test(value)) lines.push(`unset ${name};`);
    else if (!value.endsWith("\n")) lines.push(`export ${name}=${quote(value)};`);
    // A command substitution drops trailing newlines.
    else lines.push(`export ${name}=${quote(`${value}x`)};`, `${name}="\${${name}%x}";`);
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** The whole output when xrole fails: `eval` returns the status, and a script under `set -e` stops. */
export const shellFailure = (status: number): string => `(exit ${status});\n`;

const SAFE = /^[\w+/=.,:@%~-]*$/;

/** Quotes a value so that neither eval, nor word splitting and globbing before an unquoted eval, changes it. */
export function quote(value: string): string {
  if (SAFE.test(value)) return `'${value}'`;
  const octal = [...Buffer.from(value, "utf8")].map((byte) => `\\0${byte.toString(8).padStart(3, "0")}`);
  return `"$(printf '%b' '${octal.join("")}')"`;
}
