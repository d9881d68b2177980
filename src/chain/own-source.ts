// Finds the credentials a profile itself holds: web identity, SSO, keys, a login, a process (rules 21 and 24).
import { closeNames } from "../config/close-names.ts";
import { place, setting } from "../config/profile.ts";
import type { Config, Section, Setting } from "../config/types.ts";
import { XroleError } from "../errors.ts";
import { decideSessionName, type Caller } from "./hop.ts";
import { checked, own } from "./limits.ts";
import { decideEndpoint, endpointFlags, SIGN_IN, SSO, SSO_OIDC, usableEndpoint, type Service } from "./endpoint.ts";
import { isRegion, plainRegion } from "./region.ts";
import type { Source } from "./types.ts";
import type { Environment } from "../context.ts";

export type WebIdentity = Extract<Source, { kind: "web-identity" }>;

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
  return {
    kind: "static",
    from: place(id),
    profile: profile.name,
    accessKeyId: id.value,
    ...accountOf(profile),
    temporary: token !== undefined,
  };
}

/**
 * `web_identity_token_file` with `role_arn`, which wins even beside `source_profile` (rule 21a).
 * @throws XroleError `setting-missing` without role_arn: AWS_ROLE_ARN does not stand in for it (rule 29)
 */
export function webIdentitySource(profile: Section, env: Environment, caller: Caller): WebIdentity | undefined {
  const file = setting(profile, "web_identity_token_file");
  if (!file) return undefined;
  required(profile, "role_arn", "web_identity_token_file");
  const role = own(profile, "role_arn") ?? { value: "", where: place(profile), name: "role_arn" };
  return {
    kind: "web-identity",
    from: place(file),
    roleArn: checked(role, "roleArn"),
    tokenFile: file.value,
    ...decideSessionName(profile, env, caller, {}),
  };
}

/** A way to credentials that a profile has, and the setting that says so. */
export interface Way {
  readonly name: "SSO" | "keys" | "login_session" | "credential_process";
  readonly at: Setting;
  /** @throws XroleError `keys-incomplete`, `setting-missing`, `section-not-found` */
  readonly source: () => Source | undefined;
}

/**
 * The ways of a selected profile without role or web identity, in the order of botocore's ProfileProviderBuilder: SSO, keys of the
 * credentials file, login, process, keys of the config file (rule 21).
 */
export function ownWays(env: Environment, config: Config, profile: Section): Way[] {
  const keyId = setting(profile, "aws_access_key_id") ?? setting(profile, "aws_secret_access_key");
  const keys: Way[] = keyId ? [{ name: "keys", at: keyId, source: () => staticSource(profile) }] : [];
  const inCredentials = config.credentialsFile?.get(profile.name);
  const isFromCredentials = inCredentials !== undefined && setting(inCredentials, "aws_access_key_id") !== undefined;
  const others = otherWays(env, config, profile);
  // A session or a start URL alone is no role: botocore goes on without it, so it comes last (rule 21).
  const isRole = setting(profile, "sso_account_id") ?? setting(profile, "sso_role_name");
  const sso = others.filter(({ name }) => name === "SSO");
  const rest = others.filter(({ name }) => name !== "SSO");
  const found = [
    ...(isRole ? sso : []),
    ...(isFromCredentials ? keys : []),
    ...rest,
    ...(isFromCredentials ? [] : keys),
  ];
  return found.length > 0 ? found : sso;
}

/**
 * SSO, login_session or credential_process, in this order.
 * @throws XroleError `setting-missing`, `setting-invalid`, `section-not-found`, `endpoint-insecure`
 */
export function otherSource(env: Environment, config: Config, profile: Section): Source | undefined {
  return otherWays(env, config, profile)[0]?.source();
}

function otherWays(env: Environment, config: Config, profile: Section): Way[] {
  const ways: Way[] = [];
  const sso = SSO_MARKS.map((key) => setting(profile, key)).find(Boolean);
  if (sso) ways.push({ name: "SSO", at: sso, source: () => ssoSource(env, config, profile) });
  const login = setting(profile, "login_session");
  if (login) ways.push({ name: "login_session", at: login, source: () => loginSource(env, config, profile, login) });
  const process = setting(profile, "credential_process");
  if (process) ways.push({ name: "credential_process", at: process, source: () => processSource(profile, process) });
  return ways;
}

function processSource(profile: Section, process: Setting): Source {
  return {
    kind: "process",
    from: place(process),
    profile: profile.name,
    command: process.value,
    ...accountOf(profile),
  };
}

function loginSource(env: Environment, config: Config, profile: Section, login: Setting): Source {
  const configured = usableEndpoint(env, config, profile, SIGN_IN);
  const { fips, dualStack } = endpointFlags(env, profile);
  return {
    kind: "login",
    from: place(login),
    profile: profile.name,
    session: login.value,
    ...(configured && { endpoint: configured.endpoint }),
    ...(fips && { fips }),
    ...(dualStack && { dualStack }),
  };
}

/** The account of the profile's own credentials. @throws XroleError `setting-invalid` */
function accountOf(profile: Section): { accountId?: string } {
  const account = own(profile, "aws_account_id");
  return account ? { accountId: checked(account, "accountId") } : {};
}

const SSO_MARKS = ["sso_session", "sso_start_url", "sso_account_id", "sso_role_name"];

function ssoSource(env: Environment, config: Config, profile: Section): Source | undefined {
  const session = setting(profile, "sso_session");
  const mark = SSO_MARKS.map((key) => setting(profile, key)).find(Boolean);
  if (!mark) return undefined;
  const accountId = own(profile, "sso_account_id");
  const roleName = setting(profile, "sso_role_name");
  // A session alone is a bearer token, not a role; a legacy start URL is nothing without both.
  if (accountId || roleName || !session) {
    required(profile, "sso_account_id", roleName ? "sso_role_name" : "SSO settings");
    required(profile, "sso_role_name", "sso_account_id");
  }
  const common = {
    kind: "sso" as const,
    from: place(mark),
    profile: profile.name,
    ...(accountId && { accountId: checked(accountId, "accountId") }),
    ...(roleName && { roleName: roleName.value }),
  };
  const inRegion = (region: string): { region: string; endpoint: string; renewalEndpoint: string } => {
    const plain = plainRegion(region).region;
    if (!isRegion(region) || !isRegion(plain)) {
      const at = { where: place(mark), name: "sso_region", value: region };
      throw new XroleError("setting-invalid", { ...at, expected: "the name of a region, such as eu-west-1" });
    }
    const at = (service: Service): string => decideEndpoint(env, config, profile, region, service).endpoint ?? "";
    return { region: plain, endpoint: at(SSO), renewalEndpoint: at(SSO_OIDC) };
  };
  if (!session) {
    return {
      ...common,
      startUrl: required(profile, "sso_start_url", "SSO settings"),
      ...inRegion(required(profile, "sso_region", "SSO settings")),
    };
  }
  const section = config.ssoSessions.get(session.value);
  if (!section)
    throw new XroleError("section-not-found", {
      ...{ where: place(session), kind: "sso-session", name: session.value },
      close: closeNames(session.value, config.ssoSessions.keys()),
    });
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
    ...inRegion(required(section, "sso_region", "a session")),
  };
}

function required(section: Section, key: string, because: string): string {
  const found = setting(section, key);
  if (found) return found.value;
  throw new XroleError("setting-missing", { where: place(section), profile: section.name, setting: key, because });
}
