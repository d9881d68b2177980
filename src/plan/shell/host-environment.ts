// Restores the environment from before an earlier `xrole env` in this shell: what that call set must not affect the next one.
import { isSettingVariable } from "../../config/setting-variables.ts";
import { variable, type Environment } from "../../context/types.ts";
import { fingerprint } from "../../util/digest.ts";
import { plainRegion } from "../aws/region-name.ts";

/** Variables that would override a role in a child process. They are removed for it; `env` saves them as XROLE_HOST_<NAME>. */
export const HOST_VARIABLES = [
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_ROLE_ARN",
] as const;

type HostVariable = (typeof HOST_VARIABLES)[number];
const isOfContainer = (name: string): boolean => name.startsWith("AWS_CONTAINER_");

/**
 * The variables whose saved values still apply. `env` removes these variables. So if one of the container's, or of web identity, is in
 * the environment, it was set later: it and those that belong to it apply, never mixed with the saved ones.
 */
export const keptVariables = (env: Environment): HostVariable[] =>
  HOST_VARIABLES.filter(
    (name) => !HOST_VARIABLES.some((one) => isOfContainer(one) === isOfContainer(name) && variable(env, one)),
  );

/** The names in XROLE_SETTINGS, without unknown ones: a user can put anything into that variable. */
export function ownSettings(env: Environment): string[] {
  return env.XROLE_SETTINGS?.split(",").filter(isSettingVariable) ?? [];
}

/** Whether the environment names an endpoint of xrole: under `exec --renew`, or after evaluating what `serve` prints. */
export const isAtEndpoint = (env: Environment): boolean =>
  env.XROLE_ENDPOINT !== undefined && env.XROLE_ENDPOINT === env.AWS_CONTAINER_CREDENTIALS_FULL_URI;

/** A fingerprint of the parts, short enough for XROLE_SESSION. */
export const digest = (...parts: readonly string[]): string => fingerprint(parts.join("\n")).slice(0, 16);

/** Whether an earlier xrole put the keys into the environment. */
export function heldByXrole(env: Environment): boolean {
  if (env.XROLE_SESSION === undefined) return false;
  const keyId = variable(env, "AWS_ACCESS_KEY_ID");
  return keyId !== undefined && env.XROLE_SESSION.split(".")[0] === digest(keyId);
}

/**
 * The variables that an earlier xrole set with its keys, if the user has replaced those keys since: they do not describe the new keys.
 * A session token may be new, too, but long-term keys (AKIA) have none.
 */
export function leftovers(env: Environment): readonly string[] {
  const keyId = variable(env, "AWS_ACCESS_KEY_ID");
  if (keyId === undefined || env.XROLE_SESSION === undefined || heldByXrole(env)) return [];
  const token = keyId.startsWith("AKIA") ? ["AWS_SESSION_TOKEN"] : [];
  return ["AWS_ACCOUNT_ID", "AWS_CREDENTIAL_EXPIRATION", ...token];
}

/** The variables whose region an earlier xrole set. XROLE_REGION may be a pseudo-region (region.ts). */
export const ownRegions = (env: Environment): string[] => holding(env, env.XROLE_REGION);

/** The user's own pseudo-region, by variable, if an earlier xrole replaced it by the region that it means. */
export function givenRegions(env: Environment): Record<string, string> {
  const given = env.XROLE_HOST_AWS_REGION;
  return given === undefined ? {} : Object.fromEntries(holding(env, given).map((name) => [name, given]));
}

const holding = (env: Environment, region: string | undefined): string[] =>
  region === undefined
    ? []
    : ["AWS_REGION", "AWS_DEFAULT_REGION"].filter((name) => env[name] === plainRegion(region).region);

/**
 * The environment without what an earlier xrole set, for planning and for sources.
 * @param profile the profile about to be used: its own region, exported before, still counts (rule 34); undefined where what the shell
 * holds is used again, and all that went with it stays
 */
export function hostEnvironment(env: Environment, profile: string | undefined): Environment {
  const host = new Map(Object.entries(env));
  for (const name of leftovers(env)) host.delete(name);
  if (profile !== undefined) for (const name of ownSettings(env)) host.delete(name);
  // A shell that uses xrole's endpoint has the role of that endpoint, whatever was set before.
  for (const name of isAtEndpoint(env) ? [] : keptVariables(env)) {
    const kept = env[`XROLE_HOST_${name}`];
    if (kept !== undefined) host.set(name, kept);
  }
  for (const [name, region] of Object.entries(givenRegions(env))) host.set(name, region);
  for (const name of ownRegions(env)) {
    if (profile === undefined || env.XROLE_PROFILE === profile) host.set(name, env.XROLE_REGION);
    else host.delete(name);
  }
  return Object.fromEntries(host);
}
