// The requests of a plan, each on its own: source credentials, MFA session, hops, and GetCallerIdentity. Caching and order are left
// to the callers (resolve.ts, walk-stages.ts).
import { describeSource, planRole } from "../plan/show/describe.ts";
import { decideEndpoint } from "../plan/aws/endpoint.ts";
import { partitionOfArn } from "../plan/aws/partitions.ts";
import type { WebIdentityCall } from "../plan/sts-calls.ts";
import type { Credentials } from "../plan/aws/credentials.ts";
import type { Context } from "../context/types.ts";
import { XroleError } from "../errors/error.ts";
import type { OpenSource, SourceModule } from "../sources/kind.ts";
import { factsAbout, MODULES, type Source } from "../sources/kinds.ts";
import type { NamedCredentials, CallerIdentity, MfaCode, Sts } from "../sts/types.ts";
import { acquireLock } from "./cache/lock.ts";
import { withMfaCode, type Device } from "./mfa.ts";
import type { Resolving } from "./resolving.ts";
import type { SessionStep } from "./cache/steps.ts";
import { whileAsking, type Waiting } from "./cache/waiting.ts";

export interface Calls {
  /** The credentials of the source. */
  readonly source: () => Promise<NamedCredentials>;
  /** The token with which the source assumes a role; undefined for a source that assumes none. */
  readonly token: () => Promise<string | undefined>;
  /** Sends one AssumeRole or GetSessionToken request, with an MFA code if it needs one. */
  readonly ask: (call: Exclude<SessionStep["call"], "source">, from: NamedCredentials) => Promise<Credentials>;
  readonly identity: (caller: NamedCredentials) => Promise<CallerIdentity>;
  /** The endpoint and region of STS. */
  readonly place: () => Promise<{ readonly endpoint: string; readonly region: string }>;
  /** Milliseconds by which AWS's clock is ahead of this machine's, as measured from its replies so far. */
  readonly clockOffset: () => Promise<number>;
  readonly close: () => Promise<void>;
}

interface Opening extends Pick<Resolving, "config" | "plan" | "mfaCode" | "askMfaCode" | "warn"> {
  /** The processes that wait for the results; undefined if results are not shared. */
  readonly waiting?: Waiting;
}

/** Nothing is requested or loaded before the first call. The calls throw XroleError. */
export function openCalls(context: Context, request: Opening): Calls {
  const { config, plan, warn } = request;
  const { source, caBundle } = plan;
  let openedSource: Promise<OpenSource> | undefined;
  let opened: Promise<Sts> | undefined;
  let theRegion: Promise<string> | undefined;
  const sts = (): Promise<Sts> => (opened ??= openAt());

  return {
    source: fromSource,
    token: async () => (await theSource()).token?.(),
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

  async function ask(call: Exclude<SessionStep["call"], "source">, from: NamedCredentials): Promise<Credentials> {
    const to = await sts();
    if (!("roleArn" in call)) return withCode(call, (mfa) => to.getSessionToken(from, mfa));
    const { mfaSerial } = call;
    if (mfaSerial === undefined) return to.assumeRole(from, call);
    return withCode({ ...call, mfaSerial }, (mfa) => to.assumeRole(from, call, mfa));
  }

  function withCode(device: Device, send: (mfa: MfaCode) => Promise<Credentials>): Promise<Credentials> {
    return whileAsking(request.waiting, (answered) => withMfaCode(context, device, request, { send, answered }));
  }

  async function fromSource(): Promise<NamedCredentials> {
    const credentials = async (): Promise<Credentials> => (await theSource()).credentials();
    const found = await credentials().catch((error: unknown) => {
      // Something else renews the token in its file, so reading it again may help.
      if (source.roleArn !== undefined && isExpired(error)) return credentials();
      throw error;
    });
    return { credentials: found, name: describeSource(source) };
  }

  function theSource(): Promise<OpenSource> {
    return (openedSource ??= openSource());
  }

  async function openSource(): Promise<OpenSource> {
    const kind: SourceModule<Source> = await MODULES[source.kind]();
    const { region } = plan;
    return kind.open(context, source, { config, region, caBundle, warn, acquireLock, assumeRoleWithWebIdentity });
  }

  async function assumeRoleWithWebIdentity(call: WebIdentityCall, token: string): Promise<Credentials> {
    return (await sts()).assumeRoleWithWebIdentity(call, token);
  }

  async function region(): Promise<string> {
    if (plan.region !== undefined) return plan.region;
    const { region: ask } = await theSource();
    if (!ask) throw new XroleError("internal", { problem: "a plan without a region" });
    const told = await ask();
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

/** Whether asking the source again may return other credentials. */
export const isRenewable = (source: Source): boolean => factsAbout(source).isRenewable;
