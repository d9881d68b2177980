// Carries out a plan: the source's credentials first, then each hop with those of the one before.
import { decideEndpoint } from "../chain/endpoint.ts";
import { heldKeys } from "../chain/session.ts";
import type { Credentials, Plan, Source } from "../chain/types.ts";
import { describeSource } from "../chain/describe.ts";
import type { Config } from "../config/types.ts";
import type { Context } from "../context.ts";
import { XroleError } from "../errors.ts";
import { environmentCredentials } from "../sources/environment.ts";
import { staticCredentials } from "../sources/static.ts";

/** What a source gives: its credentials, and for the instance the region when the plan has none. */
interface Found {
  readonly credentials: Credentials;
  readonly region?: () => Promise<string>;
}

/**
 * The credentials at the end of the plan.
 * @param warn is told what a user should know and what does not stop the work
 * @throws XroleError
 */
export async function resolveCredentials(
  context: Context,
  config: Config,
  plan: Plan,
  warn: (warning: string) => void,
): Promise<Credentials> {
  const unsupported = plan.hops.find((hop) => hop.mfaSerial !== undefined);
  if (unsupported?.mfaSerial !== undefined)
    throw new XroleError("mfa-unsupported", { where: unsupported.from, serial: unsupported.mfaSerial });

  // Keys that this very plan put into the environment are handed out again: a role is never assumed from itself.
  if (plan.source.kind === "environment" && plan.hops.length > 0 && heldKeys(context.env, plan) === "this") {
    context.debug("the environment holds this role already");
    return environmentCredentials(context, plan.source);
  }
  // A cache of hops goes here: looked up from the last hop backwards, so that a hit needs no source and no SDK.
  // The SDK takes a while to load, the source a while to answer: both at once.
  const sts = plan.hops.length > 0 ? import("../sts/client.ts") : undefined;
  // Whoever fails first is reported; the other must not become an unhandled rejection.
  sts?.catch(() => undefined);
  const found = await fromSource(context, config, plan.source);
  if (!sts) return found.credentials;

  const region = plan.region ?? (await regionOf(found));
  const endpoint =
    plan.endpoint ?? decideEndpoint(context.env, config, config.profiles.get(plan.profile), region).endpoint;
  if (endpoint === undefined) throw new XroleError("internal", { problem: "a plan without an endpoint" });
  const { assumeRole } = await sts;
  let credentials = found.credentials;
  let caller = describeSource(plan.source);
  for (const hop of plan.hops) {
    credentials = await assumeRole(context, { hop, credentials, caller, endpoint, region, warn });
    caller = hop.roleArn;
  }
  return credentials;
}

async function fromSource(context: Context, config: Config, source: Source): Promise<Found> {
  switch (source.kind) {
    case "static":
      return { credentials: staticCredentials(config, source) };
    case "environment":
      return { credentials: environmentCredentials(context, source) };
    case "instance": {
      const { openInstance } = await import("../sources/instance.ts");
      const instance = openInstance(context, source);
      return { credentials: await instance.credentials(), region: instance.region };
    }
    case "container": {
      const { containerCredentials } = await import("../sources/container.ts");
      return { credentials: await containerCredentials(context, source) };
    }
    case "process": {
      const { processCredentials } = await import("../sources/process.ts");
      return { credentials: await processCredentials(context, source) };
    }
    case "web-identity":
    case "sso":
    case "login":
      throw new XroleError("source-unsupported", { where: source.from, kind: describeSource(source) });
    default:
      return source satisfies never;
  }
}

async function regionOf({ region }: Found): Promise<string> {
  if (!region) throw new XroleError("internal", { problem: "a plan without a region" });
  return region();
}
