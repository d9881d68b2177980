// Gets credentials from IAM Identity Center, with the login that `aws sso login` stores. The SDK's provider is not used: it looks
// the profile up again with a parser that does not support names with spaces (rule 4), truncates the login file in place, and uses
// one endpoint for both services.
import { isKeyText } from "../../plan/aws/credential-text.ts";
import { parseObject } from "../../util/json.ts";
import { parseInstant } from "../../plan/aws/timestamps.ts";
import type { Credentials } from "../../plan/aws/credentials.ts";
import type { Context } from "../../context/types.ts";
import { XroleError } from "../../errors/error.ts";
import { unexpected } from "../../util/http.ts";
import { requestWithRetries } from "../../sts/request-with-retries.ts";
import type { RenewalTools } from "../login-renewal.ts";
import { ssoToken } from "./token.ts";
import type { OpenSource, SourceTools } from "../kind.ts";
import type { SsoSource } from "./plan.ts";

export const open = (context: Context, source: SsoSource, tools: SourceTools): OpenSource => ({
  credentials: () => ssoCredentials(context, source, tools),
});

/** @throws XroleError `sso-*`, `login-unreadable`, `setting-missing`, `ca-bundle`, `proxy-invalid`, `sts-unreachable` */
export async function ssoCredentials(context: Context, source: SsoSource, tools: RenewalTools): Promise<Credentials> {
  const { caBundle } = tools;
  const { from: where, profile, endpoint, accountId, roleName } = source;
  if (accountId === undefined || roleName === undefined) {
    const because = "an sso_session, which alone is a token and no role,";
    throw new XroleError("setting-missing", { where, profile, setting: "sso_account_id and sso_role_name", because });
  }
  const token = await ssoToken(context, source, tools);
  const url = new URL("federation/credentials", endpoint);
  url.search = new URLSearchParams({ role_name: roleName, account_id: accountId }).toString();
  const request = { method: "GET" as const, url: url.href, headers: { "x-amz-sso_bearer_token": token } };
  const reply = await requestWithRetries(context, request, { caBundle, form: "json", code: "sso-reply" });
  const body = parseObject(reply.body);
  if (reply.status === 401) {
    throw new XroleError("sso-login-needed", { where, profile, problem: "the SSO login is no longer valid" });
  }
  if (reply.status < 400 && reply.status !== 200)
    throw new XroleError("sso-reply", { endpoint, problem: unexpected(reply.status) });
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
  const expires = parseInstant(expiration);
  if (!expires) throw new XroleError("sso-reply", { endpoint, problem: "its expiration is not a timestamp" });
  if (expires.getTime() <= context.now())
    throw new XroleError("sso-reply", { endpoint, problem: "the credentials it sent have expired already" });
  return { accessKeyId, secretAccessKey, sessionToken, expiration: expires, accountId };
}
