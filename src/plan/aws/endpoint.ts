// Decides the endpoints of STS and of SSO's two services (rules 35 and 36).
import { variable, type Environment } from "../../context/types.ts";
import { closeNames } from "../../config/close-names.ts";
import { setting } from "../../config/profile.ts";
import { location } from "../../config/location.ts";
import type { Config, Section } from "../../config/types.ts";
import { XroleError } from "../../errors/error.ts";
import { partitionOfRegion } from "./partitions.ts";
import { plainRegion } from "./region-name.ts";

export interface EndpointFlags {
  readonly fips: boolean;
  readonly dualStack: boolean;
}

interface Configured {
  readonly url: string;
  readonly where: string;
}

/** A service: how its host begins, and how its settings are called in the environment and in a services section. */
export interface Service {
  /** Empty where each partition has a name of its own (console/places.ts). */
  readonly host: string;
  readonly variable: string;
  readonly section: string;
}

export const STS: Service = { host: "sts", variable: "AWS_ENDPOINT_URL_STS", section: "sts" };
export const SSO: Service = { host: "portal.sso", variable: "AWS_ENDPOINT_URL_SSO", section: "sso" };
export const SSO_OIDC: Service = { host: "oidc", variable: "AWS_ENDPOINT_URL_SSO_OIDC", section: "sso_oidc" };
export const SIGN_IN: Service = { host: "", variable: "AWS_ENDPOINT_URL_SIGNIN", section: "signin" };

/** AWS's own endpoint of a service in a region, without a final slash. Source: the endpoint rule sets of the SDKs. */
export function awsEndpoint(service: Service, region: string, { fips, dualStack }: EndpointFlags): string {
  if (region === "aws-global") return `https://${service.host}.amazonaws.com`;
  const partition = partitionOfRegion(region);
  if (dualStack) return `https://${service.host}${fips ? "-fips" : ""}.${region}.${partition.dualStackSuffix}`;
  // GovCloud's ordinary endpoints are FIPS ones.
  const suffix = fips && partition.id !== "aws-us-gov" ? "-fips" : "";
  return `https://${service.host}${suffix}.${region}.${partition.suffix}`;
}

/**
 * AWS's own endpoint at which logins of `aws login` are renewed, with a final slash. Its names follow no rule.
 * Source: the endpoint rule set of the SDKs' Sign-In client (CreateOAuth2Token).
 */
export function awsSignInEndpoint(region: string, { fips = false, dualStack = false }: Partial<EndpointFlags>): string {
  const name = signingRegion(region);
  const { id, suffix, dualStackSuffix } = partitionOfRegion(name);
  const kind = fips ? "signin-fips" : "signin";
  if (dualStack) return `https://${kind}.${name}.${dualStackSuffix}/`;
  if (!fips) return `https://${name}.${SIGN_IN_HOSTS[id] ?? `signin.${suffix}`}/`;
  if (id !== "aws-us-gov") return `https://signin-fips.${name}.${suffix}/`;
  return `https://${name === "us-gov-west-1" ? "" : `${name}.`}signin-fips.amazonaws-us-gov.com/`;
}

const SIGN_IN_HOSTS: Readonly<Record<string, string>> = {
  aws: "signin.aws.amazon.com",
  "aws-cn": "signin.amazonaws.cn",
  "aws-us-gov": "signin.amazonaws-us-gov.com",
  "aws-eusc": "signin.amazonaws-eusc.eu",
  "aws-iso": "signin.c2shome.ic.gov",
  "aws-iso-b": "signin.sc2shome.sgov.gov",
  "aws-iso-e": "signin.csphome.adc-e.uk",
  "aws-iso-f": "signin.csphome.hci.ic.gov",
};

/** The region that signs a call: `aws-global` is an endpoint, not a region. */
export const signingRegion = (region: string): string => (region === "aws-global" ? "us-east-1" : region);

