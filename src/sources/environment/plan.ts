// Plans keys in the environment: `credential_source = Environment`, or variables found by the default chain (rules 49 and 50).
import { variable } from "../../context/types.ts";
import type { SourceBase, SourceFacts, SourceKind } from "../kind.ts";

export interface EnvironmentSource extends SourceBase {
  readonly kind: "environment";
}

const KEY_ID = "AWS_ACCESS_KEY_ID";

export const environmentKind: SourceKind<EnvironmentSource> = {
  inDefaultChain: {
    variables: [KEY_ID],
    halves: ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"],
    wins: "the keys in the environment win",
    plan: ({ env }) => (variable(env, KEY_ID) === undefined ? undefined : { kind: "environment", from: KEY_ID }),
  },
  credentialSource: { name: "Environment", plan: (_, from) => ({ kind: "environment", from }) },
  mayBeLongTerm: true,
  isCached: false,
  identity({ env }) {
    const keyId = variable(env, KEY_ID);
    // With only one of the two variables the call must fail, even if credentials are cached for both.
    return keyId !== undefined && variable(env, "AWS_SECRET_ACCESS_KEY") !== undefined ? [keyId] : undefined;
  },
};

export const environmentFacts: SourceFacts<EnvironmentSource> = {
  settings: [],
  settingsOf: "source",
  makes: ["credential_source"],
  isRoleSession: false,
  isRenewable: false,
  describe: () => "the keys in the environment",
  label: () => "the keys in the environment",
  json: ({ kind, from }) => ({ kind, from }),
  accountId: () => undefined,
  address: () => undefined,
  unusedVariables(env, source, other) {
    if (!source) return [{ names: [KEY_ID], because: other }];
    const isTokenSet = variable(env, "AWS_SESSION_TOKEN") !== undefined;
    return isTokenSet ? [{ names: ["AWS_SECURITY_TOKEN"], because: "AWS_SESSION_TOKEN wins" }] : [];
  },
  remedy: () => ({
    see: "export new AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN; for long-term keys unset AWS_SESSION_TOKEN",
  }),
};
