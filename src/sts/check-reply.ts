// Checks STS's replies before the SDK and xrole trust them.
import { Readable } from "node:stream";
import type { STSClient } from "@aws-sdk/client-sts";
import { type AssumeRoleCommandOutput } from "@aws-sdk/client-sts";
import { isKeyText } from "../plan/aws/credential-text.ts";
import { parseTime } from "../plan/aws/timestamps.ts";
import type { Credentials } from "../plan/aws/credentials.ts";
import { ProxyError, strangeReply } from "../util/http.ts";
import { clockOffsetOf } from "./clock-offset.ts";
import { ReplyFault } from "./failure.ts";

/** The largest size, in bytes; an STS reply takes a few kilobytes. */
const SIZE_LIMIT = 256 * 1024;

/**
 * Rejects redirects, endless bodies and XML that STS would not write, before the SDK parses the reply.
 * @param onClock is called with the clock offset that a reply shows
 */
export function guardReplies(client: STSClient, now: () => number, onClock: (clockOffset: number) => void): void {
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
        // A server in front of STS may fail for a moment.
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
 * Returns the XML of a result, with its expiration in the one format that the SDK parses. XML with a comment or CDATA is rejected:
 * the SDK and the check below would read it differently, and STS sends neither.
 */
function checkedForm(text: string): string {
  if (text.includes("<!")) throw new ReplyFault("its XML holds a comment, CDATA or a DOCTYPE, which STS does not send");
  if (!/<Credentials[\s/>]/.test(text)) return text;
  const all = text.match(/<Expiration[\s/>]/g) ?? [];
  const expiration = parseTime(EXPIRATION.exec(text)?.[1]?.trim() ?? "");
  if (all.length !== 1 || !expiration) throw new ReplyFault("Expiration is missing or not a timestamp");
  return text.replace(EXPIRATION, `<Expiration>${expiration.toISOString()}</Expiration>`);
}

/** Reads the body up to the size limit. */
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

export function received(
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
