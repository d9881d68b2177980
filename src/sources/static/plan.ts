// Plans keys in a profile: `aws_access_key_id = ...`, `aws_secret_access_key = ...` (rules 14, 24 and 49).
import { setting } from "../../config/profile.ts";
import { location } from "../../config/location.ts";
import { XroleError } from "../../errors/error.ts";
import type { SourceBase, SourceFacts, SourceKind } from "../kind.ts";
import { ownAccount } from "../shared-settings.ts";

export interface StaticSource extends SourceBase {
  readonly kind: "static";
  /** The profile with the keys. The secret is read there when it is needed, so that the plan contains none. */
  readonly profile: string;
  readonly accessKeyId: string;
  readonly accountId?: string;
  readonly temporary: boolean;
}

export const staticKind: SourceKind<StaticSource> = {
  inProfile: {
    name: "keys",
    marks: ["aws_access_key_id", "aws_secret_access_key"],
    // [pinned] In a source profile, the SDKs prefer keys to the role (rule 24).
    beforeRole: "as source_profile",
    // In a selected profile, keys in the config file come after everything else, as in botocore's ProfileProviderBuilder (rule 21).
    order({ credentialsFile }, { name }) {
      const file = credentialsFile?.get(name);
      return file && setting(file, "aws_access_key_id") ? undefined : "last";
    },
    plan(_, profile, mark) {
      const id = setting(profile, "aws_access_key_id");
      if (!id || !setting(profile, "aws_secret_access_key")) {
        const missing = id ? "aws_secret_access_key" : "aws_access_key_id";
        throw new XroleError("keys-incomplete", { where: location(mark), profile: profile.name, missing });
      }
      const token = setting(profile, "aws_session_token") ?? setting(profile, "aws_security_token");
      return {
        kind: "static",
        from: location(id),
        profile: profile.name,
        accessKeyId: id.value,
        ...ownAccount(profile),
        temporary: token !== undefined,
      };
    },
  },
  // Keys with a token may be a role session, which only a refusal of STS shows (sts/client.ts).
  mayBeLongTerm: true,
  isCached: false,
  identity: (_, { accessKeyId }) => [accessKeyId],
};

export const staticFacts: SourceFacts<StaticSource> = {
  settings: ["aws_account_id"],
  keySettings: ["aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token"],
  settingsOf: "source",
  makes: ["aws_access_key_id"],
  isRoleSession: false,
  isRenewable: false,
  describe: ({ profile, accessKeyId }) => `the keys of profile "${profile}" (${accessKeyId})`,
  label: (source) => staticFacts.describe(source),
  json: ({ kind, accessKeyId, accountId, from }) => ({ kind, accessKeyId, accountId, from }),
  accountId: ({ accountId }) => accountId,
  address: () => undefined,
  unusedVariables: () => [],
  remedy: () => ({
    line: "aws_access_key_id, aws_secret_access_key and aws_session_token, all three copied again from their source",
  }),
};
