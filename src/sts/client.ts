// Sends requests to STS through the AWS SDK; no other file imports the STS client. Endpoint, region and credentials come from the
// plan, and the SDK looks nothing up itself. The SDK retries with full jitter, within one deadline for all requests.
import { guardReplies, received } from "./check-reply.ts";
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
import { parametersOf } from "./parameters.ts";
import { openTransport } from "./transport.ts";
const TIMEOUTS = { connectionTimeout: 5000, requestTimeout: 10_000, throwOnRequestTimeout: true };
/** Milliseconds for all STS requests of one command, including retries and hops. */
const DEADLINE = 30_000;

/** @throws XroleError `ca-bundle`, `proxy-invalid` */
export async function openSts(context: Context, { endpoint, region, caBundle, warn }: StsOptions): Promise<Sts> {
  const transport = await openTransport(context, caBundle, endpoint);
  /**
   * What is left of the deadline, in milliseconds. The time in which a user looks up a code between two requests does not count.
   */
  let left = DEADLINE;
  let clockOffset = 0;

  /** Sends one request with a client of its own; `read` turns the output into the result. */
  async function call<Output, Result>(
    at: Omit<Call, "endpoint">,
    send: (client: STSClient, options: { readonly abortSignal: AbortSignal }) => Promise<Output>,
    read: (output: Output, now: number) => Result,
  ): Promise<Result> {
    const client = new STSClient({
      // Without credentials, the operation must be an unsigned one; the SDK's own credential chain is not in the bundle.
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
            ...parametersOf(hop, "hop"),
            DurationSeconds: seconds,
            SerialNumber: mfa?.serial,
            TokenCode: mfa?.code,
          }),
          options,
        );
      const { roleArn: role, durationSeconds } = hop;
      // If only the command line names the role, the plan made up the profile's name.
      const profile = hop.profile === adHocName(role) ? undefined : hop.profile;
      const at = { role, profile, caller: name, credentials, seconds: durationSeconds, serial: mfa?.serial };
      return call(
        at,
        (client, options) =>
          send(client, options, hop.durationSeconds).catch((error: unknown) => {
            // Keys with a session token may already belong to a role session, which only the refusal shows (rule 32).
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
        // The SDK's provider prepares the input; the request is sent, and its reply checked, like every other request here.
        roleAssumerWithWebIdentity: (input) =>
          call(
            { ...at, token },
            (client, options) => {
              const whole = { ...input, ...parametersOf(source, "session") };
              return withPatience(() => client.send(new AssumeRoleWithWebIdentityCommand(whole), options));
            },
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

/** Milliseconds to wait before the next attempts: STS may not have fetched the identity provider's keys in time. */
const PAUSES = [200, 600];

/** Repeats the request if STS could not validate a web identity token, as the SDKs for Go and Rust do. */
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
