// What AWS accepts as session tags and session policies. In the executable a part of its own: few roles have them. Source: the
// AssumeRole page of the STS API reference.
import { XroleError } from "../../errors/error.ts";
import { checked } from "./limits.ts";
import type { Given } from "./given.ts";

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
export function policyText({ value, where, name }: Given): string {
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

/** @throws XroleError `setting-invalid` for one managed policy too many */
export function refusePolicy(given: Given): never {
  throw new XroleError("setting-invalid", { ...given, expected: "among the 10 policies that a session may have" });
}
