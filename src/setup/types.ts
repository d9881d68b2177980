// The types of what `setup` is asked for: options as typed, and the checked request.
import { type Role } from "./role.ts";

/** Values as typed. */
export interface SetupOptions {
  readonly fromRole?: string;
  readonly roleArn?: string;
  readonly s3Bucket?: readonly string[];
  readonly policyArn?: readonly string[];
  /** The file of --policy, and its text. */
  readonly policy?: { readonly text: string; readonly file: string };
  readonly externalId?: string;
  readonly orgId?: string;
  readonly allowTags?: boolean;
  readonly allowSourceIdentity?: boolean;
  readonly credentialSource?: string;
  readonly sourceProfile?: string;
  readonly region?: string;
}

export interface Bucket {
  readonly name: string;
  readonly access: "read" | "write";
}

export interface SetupRequest {
  readonly profile: string;
  /** The role that assumes the other, in the trusted account. */
  readonly from: Role;
  /** The role that is assumed, in the trusting account. */
  readonly to: Role;
  readonly buckets: readonly Bucket[];
  readonly policyArns: readonly string[];
  readonly policy?: Readonly<Record<string, unknown>>;
  readonly externalId?: string;
  readonly orgId?: string;
  readonly allowTags: boolean;
  readonly allowSourceIdentity: boolean;
  /** The profile's source: the setting, and its value. */
  readonly source: readonly ["credential_source" | "source_profile", string];
  readonly region?: string;
}
