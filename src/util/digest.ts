// Digests. node:crypto takes longer to load than everything else on the way that scripts go in a loop: only what needs it loads it.

/** SHA-256 of the text, in hex. */
export const sha256 = (text: string): string => digest("sha256", text);

/** SHA-1 of the text, in hex: by it the AWS CLI names the files of SSO logins. */
export const sha1 = (text: string): string => digest("sha1", text);

function digest(algorithm: string, text: string): string {
  return process.getBuiltinModule("node:crypto").createHash(algorithm).update(text).digest("hex");
}

/**
 * A short name for a text, 32 hex digits: FNV-1a in four lanes. Unlike a digest it does not withstand somebody who looks for two
 * texts of one name, so whoever relies on it compares the texts, or has only its own user to mistrust.
 */
export const fingerprint = (text: string): string => SEEDS.map((seed) => lane(text, seed)).join("");

/** The offset basis of FNV-1a, and three that differ from it in every byte. */
const SEEDS = [0x811c9dc5, 0x7ee3623a, 0x2b992ddf, 0xd466d220];

function lane(text: string, seed: number): string {
  let hash = seed;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  // The last characters would otherwise show in the low bits only.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0).toString(16).padStart(8, "0");
}
