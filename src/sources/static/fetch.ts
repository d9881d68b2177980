// Reads keys from a profile. The plan names the profile; the secret is read here, when it is needed (rules 14, 24 and 49).
import { unsendable } from "../../plan/aws/credential-text.ts";
import { setting } from "../../config/profile.ts";
import { location } from "../../config/location.ts";
import type { Config } from "../../config/types.ts";
import type { Credentials } from "../../plan/aws/credentials.ts";
import { XroleError } from "../../errors/error.ts";
import type { OpenSource, SourceTools } from "../kind.ts";
import type { StaticSource } from "./plan.ts";

export const open = (_: unknown, source: StaticSource, { config }: Pick<SourceTools, "config">): OpenSource => ({
  credentials: () => staticCredentials(config, source),
});

/**
 * The keys of the profile; `aws_session_token` takes precedence over the legacy `aws_security_token`. @throws XroleError
 * `credentials-malformed`
 */
function staticCredentials(config: Config, source: StaticSource): Credentials {
  const profile = config.profiles.get(source.profile);
  const value = (key: string): string | undefined => {
    const found = profile && setting(profile, key);
    if (!found) return undefined;
    const problem = unsendable(found.value);
    if (problem === undefined) return found.value;
    throw new XroleError("credentials-malformed", { where: location(found), name: key, problem });
  };
  value("aws_access_key_id");
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
