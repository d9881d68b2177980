// Writes the variables that a role sets as `docker run --env-file` reads them: a NAME=value a line, nothing quoted, nothing removed.
import { XroleError } from "../../errors/errors.ts";
import type { Changes } from "./environment.ts";

/**
 * The variables as lines. Readers of such files agree on few characters: Docker takes a value as it stands, Compose expands `$`,
 * others strip quotes and comments, and a shell that sources the file runs what follows a space. XROLE_PROFILE is left out for a
 * name with any other.
 * @throws XroleError `value-unfit`
 */
export function dotenvLines({ set }: Changes): string {
  const fit = Object.entries(set).filter(([name, value]) => name !== "XROLE_PROFILE" || SAFE.test(value));
  const unfit = fit.find(([, value]) => !SAFE.test(value));
  if (unfit) throw new XroleError("value-unfit", { name: unfit[0], format: "dotenv" });
  return fit.map(([name, value]) => `${name}=${value}\n`).join("");
}

/** The whole output when xrole fails: Docker refuses a name with a space, and a shell that sources the file gets the status. */
export const dotenvFailure = (status: number): string => `(exit ${status});\n`;

const SAFE = /^[\w+/=.,:@%~-]*$/;
