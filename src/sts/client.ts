// Calls STS through the SDK, as the only importer of it. Endpoint, region and credentials come from the plan,
// nothing from the SDK's own look-ups. Retries, with full jitter, are the SDK's, under one deadline.
import { Readable } from "node:stream";
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
import { isKeyText, parseTime } from "../plan/aws/received.ts";
import type { CaBundle, Credentials, Hop, WebIdentityCall } from "../plan/sts-types.ts";
import type { Context } from "../context/context.ts";
import { VERSION } from "../util/version.ts";
import { ProxyError, strangeReply } from "../util/http.ts";
import { clockOffsetOf } from "./clock.ts";
import { isChainingRefusal, isIdentityDoubt, ReplyFault, stsFailure, type Call } from "./failure.ts";
import { openTransport } from "./transport.ts";

/** Who STS says the caller is. */
export interface Identity {
  readonly accountId: string;
  readonly arn: string;
  readonly userId: string;
}

/** Credentials in use, and who holds them, in words, for errors. */
export interface Caller {
  readonly credentials: Credentials;
  readonly name: string;
}

/** A code of an MFA device. */
export interface MfaCode {
  readonly serial: string;
  readonly code: string;
}

/** STS at one endpoint. Its calls throw XroleError `access-denied`, `credentials-*`, `duration-refused`, `mfa-refused`, `sts-*`. */
export interface Sts {
  readonly assumeRole: (caller: Caller, hop: Hop, mfa?: MfaCode) => Promise<Credentials>;
  readonly assumeRoleWithWebIdentity: (call: WebIdentityCall, token: string) => Promise<Credentials>;
  /** One session for a user's own keys, opened with an MFA code. */
  readonly getSessionToken: (caller: Caller, mfa: MfaCode) => Promise<Credentials>;
  readonly getCallerIdentity: (caller: Caller) => Promise<Identity>;
  /** Milliseconds by which AWS's clock is ahead of this machine's, as far as its answers have told. */
  readonly clockOffset: () => number;
  readonly close: () => void;
}

export interface StsOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly caBundle?: CaBundle | undefined;
  readonly warn: (warning: string) => void;
}

/** An STS reply is some kilobytes; more is not an answer. */
const SIZE_LIMIT = 256 * 1024;
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

/**
 * Lets no redirect, no endless body and nothing that STS does not write in its XML through to the SDK, which is about to parse it.
 * @param onClock gets what a reply tells of AWS's clock
 */
function guardReplies(client: STSClient, now: () => number, onClock: (clockOffset: number) => void): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const sent = now();
      const result = await next(args);
      const received = now();
      const response = result.response as {
        statusCode: number;
        body: Readable;
        headers: { date?: string; age?: string };
      };
      if (response.statusCode >= 300 && response.statusCode < 400) throw new ReplyFault("it redirects elsewhere");
      const text = await readBody(response.body);
      if (response.statusCode === 407) throw new ProxyError("it answered 407", { status: 407 });
      const strange = strangeReply({ status: response.statusCode, body: text }, "xml");
      if (strange !== undefined) {
        const fault = new ReplyFault(strange, true);
        // A server in front of STS may be out of order for a moment.
        throw response.statusCode >= 500 || response.statusCode === 429
          ? Object.assign(fault, { $retryable: {} })
          : fault;
      }
      const offset = clockOffsetOf(response.headers, sent, received);
      if (offset !== undefined) onClock(offset);
      response.body = Readable.from([Buffer.from(response.statusCode < 300 ? checkedForm(text) : text)]);
      return result;
    },
    { step: "deserialize", priority: "low" },
  );
}

const EXPIRATION = /<Expiration>([^<]*)<\/Expiration>/;

/**
 * The XML of a result, its expiration in the one form that the SDK reads. What a comment or CDATA holds would be read in one way by
 * the SDK and in another below: STS sends neither.
 */
function checkedForm(text: string): string {
  if (text.includes("<!")) throw new ReplyFault("its XML holds a comment, CDATA or a DOCTYPE, which STS does not send");
  if (!/<Credentials[\s/>]/.test(text)) return text;
  const all = text.match(/<Expiration[\s/>]/g) ?? [];
  const expiration = parseTime(EXPIRATION.exec(text)?.[1]?.trim() ?? "");
  if (all.length !== 1 || !expiration) throw new ReplyFault("Expiration is missing or not a timestamp");
  return text.replace(EXPIRATION, `<Expiration>${expiration.toISOString()}</Expiration>`);
}

/** The body, given up before it fills the memory. */
async function readBody(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > SIZE_LIMIT) throw new ReplyFault("it is too large");
    chunks.push(chunk);
  }
  // A byte order mark is not part of the XML.
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
}

function received(
  { Credentials: sent, AssumedRoleUser }: Pick<AssumeRoleCommandOutput, "Credentials" | "AssumedRoleUser">,
  now: number,
): Credentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = sent ?? {};
  if (!isKeyText(AccessKeyId)) throw new ReplyFault("AccessKeyId is missing or malformed");
  if (!isKeyText(SecretAccessKey)) throw new ReplyFault("SecretAccessKey is missing or malformed");
  if (!isKeyText(SessionToken)) throw new ReplyFault("SessionToken is missing or malformed");
  if (!Expiration) throw new ReplyFault("Expiration is missing or not a timestamp");
  if (Expiration.getTime() <= now) throw new ReplyFault("the credentials it sent have expired already");
  const accountId = AssumedRoleUser?.Arn?.split(":")[4];
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
    ...(accountId !== undefined && /^\d+$/.test(accountId) && { accountId }),
  };
}
