// What a sandbox plays: accounts with roles, users and buckets, an instance and a container, and the files of a home.
import type { Policy } from "./policy.ts";

export interface World {
  /** By account id. */
  readonly accounts: Readonly<Record<string, Account>>;
  /** The EC2 instance that the sandbox's metadata service speaks for. */
  readonly instance?: { readonly role?: string; readonly region: string; readonly id: string };
  /** The ECS task or EKS pod that its container endpoint speaks for. */
  readonly container?: { readonly role: string; readonly token?: string };
  /** Files of the temporary home, by path inside it. */
  readonly files: Readonly<Record<string, string>>;
}

export interface Account {
  /** By name, with its path if it has one: `team/app`. */
  readonly roles: Readonly<Record<string, Role>>;
  readonly users: Readonly<Record<string, User>>;
  readonly buckets: Readonly<Record<string, Bucket>>;
}

export interface Role {
  readonly trust: Policy;
  readonly policy?: Policy;
  /** Seconds, 3600 to 43200; 3600 without it, as in IAM. */
  readonly maxSessionDuration?: number;
}

export interface User {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly policy?: Policy;
}

export interface Bucket {
  readonly region?: string;
  readonly policy?: Policy;
  /** Text by key. */
  readonly objects: Readonly<Record<string, string>>;
}

/** A role of the world, found by its ARN. */
export interface FoundRole extends Role {
  readonly arn: string;
  readonly accountId: string;
  /** Without its path: what assumed-role ARNs hold. */
  readonly name: string;
}

export function findRole({ accounts }: World, arn: string): FoundRole | undefined {
  const [, accountId = "", name = ""] = /^arn:aws:iam::(\d{12}):role\/(.+)$/.exec(arn) ?? [];
  const roles = accounts[accountId]?.roles ?? {};
  const role = Object.hasOwn(roles, name) ? roles[name] : undefined;
  return role && { ...role, arn, accountId, name: name.split("/").at(-1) ?? name };
}