/** `use_fips_endpoint` and `use_dualstack_endpoint`, the environment first. Anything but `true` (any case) is false. */
export function endpointFlags(env: Environment, selected: Section | undefined): EndpointFlags {
  const isOn = (name: string, key: string): boolean =>
    (variable(env, name) ?? (selected && setting(selected, key)?.value))?.toLowerCase() === "true";
  return {
    fips: isOn("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
    dualStack: isOn("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"),
  };
}

/**
 * The endpoint that the user configured for a service, if any. For STS: AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL, the services
 * section, endpoint_url (rule 36).
 * @throws XroleError `section-not-found` for a `services` that names none
 */
export function configuredEndpoint(
  env: Environment,
  config: Config,
  selected: Section | undefined,
  service: Service = STS,
): Configured | undefined {
  if (ignoresConfiguredEndpoints(env, selected)) return undefined;
  for (const where of [service.variable, "AWS_ENDPOINT_URL"]) {
    const url = variable(env, where);
    if (url !== undefined) return { url, where };
  }
  const ofService = servicesSection(config, selected)?.settings.get(service.section)?.nested?.get("endpoint_url");
  if (ofService && ofService.value !== "") return { url: ofService.value, where: location(ofService) };
  const own = selected && setting(selected, "endpoint_url");
  return own && { url: own.value, where: location(own) };
}

/** The services section that the profile names, if it names one. @throws XroleError `section-not-found` */
export function servicesSection(config: Config, selected: Section | undefined): Section | undefined {
  const services = selected && setting(selected, "services");
  const section = services && config.services.get(services.value);
  if (services && !section)
    throw new XroleError("section-not-found", {
      ...{ where: location(services), kind: "services", name: services.value },
      close: closeNames(services.value, config.services.keys()),
    });
  return section;
}

/** Whether `ignore_configured_endpoint_urls`, or its variable, switches all configured endpoints off. */
export function ignoresConfiguredEndpoints(env: Environment, selected: Section | undefined): boolean {
  const value =
    variable(env, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") ??
    (selected && setting(selected, "ignore_configured_endpoint_urls")?.value);
  return value?.toLowerCase() === "true";
}

/**
 * The endpoint that calls of a service are sent to, as a URL, and a warning when it is plain http to another host.
 * @param region as the user gave it: a pseudo-region asks for FIPS, which a custom endpoint silently excludes, as in botocore
 * @throws XroleError `setting-invalid`, `endpoint-insecure`
 */
export function decideEndpoint(
  env: Environment,
  config: Config,
  selected: Section | undefined,
  region: string | undefined,
  service: Service = STS,
): { endpoint?: string; warning?: string } {
  const configured = usableEndpoint(env, config, selected, service);
  if (configured) return configured;
  if (region === undefined) return {};
  const flags = endpointFlags(env, selected);
  const plain = plainRegion(region);
  return { endpoint: `${awsEndpoint(service, plain.region, { ...flags, fips: flags.fips || plain.isFips })}/` };
}

/** The same, where the user configured one; undefined where AWS's own is meant. @throws XroleError `setting-invalid`, `endpoint-insecure` */
export function usableEndpoint(
  env: Environment,
  config: Config,
  selected: Section | undefined,
  service: Service,
): { endpoint: string; warning?: string } | undefined {
  const flags = endpointFlags(env, selected);
  const configured = configuredEndpoint(env, config, selected, service);
  if (!configured) return undefined;
  const { url, where } = configured;
  const fail = (expected: string): never => {
    throw new XroleError("setting-invalid", { where, name: "endpoint_url", value: url, expected });
  };
  // As written: what a parser makes of 127.1, or of a tab in a name, others read in another way.
  const [, authority] = /^https?:\/\/([^/?#\\\s]+)[^\s\\]*$/i.exec(url) ?? [];
  const usable = "an http or https URL";
  if (authority === undefined || !URL.canParse(url)) return fail(usable);
  const parsed = new URL(url);
  if (authority.includes("@")) fail(`${usable} without a user in it`);
  // Some calls would be sent with it and some without.
  if (/[?#]/.test(url)) fail(`${usable} without a query or fragment (? or #)`);
  if (flags.fips || flags.dualStack)
    fail("usable: a custom endpoint excludes use_fips_endpoint and use_dualstack_endpoint");
  if (parsed.protocol === "https:" || isLoopback(authority.replace(/:\d*$/, ""))) return { endpoint: parsed.href };
  // [pinned] Plain http leaves the machine only when the user says that the network is theirs (rule 36).
  if (env.XROLE_ALLOW_HTTP !== "1") throw new XroleError("endpoint-insecure", { where, url });
  return { endpoint: parsed.href, warning: `credentials go to ${parsed.origin} in the clear (XROLE_ALLOW_HTTP=1)` };
}

/** Whether a host, as it is written, is this machine. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|\[::1\]|127(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3})$/i.test(hostname);
}
