// Reads and writes the timestamps that AWS and token endpoints use. A malformed one must not pass.
import { parseTime as parseAnyTime } from "../../util/timestamp.ts";

/** The time that a timestamp with a time zone means; undefined for anything else. Another part of the bundle reads forms other than AWS's. */
export function parseTime(text: string): Date | undefined {
  if (!/^[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text)) return parseAnyTime(text);
  const time = new Date(text);
  // JavaScript reads 30 February as 2 March, and a 60th second as NaN.
  return formatTime(time).slice(0, -1) === text.slice(0, 19) ? time : undefined;
}

/** The time from a number of milliseconds since 1970; undefined if its year does not have four digits. */
export function parseInstant(value: unknown): Date | undefined {
  return typeof value === "number" && value >= 0 && value < 253_402_300_800_000 ? new Date(value) : undefined;
}

/**
 * The time at which a token expires, from the `expires_in` of a token endpoint (RFC 6749); undefined if `value` is not a positive whole
 * number of seconds, or is more than `longest`.
 */
export function parseLifetime(value: unknown, now: number, longest: number): Date | undefined {
  const isSane = typeof value === "number" && Number.isSafeInteger(value) && value > 0 && value <= longest;
  return isSane ? new Date(now + value * 1000) : undefined;
}

/** A time in AWS's format: `2026-01-01T00:00:00Z`. Avoids toISOString(), because its first call loads the machine's time zone. */
export function formatTime(time: Date): string {
  const digits = (value: number, length = 2): string => String(value).padStart(length, "0");
  const date = [digits(time.getUTCFullYear(), 4), digits(time.getUTCMonth() + 1), digits(time.getUTCDate())];
  const clock = [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()].map((value) => digits(value));
  return `${date.join("-")}T${clock.join(":")}Z`;
}
