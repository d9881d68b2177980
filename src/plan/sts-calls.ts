// The calls that a plan makes to STS, as plain data.
import type { PlannedFields } from "./options/role-options.ts";

/** Restricts a session to less than its role allows. */
export interface SessionPolicy {
  /** JSON. */
  readonly policy?: string;
  readonly policyArns?: readonly string[];
}

/** One call of sts:AssumeRole. Fields are those of the profile that holds the `role_arn`; without `durationSeconds`, STS gives 3600. */
export interface Hop extends SessionPolicy, PlannedFields<"hop" | "session"> {
  readonly profile: string;
  readonly roleArn: string;
  readonly sessionName: string;
  /** True when xrole made the name up (rule 31). */
  readonly sessionNameGenerated: boolean;
  /** The command that prints a code of `mfaSerial`. */
  readonly mfaProcess?: string;
  /** `file:line` of the role_arn. */
  readonly from: string;
}

/** One call of sts:AssumeRoleWithWebIdentity, without its token. Its duration is the command line's: the AWS CLI reads no setting. */
export interface WebIdentityCall extends SessionPolicy, PlannedFields<"session"> {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly sessionNameGenerated: boolean;
}

/** A call of sts:GetSessionToken with the source's keys, so that one MFA code serves all hops. */
export interface MfaSession {
  readonly mfaSerial: string;
  readonly mfaProcess?: string;
  readonly from: string;
}

/** The file of certificate authorities that STS and SSO are verified with, instead of the system's (rule 37). */
export interface CaBundle {
  readonly file: string;
  readonly from: string;
}
