// Codes of the sandbox's MFA devices, against the vectors of RFC 6238, appendix B (SHA-1, the last six of eight digits).
import { describe, expect, it } from "vitest";
import { openDevice, totp } from "../../../../src/sandbox/world/totp.ts";

/** "12345678901234567890" in base32. */
const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

describe("a code", () => {
  it.each([
    [59, "94287082"],
    [1111111109, "07081804"],
    [1111111111, "14050471"],
    [1234567890, "89005924"],
    [2000000000, "69279037"],
    [20000000000, "65353130"],
  ])("at %i s", (seconds, eight) => {
    expect(totp(SECRET, seconds * 1000)).toBe(eight.slice(2));
  });
});

describe("a device", () => {
  const now = 1_800_000_000_000;

  it("takes a code once", () => {
    const isRight = openDevice(SECRET);
    const code = totp(SECRET, now);
    expect([isRight(code, now), isRight(code, now)]).toEqual([true, false]);
  });

  it.each([
    [-60_000, false],
    [-30_000, true],
    [30_000, true],
    [60_000, false],
  ])("takes a code that is %i ms off: %s", (shift, expected) => {
    expect(openDevice(SECRET)(totp(SECRET, now + shift), now)).toBe(expected);
  });
});
