// Decides the endpoints of AWS services: STS, SSO's two services, and sign-in (rules 35 and 36).
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

/** A service: the first part of its host name, and the names of its settings in the environment and in a services section. */
export interface Service {
  /** Empty if each partition has its own host name (console/partition-hosts.ts). */
  readonly host: string;
  readonly variable: string;
  readonly section: string;
}

export const STS: Service = { host: "sts", variable: "AWS_ENDPOINT_URL_STS", section: "sts" };
export const SSO: Service = { host: "portal.sso", variable: "AWS_ENDPOINT_URL_SSO", section: "sso" };
export const SSO_OIDC: Service = { host: "oidc", variable: "AWS_ENDPOINT_URL_SSO_OIDC", section: "sso_oidc" };
export const SIGN_IN: Service = { host: "", variable: "AWS_ENDPOINT_URL_SIGNIN", section: "signin" };

/** AWS's endpoint for a service in a region, without a final slash. Source: the endpoint rule sets of the SDKs. */
export function awsEndpoint(service: Service, region: string, { fips, dualStack }: EndpointFlags): string {
  if (region === "aws-global") return `https://${service.host}.amazonaws.com`;
  const partition = partitionOfRegion(region);
  if (dualStack) return `https://${service.host}${fips ? "-fips" : ""}.${region}.${partition.dualStackSuffix}`;
  // GovCloud's ordinary endpoints are FIPS ones.
  const suffix = fips && partition.id !== "aws-us-gov" ? "-fips" : "";
  return `https://${service.host}${suffix}.${region}.${partition.suffix}`;
}

/**
 * AWS's endpoint that renews the logins of `aws login`, with a final slash. Its host names follow no rule.
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

/** The region that requests are signed for: `aws-global` is an endpoint, not a region. */
export const signingRegion = (region: string): string => (region === "aws-global" ? "us-east-1" : region);

/** `use_fips_endpoint` and `use_dualstack_endpoint`; the environment comes first. Anything but `true` (in any case) is false. */
export function endpointFlags(env: Environment, selected: Section | undefined): EndpointFlags {
  const isOn = (name: string, key: string): boolean =>
    (variable(env, name) ?? (selected && setting(selected, key)?.value))?.toLowerCase() === "true";
  return {
    fips: isOn("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
    dualStack: isOn("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"),
  };
}

/**
 * The endpoint that the user configured for a service, if any. For STS, in this order: AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL, the
 * services section, endpoint_url (rule 36).
 * @throws XroleError `section-not-found` if `services` names a section that does not exist
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

/** Whether `ignore_configured_endpoint_urls` or its variable turns off all configured endpoints. */
export function ignoresConfiguredEndpoints(env: Environment, selected: Section | undefined): boolean {
  const value =
    variable(env, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") ??
    (selected && setting(selected, "ignore_configured_endpoint_urls")?.value);
  return value?.toLowerCase() === "true";
}

/**
 * The URL that requests to a service are sent to, and a warning if it is plain http to another host.
 * @param region as the user wrote it. A pseudo-region requests FIPS; as in botocore, a custom endpoint silently overrides that
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

/** The endpoint that the user configured, checked; undefined for AWS's own. @throws XroleError `setting-invalid`, `endpoint-insecure` */
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
  // The text as written is checked: other programs read 127.1, or a tab in a host name, differently from this parser.
  const [, authority] = /^https?:\/\/([^/?#\\\s]+)[^\s\\]*$/i.exec(url) ?? [];
  const usable = "an http or https URL";
  if (authority === undefined || !URL.canParse(url)) return fail(usable);
  const parsed = new URL(url);
  if (authority.includes("@")) fail(`${usable} without a user in it`);
  // Some requests would be sent with it and some without.
  if (/[?#]/.test(url)) fail(`${usable} without a query or fragment (? or #)`);
  if (flags.fips || flags.dualStack)
    fail("usable: a custom endpoint excludes use_fips_endpoint and use_dualstack_endpoint");
  if (parsed.protocol === "https:" || isLoopback(authority.replace(/:\d*$/, ""))) return { endpoint: parsed.href };
  // [pinned] Plain http leaves the machine only if the user declares that they trust the network (rule 36).
  if (env.XROLE_ALLOW_HTTP !== "1") throw new XroleError("endpoint-insecure", { where, url });
  return { endpoint: parsed.href, warning: `credentials go to ${parsed.origin} in the clear (XROLE_ALLOW_HTTP=1)` };
}

/** Whether a host, as written in a URL, is this machine. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|\[::1\]|127(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3})$/i.test(hostname);
}
