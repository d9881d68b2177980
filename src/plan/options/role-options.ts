// What the command line may say about the last hop of a plan (docs/contract.md, "Role options"). Values as typed.

export interface RoleOptions {
  readonly roleArn?: string;
  readonly region?: string;
  readonly sessionName?: string;
  readonly duration?: string;
  readonly externalId?: string;
  readonly sourceIdentity?: string;
  readonly tag?: readonly string[];
  readonly transitiveTag?: readonly string[];
  /** The text of the file that --policy names. */
  readonly policy?: string;
  readonly policyArn?: readonly string[];
  readonly readOnly?: boolean;
  readonly mfaSerial?: string;
  readonly mfaCode?: string;
  readonly mfaSession?: boolean;
  readonly expectAccount?: string;
}

/** The options that only an AssumeRole call has: wrong usage on a chain without one. */
export const HOP_ONLY = {
  externalId: "--external-id",
  sourceIdentity: "--source-identity",
  tag: "--tag",
  transitiveTag: "--transitive-tag",
  mfaSerial: "--mfa-serial",
  mfaCode: "--mfa-code",
  mfaSession: "--mfa-session",
} as const;

/** The options that AssumeRoleWithWebIdentity has too. */
export const SESSION_OPTIONS = {
  sessionName: "--session-name",
  duration: "--duration",
  policy: "--policy",
  policyArn: "--policy-arn",
  readOnly: "--read-only",
} as const;
