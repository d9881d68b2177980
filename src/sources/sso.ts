// Credentials of IAM Identity Center, with the login that `aws sso login` keeps. The SDK's provider looks the profile up again
// with a parser that knows no names with spaces (rule 4), truncates the login's file in place, and has one endpoint for
// both services.
import { randomUUID } from "node:crypto";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { isKeyText, parseObject, parseTime } from "../chain/received.ts";
import type { Credentials, Plan, Source } from "../chain/types.ts";
import type { Context } from "../context.ts";
import { XroleError } from "../errors.ts";
import type { HttpReply, HttpRequest } from "../http.ts";
import { askPatiently } from "../sts/ask.ts";
import { loginFile, readLogin } from "./sso-login.ts";

type SsoSource = Extract<Source, { kind: "sso" }>;

/** A login is renewed this many milliseconds before it ends, as in the SDKs. */
const RENEW_AHEAD = 5 * 60 * 1000;

/** @throws XroleError `sso-*`, `setting-missing`, `ca-bundle`, `proxy-invalid` */
export async function ssoCredentials(
  context: Context,
  source: SsoSource,
  caBundle: Plan["caBundle"],
): Promise<Credentials> {
  const { from: where, profile, endpoint, accountId, roleName } = source;
  if (accountId === undefined || roleName === undefined) {
    const because = "an sso_session, which alone is a token and no role,";
    throw new XroleError("setting-missing", { where, profile, setting: "sso_account_id and sso_role_name", because });
  }
  const token = await currentToken(context, source, caBundle);
  const url = new URL("federation/credentials", endpoint);
  url.search = new URLSearchParams({ role_name: roleName, account_id: accountId }).toString();
  const request = { method: "GET" as const, url: url.href, headers: { "x-amz-sso_bearer_token": token } };
  const reply = await ask(context, request, caBundle);
  const body = parseObject(reply.body);
  if (reply.status === 401) {
    throw new XroleError("sso-login-needed", { where, profile, problem: "the SSO login is no longer valid" });
  }
  if (reply.status !== 200) {
    const detail = typeof body?.message === "string" ? body.message : "";
    if (reply.status === 429 || reply.status >= 500)
      throw new XroleError("sso-failed", { endpoint, status: reply.status, detail });
    throw new XroleError("sso-refused", { where, role: roleName, account: accountId, detail });
  }
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = Object(body?.roleCredentials) as Record<
    string,
    unknown
  >;
  if (!isKeyText(accessKeyId) || !isKeyText(secretAccessKey) || !isKeyText(sessionToken)) {
    throw new XroleError("sso-reply", { endpoint, problem: "it holds no credentials" });
  }
  const expires = typeof expiration === "number" ? new Date(expiration) : undefined;
  if (!expires || Number.isNaN(expires.getTime()))
    throw new XroleError("sso-reply", { endpoint, problem: "its expiration is no time" });
  if (expires.getTime() <= context.now())
    throw new XroleError("sso-reply", { endpoint, problem: "the credentials it sent have expired already" });
  return { accessKeyId, secretAccessKey, sessionToken, expiration: expires, accountId };
}

/** The login's access token, renewed when it is about to end and can be. */
async function currentToken(context: Context, source: SsoSource, caBundle: Plan["caBundle"]): Promise<string> {
  const { from: where, profile, session } = source;
  const needed = (problem: string): XroleError => new XroleError("sso-login-needed", { where, profile, problem });
  const file = loginFile(context, source);
  const login = readLogin(file);
  if (!login) throw needed(`there is no SSO login${session === undefined ? "" : ` for the session "${session}"`}`);
  const { accessToken, expiresAt } = login;
  // Older AWS CLIs end the time with "UTC".
  const expires = typeof expiresAt === "string" ? parseTime(expiresAt.replace(/UTC$/, "Z")) : undefined;
  if (typeof accessToken !== "string" || accessToken === "" || !expires)
    throw needed("the file of the SSO login is damaged");
  const left = expires.getTime() - context.now();
  if (left > RENEW_AHEAD) return accessToken;
  const renewed = session === undefined ? undefined : await renew(context, source, login, file, caBundle);
  if (renewed !== undefined) return renewed;
  if (left > 0) return accessToken;
  throw needed("the SSO login has expired");
}

/** A fresh access token for the refresh token of the login, kept in its file; undefined when that cannot be had. */
async function renew(
  context: Context,
  { renewalEndpoint }: SsoSource,
  login: Record<string, unknown>,
  file: string,
  caBundle: Plan["caBundle"],
): Promise<string | undefined> {
  const { clientId, clientSecret, refreshToken, registrationExpiresAt } = login;
  if (![clientId, clientSecret, refreshToken].every((value) => typeof value === "string" && value !== ""))
    return undefined;
  const registered = typeof registrationExpiresAt === "string" ? parseTime(registrationExpiresAt) : undefined;
  if (registered && registered.getTime() <= context.now()) return undefined;
  const reply = await ask(
    context,
    {
      method: "POST",
      url: new URL("token", renewalEndpoint).href,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ clientId, clientSecret, grantType: "refresh_token", refreshToken }),
    },
    caBundle,
  ).catch((error: unknown) => {
    context.debug(`the SSO login could not be renewed: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  });
  const fresh = reply?.status === 200 ? parseObject(reply.body) : undefined;
  if (typeof fresh?.accessToken !== "string" || typeof fresh.expiresIn !== "number") return undefined;
  const expiresAt = new Date(context.now() + fresh.expiresIn * 1000).toISOString().replace(/\.\d+Z$/, "Z");
  const renewed = {
    ...login,
    accessToken: fresh.accessToken,
    expiresAt,
    refreshToken: fresh.refreshToken ?? refreshToken,
  };
  keep(context, file, JSON.stringify(renewed));
  return fresh.accessToken;
}

/** Puts the login in its place at once: a reader never sees half of it. Where that fails, the login still serves this run. */
function keep(context: Context, file: string, text: string): void {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    writeFileSync(temporary, text, { mode: 0o600, flag: "wx" });
    renameSync(temporary, file);
  } catch (error) {
    context.debug(`the renewed SSO login could not be kept: ${error instanceof Error ? error.message : String(error)}`);
    rmSync(temporary, { force: true });
  }
}

/** The reply of one of SSO's two services. */
function ask(
  context: Context,
  request: Omit<HttpRequest, "agent" | "timeout">,
  caBundle: Plan["caBundle"],
): Promise<HttpReply> {
  const endpoint = request.url.split("?")[0] ?? "";
  return askPatiently(context, request, caBundle, (problem) => new XroleError("sso-reply", { endpoint, problem }));
}
