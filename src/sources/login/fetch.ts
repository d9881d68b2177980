// Gets the credentials of the console session that `aws login` stores, and renews them at the Sign-In service (CreateOAuth2Token).
// The SDK's provider is not used: it reads the profile and environment of the process, takes no lock, and truncates the login file
// in place.
import type { KeyObject } from "node:crypto";
import { isKeyText, isToken } from "../../plan/aws/credential-text.ts";
import { parseObject } from "../../util/json.ts";
import { parseLifetime, parseTime } from "../../plan/aws/timestamps.ts";
import { awsSignInEndpoint } from "../../plan/aws/endpoint.ts";
import type { Credentials } from "../../plan/aws/credentials.ts";
import type { Context } from "../../context/types.ts";
import { XroleError } from "../../errors/error.ts";
import { requestWithRetries } from "../../sts/request-with-retries.ts";
import { parseProofKey, proofFor } from "./dpop.ts";
import { checkLogin, consoleLoginFile } from "../login-file.ts";
import { currentLogin, RefusedRenewal, RENEWAL_TIMEOUT, type Login, type RenewalTools } from "../login-renewal.ts";
import type { OpenSource, SourceTools } from "../kind.ts";
import type { LoginSource } from "./plan.ts";

export const open = (context: Context, source: LoginSource, tools: SourceTools): OpenSource => ({
  credentials: () => loginCredentials(context, source, tools.region, tools),
});

interface ConsoleLogin extends Login {
  readonly credentials: Credentials;
  readonly clientId: string;
  readonly refreshToken: string;
  readonly key: KeyObject;
}

/** Seconds: the service issues 15 minutes, and a role session is never longer than this. */
const LONGEST = 43_200;

/**
 * @param region the region of the sign-in, for logins that do not contain it
 * @throws XroleError `login-*`, `ca-bundle`, `proxy-invalid`, `sts-unreachable`
 */
export async function loginCredentials(
  context: Context,
  source: LoginSource,
  region: string | undefined,
  tools: RenewalTools,
): Promise<Credentials> {
  const { from: where, profile, session } = source;
  const file = consoleLoginFile(context, session);
  const needed = (problem: string): XroleError => new XroleError("login-needed", { where, profile, problem });
  const parse = (record: Record<string, unknown> | undefined): ConsoleLogin => {
    if (!record) throw needed(`there is no login for ${session}`);
    const { accessKeyId, secretAccessKey, sessionToken } = Object(record.accessToken) as Record<string, unknown>;
    checkLogin(file, { accessKeyId, secretAccessKey, sessionToken });
    checkLogin(file, { clientId: record.clientId, refreshToken: record.refreshToken });
    const login = parseLogin(record);
    if (!login) throw needed(`the file of the login of ${session} is damaged: ${file}`);
    return login;
  };
  try {
    const { credentials } = await currentLogin(context, tools, {
      file,
      endpoint: source.endpoint ?? region ?? "",
      parse,
      isRenewable: () => true,
      renew: (login) => renew(context, source, region, login, tools),
    });
    return credentials;
  } catch (error) {
    throw error instanceof RefusedRenewal ? needed(`the login of ${session} has ended: ${error.message}`) : error;
  }
}

function parseLogin(record: Record<string, unknown>): ConsoleLogin | undefined {
  const { accessToken, clientId, refreshToken, dpopKey } = record;
  const { accessKeyId, secretAccessKey, sessionToken, accountId, expiresAt } = Object(accessToken) as Record<
    string,
    unknown
  >;
  const expires = typeof expiresAt === "string" ? parseTime(expiresAt) : undefined;
  const key = parseProofKey(dpopKey);
  if (!isKeyText(accessKeyId) || !isKeyText(secretAccessKey) || !isKeyText(sessionToken) || !expires) return undefined;
  if (typeof accountId !== "string" || !/^\d{12}$/.test(accountId)) return undefined;
  if (!isToken(clientId) || !isToken(refreshToken) || !key) return undefined;
  const credentials = { accessKeyId, secretAccessKey, sessionToken, expiration: expires, accountId };
  return { credentials, clientId, refreshToken, key, expires, record };
}

async function renew(
  context: Context,
  source: LoginSource,
  region: string | undefined,
  { clientId, refreshToken, key, credentials, record }: ConsoleLogin,
  { caBundle }: RenewalTools,
): Promise<ConsoleLogin> {
  const { signInRegion } = record;
  // Logins of newer AWS CLIs contain the region of the sign-in.
  const place = typeof signInRegion === "string" && /^[a-z0-9-]+$/.test(signInRegion) ? signInRegion : region;
  const endpoint = source.endpoint ?? awsSignInEndpoint(place ?? "us-east-1", source);
  const senseless = (problem: string): XroleError => new XroleError("login-reply", { endpoint, problem });
  const url = new URL("v1/token", endpoint).href;
  const request = {
    method: "POST" as const,
    url,
    headers: { "content-type": "application/json", dpop: proofFor(key, url, context.now()) },
    body: JSON.stringify({ clientId, grantType: "refresh_token", refreshToken }),
  };
  const asking = { caBundle, form: "json", code: "login-reply" } as const;
  const { status, body } = await requestWithRetries(context, { ...request, timeout: RENEWAL_TIMEOUT }, asking);
  const reply = parseObject(body);
  const code = typeof reply?.error === "string" ? reply.error : "";
  if (status === 429 || status >= 500) throw new XroleError("login-failed", { endpoint, status, detail: code });
  if ([400, 401, 403].includes(status)) throw new RefusedRenewal(refusal(code, status));
  if (status !== 200) throw senseless(`it answered ${String(status)}`);
  const expires = parseLifetime(reply?.expiresIn, context.now(), LONGEST);
  if (!expires) throw senseless("expiresIn is not a number of seconds that credentials can live");
  const { accessKeyId, secretAccessKey, sessionToken } = Object(reply?.accessToken) as Record<string, unknown>;
  const renewed = parseLogin({
    ...record,
    accessToken: {
      accessKeyId,
      secretAccessKey,
      sessionToken,
      accountId: credentials.accountId,
      expiresAt: expires.toISOString(),
    },
    refreshToken: reply?.refreshToken,
  });
  if (!renewed) throw senseless("it holds no credentials, or no refresh token");
  return renewed;
}

/** Why a login was not renewed. Source: OAuth2ErrorCode of the Sign-In API. */
function refusal(code: string, status: number): string {
  switch (code) {
    case "TOKEN_EXPIRED":
      return "its session has expired";
    case "USER_CREDENTIALS_CHANGED":
      return "its password has been changed";
    case "INSUFFICIENT_PERMISSIONS":
      return "it is not allowed signin:CreateOAuth2Token; attach the policy SignInLocalDevelopmentAccess";
    default:
      return /^[\w-]+$/.test(code) ? code : `AWS Sign-In answered ${String(status)}`;
  }
}
