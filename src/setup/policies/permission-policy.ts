// Makes the policy for the new role's access to buckets. Source: "Actions, resources, and condition keys for Amazon S3" in the Service
// Authorization Reference: actions on a bucket and actions on its objects have different resources.
import { oneOrMore, policyOf, type PolicyDocument, type Statement } from "./document.ts";
import type { Bucket, SetupRequest } from "../types.ts";

const ACTIONS = {
  read: {
    bucket: ["s3:ListBucket", "s3:GetBucketLocation"],
    objects: ["s3:GetObject"],
  },
  write: {
    bucket: ["s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"],
    objects: [
      "s3:GetObject",
      "s3:PutObject",
      "s3:DeleteObject",
      // A large upload is sent in parts, and leaves them behind if it fails.
      ...["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
    ],
  },
} as const satisfies Record<Bucket["access"], unknown>;

/** The policy for the buckets; undefined without buckets. */
export function permissionPolicy({ to, buckets }: SetupRequest): PolicyDocument | undefined {
  const names = (access: Bucket["access"]): string[] => {
    const isMeant = ({ name }: Bucket): boolean =>
      // If a bucket is given twice, write access wins.
      buckets.some((one) => one.name === name && one.access === "write") === (access === "write");
    return [...new Set(buckets.filter(isMeant).map(({ name }) => `arn:${to.partition}:s3:::${name}`))];
  };
  const statements = (["read", "write"] as const).flatMap((access): Statement[] => {
    const arns = names(access);
    if (arns.length === 0) return [];
    const verb = access === "read" ? "Read" : "Write";
    const allow = (of: string, Action: readonly string[], resources: readonly string[]): Statement => ({
      Sid: `${verb}${of}`,
      Effect: "Allow",
      Action: oneOrMore(Action),
      Resource: oneOrMore(resources),
    });
    const objects = arns.map((arn) => `${arn}/*`);
    return [allow("Bucket", ACTIONS[access].bucket, arns), allow("Objects", ACTIONS[access].objects, objects)];
  });
  return statements.length > 0 ? policyOf(statements) : undefined;
}
