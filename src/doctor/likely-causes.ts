// Ranks the possible causes of a refused call if AWS does not say: across accounts it tells a caller neither whether the role exists nor
// what its trust policy requires. So there is never a single verdict.
import { see, setFix, arnOf, activateRegion, showTrust, pathNote } from "./fixes.ts";
import { accountOf, roleName } from "../plan/show/describe.ts";
import type { Hop } from "../plan/sts-calls.ts";
import { type Principal } from "./principal.ts";
import { isOptInRegion } from "./regions.ts";
import { callerStatement, EXTERNAL_ID, trustStatement } from "./statements.ts";
import type { Cause, Evidence, Fix } from "./types.ts";

interface Candidate {
  readonly cause: string;
  /** 0: impossible here. */
  readonly weight: number;
  readonly text: string;
  readonly fixes: readonly Fix[];
  /** Not in the role's trust policy, and so impossible if AWS named that policy. */
  readonly isElsewhere?: boolean;
}

/** The least weight of a cause that is called likely. */
const LIKELY = 40;

export interface Ranking {
  readonly evidence: Evidence;
  readonly hop: Hop;
  /** Undefined if the caller is not known; then there are no statements. */
  readonly caller: Principal | undefined;
  /** The action that AWS names. */
  readonly action: string | undefined;
  /** Whether AWS's message has its usual form for a denial without a reason. */
  readonly isUsualForm: boolean;
  /** Whether AWS named the trust policy. */
  readonly isTrustNamed: boolean;
}

/** The causes, the likeliest first. */
export function rankedCauses(ranking: Ranking): Cause[] {
  return [...inTrust(ranking), ...elsewhere(ranking)]
    .filter(({ weight, isElsewhere }) => weight > 0 && !(ranking.isTrustNamed && isElsewhere))
    .sort((a, b) => b.weight - a.weight)
    .map(({ cause, weight, text, fixes }) => ({
      cause,
      likelihood: weight >= LIKELY ? "likely" : "possible",
      text,
      fixes,
    }));
}

/** The possible causes in the role's trust policy. */
function inTrust({ evidence: { plan, facts }, hop, caller, action }: Ranking): Candidate[] {
  const account = accountOf(hop.roleArn);
  const role = roleName(hop.roleArn);
  const policy = `the trust policy of role ${role}`;
  const isUser = caller?.kind === "user";
  const set = setFix(hop);
  const show = showTrust(hop);
  const add: Fix[] = caller
    ? [{ do: "add", account, where: policy, statement: trustStatement(hop, caller, action) }]
    : [];
  const { externalId, sourceIdentity, tags } = hop;
  return [
    {
      cause: "trust",
      weight: 60,
      text: `${policy} does not let ${caller?.name ?? "the caller"}${caller ? ` of account ${caller.account}` : ""} in`,
      fixes: [...add, ...pathNote(caller)],
    },
    {
      cause: "external-id",
      weight: externalId === undefined ? 42 : 44,
      text:
        externalId === undefined
          ? `${policy} asks for an external id (sts:ExternalId), and none is sent`
          : `${policy} asks for another external id than ${externalId}`,
      // The external id that was sent may be mistyped, so it must not go into the trust policy.
      fixes: [
        facts?.isExternalIdGiven === true
          ? see(`correct --external-id: ${EXTERNAL_ID}`)
          : set("external_id", EXTERNAL_ID),
      ],
    },
    {
      cause: "mfa",
      weight: hop.mfaSerial !== undefined || plan.mfaSession ? 0 : isUser ? 35 : 12,
      text: `${policy} asks for MFA (aws:MultiFactorAuthPresent), ${isUser ? "and no code is sent" : "which the session of a role never has"}`,
      fixes: isUser
        ? [set("mfa_serial", caller.arn.replace(/:user\/(.*\/)?/, ":mfa/"))]
        : [...add, see("that statement goes without the condition on aws:MultiFactorAuthPresent")],
    },
    {
      cause: "principal-recreated",
      weight: 25,
      text: `${caller?.name ?? "the caller"} was deleted and made again, and ${policy} still names the old one: an id (AROA..., AIDA...) is where its ARN was`,
      fixes: [show, ...add],
    },
    {
      cause: "session-name",
      weight: hop.sessionNameGenerated ? 20 : 15,
      text: `${policy} asks for another session name (sts:RoleSessionName) than ${hop.sessionName}`,
      fixes: [set("role_session_name", "<a name that the condition takes>"), show],
    },
    {
      cause: "session-tags",
      weight: tags ? 19 : 16,
      text: tags
        ? `${policy} asks for other session tags (aws:RequestTag) than ${tagsText(tags)}`
        : `${policy} asks for session tags (aws:RequestTag), and none are sent`,
      fixes: [set("session_tags", "<key>=<value>"), show],
    },
    {
      cause: "source-identity",
      weight: sourceIdentity === undefined ? 10 : 18,
      text:
        sourceIdentity === undefined
          ? `${policy} asks for a source identity (sts:SourceIdentity), and none is sent`
          : `${policy} asks for another source identity (sts:SourceIdentity) than ${sourceIdentity}, or the session has one, which stays`,
      fixes: [set("source_identity", "<a name that the condition takes>"), show],
    },
  ];
}

