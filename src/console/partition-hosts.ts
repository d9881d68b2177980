// The hosts of the web console and of its sign-in, for each partition. Sources: "AWS Sign-In endpoints and quotas" in the AWS General
// Reference, the endpoint rules of the SDKs' Sign-In client, and the same pages for China and the European Sovereign Cloud.
import { signingRegion } from "../plan/aws/endpoint.ts";
import { partitionOfRegion } from "../plan/aws/partitions.ts";
import { XroleError } from "../errors/error.ts";

interface ConsoleHosts {
  readonly signIn: string;
  readonly console: string;
  /** The regions whose sign-in host has no region in front. */
  readonly bare: RegExp;
}

/** Without the isolated partitions, whose consoles are not documented. */
const HOSTS: Readonly<Record<string, ConsoleHosts>> = {
  aws: { signIn: "signin.aws.amazon.com", console: "console.aws.amazon.com", bare: /^us-east-1$/ },
  "aws-cn": { signIn: "signin.amazonaws.cn", console: "console.amazonaws.cn", bare: /^/ },
  "aws-us-gov": {
    signIn: "signin.amazonaws-us-gov.com",
    console: "console.amazonaws-us-gov.com",
    bare: /^us-gov-west-1$/,
  },
  "aws-eusc": { signIn: "signin.amazonaws-eusc.eu", console: "console.amazonaws-eusc.eu", bare: /^$/ },
};

/** AWS's own sign-in endpoint for a region. @throws XroleError `console-unknown` */
export function signInEndpoint(region: string): string {
  const { signIn, bare } = hostsOf(region);
  const name = signingRegion(region);
  return `https://${bare.test(name) ? "" : `${name}.`}${signIn}`;
}

/** The console page of a service, such as `s3`, or the home page. @throws XroleError `console-unknown`, `setting-invalid` */
export function consolePage(region: string, service: string | undefined): string {
  if (service !== undefined && !/^[a-z0-9-]{1,64}$/.test(service))
    throw invalid("--service", service, "the name of a service as in the console's addresses, such as s3");
  return `https://${hostsOf(region).console}/${service ?? "console"}/home?region=${signingRegion(region)}`;
}

/** A page that the user named. It must be a console page: sign-in redirects to no others. @throws XroleError `setting-invalid` */
export function checkedPage(region: string, page: string): string {
  const domain = hostsOf(region).console.replace(/^console\./, "");
  const { protocol, hostname, href, username } = URL.canParse(page) ? new URL(page) : new URL("about:blank");
  if (protocol === "https:" && username === "" && hostname.endsWith(`.${domain}`)) return href;
  throw invalid("--destination", page, `an https address below ${domain}`);
}

function hostsOf(region: string): ConsoleHosts {
  const { id } = partitionOfRegion(region);
  const place = HOSTS[id];
  if (!place) throw new XroleError("console-unknown", { region, partition: id });
  return place;
}

const invalid = (name: string, value: string, expected: string): XroleError =>
  new XroleError("setting-invalid", { where: "command line", name, value, expected });
