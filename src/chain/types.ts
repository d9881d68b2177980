// The values that flow through xrole: a plan says what will be done, credentials are what came of it. Plain data, no secret in a plan.

/** Where a first credential comes from. Beside each arm, the INI that makes it. */
export type Source =
  /** `aws_access_key_id = ...`, `aws_secret_access_key = ...`; the secret is read by `profile` when the source runs. */
  | {
      readonly kind: "static";
      readonly from: string;
      readonly profile: string;
      readonly accessKeyId: string;
      readonly accountId?: string;
      /** Keys with a session token may belong to a role already (rule 32). */
      readonly temporary: boolean;
    }
  /** `credential_source = Environment`, or keys found there by the default chain. */
  | { readonly kind: "environment"; readonly from: string }
  /** `credential_source = Ec2InstanceMetadata`, or the end of the default chain. */
  | {
      readonly kind: "instance";
      readonly from: string;
      readonly endpoint: string;
      /** AWS_EC2_METADATA_DISABLED forbids asking (rule 42). */
      readonly disabled: boolean;
      /** True in the default chain, where there may be no instance: one attempt (rule 40). */
      readonly speculative: boolean;
      /** Seconds for an answer, and how often to ask, where the user says so (rule 40). */
      readonly timeoutSeconds?: number;
      readonly attempts?: number;
    }
  /** `credential_source = EcsContainer`, or the container variables in the default chain. */
  | {
      readonly kind: "container";
      readonly from: string;
      /** Absent where the container variables are not set: the profile is right, but this is no container. */
      readonly endpoint?: string;
    }
  /** `web_identity_token_file = ...` with `role_arn = ...`. */
  | ({
      readonly kind: "web-identity";
      readonly from: string;
      readonly roleArn: string;
      readonly tokenFile: string;
      readonly sessionName: string;
      readonly sessionNameGenerated: boolean;
      /** Seconds; the command line's, since the AWS CLI reads no duration_seconds here. */
      readonly durationSeconds?: number;
    } & SessionPolicy)
  /** `sso_session = X`, or the legacy `sso_start_url`; both with `sso_account_id` and `sso_role_name`. */
  | {
      readonly kind: "sso";
      readonly from: string;
      readonly profile: string;
      readonly session?: string;
      readonly startUrl: string;
      readonly region: string;
      readonly accountId?: string;
      readonly roleName?: string;
      /** Where role credentials are asked for, and where the login is renewed. */
      readonly endpoint: string;
      readonly renewalEndpoint: string;
    }
  /** `login_session = ...`, what `aws login` writes. */
  | {
      readonly kind: "login";
      readonly from: string;
      readonly profile: string;
      readonly session: string;
      /** Where the user says the login is renewed; absent for AWS's own endpoint, which depends on the login's region. */
      readonly endpoint?: string;
      readonly fips?: boolean;
      readonly dualStack?: boolean;
    }
  /** `credential_process = ...` */
  | {
      readonly kind: "process";
      readonly from: string;
      readonly profile: string;
      readonly command: string;
      /** The profile's aws_account_id, for a command that prints none. */
      readonly accountId?: string;
    };

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
  readonly mfaSession?: { readonly mfaSerial: string; readonly mfaProcess?: string; readonly from: string };
  readonly hops: readonly Hop[];
  /** The account that the user said it must be. */
  readonly expectAccount?: string;
  /** The file of the only certificate authorities that STS's and SSO's certificates are checked against (rule 37). */
  readonly caBundle?: { readonly file: string; readonly from: string };
  /** The place that asks for credentials which are renewed while a command runs (`xrole_renew = true`). */
  readonly renewFrom?: string;
  /** Settings of the profile that a child needs beside the credentials, as environment variables. */
  readonly childSettings: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

/** What AWS gave, or a file held. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
  readonly accountId?: string;
}
