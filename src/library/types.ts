// The public types of the library. The build publishes them with the error codes written out (scripts/declarations.mjs), so nothing else
// may be imported.
import type { ErrorCode } from "../errors/table.ts";

/** What to ask for. Absent options are the profile's, as for the command `xrole`. */
export interface XroleOptions {
  /** A profile of ~/.aws/config; without one, AWS_PROFILE or the default chain. */
  readonly profile?: string | undefined;
  /** Role to assume, instead of the profile's or without a profile. */
  readonly roleArn?: string | undefined;
  /** Role session name, which CloudTrail shows. */
  readonly sessionName?: string | undefined;
  /** Life of the credentials, 900 to 43200. */
  readonly durationSeconds?: number | undefined;
  /** External id that the role's trust policy asks for. */
  readonly externalId?: string | undefined;
  /** Source identity, which stays through a chain. */
  readonly sourceIdentity?: string | undefined;
  /** Session tags: a plain object, no Map. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Keys of tags that stay through a chain. */
  readonly transitiveTagKeys?: readonly string[] | undefined;
  /** Session policy, as JSON or as a plain object: at most what it allows. */
  readonly policy?: string | object | undefined;
  /** Managed policies as session policies. */
  readonly policyArns?: readonly string[] | undefined;
  /** Narrows the session to AWS's ReadOnlyAccess. */
  readonly readOnly?: boolean | undefined;
  /** MFA device. */
  readonly mfaSerial?: string | undefined;
  /** A code of the MFA device. It works once, so this suits programs that ask once. */
  readonly mfaCode?: string | undefined;
  /** Asked for a code of the MFA device when one is needed. It must not ask for the credentials that wait for its code. */
  readonly mfaCodeProvider?: ((mfaSerial: string) => Promise<string>) | undefined;
  /** Spends one code on a session that all hops start from. */
  readonly mfaSession?: boolean | undefined;
  /** Region of STS. */
  readonly region?: string | undefined;
  /** Fail unless the credentials are of this account. */
  readonly expectAccount?: string | undefined;
  /** Least life, in seconds, that kept credentials must have left; 600 without it, and never more than a third of their session. */
  readonly minTtl?: number | undefined;
  /** Use nothing that was kept before the call; keep what comes. */
  readonly fresh?: boolean | undefined;
  /** `false`: use nothing kept, and keep nothing. */
  readonly cache?: boolean | undefined;
  /** The environment to read, instead of process.env. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Is told what a user should know and what stops nothing. */
  readonly warn?: ((warning: string) => void) | undefined;
  /** Is told what happens; never a secret. */
  readonly debug?: ((line: string) => void) | undefined;
}

/** Credentials, as the AWS SDK for JavaScript v3 takes them (AwsCredentialIdentity). */
export interface XroleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
  readonly accountId?: string;
}

/** Gives credentials that live; a client of the AWS SDK calls it again when they are about to end. */
export type XroleProvider = () => Promise<XroleCredentials>;

/** The stable codes of docs/errors.md. Later versions may add some. */
export type XroleErrorCode = ErrorCode;

/** A failure that a user can meet. */
export declare class XroleError extends Error {
  private constructor();
  readonly name: "XroleError";
  readonly code: XroleErrorCode;
  /** What to do about it, where something is known. */
  readonly hint: string | undefined;
  /** The exit status that the command `xrole` would end with. */
  readonly status: number;
}

/**
 * A credential provider for a profile, which shares what is kept with the command `xrole`.
 * It prints nothing, and asks for an MFA code only through `mfaCodeProvider`.
 * The options are copied; changing them later has no effect. Each call gives an object of its own.
 * @throws XroleError `usage` for what is not a plain object, an unknown option, or a value of the wrong kind
 */
export declare function fromXrole(options?: XroleOptions): XroleProvider;
