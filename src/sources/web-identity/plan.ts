// Plans a role that is assumed with a token that something else writes to a file: `web_identity_token_file = ...` with `role_arn =
// ...`, or the variables that EKS sets (rules 20c and 21a).
import { resolve } from "node:path";
import { decideSessionName } from "../../plan/hop.ts";
import { checked } from "../../plan/options/limits.ts";
import { own } from "../../plan/options/given.ts";
import { sentInKey } from "../../plan/options/sent.ts";
import { setting } from "../../config/profile.ts";
import { location } from "../../config/location.ts";
import type { Section } from "../../config/types.ts";
import { variable } from "../../context/types.ts";
import { XroleError } from "../../errors/error.ts";
import { peek, tokenIdentity } from "../cache-identity.ts";
import type { Planning, RoleSource, SourceFacts, SourceKind } from "../kind.ts";
import { required } from "../shared-settings.ts";

export interface WebIdentitySource extends RoleSource {
  readonly kind: "web-identity";
  readonly tokenFile: string;
}

const TOKEN_FILE = "AWS_WEB_IDENTITY_TOKEN_FILE";
const ROLE_ARN = "AWS_ROLE_ARN";

export const webIdentityKind: SourceKind<WebIdentitySource> = {
  inProfile: {
    name: "web identity",
    marks: ["web_identity_token_file"],
    beforeRole: "always",
    plan({ env, caller }, profile, mark) {
      // AWS_ROLE_ARN does not replace the setting (rule 29).
      const value = required(profile, "role_arn", "web_identity_token_file");
      const role = own(profile, "role_arn") ?? { value, where: location(profile), name: "role_arn" };
      return {
        kind: "web-identity",
        from: location(mark),
        roleArn: checked(role, "roleArn"),
        tokenFile: mark.value,
        ...decideSessionName(profile, env, caller, {}),
      };
    },
  },
  inDefaultChain: { variables: [TOKEN_FILE], halves: [ROLE_ARN], plan: ofEnvironment },
  mayBeLongTerm: false,
  isCached: true,
  identity(context, source) {
    const token = peek(resolve(context.cwd, source.tokenFile));
    if (token === undefined) return undefined;
    return [tokenIdentity(token), ...sentInKey(context, source, "session", 5)];
  },
};

/**
 * A web identity that the environment alone defines.
 * @throws XroleError `setting-missing` for a token without a role, `web-identity-mixed`
 */
function ofEnvironment({ env, caller }: Planning, profile: Section | undefined): WebIdentitySource | undefined {
  const tokenFile = variable(env, TOKEN_FILE);
  const roleArn = variable(env, ROLE_ARN);
  if (tokenFile === undefined || roleArn === undefined) {
    if (profile) expectUnmixed(profile, tokenFile, roleArn);
    const ownRole = profile && setting(profile, "web_identity_token_file") && setting(profile, "role_arn");
    if (tokenFile !== undefined && !ownRole) {
      const hint = `set ${ROLE_ARN} to the role that the token is for, or unset ${TOKEN_FILE}`;
      throw new XroleError("setting-missing", { where: "environment", setting: ROLE_ARN, because: TOKEN_FILE, hint });
    }
    return undefined;
  }
  checked({ value: roleArn, where: "environment", name: ROLE_ARN }, "roleArn");
  // For a web identity in the environment, the profile may name the session, as in botocore.
  const isNamed = variable(env, "AWS_ROLE_SESSION_NAME") !== undefined;
  const session = decideSessionName(isNamed ? undefined : profile, env, caller, {});
  return { kind: "web-identity", from: TOKEN_FILE, roleArn, tokenFile, ...session };
}

/**
 * [pinned] botocore prefers the environment to the profile for each setting of a web identity, so AWS_ROLE_ARN alone would replace
 * the role for a profile's token. Such a mixture is an error, unless both have the same value.
 * @throws XroleError `web-identity-mixed`
 */
function expectUnmixed(profile: Section, tokenFile: string | undefined, roleArn: string | undefined): void {
  const mark = setting(profile, "web_identity_token_file");
  if (!mark) return;
  const role = setting(profile, "role_arn");
  const isTokenOther = tokenFile !== undefined && tokenFile !== mark.value && role !== undefined;
  const isRoleOther = roleArn !== undefined && roleArn !== role?.value;
  if (!isTokenOther && !isRoleOther) return;
  const [name, missing] = isTokenOther ? [TOKEN_FILE, ROLE_ARN] : [ROLE_ARN, TOKEN_FILE];
  throw new XroleError("web-identity-mixed", { where: location(mark), profile: profile.name, name, missing });
}

export const webIdentityFacts: SourceFacts<WebIdentitySource> = {
  settings: ["web_identity_token_file"],
  settingsOf: "source",
  makes: ["web_identity_token_file", "role_arn"],
  isRoleSession: true,
  isRenewable: true,
  describe: ({ roleArn }) => `web identity for ${roleArn}`,
  label: ({ tokenFile }) => `the token in ${tokenFile}`,
  // How the session name was chosen is not shown.
  json: ({ from, ...rest }) => ({ ...rest, sessionNameGenerated: undefined, from }),
  // The account is that of the role.
  accountId: () => undefined,
  address: () => undefined,
  unusedVariables: (_, source, other) =>
    source?.from === TOKEN_FILE ? [] : [{ names: [TOKEN_FILE, ROLE_ARN], because: other }],
  remedy: ({ tokenFile, from }) => ({ see: `whoever writes ${tokenFile} must renew it (${from})` }),
};
