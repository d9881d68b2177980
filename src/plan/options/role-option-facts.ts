// What a call on cached credentials does not need of the role options: the text of help, the parameters of AssumeRole, what AWS accepts
// in words. It is not in the executable's part `main`: what is there imports role-options.ts alone.
import type { Limit, RoleOptionName, SentName, SettingName } from "./role-options.ts";

interface Help {
  /** What stands for the value in help: `<id>`; absent for a flag. */
  readonly value?: string;
  readonly text: string;
}

interface OfSetting {
  /** The text of `configure --help`; `false` where configure has no such option (`--set` takes the setting all the same). */
  readonly configure: string | false;
}

interface OfSent {
  /** The parameter of AssumeRole. */
  readonly parameter: string;
  /** Where STS takes a list of structures: the name of the one field that each has. */
  readonly each?: string;
  /** What `explain` calls it; `false` where it has words of its own in plan/show/draw.ts. */
  readonly shown: string | false;
}

type Facts<Name extends RoleOptionName> = Help &
  (Name extends SettingName ? OfSetting : unknown) &
  (Name extends SentName ? OfSent : unknown);

/** In the order of help. */
export const ROLE_OPTION_FACTS = {
  roleArn: {
    value: "<arn>",
    text: "role to assume, instead of the profile's, if any",
    configure: 'role to assume; "" as the value of an option takes the setting away',
    parameter: "RoleArn",
    shown: false,
  },
  sessionName: {
    value: "<name>",
    text: "role session name, which CloudTrail shows",
    configure: "role_session_name",
    parameter: "RoleSessionName",
    shown: false,
  },
  duration: {
    value: "<time>",
    text: "life of the credentials: 3600, 45m, 1h",
    configure: "duration_seconds: 3600, 45m, 1h",
    parameter: "DurationSeconds",
    shown: false,
  },
  externalId: {
    value: "<id>",
    text: "external id the role's trust policy asks for",
    configure: "external_id",
    parameter: "ExternalId",
    shown: "external id",
  },
  sourceIdentity: {
    value: "<name>",
    text: "source identity, which stays through a chain",
    configure: "source_identity",
    parameter: "SourceIdentity",
    shown: "source identity",
  },
  tag: {
    value: "<key=value>",
    text: "session tag; may be repeated",
    configure: "a tag of session_tags; may be repeated",
    parameter: "Tags",
    shown: "tags",
  },
  transitiveTag: {
    value: "<key>",
    text: "a tag that stays through a chain; may be repeated",
    configure: "a key of transitive_session_tags; may be repeated",
    parameter: "TransitiveTagKeys",
    shown: "transitive",
  },
  policy: {
    value: "<file>",
    text: "session policy (JSON): at most what it allows",
    parameter: "Policy",
    shown: false,
  },
  policyArn: {
    value: "<arn>",
    text: "managed policy as session policy; may be repeated",
    parameter: "PolicyArns",
    each: "arn",
    shown: false,
  },
  readOnly: { text: "narrow the session to AWS's ReadOnlyAccess" },
  mfaSerial: {
    value: "<arn>",
    text: "MFA device; its code is asked for on the terminal",
    configure: "mfa_serial",
    parameter: "SerialNumber",
    shown: "MFA",
  },
  mfaCode: { value: "<code>", text: "the code, instead of asking" },
  mfaSession: { text: "spend one code on a session that all hops share", configure: false },
  region: {
    value: "<name>",
    text: "region of STS and of the command",
    configure: "region of STS and of commands",
  },
  expectAccount: { value: "<id>", text: "fail unless the credentials are of this account" },
} as const satisfies { readonly [Name in RoleOptionName]: Facts<Name> };

/** What AWS accepts, after "is not". */
export const LIMITS_IN_WORDS = {
  policyArn: "the ARN of a policy",
  sessionName: "2 to 64 of A-Z a-z 0-9 _ + = , . @ -",
  externalId: "2 to 1224 of A-Z a-z 0-9 _ + = , . @ : / -",
  mfaSerial: "the ARN of an MFA device (arn:aws:iam::111111111111:mfa/NAME), or the serial number of a hardware one",
  mfaCode: "a code of six digits",
  accountId: "an account id of twelve digits",
  tagKey: "a tag key of 1 to 128 letters, digits, spaces and _ . : / = + - @",
  tagValue: "a tag value of up to 256 letters, digits, spaces and _ . : / = + - @",
} as const satisfies Readonly<Record<Limit, string>>;

export type RoleOptionFacts = typeof ROLE_OPTION_FACTS;

/** The options that `configure` has, for settings of a profile. */
export type ConfiguredName = {
  [Name in SettingName]: RoleOptionFacts[Name] extends { readonly configure: string } ? Name : never;
}[SettingName];
