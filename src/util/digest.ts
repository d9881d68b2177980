// Computes digests (SHA-256, SHA-1) and short fingerprints of texts. node:crypto is loaded only when a digest is needed: loading it
// takes longer than the rest of a call that finds its credentials in the cache.

/** SHA-256 of the text, in hex. */
export const sha256 = (text: string): string => digest("sha256", text);

/** SHA-1 of the text, in hex. The AWS CLI names the files of SSO logins by it. */
export const sha1 = (text: string): string => digest("sha1", text);

function digest(algorithm: string, text: string): string {
  return process.getBuiltinModule("node:crypto").createHash(algorithm).update(text).digest("hex");
}

/**
 * A short name for a text, 32 hex digits: FNV-1a in four lanes. Unlike a digest, it does not resist an attacker who looks for two
 * texts with the same name. Callers must compare the texts themselves, or trust everybody who chooses a text.
 */
export const fingerprint = (text: string): string => SEEDS.map((seed) => lane(text, seed)).join("");

/** The offset basis of FNV-1a, and three values that differ from it in every byte. */
const SEEDS = [0x811c9dc5, 0x7ee3623a, 0x2b992ddf, 0xd466d220];

function lane(text: string, seed: number): string {
  let hash = seed;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  // Mixes the hash; otherwise the last characters would only change its low bits.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0).toString(16).padStart(8, "0");
}