/** The possible causes outside of the trust policy. */
function elsewhere({ evidence: { region }, hop, caller, action, isUsualForm }: Ranking): Candidate[] {
  const account = accountOf(hop.roleArn);
  const role = roleName(hop.roleArn);
  const name = role.split("/").at(-1) ?? role;
  const isSameAccount = caller?.account === account;
  const both = isSameAccount ? `account ${account}` : `account ${caller?.account ?? "of the caller"} or ${account}`;
  const isOtherPartition = caller !== undefined && caller.arn.split(":")[1] !== hop.roleArn.split(":")[1];
  const found: Candidate[] = [
    {
      cause: "partition",
      weight: isOtherPartition ? 90 : 0,
      text: `the role is of another partition than the caller (${caller?.arn ?? ""}): none lets another's callers in`,
      fixes: [see(`start from credentials of the role's own partition, or correct ${arnOf(hop)}`)],
    },
    {
      cause: "role-absent",
      weight: 45,
      text: `there is no role ${role} in account ${account}: the account, the name or the path in role_arn is wrong`,
      fixes: [
        { do: "run", account, command: `aws iam get-role --role-name ${name} --query Role.Arn` },
        see(`its answer is what ${arnOf(hop)} must be`),
      ],
    },
    {
      cause: "caller-policy",
      // AWS says "because no identity-based policy allows ..." to a caller of any account.
      weight: isUsualForm ? 22 : 50,
      text: `no policy of ${caller?.name ?? "the caller"} allows it${isUsualForm ? " (AWS mostly says so)" : ""}`,
      fixes: caller
        ? [
            {
              do: "add",
              account: caller.account,
              where: `a policy of ${caller.name}`,
              statement: callerStatement(hop, action),
            },
          ]
        : [],
    },
    {
      cause: "organization",
      weight: isSameAccount ? 0 : 8,
      text: "a service or resource control policy denies it: from one organization to another AWS does not say so",
      fixes: [see(`whoever keeps the organizations of ${both} can tell`)],
    },
    {
      cause: "region-disabled",
      weight: region === undefined ? 0 : isOptInRegion(region) ? 28 : 4,
      text: `STS in ${region ?? ""} is not active in ${both}`,
      fixes: [activateRegion(region)],
    },
  ];
  return found.map((one) => ({ ...one, isElsewhere: true }));
}

const tagsText = (tags: Readonly<Record<string, string>>): string =>
  Object.entries(tags)
    .map((tag) => tag.join("="))
    .join(" ");
