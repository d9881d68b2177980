// The settings of a profile that a child needs beside its credentials, as environment variables (docs/contract.md).
import { variable, type Environment } from "../context.ts";
import { setting } from "../config/profile.ts";
import type { Section } from "../config/types.ts";

const SETTINGS: readonly (readonly [name: string, key: string])[] = [
  ["AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"],
  ["AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"],
  ["AWS_CA_BUNDLE", "ca_bundle"],
  ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls"],
  ["AWS_ENDPOINT_URL", "endpoint_url"],
];

/** Variables to set: only what the profile sets, and only where the user's own environment does not win over it. */
export function childSettings(env: Environment, selected: Section | undefined): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, key] of SETTINGS) {
    const own = selected && setting(selected, key);
    if (own && variable(env, name) === undefined) result[name] = own.value;
  }
  return result;
}
