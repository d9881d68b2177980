// The calls that a plan makes to STS, as plain data. Imports nothing.

/** What narrows a session below what its role may do. */
export interface SessionPolicy {
  /** JSON. */
  readonly policy?: string;
  readonly policyArns?: readonly string[];
}

/** One call of sts:AssumeRole. Fields are those of the profile that holds the `role_arn`. */
export interface Hop extends SessionPolicy {
  readonly profile: string;
  readonly roleArn: string;
  readonly sessionName: string;
  /** True when xrole made the name up (rule 31). */
  readonly sessionNameGenerated: boolean;
  readonly externalId?: string;
  /** Seconds; absent means STS's own default of 3600. */
  readonly durationSeconds?: number;
  readonly mfaSerial?: string;
  /** The command that prints a code of `mfaSerial`. */
  readonly mfaProcess?: string;
  readonly sourceIdentity?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly transitiveTagKeys?: readonly string[];
  /** `file:line` of the role_arn. */
  readonly from: string;
}

/** One call of sts:AssumeRoleWithWebIdentity, without its token. */
export interface WebIdentityCall extends SessionPolicy {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly sessionNameGenerated: boolean;
  /** Seconds; the command line's, since the AWS CLI reads no duration_seconds here. */
  readonly durationSeconds?: number;
}

/** A call of sts:GetSessionToken with the source's keys: one MFA code for all hops. */
export interface MfaSession {
  readonly mfaSerial: string;
  readonly mfaProcess?: string;
  readonly from: string;
}

/** The file of the only certificate authorities that the certificates of STS and SSO are checked against (rule 37). */
export interface CaBundle {
  readonly file: string;
  readonly from: string;
}
