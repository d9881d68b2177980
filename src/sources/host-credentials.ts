// Parses the JSON of credentials from the instance metadata service and the container endpoint, which use the same format (rules 43
// and 48).
import { isKeyText } from "../plan/aws/credential-text.ts";
import { parseObject } from "../util/json.ts";
import { parseTime } from "../plan/aws/timestamps.ts";
import type { Credentials } from "../plan/aws/credentials.ts";
import type { XroleError } from "../errors/error.ts";

/**
 * The credentials in `body`; all four fields are required.
 * @param senseless makes the error for a reply in another format
 * @param refused makes the error for a role without credentials, from the reply's reason
 * @throws XroleError the errors that `refused` and `senseless` make
 */
export function parseHostCredentials(
  body: string,
  senseless: (problem: string) => XroleError,
  refused: (detail: string) => XroleError,
): Credentials {
  const reply = parseObject(body);
  if (!reply) throw senseless("it is not a JSON object");
  if (reply.Code !== undefined && reply.Code !== "Success") {
    const detail = [reply.Code, reply.Message].filter((part) => typeof part === "string").join(": ");
    throw refused(detail);
  }
  const { AccessKeyId, SecretAccessKey, Token, Expiration, AccountId } = reply;
  const expiration = typeof Expiration === "string" ? parseTime(Expiration) : undefined;
  if (!isKeyText(AccessKeyId)) throw senseless("AccessKeyId is missing or malformed");
  if (!isKeyText(SecretAccessKey)) throw senseless("SecretAccessKey is missing or malformed");
  if (!isKeyText(Token)) throw senseless("Token is missing or malformed");
  if (!expiration) throw senseless("Expiration is missing or not a timestamp");
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: Token,
    expiration,
    ...(isKeyText(AccountId) && { accountId: AccountId }),
  };
}
