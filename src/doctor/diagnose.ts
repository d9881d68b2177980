// Finds the causes of a failure: decides which reasoning fits the error code and the call.
import { accountOf, roleName } from "../plan/show/describe.ts";
import type { Hop } from "../plan/sts-calls.ts";
import { expiredCauses, invalidCauses } from "./credential-causes.ts";
import { readDenial } from "./access-denied-message.ts";
import { forgottenMfa, otherExternalId } from "./profile-causes.ts";
import { namedCause, otherSide } from "./named-policy-causes.ts";
import { principalOf, type Principal } from "./principal.ts";
import { rankedCauses } from "./likely-causes.ts";
import { activateRegion, see } from "./fixes.ts";
import { callerStatement, trustStatement, webIdentityStatement } from "./statements.ts";
import type { Cause, Evidence } from "./types.ts";

/** The causes, the likeliest first; none if the message and hint of the failure say everything. */
export function diagnose(evidence: Evidence): readonly Cause[] {
  const { failure, call } = evidence;
  switch (failure.code) {
    case "access-denied":
      if (call === "role") return webIdentityCauses(evidence);
      return typeof call === "object" ? deniedCauses(evidence, call) : [];
    case "sts-refused":
      return failure.awsCode.startsWith("RegionDisabled") ? [regionCause(evidence)] : [];
    case "credentials-invalid":
      return invalidCauses(evidence);
    case "token-expired":
      return expiredCauses(evidence);
    default:
      return [];
  }
}

/** Why a caller may not assume a role. */
function deniedCauses(evidence: Evidence, hop: Hop): Cause[] {
  const denial = readDenial(evidence.failure.awsSays);
  const { action, by } = denial;
  const known = [...evidence.plan.hops.map(({ roleArn }) => roleArn), ...webIdentityRole(evidence)];
  const arn = evidence.caller ?? denial.principal;
  const caller = arn === undefined ? undefined : principalOf(arn, known);
  if (caller?.kind === "root") return [rootCause(caller)];

  const shown = evidence.facts
    ? [otherExternalId(hop, evidence.facts), forgottenMfa(hop, evidence.facts)].filter((one) => one !== undefined)
    : [];
  const named = by && namedCause(by, denial, hop, caller);
  if (named) {
    const other = by.kind === "identity" && !by.isExplicit ? otherSide(hop, caller, action) : undefined;
    const more = other ? [other] : [];
    // A Deny often applies to everything without MFA, so a missing MFA code comes before an exception to the Deny.
    return by.isExplicit ? [...shown, named, ...more] : [named, ...shown, ...more];
  }
  const isUsualForm = denial.resource !== undefined;
  const ranked = rankedCauses({ evidence, hop, caller, action, isUsualForm, isTrustNamed: by !== undefined });
  const more = actionCause(action, hop, caller);
  if (!more) {
    const isShown = ({ cause }: Cause): boolean =>
      shown.some((one) => one.cause === cause || (one.cause === "external-id-differs" && cause === "external-id"));
    return [...shown, ...ranked.filter((one) => !isShown(one))];
  }
  // The action shows which permission is missing, so causes of the other one are excluded.
  const condition = action === "sts:TagSession" ? "session-tags" : "source-identity";
  return [more, ...ranked.filter(({ cause }) => cause === condition)];
}

/** The cause if sts:AssumeRole is allowed, but not one of the actions that come with it. */
function actionCause(action: string | undefined, hop: Hop, caller: Principal | undefined): Cause | undefined {
  if (action !== "sts:TagSession" && action !== "sts:SetSourceIdentity") return undefined;
  const isTags = action === "sts:TagSession";
  const isSent = isTags ? hop.tags !== undefined : hop.sourceIdentity !== undefined;
  const what = isTags ? "session tags" : "a source identity";
  const account = accountOf(hop.roleArn);
  const where = `the trust policy of role ${roleName(hop.roleArn)}`;
  return {
    cause: isTags ? "tag-session" : "set-source-identity",
    likelihood: "named",
    text: `${what} ${isSent ? (isTags ? "are" : "is") + " sent" : "came with the session before, and stay"}, which needs ${action} on both sides`,
    fixes: caller
      ? [
          { do: "add", account, where, statement: trustStatement(hop, caller, action) },
          {
            do: "add",
            account: caller.account,
            where: `a policy of ${caller.name}`,
            statement: callerStatement(hop, action),
          },
        ]
      : [],
  };
}

/** The root user cannot assume a role. Source: "AssumeRole" of the STS API reference. */
const rootCause = ({ account }: Principal): Cause => ({
  cause: "root-caller",
  likelihood: "named",
  text: `the caller is the root user of account ${account}, who can assume no role`,
  fixes: [see("use the keys of a user or a role")],
});

/** The causes if the role of a web identity does not accept the token. */
function webIdentityCauses({ plan: { source }, claims }: Evidence): Cause[] {
  if (source.roleArn === undefined) return [];
  const { roleArn, from } = source;
  const [account, role] = [accountOf(roleArn), roleName(roleArn)];
  const shown = Object.entries(claims ?? {}).flatMap(([name, value]) =>
    (name === "sub" || name === "aud") && typeof value === "string" ? [[name, value] as const] : [],
  );
  const issuer = claims?.iss;
  return [
    {
      cause: "web-identity-trust",
      likelihood: "likely",
      text: `the trust policy of role ${role} does not take this token: another provider, subject or audience`,
      fixes:
        typeof issuer === "string"
          ? [
              {
                do: "add",
                account,
                where: `the trust policy of role ${role}`,
                statement: webIdentityStatement(roleArn, issuer, Object.fromEntries(shown)),
              },
            ]
          : [],
    },
    {
      cause: "role-absent",
      likelihood: "possible",
      text: `there is no role ${role} in account ${account}`,
      fixes: [
        {
          do: "run",
          account,
          command: `aws iam get-role --role-name ${role.split("/").at(-1) ?? ""} --query Role.Arn`,
        },
        see(`its answer is what role_arn must be (${from})`),
      ],
    },
  ];
}

function webIdentityRole({ plan: { source } }: Evidence): string[] {
  return source.roleArn !== undefined ? [source.roleArn] : [];
}

/** STS is not active in the region; GetCallerIdentity works there anyway. Source: "Manage AWS STS in an AWS Region" of the IAM User Guide. */
function regionCause({ failure, region }: Evidence): Cause {
  const account = /account:\s*(\d{12})/.exec(failure.awsSays)?.[1];
  return {
    cause: "region-disabled",
    likelihood: "named",
    text: `STS in ${region ?? "this region"} is not active${account === undefined ? "" : ` in account ${account}`}`,
    fixes: [activateRegion(region)],
  };
}
