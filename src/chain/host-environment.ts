// The environment as it was before an earlier `xrole env` in this shell: what that one set must not steer the next one.
import type { Environment } from "../context.ts";

/** Variables that would win over a role in a child: removed for it, and kept by `env` under XROLE_HOST_<NAME>. */
export const HOST_VARIABLES = [
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_ROLE_ARN",
] as const;

/** Settings of a profile that go into a child's environment; XROLE_SETTINGS lists those that xrole set. */
export const SETTING_VARIABLES = [
  "AWS_USE_FIPS_ENDPOINT",
  "AWS_USE_DUALSTACK_ENDPOINT",
  "AWS_CA_BUNDLE",
  "AWS_ENDPOINT_URL",
  "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
] as const;

/** The names in XROLE_SETTINGS that are settings indeed: the variable is the user's to forge, so only known names count. */
export function ownSettings(env: Environment): string[] {
  const listed = (env.XROLE_SETTINGS ?? "").split(",");
  return SETTING_VARIABLES.filter((name) => listed.includes(name));
}

/** Whether the environment leads to an endpoint of xrole's: under `exec --renew`, or by what `serve` prints. */
export const isAtEndpoint = (env: Environment): boolean =>
  env.XROLE_ENDPOINT !== undefined && env.XROLE_ENDPOINT === env.AWS_CONTAINER_CREDENTIALS_FULL_URI;

/**
 * `env` without what an earlier xrole set, for planning and for sources.
 * @param profile the profile about to be used: its own region, exported before, still counts (rule 34)
 */
export function hostEnvironment(env: Environment, profile: string): Environment {
  const host = new Map(Object.entries(env));
  for (const name of ownSettings(env)) host.delete(name);
  // A shell that is led to xrole's endpoint holds that role, whatever was there before.
  for (const name of isAtEndpoint(env) ? [] : HOST_VARIABLES) {
    const kept = env[`XROLE_HOST_${name}`];
    if (kept !== undefined) host.set(name, kept);
  }
  if (env.XROLE_REGION !== undefined && env.XROLE_PROFILE !== profile) {
    for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION"]) if (env[name] === env.XROLE_REGION) host.delete(name);
  }
  return Object.fromEntries(host);
}
