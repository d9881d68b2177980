// Plans credentials that a command prints: `credential_process = COMMAND` (rule 51).
import { isAbsolute } from "node:path";
import { location } from "../../config/location.ts";
import type { SourceBase, SourceFacts, SourceKind } from "../kind.ts";
import { ownAccount } from "../shared-settings.ts";

export interface ProcessSource extends SourceBase {
  readonly kind: "process";
  readonly profile: string;
  readonly command: string;
  /** The profile's aws_account_id, for a command that prints no account. */
  readonly accountId?: string;
}

export const processKind: SourceKind<ProcessSource> = {
  inProfile: {
    name: "credential_process",
    marks: ["credential_process"],
    plan: (_, profile, mark) => ({
      kind: "process",
      from: location(mark),
      profile: profile.name,
      command: mark.value,
      ...ownAccount(profile),
    }),
  },
  // The output may be a role session, which only a refusal of STS shows (sts/client.ts).
  mayBeLongTerm: true,
  isCached: false,
  // A command with a relative path is a different command in another folder.
  identity: ({ cwd }, { command }) => [command, /^[^\s/]*\//.test(command) && !isAbsolute(command) ? cwd : ""],
};

export const processFacts: SourceFacts<ProcessSource> = {
  settings: ["credential_process", "aws_account_id"],
  settingsOf: "source",
  makes: ["credential_process"],
  isRoleSession: false,
  isRenewable: true,
  describe: ({ profile }) => `the credential_process of profile "${profile}"`,
  label: (source) => processFacts.describe(source),
  json: ({ kind, command, from }) => ({ kind, command, from }),
  // The account that the command prints takes precedence over the profile's aws_account_id.
  accountId: () => undefined,
  address: () => undefined,
  unusedVariables: () => [],
  remedy: ({ from }) => ({ see: `renew what the command reads (${from})` }),
};
