// Decides the duration of a console session, before any request.
import type { Plan } from "../plan/types.ts";
import { XroleError } from "../errors/error.ts";
import { factsAbout } from "../sources/kinds.ts";

/**
 * The seconds of --session-duration, if the role can have them. Without the option, the console session ends with the credentials. For a
 * role that was assumed from a role, AWS accepts no duration and answers 400 (AWS re:Post, "Invalid credentials parameter"). Whether
 * keys from elsewhere belong to a role shows only when AWS refuses.
 * @throws XroleError `console-duration`
 */
export function sessionDuration(duration: number | undefined, { source, hops }: Plan): number | undefined {
  if (duration === undefined) return undefined;
  const isChained = hops.length > 1 || (hops.length === 1 && factsAbout(source).isRoleSession);
  if (isChained) throw new XroleError("console-duration", { role: hops.at(-1)?.roleArn ?? "" });
  return duration;
}
