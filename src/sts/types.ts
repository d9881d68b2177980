// The interface of the STS client, as the rest of xrole uses it.
import type { CaBundle, Hop, WebIdentityCall } from "../plan/sts-calls.ts";
import type { Credentials } from "../plan/aws/credentials.ts";

/** The identity of a caller, as STS reports it. */
export interface CallerIdentity {
  readonly accountId: string;
  readonly arn: string;
  readonly userId: string;
}

/** Credentials in use, with a name for error messages. */
export interface NamedCredentials {
  readonly credentials: Credentials;
  readonly name: string;
}

/** The code of an MFA device. */
export interface MfaCode {
  readonly serial: string;
  readonly code: string;
}

/**
 * STS at one endpoint. Its functions throw XroleError `access-denied`, `credentials-*`, `duration-refused`, `mfa-refused`, `sts-*`.
 */
export interface Sts {
  readonly assumeRole: (caller: NamedCredentials, hop: Hop, mfa?: MfaCode) => Promise<Credentials>;
  readonly assumeRoleWithWebIdentity: (call: WebIdentityCall, token: string) => Promise<Credentials>;
  /** A session for a user's own long-term keys, opened with an MFA code. */
  readonly getSessionToken: (caller: NamedCredentials, mfa: MfaCode) => Promise<Credentials>;
  readonly getCallerIdentity: (caller: NamedCredentials) => Promise<CallerIdentity>;
  /** Milliseconds by which AWS's clock is ahead of this machine's, as measured from its replies so far. */
  readonly clockOffset: () => number;
  readonly close: () => void;
}

export interface StsOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly caBundle?: CaBundle | undefined;
  readonly warn: (warning: string) => void;
}
