// The type of a plan: everything that a command will do, as plain data without secrets. `explain` prints it.
import type { Source } from "../sources/kinds.ts";
import type { CaBundle, Hop, MfaSession } from "./sts-calls.ts";

/** Everything that a command will do, decided before any effect. */
export interface Plan {
  /** The profile whose settings are used: the named one, or the one of the default chain. */
  readonly profile: string;
  /** The name of the role in XROLE_PROFILE and the cache (role-name.ts). Absent if nothing names it. */
  readonly name?: string;
  /** The region of rule 34, or the partition's default of rule 35; absent if only the instance knows it. */
  readonly region?: string;
  /** The pseudo-region as the user wrote it, such as `us-gov-west-1-fips`, which also requests FIPS. */
  readonly regionAsGiven?: string;
  /** Where the region comes from. Only a region of rule 34 is passed on to a child process. */
  readonly regionOrigin: "environment" | "option" | "profile" | "partition" | "instance";
  /** The STS endpoint; absent if only the instance knows the region, or if no hop needs it. */
  readonly endpoint?: string;
  readonly source: Source;
  /** The default chain found the source outside of any profile. */
  readonly isProfileless?: true;
  /** With it, one MFA code serves all hops: sts:GetSessionToken is called with the source's keys before the first hop. */
  readonly mfaSession?: MfaSession;
  readonly hops: readonly Hop[];
  /** The account of `--expect-account`. */
  readonly expectAccount?: string;
  /** The file of certificate authorities that STS and SSO are verified with, instead of the system's (rule 37). */
  readonly caBundle?: CaBundle;
  /** The location of `xrole_renew = true`: credentials are renewed while a command runs. */
  readonly renewFrom?: string;
  /** Settings of the profile that a child process needs besides its credentials, as environment variables. */
  readonly childSettings: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}
