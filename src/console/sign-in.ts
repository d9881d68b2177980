// Gets a link that signs in to the console with the given credentials. Source: "Enable custom identity broker access to the AWS console"
// in the IAM User Guide.
import { isKeyText } from "../plan/aws/credential-text.ts";
import { parseObject } from "../util/json.ts";
import type { Credentials } from "../plan/aws/credentials.ts";
import type { Plan } from "../plan/types.ts";
import type { Context } from "../context/types.ts";
import { XroleError } from "../errors/error.ts";
import { requestWithRetries } from "../sts/request-with-retries.ts";

export interface SignIn {
  /** The URL of AWS sign-in, without a final slash. */
  readonly endpoint: string;
  /** The page to land on. */
  readonly destination: string;
  /** Seconds; absent means as long as the credentials are valid. */
  readonly sessionDuration?: number | undefined;
  readonly caBundle?: Plan["caBundle"];
}

/** The link. It is a secret: whoever opens it within 15 minutes is signed in. @throws XroleError `console-*`, `sts-unreachable` */
export async function signInLink(context: Context, credentials: Credentials, signIn: SignIn): Promise<string> {
  const { endpoint, destination } = signIn;
  const token = await signInToken(context, credentials, signIn);
  const query = new URLSearchParams({
    Action: "login",
    Issuer: "xrole",
    Destination: destination,
    SigninToken: token,
  });
  return `${endpoint}/federation?${query.toString()}`;
}

async function signInToken(
  context: Context,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
  { endpoint, sessionDuration, caBundle }: SignIn,
): Promise<string> {
  if (sessionToken === undefined) throw new XroleError("console-needs-role", { accessKeyId });
  const session = { sessionId: accessKeyId, sessionKey: secretAccessKey, sessionToken };
  // In the body, not in the URL: proxies, for example, log URLs.
  const body = new URLSearchParams({
    Action: "getSigninToken",
    ...(sessionDuration !== undefined && { SessionDuration: String(sessionDuration) }),
    Session: JSON.stringify(session),
  });
  const senseless = (problem: string): XroleError => new XroleError("console-reply", { endpoint, problem });
  const reply = await requestWithRetries(
    context,
    {
      method: "POST",
      url: `${endpoint}/federation`,
      headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
      body: body.toString(),
    },
    // AWS refuses with a web page of Tomcat.
    {
      caBundle,
      form: "json",
      code: "console-reply",
      endpoint,
      isKnown: ({ status, body }) => status === 400 && body.includes("HTTP Status 400"),
    },
  );
  const { status } = reply;
  if (status === 429 || status >= 500) throw new XroleError("console-failed", { endpoint, status });
  if (status >= 400)
    throw new XroleError("console-refused", { endpoint, status, hasDuration: sessionDuration !== undefined });
  if (status !== 200) throw senseless(`its status is ${String(status)}`);
  const token = parseObject(reply.body)?.SigninToken;
  // It becomes part of a link, which may be used in a shell.
  if (!isKeyText(token)) throw senseless("SigninToken is missing or malformed");
  return token;
}
