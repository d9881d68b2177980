// A role, taken apart. Stricter than what an AssumeRole call needs: what is printed here is run by an administrator.
import type { Given } from "../chain/limits.ts";
import { isPartition } from "../chain/partitions.ts";
import { XroleError } from "../errors.ts";

export interface Role {
  readonly arn: string;
  readonly partition: string;
  readonly accountId: string;
  /** With its slashes: `/` or `/team/app/`. */
  readonly path: string;
  readonly name: string;
}

/**
 * The role that an ARN names. Source: the CreateRole page of the IAM API reference, which lets a path hold nearly every
 * character; of those, the ones that a policy reads as a pattern or a variable are refused.
 * @throws XroleError `setting-invalid`
 */
export function roleOf({ value, where, name }: Given): Role {
  const fail = (expected: string): never => {
    throw new XroleError("setting-invalid", { where, name, value, expected });
  };
  const session = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([\w+=,.@-]+)\/[^/]+$/.exec(value);
  // What `aws sts get-caller-identity` prints; it leaves the role's path out, so this is a guess.
  if (session)
    fail(
      `the ARN of a role but of a session of it: arn:${session.slice(1, 3).join(":iam::")}:role/${session[3] ?? ""}`,
    );
  const [, partition = "", accountId = "", path = "", role = ""] =
    /^arn:([^:]+):iam::(\d{12}):role(\/(?:[!-~]+\/)?)([\w+=,.@-]{1,64})$/.exec(value) ?? [];
  if (role === "" || path.length > 512 || /[*?$]|\/\//.test(path))
    fail("the ARN of one role, such as arn:aws:iam::111111111111:role/app-host");
  if (!isPartition(partition)) fail("of a partition that there is, such as aws, aws-cn or aws-us-gov");
  return { arn: value, partition, accountId, path, name: role };
}

/** Whether IAM Identity Center or a service owns the role: its policies are changed there, not in IAM. */
export const isReserved = ({ path }: Role): boolean =>
  path.startsWith("/aws-reserved/") || path.startsWith("/aws-service-role/");
