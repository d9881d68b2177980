// Writes changes of the environment as what cmd.exe runs, line by line in `for /f` or as a batch file. Untested on Windows.
import { XroleError } from "../../errors/errors.ts";
import type { Changes } from "./environment.ts";

/**
 * One `set` a line, and a last command whose status is 0: a `set` that removes what is not there leaves 1.
 * XROLE_PROFILE is left out for a name that cmd could change.
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

/** The whole output when xrole fails. `exit /b` would close a window in which somebody types. */
export const cmdFailure = (status: number): string => `${end(status)}\r\n`;

const remove = (name: string): string => `set "${name}="`;
/** A command with this status: no AutoRun, nothing else. */
const end = (status: number): string => `cmd /d /c exit ${status}`;

/**
 * Printable ASCII but `%`, which a batch file and a `for` expand differently, `!`, which delayed expansion takes, `^`, which
 * `call` doubles, and `"`, which ends the quotes that keep `&`, `|`, `<` and `>` harmless. Letters outside ASCII depend on the
 * console's code page.
 */
const SAFE = /^[ #$&-\]_-~]*$/;

/** What cmd.exe reads of a line. */
const LONGEST_LINE = 8191;
