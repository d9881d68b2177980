// What tells a machine or the holder of a token from others without a request: parts of cache keys. Nothing here fails.
import { tokenClaims } from "../plan/aws/received.ts";
import { sha256 } from "../util/digest.ts";
import { readText } from "../util/files.ts";

/** Whose token it is: a JWT's issuer, subject and audience, which stay when the token is renewed; else a digest of the token. */
export function tokenIdentity(token: string): unknown {
  const { iss, sub, aud } = tokenClaims(token);
  return typeof iss === "string" && typeof sub === "string" ? [iss, sub, aud] : sha256(token.trim());
}

/** The machine and its boot: an image that was made of a machine with a cache must not pass for it. Undefined without a boot id. */
export function machineId(): string | undefined {
  const parts = ["/etc/machine-id", "/proc/sys/kernel/random/boot_id"].map(peek);
  return parts[1] === undefined ? undefined : parts.join("");
}

/** The text of a file; undefined where it cannot be read: whoever reads it for its own sake tells the user. */
export function peek(file: string): string | undefined {
  try {
    return readText(file, (problem) => {
      throw new Error(problem);
    });
  } catch {
    return undefined;
  }
}
