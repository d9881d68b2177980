// Reads the permissions of the new role from the options: buckets, managed policies, a policy file.
import { checked } from "../plan/options/limits.ts";
import type { Given } from "../plan/options/given.ts";
import { parseObject } from "../util/json.ts";
import { XroleError } from "../errors/error.ts";
import type { Bucket, SetupOptions, SetupRequest } from "./types.ts";
import type { Role } from "./role.ts";

/** @throws XroleError `usage`, `setting-invalid`, `policy-unreadable` */
export function readPermissions(
  { s3Bucket = [], policyArn = [], policy }: SetupOptions,
  role: Role,
): Pick<SetupRequest, "buckets" | "policyArns" | "policy"> {
  const buckets = s3Bucket.map((word) => bucketOf({ value: word, where: "command line", name: "--s3-bucket" }));
  const arns = policyArn.map((value) => policyArnOf({ value, where: "command line", name: "--policy-arn" }, role));
  if (buckets.length === 0 && arns.length === 0 && !policy)
    throw new XroleError("usage", {
      problem: "nothing says what the role may do",
      hint: "--s3-bucket NAME or NAME:write, --policy-arn ARN, --policy FILE",
    });
  return { buckets, policyArns: [...new Set(arns)], ...(policy && { policy: documentOf(policy) }) };
}

/** `NAME`, `NAME:read` or `NAME:write`. Source: "General purpose bucket naming rules" in the S3 User Guide. */
function bucketOf(given: Given): Bucket {
  const [, name = "", access = "read"] =
    /^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?::(read|write))?$/.exec(given.value) ?? [];
  if (name === "" || name.includes("..") || /^\d+(\.\d+){3}$/.test(name))
    throw new XroleError("setting-invalid", {
      ...given,
      expected: "the name of a bucket, with :read or :write after it",
    });
  return { name, access: access === "write" ? "write" : "read" };
}

/** The ARN of a policy that can be attached to the role: one of AWS's, or one of the role's account. */
function policyArnOf(given: Given, { partition, accountId }: Role): string {
  const arn = checked(given, "policyArn");
  const [, ofPartition, , , owner = ""] = arn.split(":");
  if (ofPartition === partition && (owner === "aws" || owner === accountId) && /^[!-~]+$/.test(arn)) return arn;
  const expected = `a policy of AWS's or of account ${accountId}, in partition ${partition}`;
  throw new XroleError("setting-invalid", { ...given, expected });
}

const EXPECTED_KEYS = ["Version", "Id", "Statement"];

/** The user's policy, checked as far as possible without IAM. @throws XroleError `policy-unreadable` */
function documentOf({
  text,
  file,
}: {
  readonly text: string;
  readonly file: string;
}): Readonly<Record<string, unknown>> {
  const fail = (problem: string): never => {
    throw new XroleError("policy-unreadable", { file, problem });
  };
  const document = parseObject(text) ?? fail("it is no JSON object");
  const surplus = Object.keys(document).find((key) => !EXPECTED_KEYS.includes(key));
  if (surplus !== undefined) fail(`${surplus} is no part of a policy`);
  const statements = [document.Statement].flat();
  const isStatement = (one: unknown): boolean => typeof one === "object" && one !== null && "Effect" in one;
  if (statements.length === 0 || !statements.every(isStatement))
    fail("its Statement is not one statement or a list of them");
  if (statements.some((one) => "Principal" in (one as object))) fail("a policy of a role names no Principal");
  // The characters that IAM accepts. Source: PolicyDocument on the PutRolePolicy page of the IAM API reference.
  if (/[^\t\n\r\u0020-\u00ff]/u.test(strings(document).join(""))) fail("IAM takes no characters beyond U+00FF");
  return document;
}

/** Every key and string in a JSON value. */
function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return [...(Array.isArray(value) ? [] : Object.keys(value)), ...Object.values(value).flatMap(strings)];
}
