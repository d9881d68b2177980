// Computes the codes of MFA devices: RFC 6238, as AWS uses it (SHA-1, 30 seconds, six digits).
import { createHmac } from "node:crypto";

const STEP = 30_000;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The code at a time. @param secret in base32, as for setting up a device; @param time milliseconds since 1970 */
export function totp(secret: string, time: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(time / STEP)));
  const digest = createHmac("sha1", base32(secret)).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** A device that checks codes. Each code is valid once, and may be one time step early or late. */
export function openDevice(secret: string): (code: string, time: number) => boolean {
  const used = new Set<number>();
  return (code, time) => {
    const step = [0, -1, 1]
      .map((shift) => Math.floor(time / STEP) + shift)
      .find((candidate) => !used.has(candidate) && totp(secret, candidate * STEP) === code);
    if (step === undefined) return false;
    used.add(step);
    return true;
  };
}

export const isBase32 = (text: string): boolean => /^[A-Z2-7]{16,}$/.test(text);

function base32(text: string): Buffer {
  let bits = 0n;
  for (const char of text) bits = (bits << 5n) | BigInt(ALPHABET.indexOf(char));
  const length = Math.floor((text.length * 5) / 8);
  const hex = (bits >> BigInt((text.length * 5) % 8)).toString(16).padStart(length * 2, "0");
  return Buffer.from(hex, "hex");
}
