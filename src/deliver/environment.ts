// Decides which variables a role sets and which it removes, so that nothing stale wins over it (docs/contract.md, "The environment").
import { HOST_VARIABLES, ownSettings } from "../chain/host-environment.ts";
import { formatTime } from "../chain/received.ts";
import { sessionMark } from "../chain/session.ts";
import type { Credentials, Plan } from "../chain/types.ts";
import type { Environment } from "../context.ts";

export interface Changes {
  readonly set: Readonly<Record<string, string>>;
  readonly unset: readonly string[];
}

const KEYS = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_CREDENTIAL_EXPIRATION",
  "AWS_ACCOUNT_ID",
];
const OWN = ["XROLE_PROFILE", "XROLE_SESSION", "XROLE_REGION", "XROLE_SETTINGS", "XROLE_ENDPOINT"];
/** What leads to an endpoint of xrole's, which XROLE_ENDPOINT names. */
const ENDPOINT = [
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
  "AWS_CONFIG_FILE",
  "AWS_SHARED_CREDENTIALS_FILE",
  "AWS_EC2_METADATA_DISABLED",
  "BOTO_CONFIG",
];
const REGION = ["AWS_REGION", "AWS_DEFAULT_REGION"];

/** What would win over the role, or mislead a reader of the environment, and is never set. */
const STALE = [
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_SECURITY_TOKEN",
  ...HOST_VARIABLES,
  "AWS_BEARER_TOKEN_BEDROCK",
  "AWS_ACCESS_KEY",
  "AWS_SECRET_KEY",
  "AWS_CREDENTIAL_FILE",
];

/**
 * The changes that put the credentials of `plan` into an environment.
 * @param env the environment as it is, with what an earlier xrole left in it
 */
export function environmentChanges(env: Environment, plan: Plan, credentials: Credentials): Changes {
  return roleChanges(env, plan, {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_CREDENTIAL_EXPIRATION: credentials.expiration && formatTime(credentials.expiration),
    AWS_ACCOUNT_ID: credentials.accountId,
    XROLE_SESSION: sessionMark(credentials.accessKeyId, plan),
  });
}

/** What goes with a role however it is handed over. */
export function roleChanges(env: Environment, plan: Plan, held: Environment): Changes {
  // A region from the user's own environment stays theirs: only what xrole adds is marked as xrole's (rule 34).
  const region = plan.regionOrigin === "partition" ? undefined : plan.region;
  const isOwnRegion = plan.regionOrigin !== "environment" || env.XROLE_REGION === plan.region;
  const settings = Object.keys(plan.childSettings);
  const set = withValues({
    ...held,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    ...plan.childSettings,
    XROLE_PROFILE: plan.profile,
    XROLE_REGION: isOwnRegion ? region : undefined,
    XROLE_SETTINGS: settings.length > 0 ? settings.join(",") : undefined,
  });
  const staleRegion = REGION.filter((name) => env.XROLE_REGION !== undefined && env[name] === env.XROLE_REGION);
  const unset = [...STALE, ...KEYS, ...OWN, ...ownSettings(env), ...staleRegion, "XROLE_RESOLVING"];
  return { set, unset: unset.filter((name) => !(name in set)) };
}

/** The changes for `exec`: the child gets the role, and no way back to the host's own. */
export function childChanges(changes: Changes): Changes {
  return { ...changes, unset: [...changes.unset, ...HOST_VARIABLES.map((name) => `XROLE_HOST_${name}`)] };
}

/** The changes for `env`: the host's own sources are kept aside for the next xrole, and for `--unset`. */
export function shellChanges(env: Environment, changes: Changes): Changes {
  const kept = HOST_VARIABLES.filter((name) => env[name]).map((name) => [`XROLE_HOST_${name}`, env[name]]);
  return { ...changes, set: { ...changes.set, ...withValues(Object.fromEntries(kept) as Environment) } };
}

/** The changes for `env --unset`: the role goes, the host's own variables come back. Keys that are not xrole's stay. */
export function undoChanges(env: Environment, holdsForeignKeys: boolean): Changes {
  const restored = HOST_VARIABLES.map((name) => [name, env[`XROLE_HOST_${name}`]]);
  const set = withValues(Object.fromEntries(restored) as Environment);
  const region = REGION.filter((name) => env.XROLE_REGION === undefined || env[name] === env.XROLE_REGION);
  const isAtEndpoint =
    env.XROLE_ENDPOINT !== undefined && env.XROLE_ENDPOINT === env.AWS_CONTAINER_CREDENTIALS_FULL_URI;
  return {
    set,
    unset: [
      ...(isAtEndpoint ? ENDPOINT.filter((name) => !(name in set)) : []),
      ...(holdsForeignKeys ? [] : KEYS),
      ...(env.XROLE_REGION === undefined ? [] : region),
      ...ownSettings(env),
      ...OWN,
      ...HOST_VARIABLES.map((name) => `XROLE_HOST_${name}`),
    ],
  };
}

/** `env` with the changes made. */
export function applyChanges(env: Environment, { set, unset }: Changes): Record<string, string> {
  const kept = Object.entries(withValues(env)).filter(([name]) => !unset.includes(name));
  return { ...Object.fromEntries(kept), ...set };
}

function withValues(record: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
