// The types of a sandbox's world: accounts with roles, users and buckets, an instance and a container, and the files of a home
// folder.
import type { Fault } from "./fault.ts";
import type { Policy } from "../iam/evaluate-policy.ts";

export interface World {
  /** By account id. */
  readonly accounts: Readonly<Record<string, Account>>;
  /** The EC2 instance of the sandbox's metadata service. */
  readonly instance?: { readonly role?: string; readonly region: string; readonly id: string };
  /** The ECS task or EKS pod of the sandbox's container endpoint. */
  readonly container?: { readonly role: string; readonly token?: string };
  /** The job or pod whose token is written to a file of the home folder. */
  readonly webIdentity?: WebIdentity;
  /** Seconds by which its clock is ahead of this machine's. */
  readonly clockOffset?: number;
  /** The longest session, in seconds. It may be shorter than any of AWS's, to rehearse renewal. */
  readonly longestSession?: number;
  readonly faults?: readonly Fault[];
  /** The policy of the VPC endpoint through which STS is reached; without it, there is no VPC endpoint. */
  readonly endpointPolicy?: Policy;
  /** Files of the temporary home folder, by path inside it. */
  readonly files: Readonly<Record<string, string>>;
}

/** Seconds: a hundred years, so that every date in the sandbox remains valid. */
export const LONGEST_OFFSET = 3_155_760_000;

export interface WebIdentity {
  /** As IAM names a provider: host and path, without `https://`. */
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  /** The path of the token's file inside the home folder. */
  readonly file: string;
}

export interface Account {
  /** By name, with its path if it has one: `team/app`. */
  readonly roles: Readonly<Record<string, Role>>;
  readonly users: Readonly<Record<string, User>>;
  readonly buckets: Readonly<Record<string, Bucket>>;
  /** The organization's policy for callers of this account. */
  readonly serviceControlPolicy?: Policy;
  /**
   * The organization's policy for roles of this account. Deny statements only: everything else is allowed, as by RCPFullAWSAccess.
   */
  readonly resourceControlPolicy?: Policy;
  /** The regions where the account has disabled STS. */
  readonly disabledRegions?: readonly string[];
  /** Managed policies by name; --policy-arn may limit a session with them. */
  readonly policies?: Readonly<Record<string, Policy>>;
  /** The OIDC providers that IAM knows, by issuer, with the audiences that they accept. */
  readonly oidcProviders?: Readonly<Record<string, { readonly audiences: readonly string[] }>>;
}

export interface Role {
  readonly trust: Policy;
  readonly policy?: Policy;
  /** The permissions boundary. */
  readonly boundary?: Policy;
  /** In seconds, 3600 to 43200; 3600 by default, as in IAM. */
  readonly maxSessionDuration?: number;
}

export interface User {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly policy?: Policy;
  readonly boundary?: Policy;
  /** The base32 secret of the device `arn:aws:iam::<account>:mfa/<name>`. */
  readonly mfaSecret?: string;
}

export interface Bucket {
  readonly region?: string;
  readonly policy?: Policy;
  /** The text of each object, by key. */
  readonly objects: Readonly<Record<string, string>>;
}

/** A role of the world, found by its ARN. */
export interface FoundRole extends Role {
  readonly arn: string;
  readonly accountId: string;
  /** The name without its path, as in assumed-role ARNs. */
  readonly name: string;
}

export function findRole({ accounts }: World, arn: string): FoundRole | undefined {
  const [, accountId = "", name = ""] = /^arn:aws:iam::(\d{12}):role\/(.+)$/.exec(arn) ?? [];
  const roles = accounts[accountId]?.roles ?? {};
  const role = Object.hasOwn(roles, name) ? roles[name] : undefined;
  return role && { ...role, arn, accountId, name: name.split("/").at(-1) ?? name };
}

/** What AWS's own ReadOnlyAccess allows, as far as the sandbox supports it. */
const READ_ONLY: Policy = {
  Statement: { Effect: "Allow", Action: ["s3:Get*", "s3:List*", "sts:Get*"], Resource: "*" },
};

/** A managed policy of the world, or of AWS, found by its ARN. */
export function findPolicy({ accounts }: World, arn: string): Policy | undefined {
  if (arn === "arn:aws:iam::aws:policy/ReadOnlyAccess") return READ_ONLY;
  const [, accountId = "", name = ""] = /^arn:aws:iam::(\d{12}):policy\/(.+)$/.exec(arn) ?? [];
  const policies = accounts[accountId]?.policies ?? {};
  return Object.hasOwn(policies, name) ? policies[name] : undefined;
}
