// Implements the reading part of S3 with path-style URLs: list buckets, list objects, get and head, with S3's checks and error
// messages.
import { createHash } from "node:crypto";
import { callerContext, type Identities, type Identity } from "../world/identity.ts";
import { listObjects } from "./s3-list.ts";
import { whyDenied } from "../iam/authorize.ts";
import type { Request } from "../iam/evaluate-policy.ts";
import type { Incoming, Outgoing } from "../http-message.ts";
import { signedRegion, verifySignature, type SignatureFault } from "./signature.ts";
import type { Bucket, World } from "../world/world.ts";
import { s3Error, s3Reply } from "./xml.ts";

interface FoundBucket extends Bucket {
  readonly name: string;
  readonly accountId: string;
}

export function playS3(world: World, identities: Identities, now: () => number): (request: Incoming) => Outgoing {
  // All objects have the sandbox's start as their modification time.
  const modified = new Date(now());
  return (request) => {
    const caller = verifySignature(request, "s3", identities, now());
    if (typeof caller === "string") return refuse(caller);
    const [, name = "", encodedKey = ""] = /^\/([^/]*)\/?(.*)$/s.exec(request.path) ?? [];
    const key = decodeURIComponent(encodedKey);
    if (request.method !== "GET" && request.method !== "HEAD")
      return s3Error(501, "NotImplemented", "The sandbox's S3 is for reading.");
    if (name === "") return listBuckets(world, caller, modified);
    const bucket = findBucket(world, name);
    if (!bucket) return s3Error(404, "NoSuchBucket", "The specified bucket does not exist", { BucketName: name });
    const region = signedRegion(request);
    if (bucket.region !== undefined && region !== bucket.region)
      return s3Error(
        400,
        "AuthorizationHeaderMalformed",
        `The authorization header is malformed; the region '${region}' is wrong; expecting '${bucket.region}'`,
        { Region: bucket.region },
      );
    return key === ""
      ? readBucket(world, bucket, caller, request, modified)
      : readObject(world, bucket, key, caller, modified);
  };
}

function findBucket({ accounts }: World, name: string): FoundBucket | undefined {
  for (const [accountId, { buckets }] of Object.entries(accounts)) {
    const bucket = Object.hasOwn(buckets, name) ? buckets[name] : undefined;
    if (bucket) return { ...bucket, name, accountId };
  }
  return undefined;
}

function listBuckets(world: World, caller: Identity, modified: Date): Outgoing {
  const request = { action: "s3:ListAllMyBuckets", resource: "*", context: {} };
  const refusal = authorize(world, caller, request);
  if (refusal) return refusal;
  const buckets = Object.keys(world.accounts[caller.accountId]?.buckets ?? {});
  return s3Reply("ListAllMyBucketsResult", {
    Owner: { ID: caller.accountId },
    Buckets: { Bucket: buckets.map((Name) => ({ Name, CreationDate: modified.toISOString() })) },
  });
}

function readBucket(
  world: World,
  bucket: FoundBucket,
  caller: Identity,
  { query }: Incoming,
  modified: Date,
): Outgoing {
  const isLocation = query.has("location");
  const request = {
    action: isLocation ? "s3:GetBucketLocation" : "s3:ListBucket",
    resource: `arn:aws:s3:::${bucket.name}`,
    context: { "s3:prefix": query.get("prefix") ?? undefined },
  };
  const refusal = authorize(world, caller, request, bucket);
  if (refusal) return refusal;
  if (isLocation) return s3Reply("LocationConstraint", bucket.region === "us-east-1" ? "" : (bucket.region ?? ""));
  return listObjects(bucket.name, bucket.objects, query, modified);
}

function readObject(world: World, bucket: FoundBucket, key: string, caller: Identity, modified: Date): Outgoing {
  const arn = `arn:aws:s3:::${bucket.name}`;
  const asked = { action: "s3:GetObject", resource: `${arn}/${key}`, context: {} };
  const refusal = authorize(world, caller, asked, bucket);
  if (refusal) return refusal;
  const content = Object.hasOwn(bucket.objects, key) ? bucket.objects[key] : undefined;
  if (content === undefined) {
    // A caller that may not list the bucket does not learn that the object is missing. Source: GetObject of the S3 API reference.
    return (
      authorize(world, caller, { action: "s3:ListBucket", resource: arn, context: {} }, bucket) ??
      s3Error(404, "NoSuchKey", "The specified key does not exist.", { Key: key })
    );
  }
  const headers = {
    "content-type": "text/plain; charset=utf-8",
    etag: `"${createHash("md5").update(content).digest("hex")}"`,
    "last-modified": modified.toUTCString(),
    "accept-ranges": "none",
  };
  return { status: 200, headers, body: content };
}

/** The refusal of a request; undefined if it is allowed. Without a bucket, it is about the account. */
function authorize(
  world: World,
  caller: Identity,
  asked: Omit<Request, "caller">,
  bucket?: FoundBucket,
): Outgoing | undefined {
  const { action, resource } = asked;
  const request = { ...asked, caller, context: { ...callerContext(caller), ...asked.context } };
  const { accountId, policy } = bucket ?? { accountId: caller.accountId, policy: undefined };
  const reason = whyDenied(world, caller, { accountId, policy, kind: "resource-based policy" }, request);
  if (reason === undefined) return undefined;
  const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: "${resource}"${reason}`;
  return s3Error(403, "AccessDenied", message);
}

function refuse(fault: SignatureFault): Outgoing {
  switch (fault) {
    case "missing":
      return s3Error(403, "AccessDenied", "Access Denied");
    case "malformed":
      return s3Error(400, "AuthorizationHeaderMalformed", "The authorization header that you provided is not valid.");
    case "unknown-key":
      return s3Error(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.");
    case "wrong-token":
      return s3Error(400, "InvalidToken", "The provided token is malformed or otherwise invalid.");
    case "expired":
      return s3Error(400, "ExpiredToken", "The provided token has expired.");
    case "skewed":
      return s3Error(
        403,
        "RequestTimeTooSkewed",
        "The difference between the request time and the current time is too large.",
      );
    case "unsigned-header":
      return s3Error(403, "AccessDenied", "There were headers present in the request which were not signed");
    case "wrong-region":
      return s3Error(400, "AuthorizationHeaderMalformed", "The authorization header is malformed; the region is wrong");
    case "wrong-scope":
    case "wrong-signature":
      return s3Error(
        403,
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
      );
    case "wrong-body":
      return s3Error(
        400,
        "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
      );
    default:
      return fault satisfies never;
  }
}
