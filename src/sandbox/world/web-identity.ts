// Issues and verifies the sandbox's web identity tokens (JWT), like an OIDC provider, but signed with a key that only the sandbox
// has.
import { createHmac, randomBytes } from "node:crypto";
import { isSame } from "../services/signature.ts";
import type { WebIdentity } from "./world.ts";

export interface Claims {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  /** When it expires, in milliseconds since 1970. */
  readonly expires: number;
}

export interface TokenMint {
  /** Issues a token that is valid for an hour. */
  readonly issue: (identity: WebIdentity, now: number) => string;
  /** The claims of a token; undefined if the sandbox did not issue it. */
  readonly read: (token: string) => Claims | undefined;
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

export function openMint(): TokenMint {
  const key = randomBytes(32);
  const sign = (text: string): string => createHmac("sha256", key).update(text).digest("base64url");
  return {
    issue({ issuer, subject, audience }, now) {
      const seconds = Math.floor(now / 1000);
      const claims = { iss: `https://${issuer}`, sub: subject, aud: audience, iat: seconds, exp: seconds + 3600 };
      const text = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
      return `${text}.${sign(text)}`;
    },
    read(token) {
      const [header = "", claims = "", signature = ""] = token.split(".");
      if (!isSame(signature, sign(`${header}.${claims}`))) return undefined;
      const { iss, sub, aud, exp } = JSON.parse(Buffer.from(claims, "base64url").toString()) as Record<string, unknown>;
      const issuer = String(iss).replace(/^https:\/\//, "");
      return { issuer, subject: String(sub), audience: String(aud), expires: Number(exp) * 1000 };
    },
  };
}
