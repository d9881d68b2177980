// Turns a failed STS request into the error to show, and removes secrets from what AWS's messages repeat.
import type { Credentials } from "../plan/aws/credentials.ts";
import { XroleError } from "../errors/error.ts";
import { describe, ProxyError } from "../util/http.ts";

export interface Call {
  readonly endpoint: string;
  /** The proxy that was used, without its user and password. */
  readonly proxy?: string | undefined;
  /** The role that was requested. */
  readonly role: string;
  /** The profile that names the role. */
  readonly profile?: string | undefined;
  /** A description of who sent the request. */
  readonly caller: string;
  /** The credentials that sign the request, and the token that is sent: they must not be shown. A web identity only has a token. */
  readonly credentials?: Credentials;
  readonly token?: string;
  /** The requested duration, in seconds. */
  readonly seconds?: number | undefined;
  /** The MFA device whose code was sent. */
  readonly serial?: string | undefined;
}

/** A reply that is not a valid STS reply. The SDK adds words to an error's message, so the problem has its own field. */
export class ReplyFault extends Error {
  readonly problem: string;
  /** Whether something other than AWS sent it. */
  readonly isForeign: boolean;

  constructor(problem: string, isForeign = false) {
    super(problem);
    this.problem = problem;
    this.isForeign = isForeign;
  }
}

/** The error for a proxy that did not connect: `proxy-refused`, or `sts-unreachable` if the proxy itself cannot be reached. */
export function proxyFailure(error: ProxyError, endpoint: string, proxy = ""): XroleError {
  const { status, message, isUnreachable } = error;
  const cause = { cause: error };
  return isUnreachable
    ? new XroleError("sts-unreachable", { endpoint, problem: `the proxy ${proxy}: ${message}` }, cause)
    : new XroleError(
        "proxy-refused",
        { endpoint, proxy, problem: message, ...(status !== undefined && { status }) },
        cause,
      );
}

/** Whether the proxy may connect on another attempt. */
export const mayPass = ({ status }: ProxyError): boolean => status === undefined || status === 429 || status >= 500;

/** Error codes that mean the credentials themselves are wrong or old. Source: "Common errors" of the STS API reference. */
const BAD_CREDENTIALS =
  /^(InvalidClientTokenId|SignatureDoesNotMatch|UnrecognizedClient|InvalidAccessKeyId|IncompleteSignature|MissingAuthenticationToken|AuthFailure|InvalidToken|OptInRequired|InvalidIdentityToken|IDPRejectedClaim)/;
const THROTTLED = /throttl|toomanyrequests|requestlimitexceeded|slowdown|bandwidthlimit/i;
const TIMEOUT = /^(TimeoutError|AbortError|ETIMEDOUT|ESOCKETTIMEDOUT)$/;

/** The error to show for an error that the SDK threw. */
export function stsFailure(error: unknown, call: Call): XroleError {
  const { endpoint, role, profile, caller } = call;
  const cause = { cause: error };
  if (error instanceof ReplyFault)
    return new XroleError("sts-reply", { endpoint, problem: error.problem, isForeign: error.isForeign }, cause);
  if (error instanceof ProxyError) return proxyFailure(error, endpoint, call.proxy);
  const { name, message, code, status } = facts(error);
  const detail = redact(message, [call.credentials?.secretAccessKey, call.credentials?.sessionToken, call.token]);
  // The SDK also reports a closed connection as a TimeoutError.
  const isClosed = code === "ECONNRESET" || code === "EPIPE";
  if (!isClosed && (TIMEOUT.test(name) || TIMEOUT.test(code))) {
    // If no connection was made, the endpoint is unreachable; if only the reply is missing, it may be temporary.
    return /did not establish a connection|connect ETIMEDOUT/i.test(message)
      ? new XroleError("sts-unreachable", { endpoint, problem: "no connection in time", proxy: call.proxy }, cause)
      : new XroleError("sts-timeout", { endpoint }, cause);
  }
  if (status === undefined || (status < 400 && code !== ""))
    return code === ""
      ? new XroleError("sts-reply", { endpoint, problem: "it is not what STS sends" }, cause)
      : new XroleError(
          "sts-unreachable",
          { endpoint, problem: describe(error as NodeJS.ErrnoException), proxy: call.proxy },
          cause,
        );
  if (THROTTLED.test(name) || status === 429 || status >= 500) {
    const isThrottled = THROTTLED.test(name) && [400, 429, 503].includes(status);
    return new XroleError(
      "sts-throttled",
      { endpoint, detail: `${String(status)} ${detail}`.trim(), ...(isThrottled && { isThrottled }) },
      cause,
    );
  }
  // A wrong audience or issuer stays wrong; only a verification key that STS could not fetch may be temporary.
  const isKeyAway = name.startsWith("InvalidIdentityToken") && /retrieve (the )?verification key/i.test(message);
  if (isKeyAway || name.startsWith("IDPCommunicationError"))
    return new XroleError("identity-provider-away", { role, code: name, detail }, cause);
  if (call.serial !== undefined && /MultiFactorAuthentication failed/i.test(message))
    return new XroleError(
      "mfa-refused",
      { serial: call.serial, detail, isMistyped: /one time pass code/i.test(message) },
      cause,
    );
  if (call.seconds !== undefined && name.startsWith("ValidationError") && /MaxSessionDuration/i.test(message))
    return new XroleError("duration-refused", { role, seconds: call.seconds }, cause);
  if (name.startsWith("AccessDenied")) return new XroleError("access-denied", { caller, role, profile, detail }, cause);
  if (/^(ExpiredToken|RequestExpired)/.test(name))
    return new XroleError("token-expired", { caller, code: name, detail }, cause);
  if (BAD_CREDENTIALS.test(name)) return new XroleError("credentials-invalid", { caller, code: name, detail }, cause);
  if (status < 400) return new XroleError("sts-reply", { endpoint, problem: "it is not what STS sends" }, cause);
  return new XroleError("sts-refused", { role, code: name, detail }, cause);
}

/** Whether STS could not validate a web identity token. The SDK itself repeats requests that fail with IDPCommunicationError. */
export const isIdentityDoubt = (error: unknown): boolean => facts(error).name.startsWith("InvalidIdentityToken");

/** Whether STS refused the duration because the caller is itself a role session (rule 32). */
export function isChainingRefusal(error: unknown): boolean {
  const { name, message } = facts(error);
  return name.startsWith("ValidationError") && /role chaining/i.test(message);
}

function facts(error: unknown): { name: string; message: string; code: string; status: number | undefined } {
  const { name, message, code, $metadata } = (typeof error === "object" && error !== null ? error : {}) as {
    name?: unknown;
    message?: unknown;
    code?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  return { name: text(name), message: text(message), code: text(code), status: $metadata?.httpStatusCode };
}

/** Some messages of AWS repeat the request (SignatureDoesNotMatch contains the session token). Returns one line without secrets. */
function redact(message: string, secrets: readonly (string | undefined)[]): string {
  let text = message;
  for (const secret of secrets) if (secret) text = text.replaceAll(secret, "***");
  return (text.split(/[\r\n]/)[0] ?? "").slice(0, 600);
}
