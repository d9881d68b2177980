// Decides where the instance metadata service is (rules 41 and 42).
import { variable, type Environment } from "../context.ts";
import { place, setting } from "../config/profile.ts";
import type { Section } from "../config/types.ts";
import { XroleError } from "../errors.ts";

const ADDRESS = { ipv4: "http://169.254.169.254", ipv6: "http://[fd00:ec2::254]" };

/**
 * The service's base URL, without a final slash; a path prefix is kept.
 * @throws XroleError `setting-invalid`
 */
export function instanceEndpoint(env: Environment, selected: Section | undefined): string {
  const own = (key: string): { value: string; where: string } | undefined => {
    const found = selected && setting(selected, key);
    return found && { value: found.value, where: place(found) };
  };
  const named = (name: string): { value: string; where: string } | undefined => {
    const value = variable(env, name);
    return value === undefined ? undefined : { value, where: "environment" };
  };

  const endpoint = named("AWS_EC2_METADATA_SERVICE_ENDPOINT") ?? own("ec2_metadata_service_endpoint");
  if (endpoint) {
    const name = "ec2_metadata_service_endpoint";
    if (!URL.canParse(endpoint.value) || !/^https?:$/.test(new URL(endpoint.value).protocol))
      throw new XroleError("setting-invalid", { ...endpoint, name, expected: "an http or https URL" });
    return endpoint.value.replace(/\/+$/, "");
  }

  const mode = named("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE") ?? own("ec2_metadata_service_endpoint_mode");
  switch (mode?.value.toLowerCase()) {
    case undefined:
    case "ipv4":
      return ADDRESS.ipv4;
    case "ipv6":
      return ADDRESS.ipv6;
    default:
      throw new XroleError("setting-invalid", {
        where: mode?.where ?? "",
        name: "ec2_metadata_service_endpoint_mode",
        value: mode?.value ?? "",
        expected: "IPv4 or IPv6",
      });
  }
}

/** Whether AWS_EC2_METADATA_DISABLED forbids asking the instance, for `credential_source` too. */
export const isInstanceDisabled = (env: Environment): boolean =>
  env.AWS_EC2_METADATA_DISABLED?.toLowerCase() === "true";
