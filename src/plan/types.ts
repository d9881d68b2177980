// The plan: what will be done, as plain data without a secret. `explain` prints it.
import type { Source } from "../sources/kinds.ts";
import type { CaBundle, Hop, MfaSession } from "./sts-calls.ts";

/** What a command will do, decided before any effect. */
export interface Plan {
  /** The profile whose settings are used: the one that was named, or that of the default chain. */
  readonly profile: string;
  /** What the role is called where it is held and kept: see naming.ts. Absent where nothing names it. */
  readonly name?: string;
  /** The region of rule 34, or the partition's default of rule 35; absent when only the instance can tell. */
  readonly region?: string;
  /** The pseudo-region that asked for it and for FIPS, such as `us-gov-west-1-fips`. */
  readonly regionAsGiven?: string;
  /** Which of the two it is: only a region of rule 34 reaches a child's environment. */
  readonly regionOrigin: "environment" | "option" | "profile" | "partition" | "instance";
  /** The STS endpoint; absent when only the instance can tell the region, or when there is no hop to need it. */
  readonly endpoint?: string;
  readonly source: Source;
  /** One MFA code for all hops: sts:GetSessionToken with the source's keys comes before the first hop. */
  readonly mfaSession?: MfaSession;
  readonly hops: readonly Hop[];
  /** The account that the user said it must be. */
  readonly expectAccount?: string;
  /** The file of the only certificate authorities that STS's and SSO's certificates are checked against (rule 37). */
  readonly caBundle?: CaBundle;
  /** The place that asks for credentials which are renewed while a command runs (`xrole_renew = true`). */
  readonly renewFrom?: string;
  /** Settings of the profile that a child needs beside the credentials, as environment variables. */
  readonly childSettings: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}
