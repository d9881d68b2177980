// Writes changes of the environment for cmd.exe, which runs them line by line in `for /f` or as a batch file. Untested on Windows.
import { XroleError } from "../../errors/error.ts";
import type { Changes } from "./environment.ts";

/**
 * One `set` per line, and a last command with status 0: a `set` that removes a missing variable leaves status 1.
 * XROLE_PROFILE is left out if cmd could change the name.
 * @throws XroleError `value-unfit`
 */
export function cmdLines({ set, unset }: Changes): string {
  const removed = unset.map(remove);
  const given = Object.entries(set).map(([name, value]) => {
    const line = `set "${name}=${value}"`;
    if (SAFE.test(value) && line.length <= LONGEST_LINE) return line;
    if (name === "XROLE_PROFILE") return remove(name);
    throw new XroleError("value-unfit", { name, format: "cmd" });
  });
  return [...removed, ...given, end(0)].map((line) => `${line}\r\n`).join("");
}

/** The whole output when xrole fails. `exit /b` would close an interactive window. */
export const cmdFailure = (status: number): string => `${end(status)}\r\n`;

const remove = (name: string): string => `set "${name}="`;
/** A command that exits with this status and does nothing else, not even AutoRun. */
const end = (status: number): string => `cmd /d /c exit ${status}`;

/**
 * Printable ASCII except: `%`, which a batch file and a `for` expand differently; `!`, which delayed expansion interprets; `^`,
 * which `call` doubles; and `"`, which ends the quotes that protect `&`, `|`, `<` and `>`. Letters outside ASCII depend on the
 * console's code page.
 */
const SAFE = /^[ #$&-\]_-~]*$/;

/** The longest line that cmd.exe reads. */
const LONGEST_LINE = 8191;
