// The credentials that AWS issues, as a type.

/** Credentials, as AWS issued them or as a file contains them. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
  readonly accountId?: string;
}
