// Decides the URL of the instance metadata service, its timeout and its number of attempts (rules 40 to 42).
import { variable, type Environment } from "../../context/types.ts";
import { setting } from "../../config/profile.ts";
import { location } from "../../config/location.ts";
import type { Section } from "../../config/types.ts";
import { XroleError } from "../../errors/error.ts";

const ADDRESS = { ipv4: "http://169.254.169.254", ipv6: "http://[fd00:ec2::254]" };

/** The base URL of the service, without a trailing slash; a path prefix is kept. @throws XroleError `setting-invalid` */
export function instanceEndpoint(env: Environment, selected: Section | undefined): string {
  const endpoint = found(env, selected, "AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint");
  if (endpoint) {
    const fail = (expected: string): never => {
      throw new XroleError("setting-invalid", { ...endpoint, expected });
    };
    if (!URL.canParse(endpoint.value) || !/^https?:$/.test(new URL(endpoint.value).protocol))
      fail("an http or https URL");
    // Each request appends its path to it.
    if (/[?#]/.test(endpoint.value)) fail("an http or https URL without a query or fragment (? or #)");
    return endpoint.value.replace(/\/+$/, "");
  }

  const mode = found(env, selected, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode");
  switch (mode?.value.toLowerCase()) {
    case undefined:
    case "ipv4":
      return ADDRESS.ipv4;
    case "ipv6":
      return ADDRESS.ipv6;
    default:
      throw new XroleError("setting-invalid", {
        ...(mode ?? { where: "", name: "", value: "" }),
        expected: "IPv4 or IPv6",
      });
  }
}

/** Whether AWS_EC2_METADATA_DISABLED forbids requests to the instance, for `credential_source` too. */
export const isInstanceDisabled = (env: Environment): boolean =>
  env.AWS_EC2_METADATA_DISABLED?.toLowerCase() === "true";

/**
 * The timeout and the number of attempts, if the environment or the profile sets them (rule 40).
 * @throws XroleError `setting-invalid`
 */
export function instancePatience(
  env: Environment,
  selected: Section | undefined,
): { timeoutSeconds?: number; attempts?: number } {
  const whole = (name: string, key: string): number | undefined => {
    const given = found(env, selected, name, key);
    if (!given) return undefined;
    // Seven digits of seconds would overflow a timer.
    if (/^\s*0*[1-9]\d{0,5}\s*$/.test(given.value)) return Number(given.value);
    throw new XroleError("setting-invalid", { ...given, expected: "a whole number from 1 to 999999" });
  };
  const timeoutSeconds = whole("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout");
  const attempts = whole("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts");
  return { ...(timeoutSeconds !== undefined && { timeoutSeconds }), ...(attempts !== undefined && { attempts }) };
}

/** The value of the variable, or else of the profile's setting; `name` is the name of the one that is set. */
function found(
  env: Environment,
  selected: Section | undefined,
  name: string,
  key: string,
): { readonly name: string; readonly value: string; readonly where: string } | undefined {
  const value = variable(env, name);
  if (value !== undefined) return { name, value, where: "environment" };
  const own = selected && setting(selected, key);
  return own && { name: key, value: own.value, where: location(own) };
}
