// Reads keys from the environment (rules 49 and 50).
import { unsendable } from "../../plan/aws/credential-text.ts";
import { formatTime, parseTime } from "../../plan/aws/timestamps.ts";
import type { Credentials } from "../../plan/aws/credentials.ts";
import { isAdHocName } from "../../plan/shell/ad-hoc-name.ts";
import { quoteWord } from "../../config/parse/words.ts";
import { variable, type Context, type Environment } from "../../context/types.ts";
import { XroleError } from "../../errors/error.ts";
import type { OpenSource } from "../kind.ts";
import type { EnvironmentSource } from "./plan.ts";

export const open = (context: Context, source: EnvironmentSource): OpenSource => ({
  credentials: () => environmentCredentials(context, source),
});

/**
 * @throws XroleError `environment-empty`, `environment-incomplete`, `environment-expiration`, `credentials-expired`,
 * `credentials-malformed`
 */
function environmentCredentials({ env, now }: Context, source: EnvironmentSource): Credentials {
  const key = (name: string): string | undefined => {
    const value = variable(env, name);
    const problem = value === undefined ? undefined : unsendable(value);
    if (problem !== undefined) throw new XroleError("credentials-malformed", { where: "environment", name, problem });
    return value;
  };
  const accessKeyId = key("AWS_ACCESS_KEY_ID");
  const secretAccessKey = key("AWS_SECRET_ACCESS_KEY");
  if (accessKeyId === undefined) throw new XroleError("environment-empty", { where: source.from });
  if (secretAccessKey === undefined) throw new XroleError("environment-incomplete", {});

  // [pinned] The session token takes precedence over the legacy security token.
  const sessionToken = key("AWS_SESSION_TOKEN") ?? key("AWS_SECURITY_TOKEN");
  const accountId = variable(env, "AWS_ACCOUNT_ID");
  const expires = variable(env, "AWS_CREDENTIAL_EXPIRATION");
  const expiration = expires === undefined ? undefined : parseTime(expires);
  if (expires !== undefined && !expiration) throw new XroleError("environment-expiration", { value: expires });
  if (expiration && expiration.getTime() <= now()) {
    throw new XroleError("credentials-expired", {
      origin: "the environment",
      expiration: formatTime(expiration),
      hint: env.XROLE_SESSION ? renewal(env, source.from) : "export fresh keys",
    });
  }
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
    ...(expiration && { expiration }),
    ...(accountId !== undefined && { accountId }),
  };
}

/**
 * How to get new credentials in a shell where an earlier xrole set the expired ones. @param from the setting or variable that makes
 * the environment the source
 */
function renewal(env: Environment, from: string): string {
  const name = variable(env, "XROLE_PROFILE");
  // A role that only --role-arn names has no profile. If a profile uses the environment as its source, the keys must come from
  // elsewhere.
  return name === undefined || isAdHocName(name) || from !== "AWS_ACCESS_KEY_ID"
    ? "an earlier xrole put them there: `eval $(xrole env --unset)`, then export the keys they were made from"
    : `get new ones: eval $(xrole env ${quoteWord(name)})`;
}
