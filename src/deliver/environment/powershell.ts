// Writes changes of the environment as PowerShell code: `xrole env P --format powershell | Invoke-Expression`. Untested on Windows;
// it follows about_Quoting_Rules and about_Environment_Variables.
import type { Changes } from "./environment.ts";

/** Lines of ASCII with one statement each, ending with `;`: Invoke-Expression may get them one by one, or joined with spaces. */
export function powershellStatements({ set, unset }: Changes): string {
  const removed = unset.map((name) => `$env:${name} = $null;`);
  const given = Object.entries(set).map(([name, value]) => `$env:${name} = ${quote(value)};`);
  return [...removed, ...given].map((line) => `${line}\n`).join("");
}

/** The whole output when xrole fails: a script stops here, unless it catches the error. */
export const powershellFailure = (status: number): string => `throw 'xrole env failed with status ${status}';\n`;

/**
 * Single-quoted text, in which only the quote itself is special. Characters outside printable ASCII are written as numbers: Windows
 * PowerShell reads a command's output in the console's code page, where a byte of a UTF-8 letter can become U+2019, which it treats
 * as a quote. A string on the left makes `+` concatenate text.
 */
function quote(value: string): string {
  const parts = value.match(/[ -~]+|[^ -~]/g) ?? [];
  const texts = parts.map((part) => (/^[ -~]/.test(part) ? `'${part.replaceAll("'", "''")}'` : unit(part)));
  return (texts[0]?.startsWith("'") ? texts : ["''", ...texts]).join(" + ");
}

/** One UTF-16 code unit: without the `u` flag a regular expression matches code units, and .NET strings consist of them too. */
const unit = (char: string): string => `[char]0x${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
