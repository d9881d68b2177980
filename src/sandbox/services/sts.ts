// Implements STS: AssumeRole, AssumeRoleWithWebIdentity, GetSessionToken and GetCallerIdentity, with AWS's error messages.
import { assumeRole, assumeRoleWithWebIdentity } from "../iam/assume-role.ts";
import type { Identities, Identity } from "../world/identity.ts";
import { mfaRefusal } from "../iam/mfa.ts";
import { evaluateIdentity } from "../iam/evaluate-policy.ts";
import type { Incoming, Outgoing } from "../http-message.ts";
import { signedRegion, verifySignature, type SignatureFault } from "./signature.ts";
import type { TokenMint } from "../world/web-identity.ts";
import type { World } from "../world/world.ts";
import { credentialsNode, queryError, queryReply } from "./xml.ts";

export function playSts(
  world: World,
  identities: Identities,
  mint: TokenMint,
  now: () => number,
): (request: Incoming) => Outgoing {
  return (request) => {
    if (request.path !== "/") return queryError(404, "NotFound", "no such path");
    const form = request.method === "POST" ? new URLSearchParams(request.body) : request.query;
    const action = form.get("Action");
    // The only action that is authenticated by a token instead of a signature.
    if (action === "AssumeRoleWithWebIdentity") return assumeRoleWithWebIdentity(world, identities, mint, form, now());
    const caller = verifySignature(request, "sts", identities, now());
    if (typeof caller === "string") return refuse(caller);
    // A disabled region still answers GetCallerIdentity.
    const region = signedRegion(request);
    if (action !== "GetCallerIdentity" && world.accounts[caller.accountId]?.disabledRegions?.includes(region))
      return queryError(
        403,
        "RegionDisabledException",
        `STS is not activated in this region for account:${caller.accountId}. Your account administrator can activate STS in this region using the IAM Console.`,
      );
    if (action === "GetCallerIdentity" && !isLetThrough(world, caller))
      return queryError(
        403,
        "AccessDenied",
        `User: ${caller.arn} is not authorized to perform: sts:GetCallerIdentity because no VPC endpoint policy allows the sts:GetCallerIdentity action`,
      );
    switch (action) {
      case "GetCallerIdentity":
        return queryReply(action, { Arn: caller.arn, UserId: caller.userId, Account: caller.accountId });
      case "AssumeRole":
        return assumeRole(world, identities, caller, form, now());
      case "GetSessionToken":
        return getSessionToken(identities, caller, form, now());
      default:
        return queryError(400, "InvalidAction", `Could not find operation ${action ?? ""} for version 2011-06-15`);
    }
  };
}

/** GetCallerIdentity needs no permission; only the policy of a VPC endpoint can deny it. */
function isLetThrough({ endpointPolicy }: World, caller: Identity): boolean {
  const request = { caller, action: "sts:GetCallerIdentity", resource: "*", context: {} };
  return endpointPolicy === undefined || evaluateIdentity(endpointPolicy, request) === "allow";
}

/** Source: the GetSessionToken page of the STS API reference. */
function getSessionToken(identities: Identities, caller: Identity, form: URLSearchParams, now: number): Outgoing {
  if (caller.sessionToken !== undefined)
    return queryError(403, "AccessDenied", "Cannot call GetSessionToken with session credentials");
  const seconds = Number(form.get("DurationSeconds") ?? 43200);
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > 129_600)
    return queryError(400, "ValidationError", "1 validation error detected: 'durationSeconds' must be 900 to 129600");
  const refusal = mfaRefusal(caller, form, now);
  if (refusal) return refusal;
  const session = identities.issueForUser(caller, seconds, form.has("TokenCode"));
  return queryReply("GetSessionToken", { Credentials: credentialsNode(session) });
}

function refuse(fault: SignatureFault): Outgoing {
  switch (fault) {
    case "missing":
      return queryError(403, "MissingAuthenticationToken", "Request is missing Authentication Token");
    case "malformed":
      return queryError(400, "IncompleteSignature", "The request signature does not conform to AWS standards.");
    case "unknown-key":
    case "wrong-token":
      return queryError(403, "InvalidClientTokenId", "The security token included in the request is invalid.");
    case "expired":
      return queryError(403, "ExpiredToken", "The security token included in the request is expired");
    case "skewed":
      return queryError(
        403,
        "SignatureDoesNotMatch",
        "Signature expired: the request's time is more than 15 minutes off",
      );
    case "wrong-scope":
      return queryError(403, "SignatureDoesNotMatch", "Credential should be scoped to correct service: 'sts'. ");
    case "wrong-region":
      return queryError(403, "SignatureDoesNotMatch", "Credential should be scoped to a valid region. ");
    case "unsigned-header":
    case "wrong-signature":
    case "wrong-body":
      return queryError(
        403,
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
      );
    default:
      return fault satisfies never;
  }
}
