// Decides how long a console session may last, before anything is asked.
import type { Plan } from "../plan/types.ts";
import { XroleError } from "../errors/error.ts";
import { factsAbout } from "../sources/kinds.ts";

/**
 * The seconds that --session-duration asks for, where the role can have them; without it, the console session ends with the credentials. A role that was assumed
 * from a role has no choice: AWS answers 400 (AWS re:Post, "Invalid credentials parameter"). Whether other keys belong to a role shows
 * only when AWS refuses.
 * @throws XroleError `console-duration`
 */
export function sessionDuration(duration: number | undefined, { source, hops }: Plan): number | undefined {
  if (duration === undefined) return undefined;
  const isChained = hops.length > 1 || (hops.length === 1 && factsAbout(source).isRoleSession);
  if (isChained) throw new XroleError("console-duration", { role: hops.at(-1)?.roleArn ?? "" });
  return duration;
}
