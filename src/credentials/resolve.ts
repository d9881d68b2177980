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
import type { Caller, Identity, MfaCode, Sts } from "../sts/client.ts";
import { withMfaCode, type Device } from "./mfa.ts";

/** What a plan is carried out with. */
export interface Resolving {
  readonly config: Config;
  readonly plan: Plan;
  /** The code of --mfa-code; in no plan, since it is no part of what is asked for. */
  readonly mfaCode?: string | undefined;
  /** Is told what a user should know and what does not stop the work. */
  readonly warn: (warning: string) => void;
}

/** What a source gives: its credentials, and for the instance the region when the plan has none. */
interface Found {
  readonly credentials: Credentials;
  readonly region?: () => Promise<string>;
}

/** The credentials at the end of the plan; `--expect-account` is held to them. @throws XroleError */
export async function resolveCredentials(context: Context, request: Resolving): Promise<Credentials> {
  const { expectAccount } = request.plan;
  return withSession(context, request, async ({ credentials, identity }) => {
    const isRole = request.plan.hops.length > 0 || request.plan.source.kind === "web-identity";
    if (expectAccount !== undefined && !isRole) await identity();
    return credentials;
  });
}

/** The credentials at the end of the plan, and who STS says they are. @throws XroleError */
export async function resolveIdentity(
  context: Context,
  request: Resolving,
): Promise<{ credentials: Credentials; identity: Identity; region: string }> {
  return withSession(context, request, async ({ credentials, identity, region }) => ({
    credentials,
    identity: await identity(),
    region: await region(),
  }));
}

interface Session {
  readonly credentials: Credentials;
  readonly identity: () => Promise<Identity>;
  readonly region: () => Promise<string>;
}

async function withSession<Result>(
  context: Context,
  request: Resolving,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  const { config, plan, warn } = request;
  const { source, hops, mfaSession } = plan;
  // Keys that this very plan put into the environment are handed out again: a role is never assumed from itself.
  const isHeld = source.kind === "environment" && hops.length > 0 && heldKeys(context.env, plan) === "this";
  if (isHeld) context.debug("the environment holds this role already");
  // A cache of hops goes here: looked up from the last hop backwards, so that a hit needs no source and no SDK.
  // The SDK takes a while to load, the source a while to answer: both at once.
  const sdk = !isHeld && (hops.length > 0 || source.kind === "web-identity") ? import("../sts/client.ts") : undefined;
  // Whoever fails first is reported; the other must not become an unhandled rejection.
  sdk?.catch(() => undefined);
  let found: Found | undefined;
  let opened: Promise<Sts> | undefined;
  const region = async (): Promise<string> => plan.region ?? (await regionOf(found));
  const sts = (): Promise<Sts> => (opened ??= openAt());
  try {
    const caller = await walk();
    const credentials = caller.credentials;
    return await use({
      credentials,
      identity: async () => identify(await (await sts()).getCallerIdentity(caller)),
      region,
    });
  } finally {
    await opened?.then(
      ({ close }) => close(),
      () => undefined,
    );
  }

  async function openAt(): Promise<Sts> {
    const { openSts } = await (sdk ?? import("../sts/client.ts"));
    const name = await region();
    const selected = config.profiles.get(plan.profile);
    const endpoint = plan.endpoint ?? decideEndpoint(context.env, config, selected, name).endpoint;
    if (endpoint === undefined) throw new XroleError("internal", { problem: "a plan without an endpoint" });
    return openSts(context, { endpoint, region: name, caBundle: plan.caBundle, warn });
  }

  async function fromSource(): Promise<Caller> {
    found = await sourceCredentials(context, config, plan, sts);
    return { credentials: found.credentials, name: describeSource(source) };
  }

  async function walk(): Promise<Caller> {
    let caller = await fromSource();
    if (isHeld) return caller;
    const firstCall = mfaSession ?? hops[0];
    for (const hop of mfaSession ? [mfaSession, ...hops] : hops) {
      const call = async (from: Caller): Promise<Credentials> => {
        const to = await sts();
        if (!("roleArn" in hop)) return withCode(hop, (mfa) => to.getSessionToken(from, mfa));
        const { mfaSerial } = hop;
        if (mfaSerial === undefined) return to.assumeRole(from, hop);
        return withCode({ ...hop, mfaSerial }, (mfa) => to.assumeRole(from, hop, mfa));
      };
      const credentials = await call(caller).catch(async (error: unknown) => {
        // The source may have had credentials at the end of their life: once more, and never in a loop.
        if (!isExpired(error) || hop !== firstCall || !isRenewable(source)) throw error;
        context.debug("the source's credentials have expired: asking it once more");
        return call(await fromSource());
      });
      caller = { credentials, name: "roleArn" in hop ? hop.roleArn : "the MFA session" };
    }
    return caller;
  }

  function withCode(device: Device, use: (mfa: MfaCode) => Promise<Credentials>): Promise<Credentials> {
    return withMfaCode(context, device, request.mfaCode, use);
  }

  function identify(identity: Identity): Identity {
    if (plan.expectAccount !== undefined && identity.accountId !== plan.expectAccount)
      throw new XroleError("account-unexpected", { expected: plan.expectAccount, actual: identity.accountId });
    return identity;
  }
}

const isExpired = (error: unknown): boolean => error instanceof XroleError && error.code === "token-expired";

/** Keys in a file or in the environment are the same when read again. */
const isRenewable = ({ kind }: Source): boolean => kind !== "static" && kind !== "environment";

async function sourceCredentials(
  context: Context,
  config: Config,
  plan: Plan,
  sts: () => Promise<Sts>,
): Promise<Found> {
  const { source, caBundle } = plan;
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
    case "web-identity": {
      const { webIdentityToken } = await import("../sources/web-identity.ts");
      const token = webIdentityToken(context, source);
      return { credentials: await (await sts()).assumeRoleWithWebIdentity(source, token) };
    }
    case "sso": {
      const { ssoCredentials } = await import("../sources/sso.ts");
      return { credentials: await ssoCredentials(context, source, caBundle) };
    }
    case "login": {
      const { loginCredentials } = await import("../sources/login.ts");
      return { credentials: await loginCredentials(context, source, plan.region, caBundle) };
    }
    default:
      return source satisfies never;
  }
}

async function regionOf(found: Found | undefined): Promise<string> {
  if (!found?.region) throw new XroleError("internal", { problem: "a plan without a region" });
  return found.region();
}
