// Writes a role's variables in the format of `docker run --env-file`: NAME=value lines, without quoting; variables cannot be
// removed.
import { XroleError } from "../../errors/error.ts";
import type { Changes } from "./environment.ts";

/**
 * The variables as lines. Programs agree on few characters in such files: Docker takes a value literally, Compose expands `$`,
 * others strip quotes and comments, and a shell that sources the file runs the text after a space. XROLE_PROFILE is left out if its
 * name has any other character.
 * @throws XroleError `value-unfit`
 */
export function dotenvLines({ set }: Changes): string {
  const fit = Object.entries(set).filter(([name, value]) => name !== "XROLE_PROFILE" || SAFE.test(value));
  const unfit = fit.find(([, value]) => !SAFE.test(value));
  if (unfit) throw new XroleError("value-unfit", { name: unfit[0], format: "dotenv" });
  return fit.map(([name, value]) => `${name}=${value}\n`).join("");
}

/** The whole output when xrole fails: Docker rejects a name with a space, and a shell that sources the file gets the status. */
export const dotenvFailure = (status: number): string => `(exit ${status});\n`;

const SAFE = /^[\w+/=.,:@%~-]*$/;
