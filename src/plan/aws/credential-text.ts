// Checks the text of keys, secrets and tokens that were received or are about to be sent: a token that a shell would run must not pass.
import { parseObject } from "../../util/json.ts";

/** Whether a key id, secret or token contains only characters that AWS uses. None of them is special to a shell. */
export const isKeyText = (text: unknown): text is string => typeof text === "string" && /^[\w+/=.,:@%~-]+$/.test(text);

/** Why a key, a secret or a token cannot be sent, in words; undefined if it can. */
export function unsendable(text: string): string | undefined {
  if (/[\r\n]/.test(text)) return "holds a line break";
  return /[^\x20-\x7e]/.test(text) ? "holds a character that is not printable ASCII" : undefined;
}

/** Whether a token can be sent in a header and stored: printable ASCII without spaces (RFC 6749, appendix A, and RFC 6750). */
export const isToken = (text: unknown): text is string =>
  typeof text === "string" && text.length <= 16_384 && /^[\x21-\x7e]+$/.test(text);

/** The claims of a web identity token (JWT), unverified; `{}` if it is not a JWT. */
export function tokenClaims(token: string): Readonly<Record<string, unknown>> {
  return parseObject(Buffer.from(token.trim().split(".")[1] ?? "", "base64url").toString("utf8")) ?? {};
}
