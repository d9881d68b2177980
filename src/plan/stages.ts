// Lists the stages of carrying out a plan, in order; each may fail.
import type { Hop } from "./sts-calls.ts";
import type { Plan } from "./types.ts";

/** `caller` asks STS for the identity of the source, `role` is the role of a web identity, `session` the MFA session. */
export type Stage = "source" | "sts" | "caller" | "role" | "session" | Hop | "identity";

/** @param isHeld whether the role is already in the environment: it is never assumed from itself (session.ts) */
export function stagesOf({ source, mfaSession, hops }: Plan, isHeld: boolean): readonly Stage[] {
  if (isHeld) return ["source", "sts", "identity"];
  const first = source.roleArn !== undefined ? ["role" as const] : hops.length > 0 ? ["caller" as const] : [];
  return ["source", "sts", ...first, ...(mfaSession ? ["session" as const] : []), ...hops, "identity"];
}
