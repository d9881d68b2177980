// Plans credentials from IAM Identity Center: `sso_session = X`, or the legacy `sso_start_url`; both with `sso_account_id` and
// `sso_role_name`.
import { decideEndpoint, SSO, SSO_OIDC, type Service } from "../../plan/aws/endpoint.ts";
import { checked } from "../../plan/options/limits.ts";
import { own } from "../../plan/options/given.ts";
import { checkedRegion } from "../../plan/aws/region-name.ts";
import { closeNames } from "../../config/close-names.ts";
import { setting } from "../../config/profile.ts";
import { location } from "../../config/location.ts";
import type { Config, Section, Setting } from "../../config/types.ts";
import { quoteWord } from "../../config/parse/words.ts";
import { sha256 } from "../../util/digest.ts";
import { XroleError } from "../../errors/error.ts";
import { withoutPassword } from "../../errors/passwords.ts";
import type { Planning, SourceBase, SourceFacts, SourceKind } from "../kind.ts";
import { peekAtLogin, ssoLoginFile } from "../login-file.ts";
import { required } from "../shared-settings.ts";

export interface SsoSource extends SourceBase {
  readonly kind: "sso";
  readonly profile: string;
  readonly session?: string;
  readonly startUrl: string;
  readonly region: string;
  readonly accountId?: string;
  readonly roleName?: string;
  /** The endpoints for role credentials and for renewing the login. */
  readonly endpoint: string;
  readonly renewalEndpoint: string;
}

export const ssoKind: SourceKind<SsoSource> = {
  inProfile: {
    name: "SSO",
    marks: ["sso_session", "sso_start_url", "sso_account_id", "sso_role_name"],
    // A session or a start URL alone names no role. botocore continues without it, so it comes last (rule 21).
    order: (_, profile) =>
      (setting(profile, "sso_account_id") ?? setting(profile, "sso_role_name")) ? "first" : "alone",
    plan: planSso,
  },
  mayBeLongTerm: false,
  isCached: true,
  identity(context, source) {
    const { startUrl, region, accountId, roleName, endpoint } = source;
    const { accessToken } = peekAtLogin(ssoLoginFile(context, source));
    if (typeof accessToken !== "string") return undefined;
    return [startUrl, region, accountId, roleName, endpoint, sha256(accessToken)];
  },
};

function planSso({ config, env }: Planning, profile: Section, mark: Setting): SsoSource {
  const session = setting(profile, "sso_session");
  const accountId = own(profile, "sso_account_id");
  const roleName = setting(profile, "sso_role_name");
  // A session alone is a bearer token without a role; a legacy start URL requires account and role.
  if (accountId || roleName || !session) {
    required(profile, "sso_account_id", roleName ? "sso_role_name" : "SSO settings");
    required(profile, "sso_role_name", "sso_account_id");
  }
  const account = accountId && checked(accountId, "accountId");
  const shared = session && ssoSession(config, profile, session);
  const [holder, because] = shared ? [shared, "a session"] : [profile, "SSO settings"];
  const startUrl = required(holder, "sso_start_url", because);
  const given = required(holder, "sso_region", because);
  const { region } = checkedRegion(given, location(mark), "sso_region");
  const endpointOf = (service: Service): string => decideEndpoint(env, config, profile, given, service).endpoint ?? "";
  return {
    kind: "sso",
    from: location(mark),
    profile: profile.name,
    ...(account !== undefined && { accountId: account }),
    ...(roleName && { roleName: roleName.value }),
    ...(session && { session: session.value }),
    startUrl,
    region,
    endpoint: endpointOf(SSO),
    renewalEndpoint: endpointOf(SSO_OIDC),
  };
}

/**
 * The `[sso-session]` that the profile names. @throws XroleError `section-not-found`; `setting-invalid` if the profile contradicts
 * it
 */
function ssoSession(config: Config, profile: Section, { value: name, ...at }: Setting): Section {
  const section = config.ssoSessions.get(name);
  if (!section)
    throw new XroleError("section-not-found", {
      ...{ where: location(at), kind: "sso-session", name },
      close: closeNames(name, config.ssoSessions.keys()),
    });
  for (const key of ["sso_region", "sso_start_url"]) {
    const other = own(profile, key);
    if (other && other.value !== setting(section, key)?.value)
      throw new XroleError("setting-invalid", {
        ...other,
        expected: `what [sso-session ${name}] says; it belongs there`,
      });
  }
  return section;
}

export const ssoFacts: SourceFacts<SsoSource> = {
  settings: ["sso_session", "sso_start_url", "sso_region", "sso_account_id", "sso_role_name"],
  settingsOf: "source",
  makes: ["sso_session", "sso_start_url", "sso_account_id"],
  isRoleSession: true,
  isRenewable: true,
  describe: ({ session, startUrl }) => `SSO (${session ?? withoutPassword(startUrl)})`,
  label(source) {
    const { roleName, accountId = "" } = source;
    return ssoFacts.describe(source) + (roleName === undefined ? "" : ` as ${roleName} in account ${accountId}`);
  },
  json: (source) => ({ ...source }),
  accountId: ({ accountId }) => accountId,
  address: () => undefined,
  unusedVariables: () => [],
  remedy: ({ profile }) => ({ see: `sign in again: aws sso login --profile ${quoteWord(profile)}` }),
};
