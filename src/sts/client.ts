// Calls STS through the SDK, as the only importer of it. Endpoint, region and credentials come from the plan,
// nothing from the SDK's own look-ups. Retries, with full jitter, are the SDK's, under one deadline.
import { guardReplies, received } from "./reply.ts";
import { type Sts, type StsOptions } from "./types.ts";
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
  type AssumeRoleCommandOutput,
} from "@aws-sdk/client-sts";
import { fromWebToken } from "@aws-sdk/credential-providers";
import { signingRegion } from "../plan/aws/endpoint.ts";
import { CHAINED_LIMIT } from "../plan/hop.ts";
import { adHocName } from "../plan/shell/ad-hoc-name.ts";
import type { Context } from "../context/types.ts";
import { VERSION } from "../util/version.ts";
import { isChainingRefusal, isIdentityDoubt, ReplyFault, stsFailure, type Call } from "./failure.ts";
import { openTransport } from "./transport.ts";
const TIMEOUTS = { connectionTimeout: 5000, requestTimeout: 10_000, throwOnRequestTimeout: true };
/** Milliseconds for everything that one command asks of STS, retries and hops together. */
const DEADLINE = 30_000;

/** @throws XroleError `ca-bundle`, `proxy-invalid` */
export async function openSts(context: Context, { endpoint, region, caBundle, warn }: StsOptions): Promise<Sts> {
  const transport = await openTransport(context, caBundle, endpoint);
  /** What is left of the deadline. A user who looks for a code between two calls costs nothing of it. */
  let left = DEADLINE;
  let clockOffset = 0;

  /** One call by `send`, with a client of its own; `read` makes something of the output. */
  async function call<Output, Result>(
    at: Omit<Call, "endpoint">,
    send: (client: STSClient, options: { readonly abortSignal: AbortSignal }) => Promise<Output>,
    read: (output: Output, now: number) => Result,
  ): Promise<Result> {
    const client = new STSClient({
      // Without credentials the call must be one that is not signed; the SDK's own chain is not in the bundle.
      ...(at.credentials && { credentials: { ...at.credentials } }),
      endpoint,
      region: signingRegion(region),
      maxAttempts: 3,
      retryMode: "standard",
      defaultsMode: "standard",
      authSchemePreference: ["sigv4"],
      disableClockSkewCorrection: false,
      systemClockOffset: clockOffset,
      userAgentAppId: () => Promise.resolve(undefined),
      useFipsEndpoint: false,
      useDualstackEndpoint: false,
      requestHandler: { ...TIMEOUTS, httpAgent: transport.httpAgent, httpsAgent: transport.httpsAgent },
      customUserAgent: [["xrole", VERSION]],
    });
    guardReplies(client, context.now, (offset) => (clockOffset = offset));
    const started = performance.now();
    try {
      const output = await send(client, { abortSignal: AbortSignal.timeout(Math.ceil(Math.max(0, left))) });
      return read(output, context.now() + clockOffset);
    } catch (error) {
      throw stsFailure(error, { ...at, endpoint, proxy: transport.proxy });
    } finally {
      left -= performance.now() - started;
    }
  }

  return {
    close: transport.close,
    clockOffset: () => clockOffset,

    async assumeRole({ credentials, name }, hop, mfa) {
      context.debug(`POST ${endpoint} AssumeRole ${hop.roleArn} as ${hop.sessionName}`);
      const send = (
        client: STSClient,
        options: { readonly abortSignal: AbortSignal },
        seconds: number | undefined,
      ): Promise<AssumeRoleCommandOutput> =>
        client.send(
          new AssumeRoleCommand({
            RoleArn: hop.roleArn,
            RoleSessionName: hop.sessionName,
            DurationSeconds: seconds,
            ExternalId: hop.externalId,
            SourceIdentity: hop.sourceIdentity,
            Tags: hop.tags && Object.entries(hop.tags).map(([Key, Value]) => ({ Key, Value })),
            TransitiveTagKeys: hop.transitiveTagKeys && [...hop.transitiveTagKeys],
            SerialNumber: mfa?.serial,
            TokenCode: mfa?.code,
            Policy: hop.policy,
            PolicyArns: hop.policyArns?.map((arn) => ({ arn })),
          }),
          options,
        );
      const { roleArn: role, durationSeconds } = hop;
      // The name of a role that only the command line names is no profile's.
      const profile = hop.profile === adHocName(role) ? undefined : hop.profile;
      const at = { role, profile, caller: name, credentials, seconds: durationSeconds, serial: mfa?.serial };
      return call(
        at,
        (client, options) =>
          send(client, options, hop.durationSeconds).catch((error: unknown) => {
            // Keys with a token may be a role's already, which cannot be told beforehand (rule 32).
            if ((hop.durationSeconds ?? 0) <= CHAINED_LIMIT || !isChainingRefusal(error)) throw error;
            warn(
              `STS gives ${hop.roleArn} at most ${CHAINED_LIMIT} s, because the caller is a role itself: asking for that`,
            );
            return send(client, options, CHAINED_LIMIT);
          }),
        received,
      );
    },

    async assumeRoleWithWebIdentity(source, token) {
      context.debug(`POST ${endpoint} AssumeRoleWithWebIdentity ${source.roleArn} as ${source.sessionName}`);
      const at = {
        role: source.roleArn,
        caller: "the holder of the web identity token",
        seconds: source.durationSeconds,
      };
      const provider = fromWebToken({
        roleArn: source.roleArn,
        roleSessionName: source.sessionName,
        webIdentityToken: token,
        ...(source.durationSeconds !== undefined && { durationSeconds: source.durationSeconds }),
        ...(source.policy !== undefined && { policy: source.policy }),
        ...(source.policyArns && { policyArns: source.policyArns.map((arn) => ({ arn })) }),
        // The SDK's provider makes the input; the call is made, and its reply checked, as every other here.
        roleAssumerWithWebIdentity: (input) =>
          call(
            { ...at, token },
            (client, options) => withPatience(() => client.send(new AssumeRoleWithWebIdentityCommand(input), options)),
            received,
          ),
      });
      return provider();
    },

    async getSessionToken({ credentials, name }, { serial, code }) {
      context.debug(`POST ${endpoint} GetSessionToken with ${serial}`);
      const command = new GetSessionTokenCommand({ SerialNumber: serial, TokenCode: code });
      const at = { role: "a session with MFA", caller: name, credentials, serial };
      return call(at, (client, options) => client.send(command, options), received);
    },

    async getCallerIdentity({ credentials, name }) {
      context.debug(`POST ${endpoint} GetCallerIdentity`);
      return call(
        { role: "the caller's identity", caller: name, credentials },
        (client, options) => client.send(new GetCallerIdentityCommand({}), options),
        ({ Account, Arn, UserId }) => {
          if (!Account || !Arn || !UserId) throw new ReplyFault("it names no account, ARN and user id");
          return { accountId: Account, arn: Arn, userId: UserId };
        },
      );
    },
  };
}

/** Milliseconds before the next attempts: the identity provider's keys may not have reached STS in time. */
const PAUSES = [200, 600];

/** Sends again where STS could not check a web identity token, as the SDKs for Go and Rust do. */
async function withPatience<Output>(send: () => Promise<Output>): Promise<Output> {
  for (const pause of PAUSES) {
    try {
      return await send();
    } catch (error) {
      if (!isIdentityDoubt(error)) throw error;
      await new Promise((done) => setTimeout(done, pause * (0.5 + Math.random())));
    }
  }
  return send();
}
