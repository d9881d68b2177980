// Turns one profile's role settings into a call of sts:AssumeRole (rules 30 to 32).
import { variable, type Environment } from "../context.ts";
import { place, setting } from "../config/profile.ts";
import type { Section, Setting } from "../config/types.ts";
import { XroleError } from "../errors.ts";
import type { Hop } from "./types.ts";

/** What the command line may say about the last hop. Values as typed. */
export interface RoleOptions {
  readonly region?: string;
  readonly sessionName?: string;
  readonly duration?: string;
  readonly externalId?: string;
}

export type Caller = () => { readonly user: string; readonly host: string };

/** STS's cap on a role assumed from a role, in seconds (rule 32). */
export const CHAINED_LIMIT = 3600;

interface Given {
  readonly value: string;
  readonly where: string;
  readonly name: string;
}

/**
 * The hop of a profile that has a role_arn.
 * @param options for the last hop of a plan; `{}` for the others
 * @throws XroleError `setting-invalid`
 */
export function planHop(profile: Section, role: Setting, env: Environment, caller: Caller, options: RoleOptions): Hop {
  const own = (key: string): Given | undefined => {
    const found = setting(profile, key);
    return found && { value: found.value, where: place(found), name: key };
  };
  const option = (name: string, value: string | undefined): Given | undefined =>
    value === undefined ? undefined : { value, where: "command line", name };

  const roleArn = matching({ value: role.value, where: place(role), name: "role_arn" }, ROLE_ARN, "the ARN of a role");
  const named = option("--session-name", options.sessionName) ?? own("role_session_name") ?? environmentName(env);
  const externalId = option("--external-id", options.externalId) ?? own("external_id");
  const duration = option("--duration", options.duration) ?? own("duration_seconds");
  const mfaSerial = own("mfa_serial");
  const sourceIdentity = own("source_identity");
  return {
    profile: profile.name,
    roleArn,
    sessionName: named
      ? matching(named, SESSION_NAME, "2 to 64 of A-Z a-z 0-9 _ + = , . @ -")
      : generatedName(caller()),
    sessionNameGenerated: !named,
    ...(externalId && { externalId: matching(externalId, EXTERNAL_ID, "2 to 1224 of A-Z a-z 0-9 _ + = , . @ : / -") }),
    ...(duration && { durationSeconds: seconds(duration) }),
    ...(mfaSerial && { mfaSerial: mfaSerial.value }),
    ...(sourceIdentity && {
      sourceIdentity: matching(sourceIdentity, SESSION_NAME, "2 to 64 of A-Z a-z 0-9 _ + = , . @ -"),
    }),
    from: place(role),
  };
}

// Patterns: the AssumeRole page of the STS API reference. An ARN has six fields; what they hold is for AWS to say.
const ROLE_ARN = /^arn:[^:\s]*:[^:\s]*:[^:\s]*:[^:\s]*:\S+$/;
const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;

function matching({ value, where, name }: Given, pattern: RegExp, expected: string): string {
  if (pattern.test(value)) return value;
  throw new XroleError("setting-invalid", { where, name, value, expected });
}

function environmentName(env: Environment): Given | undefined {
  // [pinned] The CLI reads it for web identity only (rule 31).
  const name = "AWS_ROLE_SESSION_NAME";
  const value = variable(env, name);
  return value === undefined ? undefined : { value, where: "environment", name };
}

/** A name that tells an auditor who called: `xrole-<user>@<host, first label>`. */
export function generatedName({ user, host }: ReturnType<Caller>): string {
  return `xrole-${user}@${host.split(".")[0] ?? ""}`.replace(/[^\w+=,.@-]/g, "-").slice(0, 64);
}

/** `3600`, and from the command line also `45m` and `1h`. */
function seconds({ value, where, name }: Given): number {
  const pattern = name.startsWith("--") ? /^(\d+)([smh]?)$/ : /^(\d+)()$/;
  const [, digits, unit] = pattern.exec(value) ?? [];
  const result = Number(digits) * (unit === "h" ? 3600 : unit === "m" ? 60 : 1);
  if (result >= 900 && result <= 43200) return result;
  throw new XroleError("setting-invalid", {
    where,
    name,
    value,
    expected: "a whole number of seconds from 900 to 43200",
  });
}
