// Calls STS through the SDK; the only importer of it. The endpoint and the region come from the plan, nothing from the SDK's own look-ups.
import { Readable } from "node:stream";
import { AssumeRoleCommand, STSClient, type AssumeRoleCommandOutput, type STSClientConfig } from "@aws-sdk/client-sts";
import { signingRegion } from "../chain/endpoint.ts";
import { CHAINED_LIMIT } from "../chain/hop.ts";
import { isKeyText, parseTime } from "../chain/received.ts";
import type { Credentials, Hop } from "../chain/types.ts";
import type { Context } from "../context.ts";
import { VERSION } from "../version.ts";
import { isChainingRefusal, ReplyFault, stsFailure, type Call } from "./failure.ts";

export interface AssumeRoleCall {
  readonly hop: Hop;
  readonly credentials: Credentials;
  /** Who holds `credentials`, in words, for errors. */
  readonly caller: string;
  readonly endpoint: string;
  readonly region: string;
  readonly warn: (warning: string) => void;
}

/** An STS reply is some kilobytes; more is not an answer. */
const SIZE_LIMIT = 256 * 1024;
const TIMEOUTS = { connectionTimeout: 5000, requestTimeout: 10_000, throwOnRequestTimeout: true };

/**
 * The role's credentials (sts:AssumeRole).
 * @throws XroleError `access-denied`, `credentials-invalid`, `sts-*`
 */
export async function assumeRole(context: Context, call: AssumeRoleCall): Promise<Credentials> {
  const { hop, credentials, caller, endpoint, region, warn } = call;
  const at: Call = { endpoint, role: hop.roleArn, caller, credentials };
  let reply = "";
  const config = { credentials: { ...credentials }, endpoint, region: signingRegion(region) };
  const client = openClient(config, (text) => (reply = text));
  const send = async (durationSeconds: number | undefined): Promise<AssumeRoleCommandOutput> => {
    context.debug(`POST ${endpoint} AssumeRole ${hop.roleArn} as ${hop.sessionName}`);
    return client.send(
      new AssumeRoleCommand({
        RoleArn: hop.roleArn,
        RoleSessionName: hop.sessionName,
        DurationSeconds: durationSeconds,
        ExternalId: hop.externalId,
        SourceIdentity: hop.sourceIdentity,
      }),
    );
  };
  try {
    const output = await send(hop.durationSeconds).catch((error: unknown) => {
      // Keys with a token may be a role's already, which cannot be told beforehand (rule 32).
      if ((hop.durationSeconds ?? 0) <= CHAINED_LIMIT || !isChainingRefusal(error)) throw error;
      warn(`STS gives ${hop.roleArn} at most ${CHAINED_LIMIT} s, because the caller is a role itself: asking for that`);
      return send(CHAINED_LIMIT);
    });
    return checked(output, reply, context.now());
  } catch (error) {
    throw stsFailure(error, at);
  } finally {
    client.destroy();
  }
}

/** Every setting that the SDK would otherwise look up in the user's files or environment is given here. */
function openClient(
  config: Pick<STSClientConfig, "credentials" | "endpoint" | "region">,
  onBody: (text: string) => void,
): STSClient {
  const client = new STSClient({
    ...config,
    maxAttempts: 3,
    retryMode: "standard",
    defaultsMode: "standard",
    authSchemePreference: ["sigv4"],
    disableClockSkewCorrection: false,
    userAgentAppId: () => Promise.resolve(undefined),
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    requestHandler: TIMEOUTS,
    customUserAgent: [["xrole", VERSION]],
  });
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as { statusCode: number; body: Readable };
      if (response.statusCode >= 300 && response.statusCode < 400) throw new ReplyFault("it redirects elsewhere");
      const text = await readBody(response.body);
      onBody(text);
      response.body = Readable.from([Buffer.from(text)]);
      return result;
    },
    { step: "deserialize", priority: "low", name: "xroleGuard" },
  );
  return client;
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
  return Buffer.concat(chunks).toString("utf8");
}

function checked(output: AssumeRoleCommandOutput, reply: string, now: number): Credentials {
  const { AccessKeyId, SecretAccessKey, SessionToken } = output.Credentials ?? {};
  if (!isKeyText(AccessKeyId)) throw new ReplyFault("AccessKeyId is missing or none");
  if (!isKeyText(SecretAccessKey)) throw new ReplyFault("SecretAccessKey is missing or none");
  if (!isKeyText(SessionToken)) throw new ReplyFault("SessionToken is missing or none");
  // The SDK reads `2098-12-31T23:59:60Z` as the first second of 2098: the time is read from the reply itself.
  const expiration = parseTime(/<Expiration>([^<]*)<\/Expiration>/.exec(reply)?.[1] ?? "");
  if (!expiration) throw new ReplyFault("Expiration is missing or no time");
  if (expiration.getTime() <= now) throw new ReplyFault("the credentials it sent have expired already");
  const accountId = output.AssumedRoleUser?.Arn?.split(":")[4];
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration,
    ...(accountId !== undefined && /^\d+$/.test(accountId) && { accountId }),
  };
}
