// Parses the ARN of a role into its parts. Stricter than an AssumeRole call needs, because an administrator runs what is printed.
import type { Given } from "../plan/options/given.ts";
import { isPartition } from "../plan/aws/partitions.ts";
import { checkedRoleArn } from "../plan/aws/role-arn.ts";
import { XroleError } from "../errors/error.ts";

export interface Role {
  readonly arn: string;
  readonly partition: string;
  readonly accountId: string;
  /** With its slashes: `/` or `/team/app/`. */
  readonly path: string;
  readonly name: string;
}

/**
 * The role that an ARN names. Source: the CreateRole page of the IAM API reference, which allows nearly every character in a path.
 * Characters that a policy reads as a pattern or a variable are refused.
 * @throws XroleError `setting-invalid`
 */
export function roleOf(given: Given): Role {
  const { value, where, name } = given;
  const fail = (expected: string): never => {
    throw new XroleError("setting-invalid", { where, name, value, expected });
  };
  checkedRoleArn(given);
  const [, partition = "", accountId = "", path = "", role = ""] =
    /^arn:([^:]+):iam::(\d{12}):role(\/(?:[!-~]+\/)?)([\w+=,.@-]+)$/.exec(value) ?? [];
  if (/[*?$]|\/\//.test(path)) fail("the ARN of one role, such as arn:aws:iam::111111111111:role/app-host");
  if (!isPartition(partition)) fail("of a partition that there is, such as aws, aws-cn or aws-us-gov");
  return { arn: value, partition, accountId, path, name: role };
}

/** Whether IAM Identity Center or a service owns the role: its policies cannot be changed in IAM. */
export const isReserved = ({ path }: Role): boolean =>
  path.startsWith("/aws-reserved/") || path.startsWith("/aws-service-role/");
