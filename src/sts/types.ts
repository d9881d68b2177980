// STS as the rest of xrole sees it.
import type { CaBundle, Credentials, Hop, WebIdentityCall } from "../plan/sts-types.ts";

/** Who STS says the caller is. */
export interface Identity {
  readonly accountId: string;
  readonly arn: string;
  readonly userId: string;
}

/** Credentials in use, and who holds them, in words, for errors. */
export interface Caller {
  readonly credentials: Credentials;
  readonly name: string;
}

/** A code of an MFA device. */
export interface MfaCode {
  readonly serial: string;
  readonly code: string;
}

/** STS at one endpoint. Its calls throw XroleError `access-denied`, `credentials-*`, `duration-refused`, `mfa-refused`, `sts-*`. */
export interface Sts {
  readonly assumeRole: (caller: Caller, hop: Hop, mfa?: MfaCode) => Promise<Credentials>;
  readonly assumeRoleWithWebIdentity: (call: WebIdentityCall, token: string) => Promise<Credentials>;
  /** One session for a user's own keys, opened with an MFA code. */
  readonly getSessionToken: (caller: Caller, mfa: MfaCode) => Promise<Credentials>;
  readonly getCallerIdentity: (caller: Caller) => Promise<Identity>;
  /** Milliseconds by which AWS's clock is ahead of this machine's, as far as its answers have told. */
  readonly clockOffset: () => number;
  readonly close: () => void;
}

export interface StsOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly caBundle?: CaBundle | undefined;
  readonly warn: (warning: string) => void;
}
