// Makes proofs of possession (DPoP, RFC 9449): a request is signed with the key that the login is bound to.
import { createPrivateKey, createPublicKey, randomUUID, sign, type KeyObject } from "node:crypto";

/** The P-256 key in a PEM text (SEC1, as the AWS CLI writes it, or PKCS #8); undefined if it contains no such key. */
export function parseProofKey(pem: unknown): KeyObject | undefined {
  try {
    const key = typeof pem === "string" ? createPrivateKey(pem) : undefined;
    return key?.asymmetricKeyDetails?.namedCurve === "prime256v1" ? key : undefined;
  } catch {
    return undefined;
  }
}

/** The proof for one POST to `url`, made at `now` (milliseconds since 1970). */
export function proofFor(key: KeyObject, url: string, now: number): string {
  const { kty, crv, x, y } = createPublicKey(key).export({ format: "jwk" });
  const parts = [
    { typ: "dpop+jwt", alg: "ES256", jwk: { kty, crv, x, y } },
    { jti: randomUUID(), htm: "POST", htu: url, iat: Math.floor(now / 1000) },
  ].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
  const text = parts.join(".");
  return `${text}.${sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
}
