// The mark a shell carries after `env` or `exec`: whose keys these are, and of which plan (docs/contract.md, "A second switch").
import { variable, type Environment } from "../../context/types.ts";
import { digest, heldByXrole, isAtEndpoint } from "./host-environment.ts";
import { adHocName } from "./ad-hoc-name.ts";
import type { Plan } from "../types.ts";

/** The value of XROLE_SESSION: a digest of the key id, and one of the key id and the plan, options included. */
export function sessionMark(accessKeyId: string, plan: Plan): string {
  return `${digest(accessKeyId)}.${digest(accessKeyId, asked(plan))}`;
}

/**
 * Whether it is one of the two kinds that the rules of this file are about, since xrole hands out credentials in their form: keys in
 * the environment (`env`, `exec`), or the variables of a container (`exec --renew`, `serve`).
 */
const isA = (kind: "environment" | "container", source: Plan["source"]): boolean => source.kind === kind;

/** Whether an endpoint of xrole's (`exec --renew`, `serve`) is where credentials are to come from. */
const leadsToEndpoint = (env: Environment): boolean =>
  variable(env, "AWS_ACCESS_KEY_ID") === undefined && isAtEndpoint(env);

/**
 * Whether the role that the environment holds is used again, with the region and settings that came with it: no profile is named.
 * @param source what the default chain found; left out where it has not been asked yet
 */
export function usesHeldRole(env: Environment, profile: string | undefined, source?: Plan["source"]): boolean {
  if (profile !== undefined && profile !== "") return false;
  return heldByXrole(env)
    ? source === undefined || isA("environment", source)
    : leadsToEndpoint(env) && (source === undefined || isA("container", source));
}

/** The value of XROLE_SESSION beside these credentials: keys that are handed out again stay those of the plan that they are of. */
export function markFor(env: Environment, accessKeyId: string, plan: Plan): string {
  const isHandedOn = isA("environment", plan.source) && plan.hops.length === 0 && heldByXrole(env);
  return (isHandedOn ? env.XROLE_SESSION : undefined) ?? sessionMark(accessKeyId, plan);
}

/** Whose keys the environment holds: xrole's for this plan, xrole's for another one, or somebody else's. */
export function heldKeys(env: Environment, plan: Plan): "this" | "other" | "foreign" {
  if (!heldByXrole(env)) return "foreign";
  return env.XROLE_SESSION === sessionMark(env.AWS_ACCESS_KEY_ID ?? "", plan) ? "this" : "other";
}

/** Whose keys the chain starts from, as far as they are in the environment and lead to a role. */
export const heldStart = (env: Environment, plan: Plan): ReturnType<typeof heldKeys> =>
  isA("environment", plan.source) && plan.hops.length > 0 ? heldKeys(env, plan) : "foreign";

/** Whether the keys of this very plan are in the environment: they are handed out again, a role is never assumed from itself. */
export const holdsPlan = (env: Environment, plan: Plan): boolean => heldStart(env, plan) === "this";

/** What a plan asks for, without what may differ between two calls that mean the same: a generated session name holds the host. */
function asked({ profile, name = profile, source, hops, region, endpoint }: Plan): string {
  const [last] = hops.slice(-1);
  // The default chain behind a role that has no profile finds the role itself when it is asked for again.
  const isAdHoc = last !== undefined && name === adHocName(last.roleArn);
  const calls = (isAdHoc ? [last] : hops).map((hop) => ({
    ...hop,
    from: "",
    ...(isAdHoc && { profile: "" }),
    sessionName: hop.sessionNameGenerated ? "" : hop.sessionName,
  }));
  return JSON.stringify({ name, source: isAdHoc ? "" : source.kind, hops: calls, region, endpoint });
}
