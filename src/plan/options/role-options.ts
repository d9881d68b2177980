// The role options, one row each (docs/contract.md, "Role options"): the one list of them. What a cached call does without, such as the
// text of help and the parameter of AssumeRole, is in role-option-facts.ts, whose type names the rows that are missing there.

interface Row {
  /** Whether it is given several times, or has no value; without it, it has one value. */
  readonly type?: "list" | "flag";
  /** The setting of a profile that says the same; a list is written with commas. */
  readonly setting?: string;
  /** The only calls that have it: AssumeRole (`hop`), or AssumeRoleWithWebIdentity too (`session`). It is wrong usage without one. */
  readonly of?: "hop" | "session";
  /**
   * It is a field of the call, is sent to STS, and so is in the cache key (sent.ts). With what its value must be, the plan needs no
   * code of its own for it; `true` where hop.ts has some.
   */
  readonly sent?: Limit | "seconds" | "tags" | true;
  /** Its name in the call and in the library, where that is not the name of the option. */
  readonly field?: string;
}

/** The order is that of the cache key (sent.ts): a new row comes last. */
export const ROLE_OPTIONS = {
  roleArn: { setting: "role_arn", sent: true },
  sessionName: { setting: "role_session_name", of: "session", sent: true },
  externalId: { setting: "external_id", of: "hop", sent: "externalId" },
  duration: { setting: "duration_seconds", of: "session", sent: "seconds", field: "durationSeconds" },
  mfaSerial: { setting: "mfa_serial", of: "hop", sent: "mfaSerial" },
  sourceIdentity: { setting: "source_identity", of: "hop", sent: "sessionName" },
  tag: { type: "list", setting: "session_tags", of: "hop", sent: "tags", field: "tags" },
  transitiveTag: {
    type: "list",
    setting: "transitive_session_tags",
    of: "hop",
    sent: "tagKey",
    field: "transitiveTagKeys",
  },
  /** In a plan, the text of the file that is typed. */
  policy: { of: "session", sent: true },
  policyArn: { type: "list", of: "session", sent: true, field: "policyArns" },
  readOnly: { type: "flag", of: "session" },
  mfaCode: { of: "hop" },
  mfaSession: { type: "flag", setting: "xrole_mfa_session", of: "hop" },
  region: { setting: "region" },
  expectAccount: {},
} as const satisfies Readonly<Record<string, Row>>;

/** What AWS accepts. Functions, since V8 parses a pattern where it is written: the two with \p{...} take longer than a whole plan. */
export const LIMITS = {
  policyArn: () => /^arn:[^:\s]*:iam::[^:\s]*:policy\/\S+$/,
  sessionName: () => /^[\w+=,.@-]{2,64}$/,
  externalId: () => /^[\w+=,.@:/-]{2,1224}$/,
  // A serial number is a hardware device's. Security keys (u2f/) have ARNs too, and show no codes.
  mfaSerial: () => /^(?!arn:)[\w+=/:,.@-]{9,256}$|^arn:aws[\w-]*:iam::\d*:(sms-)?mfa\/[\w+=/,.@-]+$/,
  mfaCode: () => /^\d{6}$/,
  accountId: () => /^\d{12}$/,
  tagKey: () => /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u,
  tagValue: () => /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u,
} as const;

/** What is limited; role-option-facts.ts has each in words. */
export type Limit = keyof typeof LIMITS;

type Rows = typeof ROLE_OPTIONS;
export type RoleOptionName = keyof Rows;
export type RoleOption = Row;

type Typed<One extends Row> = One extends { readonly type: "flag" }
  ? boolean
  : One extends { readonly type: "list" }
    ? readonly string[]
    : string;

/** What the command line says about the last hop of a plan. Values as typed, but for the text of `policy`. */
export type RoleOptions = { readonly [Name in RoleOptionName]?: Typed<Rows[Name]> };

/** The names of the rows that are like `Like`. */
type Named<Like> = { [Name in RoleOptionName]: Rows[Name] extends Like ? Name : never }[RoleOptionName];

/** The options that are sent. */
export type SentName = Named<{ readonly sent: unknown }>;
/** The options that a profile has a setting for. */
export type SettingName = Named<{ readonly setting: string }>;

/** An option's name in the call and in the library. */
export type Field<Name extends RoleOptionName> = Rows[Name] extends { readonly field: infer Own extends string }
  ? Own
  : Name;

/** The role options as the library calls them: library/types.ts has them all, which the compiler checks in library/read-options.ts. */
export type LibraryName = { [Name in RoleOptionName]: Field<Name> }[RoleOptionName];

type Planned<One extends Row> = One["sent"] extends "seconds"
  ? number
  : One["sent"] extends "tags"
    ? Readonly<Record<string, string>>
    : Typed<One>;

/** The fields of the calls that have the options of `of`, for the rows that are sent as they are given. */
export type PlannedFields<Of extends "hop" | "session"> = {
  readonly [Name in Named<{ readonly of: Of; readonly sent: string }> as Field<Name>]?: Planned<Rows[Name]>;
};

/** The rows, for loops over them. */
export const roleOptionRows = (): [RoleOptionName, RoleOption][] =>
  Object.entries(ROLE_OPTIONS) as [RoleOptionName, RoleOption][];

/** `--external-id` for `externalId`. */
export const flagOf = (name: RoleOptionName): `--${string}` =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
