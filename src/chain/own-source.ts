// Finds the credentials a profile itself holds: keys, web identity, SSO, a process, a login (rules 21 and 24).
import { place, setting } from "../config/profile.ts";
import type { Config, Section } from "../config/types.ts";
import { XroleError } from "../errors.ts";
import type { Source } from "./types.ts";

const HOLDS_CREDENTIALS = [
  "aws_access_key_id",
  "aws_secret_access_key",
  "role_arn",
  "web_identity_token_file",
  "credential_source",
  "credential_process",
  "login_session",
  "sso_session",
  "sso_start_url",
  "sso_account_id",
  "sso_role_name",
];

/** Whether a profile says anything about credentials: `default` counts in the default chain only if it does (rule 20). */
export const holdsCredentials = (profile: Section): boolean =>
  HOLDS_CREDENTIALS.some((key) => setting(profile, key) !== undefined);

/**
 * The profile's key pair.
 * @throws XroleError `keys-incomplete` for half a pair
 */
export function staticSource(profile: Section): Source | undefined {
  const id = setting(profile, "aws_access_key_id");
  const secret = setting(profile, "aws_secret_access_key");
  const half = id ?? secret;
  if (!half) return undefined;
  if (!id || !secret) {
    const missing = id ? "aws_secret_access_key" : "aws_access_key_id";
    throw new XroleError("keys-incomplete", { where: place(half), profile: profile.name, missing });
  }
  const token = setting(profile, "aws_session_token") ?? setting(profile, "aws_security_token");
  const account = setting(profile, "aws_account_id");
  return {
    kind: "static",
    from: place(id),
    profile: profile.name,
    accessKeyId: id.value,
    ...(account && { accountId: account.value }),
    temporary: token !== undefined,
  };
}

/**
 * `web_identity_token_file` with `role_arn`, which wins even beside `source_profile` (rule 21a).
 * @throws XroleError `setting-missing` without role_arn: AWS_ROLE_ARN does not stand in for it (rule 29)
 */
export function webIdentitySource(profile: Section): Source | undefined {
  const file = setting(profile, "web_identity_token_file");
  if (!file) return undefined;
  const role = required(profile, "role_arn", "web_identity_token_file");
  const sessionName = setting(profile, "role_session_name");
  return {
    kind: "web-identity",
    from: place(file),
    roleArn: role,
    tokenFile: file.value,
    ...(sessionName && { sessionName: sessionName.value }),
  };
}

/**
 * SSO, credential_process or login_session, in this order.
 * @throws XroleError `setting-missing`, `section-not-found`
 */
export function otherSource(config: Config, profile: Section): Source | undefined {
  const sso = ssoSource(config, profile);
  if (sso) return sso;
  const process = setting(profile, "credential_process");
  if (process) return { kind: "process", from: place(process), profile: profile.name, command: process.value };
  const login = setting(profile, "login_session");
  return login && { kind: "login", from: place(login), session: login.value };
}

function ssoSource(config: Config, profile: Section): Source | undefined {
  const session = setting(profile, "sso_session");
  const mark =
    session ?? ["sso_start_url", "sso_account_id", "sso_role_name"].map((key) => setting(profile, key)).find(Boolean);
  if (!mark) return undefined;
  const accountId = setting(profile, "sso_account_id");
  const roleName = setting(profile, "sso_role_name");
  // A session alone is a bearer token, not a role; a legacy start URL is nothing without both.
  if (accountId || roleName || !session) {
    required(profile, "sso_account_id", roleName ? "sso_role_name" : "SSO settings");
    required(profile, "sso_role_name", "sso_account_id");
  }
  const common = {
    kind: "sso" as const,
    from: place(mark),
    ...(accountId && { accountId: accountId.value }),
    ...(roleName && { roleName: roleName.value }),
  };
  if (!session) {
    return {
      ...common,
      startUrl: required(profile, "sso_start_url", "SSO settings"),
      region: required(profile, "sso_region", "SSO settings"),
    };
  }
  const section = config.ssoSessions.get(session.value);
  if (!section)
    throw new XroleError("section-not-found", { where: place(session), kind: "sso-session", name: session.value });
  for (const key of ["sso_region", "sso_start_url"]) {
    const own = setting(profile, key);
    if (own && own.value !== setting(section, key)?.value)
      throw new XroleError("setting-invalid", {
        where: place(own),
        name: key,
        value: own.value,
        expected: `what [sso-session ${session.value}] says; it belongs there`,
      });
  }
  return {
    ...common,
    session: session.value,
    startUrl: required(section, "sso_start_url", "a session"),
    region: required(section, "sso_region", "a session"),
  };
}

function required(section: Section, key: string, because: string): string {
  const found = setting(section, key);
  if (found) return found.value;
  throw new XroleError("setting-missing", { where: place(section), profile: section.name, setting: key, because });
}
