// The environment as it was before an earlier `xrole env` in this shell: what that one set must not steer the next one.
import { isSettingVariable } from "../../config/setting-variables.ts";
import { variable, type Environment } from "../../context/types.ts";
import { fingerprint } from "../../util/digest.ts";
import { plainRegion } from "../aws/region-name.ts";

/** Variables that would win over a role in a child: removed for it, and kept by `env` under XROLE_HOST_<NAME>. */
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
 * The variables whose kept values still count. `env` removes these variables, so where one of the container's, or of web identity,
 * stands in the environment, it was set since: it and those that belong to it are meant, and no mixture with what was there before.
 */
export const keptVariables = (env: Environment): HostVariable[] =>
  HOST_VARIABLES.filter(
    (name) => !HOST_VARIABLES.some((one) => isOfContainer(one) === isOfContainer(name) && variable(env, one)),
  );

/** The names in XROLE_SETTINGS that are settings indeed: the variable is the user's to forge, so only known names count. */
export function ownSettings(env: Environment): string[] {
  return env.XROLE_SETTINGS?.split(",").filter(isSettingVariable) ?? [];
}

/** Whether the environment leads to an endpoint of xrole's: under `exec --renew`, or by what `serve` prints. */
export const isAtEndpoint = (env: Environment): boolean =>
  env.XROLE_ENDPOINT !== undefined && env.XROLE_ENDPOINT === env.AWS_CONTAINER_CREDENTIALS_FULL_URI;

/** A part of XROLE_SESSION. */
export const digest = (...parts: readonly string[]): string => fingerprint(parts.join("\n")).slice(0, 16);

/** Whether the keys in the environment are those that an earlier xrole put there. */
export function heldByXrole(env: Environment): boolean {
  if (env.XROLE_SESSION === undefined) return false;
  const keyId = variable(env, "AWS_ACCESS_KEY_ID");
  return keyId !== undefined && env.XROLE_SESSION.split(".")[0] === digest(keyId);
}

/**
 * What an earlier xrole set beside keys that the user has put others in the place of since: it says nothing of the new ones. A
 * session token may be new, too, but long-term keys (AKIA) have none.
 */
export function leftovers(env: Environment): readonly string[] {
  const keyId = variable(env, "AWS_ACCESS_KEY_ID");
  if (keyId === undefined || env.XROLE_SESSION === undefined || heldByXrole(env)) return [];
  const token = keyId.startsWith("AKIA") ? ["AWS_SESSION_TOKEN"] : [];
  return ["AWS_ACCOUNT_ID", "AWS_CREDENTIAL_EXPIRATION", ...token];
}

/** The variables that hold the region which an earlier xrole set. XROLE_REGION may be a pseudo-region (region.ts). */
export const ownRegions = (env: Environment): string[] => holding(env, env.XROLE_REGION);

/** The user's own pseudo-region, by variable, where an earlier xrole put the region that it means in its place. */
export function givenRegions(env: Environment): Record<string, string> {
  const given = env.XROLE_HOST_AWS_REGION;
  return given === undefined ? {} : Object.fromEntries(holding(env, given).map((name) => [name, given]));
}

const holding = (env: Environment, region: string | undefined): string[] =>
  region === undefined
    ? []
    : ["AWS_REGION", "AWS_DEFAULT_REGION"].filter((name) => env[name] === plainRegion(region).region);

/**
 * `env` without what an earlier xrole set, for planning and for sources.
 * @param profile the profile about to be used: its own region, exported before, still counts (rule 34); undefined where what the shell
 * holds is used again, and all that went with it stays
 */
export function hostEnvironment(env: Environment, profile: string | undefined): Environment {
  const host = new Map(Object.entries(env));
  for (const name of leftovers(env)) host.delete(name);
  if (profile !== undefined) for (const name of ownSettings(env)) host.delete(name);
  // A shell that is led to xrole's endpoint holds that role, whatever was there before.
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
