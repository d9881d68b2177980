// Plans the login that `aws login` stores: `login_session = ...`.
import { endpointFlags, SIGN_IN, usableEndpoint } from "../../plan/aws/endpoint.ts";
import { location } from "../../config/location.ts";
import { quoteWord } from "../../config/parse/words.ts";
import { sha256 } from "../../util/digest.ts";
import type { SourceBase, SourceFacts, SourceKind } from "../kind.ts";
import { consoleLoginFile, peekAtLogin } from "../login-file.ts";

export interface LoginSource extends SourceBase {
  readonly kind: "login";
  readonly profile: string;
  readonly session: string;
  /**
   * The endpoint at which the login is renewed, if the user configures it; absent for AWS's own, which depends on the login's
   * region.
   */
  readonly endpoint?: string;
  readonly fips?: boolean;
  readonly dualStack?: boolean;
}

export const loginKind: SourceKind<LoginSource> = {
  inProfile: {
    name: "login_session",
    marks: ["login_session"],
    plan({ config, env }, profile, mark) {
      const configured = usableEndpoint(env, config, profile, SIGN_IN);
      const { fips, dualStack } = endpointFlags(env, profile);
      return {
        kind: "login",
        from: location(mark),
        profile: profile.name,
        session: mark.value,
        ...(configured && { endpoint: configured.endpoint }),
        ...(fips && { fips }),
        ...(dualStack && { dualStack }),
      };
    },
  },
  mayBeLongTerm: false,
  isCached: false,
  identity(context, { session }) {
    // The key that proves possession stays the same as long as the login lasts.
    const { dpopKey } = peekAtLogin(consoleLoginFile(context, session));
    return typeof dpopKey === "string" ? [session, sha256(dpopKey)] : undefined;
  },
};

export const loginFacts: SourceFacts<LoginSource> = {
  settings: ["login_session"],
  settingsOf: "source",
  makes: ["login_session"],
  // The login may be a user's or a role's.
  isRoleSession: false,
  isRenewable: true,
  describe: ({ session }) => `login session (${session})`,
  label: (source) => loginFacts.describe(source),
  json: (source) => ({ ...source }),
  accountId: () => undefined,
  address: () => undefined,
  unusedVariables: () => [],
  remedy: ({ profile }) => ({ see: `sign in again: aws login --profile ${quoteWord(profile)}` }),
};
