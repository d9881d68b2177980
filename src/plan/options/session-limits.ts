// What AWS accepts as session tags and session policies. In the executable a part of its own: few roles have them. Source: the
// AssumeRole page of the STS API reference.
import { XroleError } from "../../errors/error.ts";
import { checked } from "./limits.ts";
import { partitionOfArn } from "../aws/partitions.ts";
import type { Given } from "./given.ts";
import type { RoleOptions } from "./role-options.ts";
import type { SessionPolicy } from "../sts-calls.ts";

/** `key=value` words as tags. @throws XroleError `setting-invalid` */
export function tagsOf(given: readonly Given[]): Record<string, string> {
  const tags = new Map<string, string>();
  for (const one of given) {
    const equals = one.value.indexOf("=");
    const fail = (expected: string): never => {
      throw new XroleError("setting-invalid", { ...one, expected });
    };
    if (equals < 0) fail("key=value");
    const key = checked({ ...one, value: one.value.slice(0, equals).trim() }, "tagKey");
    // AWS compares tag keys without regard to case.
    if ([...tags.keys()].some((other) => other.toLowerCase() === key.toLowerCase())) fail("a tag that is given once");
    tags.set(key, checked({ ...one, value: one.value.slice(equals + 1).trim() }, "tagValue"));
    if (tags.size > 50) fail("among the 50 tags that a session may have");
  }
  return Object.fromEntries(tags);
}

/** A session policy: JSON of at most 2048 characters. @throws XroleError `setting-invalid` */
function policyText({ value, where, name }: Given): string {
  const fail = (expected: string): never => {
    throw new XroleError("setting-invalid", { where, name, value: "...", expected });
  };
  let compact = "";
  try {
    compact = JSON.stringify(JSON.parse(value));
  } catch {
    fail("JSON");
  }
  return compact.length <= 2048 ? compact : fail("at most 2048 characters long");
}

/** What narrows the session: --policy, --policy-arn, --read-only. @throws XroleError `setting-invalid` */
export function sessionPolicy({ policy, policyArn = [], readOnly }: RoleOptions, roleArn: string): SessionPolicy {
  const given = (name: string, value: string): Given => ({ value, where: "command line", name });
  const arns = policyArn.map((value) => checked(given("--policy-arn", value), "policyArn"));
  if (readOnly) arns.push(`arn:${partitionOfArn(roleArn).id}:iam::aws:policy/ReadOnlyAccess`);
  if (arns.length > 10)
    throw new XroleError("setting-invalid", {
      ...given("--policy-arn", arns.at(-1) ?? ""),
      expected: "among the 10 policies that a session may have",
    });
  return {
    ...(policy !== undefined && { policy: policyText(given("--policy", policy)) }),
    ...(arns.length > 0 && { policyArns: arns }),
  };
}
