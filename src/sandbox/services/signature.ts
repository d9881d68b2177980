// Verifies the AWS Signature Version 4 of a request. Source: "Create a signed AWS API request" of the IAM User Guide.
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Incoming } from "../http-message.ts";
import type { Identities, Identity } from "../world/identity.ts";

export type SignatureFault =
  | "missing"
  | "malformed"
  | "unknown-key"
  | "wrong-token"
  | "expired"
  | "skewed"
  | "wrong-scope"
  | "wrong-region"
  | "unsigned-header"
  | "wrong-signature"
  | "wrong-body";

/** The largest difference between a signature's time and the clock: 15 minutes, in milliseconds. */
const SKEW = 15 * 60 * 1000;
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([\w-]+)\/(\d{8})\/([\w-]+)\/(\w+)\/aws4_request,\s*SignedHeaders=([\w;.-]+),\s*Signature=([0-9a-f]{64})$/;

/** The identity that signed the request, or what is wrong with the signature. */
export function verifySignature(
  request: Incoming,
  service: "sts" | "s3",
  identities: Identities,
  now: number,
): Identity | SignatureFault {
  const { authorization } = request.headers;
  if (authorization === undefined) return "missing";
  const [, keyId = "", date = "", region = "", scope = "", names = "", signature = ""] =
    AUTHORIZATION.exec(authorization) ?? [];
  if (signature === "") return "malformed";
  const identity = identities.find(keyId);
  if (!identity) return "unknown-key";

  const time = request.headers["x-amz-date"] ?? "";
  const at = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  const signed = names.split(";");
  const isInOrder = signed.every((name, index) => index === 0 || (signed[index - 1] ?? "") < name);
  if (Number.isNaN(at) || !time.startsWith(date) || !signed.includes("host") || !isInOrder) return "malformed";
  if (scope !== service) return "wrong-scope";
  if (!/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(region)) return "wrong-region";
  // Everything that AWS reads must be signed: every x-amz-* header must be among the signed headers, and every signed header must
  // be present.
  const present = Object.keys(request.headers);
  if (present.some((name) => name.startsWith("x-amz-") && !signed.includes(name))) return "unsigned-header";
  if (!signed.every((name) => Object.hasOwn(request.headers, name))) return "wrong-signature";
  const bodyHash = service === "s3" ? (request.headers["x-amz-content-sha256"] ?? "") : sha256(request.body);
  const canonical = canonicalRequest(request, service, signed, bodyHash);
  const toSign = ["AWS4-HMAC-SHA256", time, `${date}/${region}/${service}/aws4_request`, sha256(canonical)].join("\n");
  const key = [date, region, service, "aws4_request"].reduce<Buffer>(
    (secret, part) => hmac(secret, part),
    Buffer.from(`AWS4${identity.secretAccessKey}`),
  );
  if (!isSame(hmac(key, toSign).toString("hex"), signature)) return "wrong-signature";
  if (service === "s3" && bodyHash !== "UNSIGNED-PAYLOAD" && bodyHash !== sha256(request.body)) return "wrong-body";
  if (!isSame(request.headers["x-amz-security-token"] ?? "", identity.sessionToken ?? "")) return "wrong-token";
  if (Math.abs(now - at) > SKEW) return "skewed";
  if (identity.expires !== undefined && identity.expires <= now) return "expired";
  return identity;
}

/** The region for which the request is signed. */
export const signedRegion = ({ headers }: Incoming): string =>
  AUTHORIZATION.exec(headers.authorization ?? "")?.[3] ?? "";

function canonicalRequest(
  { method, path, query, headers }: Incoming,
  service: string,
  signed: readonly string[],
  bodyHash: string,
): string {
  // S3 signs the path as it is; every other service encodes it once more.
  const encodedPath = path
    .split("/")
    .map((part) => encode(decodeURIComponent(part)))
    .join("/");
  const canonicalPath = service === "s3" ? encodedPath : encodedPath.split("/").map(encode).join("/");
  const pairs = [...query].map(([name, value]) => [encode(name), encode(value)] as const);
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  pairs.sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]));
  return [
    method,
    canonicalPath,
    pairs.map((pair) => pair.join("=")).join("&"),
    ...signed.map((name) => `${name}:${(headers[name] ?? "").trim().replace(/ +/g, " ")}`),
    "",
    signed.join(";"),
    bodyHash,
  ].join("\n");
}

/** RFC 3986: AWS encodes five characters that encodeURIComponent does not. */
export const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hmac = (key: Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** Compares in constant time, over digests, so that the lengths reveal nothing either. */
export function isSame(given: string, wanted: string): boolean {
  return timingSafeEqual(createHash("sha256").update(given).digest(), createHash("sha256").update(wanted).digest());
}
