// Checks the ARN of a role before it is sent: the error of STS names neither the location nor the mistake. Sources: the IAM user guide,
// "IAM identifiers", and the CreateRole page of the IAM API reference.
import { XroleError } from "../../errors/error.ts";
import type { Given } from "../options/given.ts";
import { roleArnProblem } from "./role-arn-problem.ts";

/** Any partition (a new one must not need a new version of xrole), the account, the path with its slashes, and the name. */
const ROLE_ARN = /^arn:aws(-[a-z0-9]+)*:iam::\d{12}:role(\/|\/[!-~]{1,510}\/)[\w+=,.@-]{1,64}$/;

/**
 * The value, if it is the ARN of a role.
 * @throws XroleError `setting-invalid`, which says what it is instead and, if known, the ARN to write
 */
export function checkedRoleArn({ value, where, name }: Given): string {
  if (ROLE_ARN.test(value)) return value;
  throw new XroleError("setting-invalid", {
    where,
    name,
    value,
    expected: "the ARN of a role",
    ...roleArnProblem(value),
  });
}
