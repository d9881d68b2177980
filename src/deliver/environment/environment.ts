// Decides which variables a role sets and removes, so that no stale variable takes precedence (docs/contract.md, "The
// environment").
import {
  HOST_VARIABLES,
  isAtEndpoint,
  keptVariables,
  ownRegions,
  ownSettings,
} from "../../plan/shell/host-environment.ts";
import { formatTime } from "../../plan/aws/timestamps.ts";
import { markFor } from "../../plan/shell/session.ts";
import type { Credentials } from "../../plan/aws/credentials.ts";
import type { Plan } from "../../plan/types.ts";
import type { Environment } from "../../context/types.ts";

export interface Changes {
  readonly set: Readonly<Record<string, string>>;
  readonly unset: readonly string[];
}

export const KEYS = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_CREDENTIAL_EXPIRATION",
  "AWS_ACCOUNT_ID",
];
export const OWN = [
  "XROLE_PROFILE",
  "XROLE_SESSION",
  "XROLE_REGION",
  "XROLE_SETTINGS",
  "XROLE_ENDPOINT",
  "XROLE_HOST_AWS_REGION",
];
/**
 * Variables about the places where SDKs look before or after an endpoint. They are replaced while XROLE_ENDPOINT names an endpoint
 * of xrole's.
 */
export const BESIDE_ENDPOINT = [
  "AWS_CONFIG_FILE",
  "AWS_SHARED_CREDENTIALS_FILE",
  "AWS_CREDENTIAL_PROFILES_FILE",
  "CPL_AWS_CREDENTIALS_FILE",
  "BOTO_CONFIG",
  "AWS_SDK_LOAD_CONFIG",
  "AWS_EC2_METADATA_DISABLED",
] as const;
const FULL_URI = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
/** Variables that make SDKs use an endpoint. */
export const TO_ENDPOINT: readonly string[] = [
  FULL_URI,
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
];
export const ENDPOINT = [...TO_ENDPOINT, ...BESIDE_ENDPOINT];

/** Variables that would take precedence over the role, or mislead a reader of the environment. They are removed, and never set. */
const STALE = [
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_SECURITY_TOKEN",
  ...HOST_VARIABLES,
  "AWS_BEARER_TOKEN_BEDROCK",
  "AWS_ACCESS_KEY",
  "AWS_SECRET_KEY",
  "AWS_CREDENTIAL_FILE",
  // The SDKs for JavaScript 2 and Ruby read these before the shared files and the endpoint.
  "AMAZON_ACCESS_KEY_ID",
  "AMAZON_SECRET_ACCESS_KEY",
  "AMAZON_SESSION_TOKEN",
  "AMAZON_REGION",
  // Ansible's plugins read these before AWS_ACCESS_KEY_ID; boto 2 and Ansible's modules read them after it.
  "EC2_ACCESS_KEY",
  "EC2_SECRET_KEY",
  "EC2_SECURITY_TOKEN",
  // s3fs-fuse; its first versions read no others.
  "AWSACCESSKEYID",
  "AWSSECRETACCESSKEY",
  "AWSSESSIONTOKEN",
];
/** Variables that are saved as XROLE_HOST_<NAME>, and restored by `env --unset`. */
export const KEPT_ASIDE: readonly string[] = [...HOST_VARIABLES, ...BESIDE_ENDPOINT];
export const aside = (name: string): string => `XROLE_HOST_${name}`;

/**
 * The changes that put the credentials of `plan` into an environment.
 * @param env the current environment, including what an earlier xrole left in it
 */
export function environmentChanges(env: Environment, plan: Plan, credentials: Credentials): Changes {
  return roleChanges(env, plan, {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_CREDENTIAL_EXPIRATION: credentials.expiration && formatTime(credentials.expiration),
    AWS_ACCOUNT_ID: credentials.accountId,
    XROLE_SESSION: markFor(env, credentials.accessKeyId, plan),
  });
}

/** The changes that every way of delivering a role shares. @param held the variables of this way */
export function roleChanges(env: Environment, plan: Plan, held: Environment): Changes {
  // A region in the user's own environment remains theirs: only a region that xrole adds is marked as xrole's (rule 34).
  const region = plan.regionOrigin === "partition" ? undefined : plan.region;
  const asGiven = plan.regionAsGiven ?? region;
  const isOwnRegion = plan.regionOrigin !== "environment" || env.XROLE_REGION === asGiven;
  const settings = Object.keys(plan.childSettings);
  const set = withValues({
    ...held,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    ...plan.childSettings,
    XROLE_PROFILE: plan.name,
    XROLE_REGION: isOwnRegion ? asGiven : undefined,
    XROLE_HOST_AWS_REGION: isOwnRegion ? undefined : plan.regionAsGiven,
    XROLE_SETTINGS: settings.length > 0 ? settings.join(",") : undefined,
  });
  const unset = [...STALE, ...KEYS, ...OWN, ...ownSettings(env), ...ownRegions(env), "XROLE_RESOLVING"];
  return { set, unset: unset.filter((name) => !(name in set)) };
}

/** The changes for `exec`: the command gets the role, and nothing with which it could return to the host's own credentials. */
export function childChanges(changes: Changes): Changes {
  return { ...changes, unset: [...changes.unset, ...KEPT_ASIDE.map(aside)] };
}

/**
 * The changes for `env`: the host's own sources are saved for the next xrole, and for `--unset`, which also needs the mark of an
 * endpoint that the shell used before.
 */
export function shellChanges(env: Environment, { set, unset }: Changes): Changes {
  const kept = HOST_VARIABLES.filter((name) => env[name]).map((name) => [aside(name), env[name]]);
  // A saved variable belongs to the other saved ones: a token is only valid for its own endpoint.
  const isOver = (name: (typeof HOST_VARIABLES)[number]): boolean =>
    !isAtEndpoint(env) && !keptVariables(env).includes(name) && !env[name];
  const over = HOST_VARIABLES.filter((name) => isOver(name) && env[aside(name)] !== undefined).map(aside);
  return {
    set: { ...set, ...withValues(Object.fromEntries(kept) as Environment) },
    unset: [...unset, ...over].filter((name) => name !== "XROLE_ENDPOINT" || !wasLedToEndpoint(env)),
  };
}

/** Whether `env` uses an endpoint of xrole's, or did so until a later `env` replaced it by keys. */
export const wasLedToEndpoint = (env: Environment): boolean =>
  isAtEndpoint(env) || (env.XROLE_ENDPOINT !== undefined && env.XROLE_ENDPOINT === env[aside(FULL_URI)]);

/** `env` with the changes applied. */
export function applyChanges(env: Environment, { set, unset }: Changes): Record<string, string> {
  const removed = new Set(unset);
  const kept = Object.entries(withValues(env)).filter(([name]) => !removed.has(name));
  return { ...Object.fromEntries(kept), ...set };
}

export function withValues(record: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
