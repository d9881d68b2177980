// Makes the trust policy of the new role: only the host's role may assume it, and nobody else in its account.
import { policyOf, type PolicyDocument, type Statement } from "./document.ts";
import type { SetupRequest } from "../types.ts";
import { sessionActions } from "./session-actions.ts";

/**
 * The trust policy. With a role's ARN as the principal, only sessions of that role get in. Naming the account's root would let the other
 * account's administrators decide who gets in.
 */
export function trustPolicy(request: SetupRequest): PolicyDocument {
  const { from, externalId, orgId } = request;
  const organization = orgId === undefined ? {} : { "aws:PrincipalOrgID": orgId };
  const assume = { ...organization, ...(externalId === undefined ? {} : { "sts:ExternalId": externalId }) };
  const allow = (Sid: string, Action: Statement["Action"], equals: Readonly<Record<string, string>>): Statement => ({
    Sid,
    Effect: "Allow",
    Principal: { AWS: from.arn },
    Action,
    ...(Object.keys(equals).length > 0 && { Condition: { StringEquals: equals } }),
  });
  const more = sessionActions(request);
  return policyOf([
    allow("AssumeRole", "sts:AssumeRole", assume),
    // The external id is a parameter of AssumeRole: AWS lists its key for that action, not for these.
    ...(more ? [allow("Session", more, organization)] : []),
  ]);
}
