// Makes the policy statements that let a caller assume a role: one for the role's trust policy, one for a policy of the caller.
import type { Hop } from "../plan/sts-calls.ts";
import type { Principal } from "./principal.ts";
import type { Condition, Statement } from "./types.ts";

/** The actions of the call: session tags and a source identity need their own. */
export function actionsOf(hop: Hop, named?: string): string | readonly string[] {
  const actions = [
    "sts:AssumeRole",
    ...(hop.tags ? ["sts:TagSession"] : []),
    ...(hop.sourceIdentity === undefined ? [] : ["sts:SetSourceIdentity"]),
  ];
  // Tags or a source identity of an earlier session may be passed on.
  if (named !== undefined && !actions.includes(named)) actions.push(named);
  return actions.length === 1 ? "sts:AssumeRole" : actions;
}

/**
 * A placeholder for the external id. The one that was sent was refused, so it may be mistyped, and nobody should paste it into a trust
 * policy. IAM does not allow these characters in an external id, so the unedited statement lets nobody in.
 */
export const EXTERNAL_ID = "<the external id that the role's owner gave you>";

/** For the role's trust policy. */
export function trustStatement(hop: Hop, caller: Principal, action?: string): Statement {
  const conditions: Condition = {
    ...(hop.externalId !== undefined && { StringEquals: { "sts:ExternalId": EXTERNAL_ID } }),
    ...(caller.like !== undefined && { ArnLike: { "aws:PrincipalArn": caller.like } }),
  };
  return {
    Effect: "Allow",
    Principal: { AWS: caller.arn },
    Action: actionsOf(hop, action),
    ...(Object.keys(conditions).length > 0 && { Condition: conditions }),
  };
}

/** For a policy of the caller. */
export function callerStatement(hop: Hop, action?: string): Statement {
  return { Effect: "Allow", Action: actionsOf(hop, action), Resource: hop.roleArn };
}

/** For the trust policy of a role that a web identity assumes. */
export function webIdentityStatement(
  roleArn: string,
  issuer: string,
  claims: Readonly<Record<string, string>>,
): Statement {
  const [partition, account] = [roleArn.split(":")[1] ?? "aws", roleArn.split(":")[4] ?? ""];
  const host = issuer.replace(/^https:\/\//, "");
  const conditions = Object.entries(claims).map(([name, value]) => [`${host}:${name}`, value]);
  return {
    Effect: "Allow",
    Principal: { Federated: `arn:${partition}:iam::${account}:oidc-provider/${host}` },
    Action: "sts:AssumeRoleWithWebIdentity",
    ...(conditions.length > 0 && {
      Condition: { StringEquals: Object.fromEntries(conditions) as Record<string, string> },
    }),
  };
}
