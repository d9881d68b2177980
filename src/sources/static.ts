// Keys in a profile. The plan names the profile; the secret is read here, when it is needed (rules 14, 24 and 49).
import { setting } from "../config/profile.ts";
import type { Config } from "../config/types.ts";
import type { Credentials, Source } from "../chain/types.ts";
import { XroleError } from "../errors.ts";

/** The profile's keys, `aws_session_token` before the legacy `aws_security_token`. */
export function staticCredentials(config: Config, source: Extract<Source, { kind: "static" }>): Credentials {
  const profile = config.profiles.get(source.profile);
  const value = (key: string): string | undefined => profile && setting(profile, key)?.value;
  const secretAccessKey = value("aws_secret_access_key");
  if (secretAccessKey === undefined) throw new XroleError("internal", { problem: "the plan's keys are gone" });
  const sessionToken = value("aws_session_token") ?? value("aws_security_token");
  return {
    accessKeyId: source.accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
    ...(source.accountId !== undefined && { accountId: source.accountId }),
  };
}
