// The mark a shell carries after `env` or `exec`: whose keys these are, and of which plan (docs/contract.md, "A second switch").
import { variable, type Environment } from "../context.ts";
import { fingerprint } from "../digest.ts";
import type { Plan } from "./types.ts";

const digest = (...parts: readonly string[]): string => fingerprint(parts.join("\n")).slice(0, 16);

/** The value of XROLE_SESSION: a digest of the key id, and one of the key id and the plan, options included. */
export function sessionMark(accessKeyId: string, plan: Plan): string {
  return `${digest(accessKeyId)}.${digest(accessKeyId, asked(plan))}`;
}

/** Whether the keys in the environment are those that an earlier xrole put there. */
export function heldByXrole(env: Environment): boolean {
  const keyId = variable(env, "AWS_ACCESS_KEY_ID");
  return keyId !== undefined && env.XROLE_SESSION?.split(".")[0] === digest(keyId);
}

/** Whose keys the environment holds: xrole's for this plan, xrole's for another one, or somebody else's. */
export function heldKeys(env: Environment, plan: Plan): "this" | "other" | "foreign" {
  if (!heldByXrole(env)) return "foreign";
  return env.XROLE_SESSION === sessionMark(env.AWS_ACCESS_KEY_ID ?? "", plan) ? "this" : "other";
}

/** Whether the keys of this very plan are in the environment: they are handed out again, a role is never assumed from itself. */
export const holdsPlan = (env: Environment, plan: Plan): boolean =>
  plan.source.kind === "environment" && plan.hops.length > 0 && heldKeys(env, plan) === "this";

/** What a plan asks for, without what may differ between two calls that mean the same: a generated session name holds the host. */
function asked({ profile, source, hops, region, endpoint }: Plan): string {
  const calls = hops.map((hop) => ({ ...hop, from: "", sessionName: hop.sessionNameGenerated ? "" : hop.sessionName }));
  return JSON.stringify({ profile, source: source.kind, hops: calls, region, endpoint });
}
