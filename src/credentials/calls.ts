// The calls of a plan, each for itself: its source, its MFA session, its hops, and who STS says we are. What is kept, and the
// order, is for those who make them (resolve.ts, walk.ts).
import { describeSource, planRole } from "../chain/describe.ts";
import { decideEndpoint } from "../chain/endpoint.ts";
import { partitionOfArn } from "../chain/partitions.ts";
import type { Credentials, Source } from "../chain/types.ts";
import type { Context } from "../context.ts";
import { XroleError } from "../errors.ts";
import { environmentCredentials } from "../sources/environment.ts";
import type { Instance } from "../sources/instance.ts";
import { staticCredentials } from "../sources/static.ts";
import type { Caller, Identity, MfaCode, Sts } from "../sts/client.ts";
import { acquireLock } from "./lock.ts";
import { withMfaCode, type Device } from "./mfa.ts";
import type { Resolving } from "./obtain.ts";
import type { Step } from "./steps.ts";
import { whileAsking, type Waiting } from "./waiting.ts";

export interface Calls {
  /** The source's credentials. */
  readonly source: () => Promise<Caller>;
  /** The answer to one call of STS, with an MFA code where it takes one. */
  readonly ask: (call: Exclude<Step["call"], "source">, from: Caller) => Promise<Credentials>;
  readonly identity: (caller: Caller) => Promise<Identity>;
  /** Where STS is called. */
  readonly place: () => Promise<{ readonly endpoint: string; readonly region: string }>;
  /** Milliseconds by which AWS's clock is ahead of this machine's, as far as its answers have told. */
  readonly clockOffset: () => Promise<number>;
  readonly close: () => Promise<void>;
}

interface Opening extends Pick<Resolving, "config" | "plan" | "mfaCode" | "askMfaCode" | "warn"> {
  /** Who waits for the answers; nobody, where they are not shared. */
  readonly waiting?: Waiting;
}

/** Nothing is asked, nor loaded, before the first call. The calls throw XroleError. */
export function openCalls(context: Context, request: Opening): Calls {
  const { config, plan, warn } = request;
  const { source, caBundle } = plan;
  let instance: Instance | undefined;
  let opened: Promise<Sts> | undefined;
  let theRegion: Promise<string> | undefined;
  const sts = (): Promise<Sts> => (opened ??= openAt());

  return {
    source: fromSource,
    ask,
    identity: async (caller) => (await sts()).getCallerIdentity(caller),
    place,
    clockOffset: async () => (opened ? (await opened).clockOffset() : 0),
    close: async () => {
      await opened?.then(
        ({ close }) => close(),
        () => undefined,
      );
    },
  };

  async function ask(call: Exclude<Step["call"], "source">, from: Caller): Promise<Credentials> {
    const to = await sts();
    if (!("roleArn" in call)) return withCode(call, (mfa) => to.getSessionToken(from, mfa));
    const { mfaSerial } = call;
    if (mfaSerial === undefined) return to.assumeRole(from, call);
    return withCode({ ...call, mfaSerial }, (mfa) => to.assumeRole(from, call, mfa));
  }

  function withCode(device: Device, send: (mfa: MfaCode) => Promise<Credentials>): Promise<Credentials> {
    return whileAsking(request.waiting, (answered) => withMfaCode(context, device, request, { send, answered }));
  }

  async function fromSource(): Promise<Caller> {
    const found = await sourceCredentials().catch((error: unknown) => {
      // A token in a file is renewed there.
      if (source.kind === "web-identity" && isExpired(error)) return sourceCredentials();
      throw error;
    });
    return { credentials: found, name: describeSource(source) };
  }

  async function sourceCredentials(): Promise<Credentials> {
    switch (source.kind) {
      case "static":
        return staticCredentials(config, source);
      case "environment":
        return environmentCredentials(context, source);
      case "instance":
        return (await theInstance(source)).credentials();
      case "container": {
        const { containerCredentials } = await import("../sources/container.ts");
        return containerCredentials(context, source);
      }
      case "process": {
        const { processCredentials } = await import("../sources/process.ts");
        return processCredentials(context, source);
      }
      case "web-identity": {
        const { webIdentityToken } = await import("../sources/web-identity.ts");
        const token = webIdentityToken(context, source);
        return (await sts()).assumeRoleWithWebIdentity(source, token);
      }
      case "sso": {
        const { ssoCredentials } = await import("../sources/sso.ts");
        return ssoCredentials(context, source, { caBundle, warn, acquireLock });
      }
      case "login": {
        const { loginCredentials } = await import("../sources/login.ts");
        return loginCredentials(context, source, plan.region, { caBundle, warn, acquireLock });
      }
      default:
        return source satisfies never;
    }
  }

  async function theInstance(at: Extract<Source, { kind: "instance" }>): Promise<Instance> {
    const { openInstance } = await import("../sources/instance.ts");
    return (instance ??= openInstance(context, at));
  }

  async function region(): Promise<string> {
    if (plan.region !== undefined) return plan.region;
    if (source.kind !== "instance") throw new XroleError("internal", { problem: "a plan without a region" });
    const told = await (await theInstance(source)).region();
    if (told !== undefined) return told;
    const { defaultRegion } = partitionOfArn(planRole(plan) ?? "");
    warn(
      `the instance metadata service does not tell the region: using ${defaultRegion}; set region in the profile, or AWS_REGION`,
    );
    return defaultRegion;
  }

  async function place(): Promise<{ endpoint: string; region: string }> {
    const name = await (theRegion ??= region());
    const asked = plan.regionAsGiven ?? name;
    const endpoint =
      plan.endpoint ?? decideEndpoint(context.env, config, config.profiles.get(plan.profile), asked).endpoint;
    if (endpoint === undefined) throw new XroleError("internal", { problem: "a plan without an endpoint" });
    return { endpoint, region: name };
  }

  async function openAt(): Promise<Sts> {
    const { openSts } = await import("../sts/client.ts");
    return openSts(context, { ...(await place()), caBundle, warn });
  }
}

export const isExpired = (error: unknown): boolean => error instanceof XroleError && error.code === "token-expired";

/** Keys in a file or in the environment are the same when read again. */
export const isRenewable = ({ kind }: Source): boolean => kind !== "static" && kind !== "environment";
