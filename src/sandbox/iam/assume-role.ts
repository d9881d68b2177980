// Implements AssumeRole and AssumeRoleWithWebIdentity: limits, trust, permissions, and what the session inherits.
import { refuseAssuming, whyTokenDenied } from "./authorize.ts";
import { callerContext, type Identities, type Identity, type SessionExtras } from "../world/identity.ts";
import { mfaRefusal } from "./mfa.ts";
import { passedOn } from "./session-tags.ts";
import type { Policy } from "./evaluate-policy.ts";
import { invalid, violates } from "../services/query-form.ts";
import type { Outgoing } from "../http-message.ts";
import { readPolicies } from "./session-policy.ts";
import type { TokenMint } from "../world/web-identity.ts";
import { findRole, type FoundRole, type World } from "../world/world.ts";
import { credentialsNode, queryError, queryReply } from "../services/xml.ts";

/** The longest session, in seconds, of a role assumed from a role. */
const CHAINED_LIMIT = 3600;

/** The parameters of a request that are within the limits of the API. */
interface Asked {
  readonly arn: string;
  readonly sessionName: string;
  readonly seconds: number;
  readonly policies: readonly Policy[] | undefined;
}

export function assumeRole(
  world: World,
  identities: Identities,
  caller: Identity,
  form: URLSearchParams,
  now: number,
): Outgoing {
  const asked = readAsked(world, form);
  if ("status" in asked) return asked;
  const { arn, sessionName, seconds, policies } = asked;
  const externalId = form.get("ExternalId") ?? undefined;
  if (externalId !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId))
    return violates("externalId", externalId, "satisfy regular expression pattern: [\\w+=,.@:\\/-]*");
  const wrongCode = mfaRefusal(caller, form, now);
  if (wrongCode) return wrongCode;
  const isMfaPresent = form.has("TokenCode") || caller.isMfaPresent === true;

  const passed = passedOn(caller, form);
  if ("status" in passed) return passed;
  const role = findRole(world, arn);
  const { requested, tags, transitiveTags, sourceIdentity } = passed;
  const requestTags = Object.entries(requested).map(([key, value]) => [`aws:requesttag/${key.toLowerCase()}`, value]);
  const context = {
    ...callerContext(caller),
    ...(Object.fromEntries(requestTags) as Record<string, string>),
    "sts:externalid": externalId,
    "sts:rolesessionname": sessionName,
    "sts:sourceidentity": form.get("SourceIdentity") ?? undefined,
    ...(isMfaPresent && { "aws:multifactorauthpresent": "true" }),
  };
  // Tags and a source identity that stay through a chain are set on the next session like requested ones, and need the same
  // permissions.
  const actions = [
    "sts:AssumeRole",
    ...(Object.keys(tags).length > 0 ? ["sts:TagSession"] : []),
    ...(sourceIdentity !== undefined ? ["sts:SetSourceIdentity"] : []),
  ];
  for (const action of actions) {
    const refusal = refuseAssuming(world, caller, role, { caller, action, resource: arn, context });
    if (refusal) return refusal;
  }
  if (seconds > CHAINED_LIMIT && caller.roleArn !== undefined)
    return invalid("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
  const extras = {
    tags,
    transitiveTags,
    ...(sourceIdentity !== undefined && { sourceIdentity }),
    ...(policies && { sessionPolicies: policies }),
    ...(caller.roleArn !== undefined && { isChained: true }),
  };
  return grant("AssumeRole", identities, role, sessionName, seconds, extras);
}

/** Source: the AssumeRoleWithWebIdentity page of the STS API reference. */
export function assumeRoleWithWebIdentity(
  world: World,
  identities: Identities,
  mint: TokenMint,
  form: URLSearchParams,
  now: number,
): Outgoing {
  const asked = readAsked(world, form);
  if ("status" in asked) return asked;
  const { arn, sessionName, seconds, policies } = asked;
  const claims = mint.read(form.get("WebIdentityToken") ?? "");
  if (!claims) return queryError(400, "InvalidIdentityToken", "The ID Token provided is not a valid JWT.");
  if (claims.expires <= now)
    return queryError(
      400,
      "ExpiredTokenException",
      "Token expired: current date/time must be before the expiration date/time",
    );
  const role = findRole(world, arn);
  const providers = world.accounts[role?.accountId ?? ""]?.oidcProviders ?? {};
  const provider = Object.hasOwn(providers, claims.issuer) ? providers[claims.issuer] : undefined;
  if (!provider)
    return queryError(
      400,
      "InvalidIdentityToken",
      `No OpenIDConnect provider found in your account for https://${claims.issuer}`,
    );
  if (!provider.audiences.includes(claims.audience))
    return queryError(400, "InvalidIdentityToken", "Incorrect token audience");
  const caller = {
    accountId: role?.accountId ?? "",
    arn: "",
    federated: `arn:aws:iam::${role?.accountId ?? ""}:oidc-provider/${claims.issuer}`,
  };
  const context = {
    [`${claims.issuer}:sub`.toLowerCase()]: claims.subject,
    [`${claims.issuer}:aud`.toLowerCase()]: claims.audience,
    "sts:rolesessionname": sessionName,
  };
  const action = "sts:AssumeRoleWithWebIdentity";
  const reason = whyTokenDenied(world, role, { caller, action, resource: arn, context });
  if (reason !== undefined) return queryError(403, "AccessDenied", `Not authorized to perform ${action}${reason}`);
  const extras = policies ? { sessionPolicies: policies } : {};
  return grant("AssumeRoleWithWebIdentity", identities, role, sessionName, seconds, extras);
}

function grant(
  action: string,
  identities: Identities,
  role: FoundRole | undefined,
  sessionName: string,
  seconds: number,
  extras: SessionExtras,
): Outgoing {
  if (!role) return queryError(403, "AccessDenied", "there is no such role");
  if (seconds > (role.maxSessionDuration ?? 3600))
    return invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  const session = identities.issue(role, sessionName, seconds, extras);
  return queryReply(action, {
    Credentials: credentialsNode(session),
    AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
  });
}

/** Patterns and limits: the AssumeRole page of the STS API reference. */
function readAsked(world: World, form: URLSearchParams): Asked | Outgoing {
  const arn = form.get("RoleArn") ?? "";
  const sessionName = form.get("RoleSessionName") ?? "";
  const duration = form.get("DurationSeconds");
  if (arn.length < 20) return violates("roleArn", arn, "have length greater than or equal to 20");
  if (!/^arn:aws:iam::\d{12}:role\/.+$/.test(arn)) return invalid(`${arn} is invalid`);
  if (sessionName.length < 2) return violates("roleSessionName", sessionName, "have length greater than or equal to 2");
  if (sessionName.length > 64) return violates("roleSessionName", sessionName, "have length less than or equal to 64");
  if (!/^[\w+=,.@-]*$/.test(sessionName))
    return violates("roleSessionName", sessionName, "satisfy regular expression pattern: [\\w+=,.@-]*");
  const seconds = duration === null ? 3600 : Number(duration);
  if (duration !== null && !/^\d+$/.test(duration))
    return queryError(400, "MalformedInput", "DurationSeconds is not a number");
  if (seconds < 900) return violates("durationSeconds", String(seconds), "have value greater than or equal to 900");
  if (seconds > 43200) return violates("durationSeconds", String(seconds), "have value less than or equal to 43200");
  const policies = readPolicies(world, form);
  return policies !== undefined && "status" in policies ? policies : { arn, sessionName, seconds, policies };
}
