// Identifies a machine, or the holder of a token, without a network call: parts of cache keys. Nothing here throws.
import { tokenClaims } from "../plan/aws/credential-text.ts";
import { sha256 } from "../util/digest.ts";
import { readText } from "../util/files.ts";

/**
 * Identifies the holder of a token: by a JWT's issuer, subject and audience, which stay the same when the token is renewed;
 * otherwise by a digest of the token.
 */
export function tokenIdentity(token: string): unknown {
  const { iss, sub, aud } = tokenClaims(token);
  return typeof iss === "string" && typeof sub === "string" ? [iss, sub, aud] : sha256(token.trim());
}

/**
 * Identifies the machine and its boot: a machine started from an image that contains a cache must not be taken for the original.
 * Undefined without a boot id.
 */
export function machineId(): string | undefined {
  const parts = ["/etc/machine-id", "/proc/sys/kernel/random/boot_id"].map(peek);
  return parts[1] === undefined ? undefined : parts.join("");
}

/** The text of a file; undefined if it cannot be read. The code that needs the file itself reports the problem to the user. */
export function peek(file: string): string | undefined {
  try {
    return readText(file, (problem) => {
      throw new Error(problem);
    });
  } catch {
    return undefined;
  }
}
