// Writes changes of the environment as what PowerShell evaluates: `xrole env P --format powershell | Invoke-Expression`.
// Untested on Windows; the rules are those of about_Quoting_Rules and about_Environment_Variables.
import type { Changes } from "./environment.ts";

/** A statement a line, in ASCII, each ended with `;`: Invoke-Expression may be given them one by one, or joined with spaces. */
export function powershellStatements({ set, unset }: Changes): string {
  const removed = unset.map((name) => `$env:${name} = $null;`);
  const given = Object.entries(set).map(([name, value]) => `$env:${name} = ${quote(value)};`);
  return [...removed, ...given].map((line) => `${line}\n`).join("");
}

/** The whole output when xrole fails: a script stops here, unless it catches this. */
export const powershellFailure = (status: number): string => `throw 'xrole env failed with status ${status}';\n`;

/**
 * Single-quoted text, in which only the quote itself is special. Everything but printable ASCII is written by its number: Windows
 * PowerShell reads a command's output in the console's code page, where a byte of a UTF-8 letter can be U+2019, which it takes
 * for a quote. A string on the left makes `+` join text.
 */
function quote(value: string): string {
  const parts = value.match(/[ -~]+|[^ -~]/g) ?? [];
  const texts = parts.map((part) => (/^[ -~]/.test(part) ? `'${part.replaceAll("'", "''")}'` : unit(part)));
  return (texts[0]?.startsWith("'") ? texts : ["''", ...texts]).join(" + ");
}

/** One UTF-16 unit: without the `u` flag an expression sees those, and a .NET string is made of them too. */
const unit = (char: string): string => `[char]0x${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
