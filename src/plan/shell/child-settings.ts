// Turns the settings of a profile that a child process needs besides its credentials into environment variables (docs/contract.md).
import { variable, type Environment } from "../../context/types.ts";
import { setting } from "../../config/profile.ts";
import { endpointVariable, VARIABLES_OF_SETTINGS, type SettingVariable } from "../../config/setting-variables.ts";
import type { Config, Section } from "../../config/types.ts";
import { ignoresConfiguredEndpoints, servicesSection } from "../aws/endpoint.ts";
import { ownSettings } from "./host-environment.ts";

/**
 * The variables to set: only what the profile sets, and only if the user's own environment does not override it.
 * @param asksForFips the region is a pseudo-region of FIPS (region.ts). As in botocore, it overrides `use_fips_endpoint`
 * @throws XroleError `section-not-found`
 */
export function childSettings(
  env: Environment,
  config: Config,
  selected: Section | undefined,
  asksForFips: boolean,
): Record<string, string> {
  const result: Record<string, string> = {};
  const isIgnored = ignoresConfiguredEndpoints(env, selected);
  for (const one of VARIABLES_OF_SETTINGS) {
    const value = selected && valueOf(selected, one);
    if (value === undefined || one.names.some((name) => variable(env, name) !== undefined)) continue;
    // Not every SDK knows how to ignore an endpoint, so an ignored endpoint is not set at all.
    if (isIgnored && one.key === "endpoint_url") continue;
    for (const name of one.names) result[name] = value;
  }
  const services = isIgnored ? {} : serviceEndpoints(env, config, selected);
  return { ...result, ...(asksForFips && fips(env)), ...services };
}

/** The variables that an earlier xrole set, unchanged: for a role in this shell that is used again. */
export function heldSettings(env: Environment, asksForFips: boolean): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of ownSettings(env)) {
    const value = env[name];
    if (value !== undefined) kept[name] = value;
  }
  return { ...kept, ...(asksForFips && fips(env)) };
}

const fips = (env: Environment): Record<string, string> =>
  variable(env, "AWS_USE_FIPS_ENDPOINT")?.toLowerCase() === "true" ? {} : { AWS_USE_FIPS_ENDPOINT: "true" };

function valueOf(selected: Section, { key, inS3, isBoolean }: SettingVariable): string | undefined {
  const nested = inS3 === undefined ? undefined : selected.settings.get("s3")?.nested?.get(inS3)?.value;
  const value = setting(selected, key)?.value ?? (nested === "" ? undefined : nested);
  return isBoolean === true && value !== undefined && /^(true|false)$/i.test(value) ? value.toLowerCase() : value;
}

/** The endpoints of the services section. AWS_ENDPOINT_URL of the environment comes before all of them (rule 36). */
function serviceEndpoints(env: Environment, config: Config, selected: Section | undefined): Record<string, string> {
  if (variable(env, "AWS_ENDPOINT_URL") !== undefined) return {};
  const result: Record<string, string> = {};
  for (const [service, { nested }] of servicesSection(config, selected)?.settings ?? []) {
    const url = nested?.get("endpoint_url")?.value ?? "";
    const name = endpointVariable(service);
    if (url !== "" && name !== undefined && variable(env, name) === undefined) result[name] = url;
  }
  return result;
}
