// Turns one profile's role settings into a call of sts:AssumeRole (rules 30 to 32).
import { variable, type Environment } from "../context/types.ts";
import { setting } from "../config/profile.ts";
import type { Section } from "../config/types.ts";
import { checked, seconds } from "./options/limits.ts";
import { commaList, option, own, type Given } from "./options/given.ts";
import { policyText, refusePolicy, tagsOf } from "./options/session-limits.ts";
import { partitionOfArn } from "./aws/partitions.ts";
import type { RoleOptions } from "./options/role-options.ts";
import type { Hop, SessionPolicy } from "./sts-calls.ts";

export type LocalUser = () => { readonly user: string; readonly host: string };

/** STS's cap on a role assumed from a role, in seconds (rule 32). */
export const CHAINED_LIMIT = 3600;

/**
 * The hop to a role.
 * @param profile whose settings go with it; undefined for a role that only the command line names
 * @param options for the last hop of a plan; `{}` for the others
 * @throws XroleError `setting-invalid`
 */
export function planHop(
  profile: Section | undefined,
  role: Given,
  env: Environment,
  caller: LocalUser,
  options: RoleOptions,
): Hop {
  const found = (key: string): Given | undefined => profile && own(profile, key);
  const roleArn = checked(option("--role-arn", options.roleArn) ?? role, "roleArn");
  const externalId = option("--external-id", options.externalId) ?? found("external_id");
  const duration = option("--duration", options.duration) ?? found("duration_seconds");
  const mfaSerial = option("--mfa-serial", options.mfaSerial) ?? found("mfa_serial");
  const mfaProcess = mfaSerial && profile && processFor(profile, mfaSerial.value);
  const sourceIdentity = option("--source-identity", options.sourceIdentity) ?? found("source_identity");
  const tagWords = options.tag?.map((value) => given("--tag", value)) ?? commaList(found("session_tags"));
  const tags = tagWords.length > 0 ? tagsOf(tagWords) : {};
  const transitiveTagKeys = (
    options.transitiveTag?.map((value) => given("--transitive-tag", value)) ??
    commaList(found("transitive_session_tags"))
  ).map((one) => checked(one, "tagKey"));
  return {
    profile: profile?.name ?? "",
    roleArn,
    ...decideSessionName(profile, env, caller, options),
    ...(externalId && { externalId: checked(externalId, "externalId") }),
    ...(duration && { durationSeconds: seconds(duration) }),
    ...(mfaSerial && { mfaSerial: checked(mfaSerial, "mfaSerial") }),
    ...(mfaProcess && { mfaProcess }),
    ...(sourceIdentity && { sourceIdentity: checked(sourceIdentity, "sessionName") }),
    ...(Object.keys(tags).length > 0 && { tags }),
    ...(transitiveTagKeys.length > 0 && { transitiveTagKeys }),
    ...sessionPolicy(options, roleArn),
    from: options.roleArn === undefined ? role.where : "--role-arn",
  };
}

/** The profile's mfa_process, where it may print codes of this device: where the profile names no other device beside it. */
export function processFor(profile: Section, serial: string): string | undefined {
  return (own(profile, "mfa_serial")?.value ?? serial) === serial ? own(profile, "mfa_process")?.value : undefined;
}

/**
 * The session name that was given by option, profile or AWS_ROLE_SESSION_NAME; else a generated one (rule 31).
 * @throws XroleError `setting-invalid`
 */
export function decideSessionName(
  profile: Section | undefined,
  env: Environment,
  caller: LocalUser,
  options: RoleOptions,
): Pick<Hop, "sessionName" | "sessionNameGenerated"> {
  // [pinned] The CLI reads the variable for web identity only (rule 31).
  const name = "AWS_ROLE_SESSION_NAME";
  const value = variable(env, name);
  const found =
    option("--session-name", options.sessionName) ??
    (profile && own(profile, "role_session_name")) ??
    (value === undefined ? undefined : { value, where: "environment", name });
  return found
    ? { sessionName: checked(found, "sessionName"), sessionNameGenerated: false }
    : { sessionName: generatedName(caller()), sessionNameGenerated: true };
}

/** What narrows the session: --policy, --policy-arn, --read-only. @throws XroleError `setting-invalid` */
export function sessionPolicy(options: RoleOptions, roleArn: string): SessionPolicy {
  const arns = (options.policyArn ?? []).map((value) => checked(given("--policy-arn", value), "policyArn"));
  if (options.readOnly) arns.push(`arn:${partitionOfArn(roleArn).id}:iam::aws:policy/ReadOnlyAccess`);
  if (arns.length > 10) refusePolicy(given("--policy-arn", arns.at(-1) ?? ""));
  return {
    ...(options.policy !== undefined && { policy: policyText(given("--policy", options.policy)) }),
    ...(arns.length > 0 && { policyArns: arns }),
  };
}

const given = (name: string, value: string): Given => ({ value, where: "command line", name });

/** A name that tells an auditor who called: `xrole-<user>@<host, first label>`. */
function generatedName({ user, host }: ReturnType<LocalUser>): string {
  return `xrole-${user}@${host.split(".")[0] ?? ""}`.replace(/[^\w+=,.@-]/g, "-").slice(0, 64);
}

/** Whether a profile, or the command line, wants one MFA session for all hops. */
export const wantsMfaSession = (profile: Section | undefined, options: RoleOptions): boolean =>
  options.mfaSession === true || (profile && setting(profile, "xrole_mfa_session")?.value.toLowerCase()) === "true";
