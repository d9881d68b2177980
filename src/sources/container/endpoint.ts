// Decides the URL of the container's credentials, from the variables that ECS and EKS set (rules 45 and 46).
import { variable, type Environment } from "../../context/types.ts";
import { XroleError } from "../../errors/error.ts";

const RELATIVE = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const FULL = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
/** The variables that name the URL; the first takes precedence. */
export const CONTAINER_URIS = [RELATIVE, FULL] as const;
const ECS = "http://169.254.170.2";

/** Hosts that plain http may be sent to, in the way they are written: this machine, ECS, and EKS Pod Identity on IPv4 and IPv6. */
const PLAIN_HOSTS =
  /^(localhost|127(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}|\[::1\]|169\.254\.170\.(2|23)|\[fd00:ec2::23\])$/i;

/** The URL, and the variable that names it; undefined if the container variables are not set. @throws XroleError `container-uri` */
export function containerEndpoint(env: Environment): { url: string; from: string } | undefined {
  // [pinned] The relative URI takes precedence, and an empty one counts as unset.
  const relative = variable(env, RELATIVE);
  if (relative !== undefined) {
    if (!/^\/[^\s\\]*$/.test(relative) || !URL.canParse(ECS + relative))
      throw new XroleError("container-uri", {
        name: RELATIVE,
        value: relative,
        problem: "is not a path that starts with /",
      });
    return { url: ECS + relative, from: RELATIVE };
  }
  const full = variable(env, FULL);
  if (full === undefined) return undefined;
  const fail = (problem: string, hint?: string): never => {
    throw new XroleError("container-uri", { name: FULL, value: full, problem, ...(hint ? { hint } : {}) });
  };
  // The host is checked as written: URL parsers turn 127.1 and 2130706433 into 127.0.0.1, and resolvers differ.
  const [, scheme, authority] = /^(https?):\/\/([^/?#\\\s]+)[^\s\\]*$/i.exec(full) ?? [];
  if (scheme === undefined || authority === undefined || !URL.canParse(full))
    return fail("is not an http or https URL");
  if (authority.includes("@")) fail("has a user in it");
  const host = authority.replace(/:\d*$/, "");
  if (scheme.toLowerCase() === "http" && !PLAIN_HOSTS.test(host))
    fail(
      "would send the container's token in plain http to another host",
      "plain http is for loopback, localhost, 169.254.170.2, 169.254.170.23 and [fd00:ec2::23]; use https elsewhere",
    );
  return { url: full, from: FULL };
}
