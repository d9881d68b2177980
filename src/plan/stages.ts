// The stages at which carrying out a plan may break, in order.
import type { Hop } from "./sts-calls.ts";
import type { Plan } from "./types.ts";

/** What comes one after the other. `caller` is who STS says the source is; `role` the one of a web identity; then the MFA session. */
export type Stage = "source" | "sts" | "caller" | "role" | "session" | Hop | "identity";

/** @param isHeld the environment holds the role already: it is never assumed from itself (session.ts) */
export function stagesOf({ source, mfaSession, hops }: Plan, isHeld: boolean): readonly Stage[] {
  if (isHeld) return ["source", "sts", "identity"];
  const first = source.roleArn !== undefined ? ["role" as const] : hops.length > 0 ? ["caller" as const] : [];
  return ["source", "sts", ...first, ...(mfaSession ? ["session" as const] : []), ...hops, "identity"];
}
