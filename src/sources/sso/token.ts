// Gets the access token of an IAM Identity Center login, and renews it at its OIDC endpoint (CreateToken, grant refresh_token).
import { isToken } from "../../plan/aws/credential-text.ts";
import { parseObject } from "../../util/json.ts";
import { formatTime, parseLifetime, parseTime } from "../../plan/aws/timestamps.ts";
import type { Context } from "../../context/types.ts";
import { XroleError } from "../../errors/error.ts";
import { requestWithRetries } from "../../sts/request-with-retries.ts";
import { checkLogin, peekAtLogin, ssoLoginFile } from "../login-file.ts";
import { currentLogin, RefusedRenewal, RENEWAL_TIMEOUT, type Login, type RenewalTools } from "../login-renewal.ts";
import type { SsoSource } from "./plan.ts";

interface SsoLogin extends Login {
  readonly accessToken: string;
}

/** Seconds of the longest session that Identity Center allows: 90 days. */
const LONGEST = 90 * 86_400;

/** @throws XroleError `sso-*`, `login-unreadable`, `ca-bundle`, `proxy-invalid`, `sts-unreachable` */
export async function ssoToken(context: Context, source: SsoSource, tools: RenewalTools): Promise<string> {
  const { from: where, profile, session, renewalEndpoint: endpoint } = source;
  const file = ssoLoginFile(context, source);
  const needed = (problem: string): XroleError => new XroleError("sso-login-needed", { where, profile, problem });
  const parse = (record: Record<string, unknown> | undefined): SsoLogin => {
    if (!record) throw needed(`there is no SSO login${session === undefined ? "" : ` for the session "${session}"`}`);
    checkLogin(file, { accessToken: record.accessToken });
    const login = parseLogin(record);
    if (!login) throw needed(`the file of the SSO login is damaged: ${file}`);
    return login;
  };
  try {
    const { accessToken } = await currentLogin(context, tools, {
      file,
      endpoint,
      parse,
      // The legacy format has no refresh token.
      isRenewable: (login) => session !== undefined && isRenewable(context, login),
      renew: (login) => renew(context, endpoint, login, tools),
    });
    return accessToken;
  } catch (error) {
    if (!(error instanceof RefusedRenewal)) throw error;
    // Values that cannot be sent mean that the file is damaged. The legacy format has none of these values.
    const { clientId, clientSecret, refreshToken } = session === undefined ? {} : peekAtLogin(file);
    checkLogin(file, { clientId, clientSecret, refreshToken });
    throw needed(`the SSO login has expired${detailOf(error)}`);
  }
}

function parseLogin(record: Record<string, unknown>): SsoLogin | undefined {
  const { accessToken, expiresAt } = record;
  // Older AWS CLIs end the timestamp with "UTC".
  const expires = typeof expiresAt === "string" ? parseTime(expiresAt.replace(/UTC$/, "Z")) : undefined;
  return isToken(accessToken) && expires ? { accessToken, expires, record } : undefined;
}

function isRenewable(context: Context, { record }: SsoLogin): boolean {
  const { clientId, clientSecret, refreshToken, registrationExpiresAt } = record;
  const registered = typeof registrationExpiresAt === "string" ? parseTime(registrationExpiresAt) : undefined;
  return (
    [clientId, clientSecret, refreshToken].every(isToken) && !(registered && registered.getTime() <= context.now())
  );
}

async function renew(
  context: Context,
  endpoint: string,
  { record }: SsoLogin,
  { caBundle }: RenewalTools,
): Promise<SsoLogin> {
  const { clientId, clientSecret, refreshToken } = record;
  const senseless = (problem: string): XroleError => new XroleError("sso-reply", { endpoint, problem });
  const request = {
    method: "POST" as const,
    url: new URL("token", endpoint).href,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ clientId, clientSecret, grantType: "refresh_token", refreshToken }),
  };
  const asking = { caBundle, form: "json", code: "sso-reply" } as const;
  const { status, body } = await requestWithRetries(context, { ...request, timeout: RENEWAL_TIMEOUT }, asking);
  const reply = parseObject(body);
  const detail = typeof reply?.error === "string" ? reply.error : "";
  if (status === 429 || status >= 500 || detail === "slow_down")
    throw new XroleError("sso-failed", { endpoint, status, detail });
  // invalid_grant and other errors that a new login resolves, such as an expired client or a withdrawn permission.
  if ([400, 401, 403].includes(status)) throw new RefusedRenewal(detail);
  if (status !== 200) throw senseless(`it answered ${String(status)}`);
  const accessToken = reply?.accessToken;
  const expires = parseLifetime(reply?.expiresIn, context.now(), LONGEST);
  const next = reply?.refreshToken ?? refreshToken;
  if (!isToken(accessToken)) throw senseless("accessToken is missing or malformed");
  if (!expires) throw senseless("expiresIn is not a number of seconds that a login can live");
  if (!isToken(next)) throw senseless("refreshToken is malformed");
  const renewed = { ...record, accessToken, expiresAt: formatTime(expires), refreshToken: next };
  return { accessToken, expires, record: renewed };
}

/** The service's own code for a refusal, such as `invalid_grant`. */
const detailOf = ({ message }: Error): string => (/^[\w-]+$/.test(message) ? ` (${message})` : "");
