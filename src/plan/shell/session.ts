// Writes and checks XROLE_SESSION, which tells whether xrole set the keys in the environment, and for which plan (docs/contract.md, "A second switch").
import { variable, type Environment } from "../../context/types.ts";
import { digest, heldByXrole, isAtEndpoint } from "./host-environment.ts";
import { adHocName } from "./ad-hoc-name.ts";
import type { Plan } from "../types.ts";

/** The value of XROLE_SESSION: a digest of the key id, and one of the key id and the plan, options included. */
export function sessionMark(accessKeyId: string, plan: Plan): string {
  return `${digest(accessKeyId)}.${digest(accessKeyId, asked(plan))}`;
}

/**
 * Whether a source is of this kind. xrole hands out credentials in the form of these two: keys in the environment (`env`, `exec`), or the
 * variables of a container (`exec --renew`, `serve`).
 */
const isA = (kind: "environment" | "container", source: Plan["source"]): boolean => source.kind === kind;

/** Whether credentials come from an endpoint of xrole (`exec --renew`, `serve`). */
const leadsToEndpoint = (env: Environment): boolean =>
  variable(env, "AWS_ACCESS_KEY_ID") === undefined && isAtEndpoint(env);

/**
 * Whether the role in the environment is used again, with its region and settings, because no profile is named.
 * @param source what the default chain found; left out if it has not run yet
 */
export function usesHeldRole(env: Environment, profile: string | undefined, source?: Plan["source"]): boolean {
  if (profile !== undefined && profile !== "") return false;
  return heldByXrole(env)
    ? source === undefined || isA("environment", source)
    : leadsToEndpoint(env) && (source === undefined || isA("container", source));
}

/** The value of XROLE_SESSION for these credentials. Keys that are passed on unchanged keep the mark of their own plan. */
export function markFor(env: Environment, accessKeyId: string, plan: Plan): string {
  const isHandedOn = isA("environment", plan.source) && plan.hops.length === 0 && heldByXrole(env);
  return (isHandedOn ? env.XROLE_SESSION : undefined) ?? sessionMark(accessKeyId, plan);
}

/** Whose keys are in the environment: xrole's for this plan, xrole's for another plan, or not xrole's. */
export function heldKeys(env: Environment, plan: Plan): "this" | "other" | "foreign" {
  if (!heldByXrole(env)) return "foreign";
  return env.XROLE_SESSION === sessionMark(env.AWS_ACCESS_KEY_ID ?? "", plan) ? "this" : "other";
}

/** The same for a chain that assumes roles with keys from the environment. */
export const heldStart = (env: Environment, plan: Plan): ReturnType<typeof heldKeys> =>
  isA("environment", plan.source) && plan.hops.length > 0 ? heldKeys(env, plan) : "foreign";

/** Whether the keys of this plan are already in the environment. They are used again: a role is never assumed from itself. */
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
