// Plans one call of sts:AssumeRole from the role settings of a profile (rules 30 to 32).
import { variable, type Environment } from "../context/types.ts";
import { setting } from "../config/profile.ts";
import type { Section } from "../config/types.ts";
import { checked, seconds } from "./options/limits.ts";
import { commaList, option, own, type Given } from "./options/given.ts";
import { sessionPolicy, tagsOf } from "./options/session-limits.ts";
import {
  flagOf,
  ROLE_OPTIONS,
  roleOptionRows,
  type PlannedFields,
  type RoleOption,
  type RoleOptionName,
  type RoleOptions,
} from "./options/role-options.ts";
import type { Hop, SessionPolicy } from "./sts-calls.ts";

export type LocalUser = () => { readonly user: string; readonly host: string };

/** STS's cap on a role assumed from a role, in seconds (rule 32). */
export const CHAINED_LIMIT = 3600;

/**
 * The hop to a role.
 * @param profile the profile whose settings apply; undefined for a role that only the command line names
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
  const roleArn = checked(option("--role-arn", options.roleArn) ?? role, "roleArn");
  const planned = plannedFields(profile, options, "hop");
  const mfaProcess = profile && planned.mfaSerial !== undefined && processFor(profile, planned.mfaSerial);
  return {
    profile: profile?.name ?? "",
    roleArn,
    ...decideSessionName(profile, env, caller, options),
    ...planned,
    ...(mfaProcess && { mfaProcess }),
    ...narrowed(options, roleArn),
    from: options.roleArn === undefined ? role.where : "--role-arn",
  };
}

/**
 * The fields of a call for the options that are sent unchanged.
 * @param profile the profile whose settings apply if the command line has no option
 * @param of the call: AssumeRole, or `session` for AssumeRoleWithWebIdentity
 * @throws XroleError `setting-invalid`
 */
export function plannedFields<Of extends "hop" | "session">(
  profile: Section | undefined,
  options: RoleOptions,
  of: Of,
): PlannedFields<Of | "session"> {
  const fields: Record<string, unknown> = {};
  for (const [name, { type, sent, of: only, field = name }] of roleOptionRows()) {
    if (!sent || sent === true || (of === "session" && only !== of)) continue;
    const given = givenFor(name, profile, options);
    if (given.length === 0) continue;
    if (sent === "tags") fields[field] = tagsOf(given);
    else {
      const values = given.map((one) => (sent === "seconds" ? seconds(one) : checked(one, sent)));
      fields[field] = type ? values : values[0];
    }
  }
  return fields as PlannedFields<Of | "session">;
}

/** The values of an option, else of the profile's setting: at most one, unless it is a list. */
export function givenFor(name: RoleOptionName, profile: Section | undefined, options: RoleOptions): readonly Given[] {
  const { type, setting: key }: RoleOption = ROLE_OPTIONS[name];
  const typed = options[name];
  if (typed !== undefined) return [typed].flat().map((value) => given(flagOf(name), String(value)));
  const found = profile && key !== undefined ? own(profile, key) : undefined;
  return type ? commaList(found) : found ? [found] : [];
}

/** The profile's mfa_process, if it may print codes of this device, because the profile names no other device. */
export function processFor(profile: Section, serial: string): string | undefined {
  return (own(profile, "mfa_serial")?.value ?? serial) === serial ? own(profile, "mfa_process")?.value : undefined;
}

/**
 * The session name from the option, the profile or AWS_ROLE_SESSION_NAME; otherwise a generated one (rule 31).
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
    givenFor("sessionName", profile, options)[0] ??
    (value === undefined ? undefined : { value, where: "environment", name });
  return found
    ? { sessionName: checked(found, "sessionName"), sessionNameGenerated: false }
    : { sessionName: generatedName(caller()), sessionNameGenerated: true };
}

/** The session policy of the command line, if any. @throws XroleError `setting-invalid` */
export function narrowed(options: RoleOptions, roleArn: string): SessionPolicy {
  const { policy, policyArn, readOnly } = options;
  return policy !== undefined || policyArn || readOnly ? sessionPolicy(options, roleArn) : {};
}

const given = (name: string, value: string): Given => ({ value, where: "command line", name });

/** A session name that tells an auditor who made the call: `xrole-<user>@<first label of the host>`. */
function generatedName({ user, host }: ReturnType<LocalUser>): string {
  return `xrole-${user}@${host.split(".")[0] ?? ""}`.replace(/[^\w+=,.@-]/g, "-").slice(0, 64);
}

/** Whether a profile, or the command line, wants one MFA session for all hops. */
export const wantsMfaSession = (profile: Section | undefined, options: RoleOptions): boolean =>
  options.mfaSession === true || (profile && setting(profile, "xrole_mfa_session")?.value.toLowerCase()) === "true";
