// Plays STS: AssumeRole and GetCallerIdentity, with AWS's checks in AWS's words.
import type { Identities, Identity } from "./identity.ts";
import { evaluateIdentity, evaluateResource, type Request } from "./policy.ts";
import type { Incoming, Outgoing } from "./serve.ts";
import { verifySignature, type SignatureFault } from "./signature.ts";
import { findRole, type World } from "./world.ts";
import { queryError, queryReply } from "./xml.ts";

/** Longest life, in seconds, of a role assumed from a role. */
const CHAINED_LIMIT = 3600;

export function playSts(world: World, identities: Identities, now: () => number): (request: Incoming) => Outgoing {
  return (request) => {
    if (request.path !== "/") return queryError(404, "NotFound", "no such path");
    const caller = verifySignature(request, "sts", identities, now());
    if (typeof caller === "string") return refuse(caller);
    const form = request.method === "POST" ? new URLSearchParams(request.body) : request.query;
    const action = form.get("Action");
    switch (action) {
      case "GetCallerIdentity":
        return queryReply(action, { Arn: caller.arn, UserId: caller.userId, Account: caller.accountId });
      case "AssumeRole":
        return assumeRole(world, identities, caller, form);
      default:
        return queryError(400, "InvalidAction", `Could not find operation ${action ?? ""} for version 2011-06-15`);
    }
  };
}

/** Patterns and limits: the AssumeRole page of the STS API reference. */
function assumeRole(world: World, identities: Identities, caller: Identity, form: URLSearchParams): Outgoing {
  const invalid = (message: string): Outgoing => queryError(400, "ValidationError", message);
  const violates = (name: string, value: string, constraint: string): Outgoing =>
    invalid(
      `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: Member must ${constraint}`,
    );

  const arn = form.get("RoleArn") ?? "";
  const sessionName = form.get("RoleSessionName") ?? "";
  const externalId = form.get("ExternalId") ?? undefined;
  const duration = form.get("DurationSeconds");
  if (arn.length < 20) return violates("roleArn", arn, "have length greater than or equal to 20");
  if (!/^arn:aws:iam::\d{12}:role\/.+$/.test(arn)) return invalid(`${arn} is invalid`);
  if (sessionName.length < 2) return violates("roleSessionName", sessionName, "have length greater than or equal to 2");
  if (sessionName.length > 64) return violates("roleSessionName", sessionName, "have length less than or equal to 64");
  if (!/^[\w+=,.@-]*$/.test(sessionName))
    return violates("roleSessionName", sessionName, "satisfy regular expression pattern: [\\w+=,.@-]*");
  if (externalId !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId))
    return violates("externalId", externalId, "satisfy regular expression pattern: [\\w+=,.@:\\/-]*");
  const seconds = duration === null ? 3600 : Number(duration);
  if (!Number.isInteger(seconds)) return queryError(400, "MalformedInput", "DurationSeconds is not a number");
  if (seconds < 900) return violates("durationSeconds", String(seconds), "have value greater than or equal to 900");
  if (seconds > 43200) return violates("durationSeconds", String(seconds), "have value less than or equal to 43200");

  const role = findRole(world, arn);
  const context = {
    "sts:externalid": externalId,
    "sts:rolesessionname": sessionName,
    "aws:principalarn": caller.roleArn ?? caller.arn,
    "aws:principalaccount": caller.accountId,
  };
  const request: Request = { caller, action: "sts:AssumeRole", resource: arn, context };
  const denied = (reason: string): Outgoing =>
    queryError(
      403,
      "AccessDenied",
      `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn}${reason}`,
    );
  const own = evaluateIdentity(caller.policy, request);
  if (own === "deny") return denied(" with an explicit deny in an identity-based policy");
  // AWS does not tell a caller from another account whether the role exists, nor what its trust policy says.
  const isSameAccount = role?.accountId === caller.accountId;
  const trust = evaluateResource(role?.trust, request);
  if (trust === "deny") return denied(isSameAccount ? " with an explicit deny in a resource-based policy" : "");
  const isTrustEnough = trust === "direct" && isSameAccount;
  if (own !== "allow" && !isTrustEnough)
    return denied(" because no identity-based policy allows the sts:AssumeRole action");
  if (!role || trust === "none")
    return denied(isSameAccount ? " because no role trust policy allows the sts:AssumeRole action" : "");

  if (seconds > CHAINED_LIMIT && caller.roleArn !== undefined)
    return invalid("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
  if (seconds > (role.maxSessionDuration ?? 3600))
    return invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  const session = identities.issue(role, sessionName, seconds);
  return queryReply("AssumeRole", {
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: new Date(session.expires).toISOString().replace(".000Z", "Z"),
    },
    AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
  });
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
