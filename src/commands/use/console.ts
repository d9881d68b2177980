// `xrole console`: prints or opens a link that signs in to the web console as the role.
import { SIGN_IN, usableEndpoint, endpointFlags } from "../../plan/aws/endpoint.ts";
import { checkedPage, consolePage, signInEndpoint } from "../../console/partition-hosts.ts";
import { sessionDuration } from "../../console/session-duration.ts";
import { signInLink } from "../../console/sign-in.ts";
import type { Context } from "../../context/types.ts";
import { openBrowser } from "../../console/browser.ts";
import { visible } from "../../terminal/visible.ts";
import { prepare } from "../shared/prepare.ts";
import { PICK, PROFILE, time } from "../shared/common-options.ts";
import type { Declaration, Invocation } from "../shared/declaration.ts";

export const declaration = {
  name: "console",
  group: "Use a role",
  summary: "a link that signs in to the web console as the role",
  arguments: [PROFILE],
  options: [
    PICK,
    ["--open", "open it in the browser, instead of printing it"],
    ["--print", "print it, with --open too"],
    ["--service <name>", "land on the page of a service, such as s3", { conflicts: ["--destination"] }],
    ["--destination <url>", "land on this page of the console"],
    [
      "--session-duration <time>",
      "life of the console session, 15m to 12h",
      { parse: (text: string) => time("--session-duration", text) },
    ],
  ],
  roleOptions: "all",
  examples: [
    ["xrole console b-s3 --open --service s3", "the role's buckets, in the browser"],
    ["xrole console b-s3", "the link; whoever has it is signed in for 15 minutes"],
  ],
} as const satisfies Declaration;

/** Seconds for which the credentials must be valid, since a console session ends with them. */
const MIN_TTL = 1200;

export async function run(context: Context, invocation: Invocation<typeof declaration>): Promise<number> {
  const { options, warn } = invocation;
  const { service, destination: page } = options;
  const { host, ...request } = prepare(context, invocation, { minTtl: MIN_TTL });
  const { plan, config } = request;
  const duration = sessionDuration(options.sessionDuration, plan);
  const selected = config.profiles.get(plan.profile);
  const configured = usableEndpoint(host.env, config, selected, SIGN_IN);
  if (configured?.warning !== undefined) warn(configured.warning);

  /** The page and the sign-in endpoint. If the region is known, errors in either are found before any request. */
  const way = (region: string): { endpoint: string; destination: string } => ({
    endpoint: (configured?.endpoint ?? signInEndpoint(region)).replace(/\/+$/, ""),
    destination: page === undefined ? consolePage(region, service) : checkedPage(region, page),
  });
  if (plan.region !== undefined) way(plan.region);
  if (!configured && endpointFlags(host.env, selected).fips)
    warn("no FIPS endpoint of AWS sign-in is documented: using the ordinary one");

  const { resolveRegion } = await import("../../credentials/resolve.ts");
  const { credentials, region } = await resolveRegion(host, request);
  const { caBundle } = plan;
  const link = await signInLink(host, credentials, {
    ...way(region),
    sessionDuration: duration,
    ...(caBundle && { caBundle }),
  });
  if (options.open !== true || options.print === true) await context.stdout.write(`${link}\n`);
  if (options.open === true) {
    await openBrowser(context, link);
    const who = credentials.accountId === undefined ? "" : ` of account ${credentials.accountId}`;
    if (options.quiet !== true) await context.stderr.write(`Opened the console${visible(who)} in the browser.\n`);
  }
  return 0;
}
