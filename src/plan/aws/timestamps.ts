// Reads and writes the timestamps that AWS and token endpoints use. A malformed one must not pass.
import { parseTime as parseAnyTime } from "../../util/timestamp.ts";

/** The instant of a timestamp with a zone; undefined for anything else. A part of its own reads the forms other than AWS's. */
export function parseTime(text: string): Date | undefined {
  if (!/^[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text)) return parseAnyTime(text);
  const time = new Date(text);
  // JavaScript makes 2 March of 30 February, and NaN of a 60th second.
  return formatTime(time).slice(0, -1) === text.slice(0, 19) ? time : undefined;
}

/** The instant of a number of milliseconds since 1970; undefined when it is not one that a year of four digits can write. */
export function parseInstant(value: unknown): Date | undefined {
  return typeof value === "number" && value >= 0 && value < 253_402_300_800_000 ? new Date(value) : undefined;
}

/**
 * The end of what a token endpoint says lives `value` seconds from now (`expires_in` of RFC 6749); undefined when it is not a
 * whole number of seconds, or longer than `longest`.
 */
export function parseLifetime(value: unknown, now: number, longest: number): Date | undefined {
  const isSane = typeof value === "number" && Number.isSafeInteger(value) && value > 0 && value <= longest;
  return isSane ? new Date(now + value * 1000) : undefined;
}

/** A time as AWS writes it: `2026-01-01T00:00:00Z`. The first toISOString() of a process loads the machine's time zone, so it is not used. */
export function formatTime(time: Date): string {
  const digits = (value: number, length = 2): string => String(value).padStart(length, "0");
  const date = [digits(time.getUTCFullYear(), 4), digits(time.getUTCMonth() + 1), digits(time.getUTCDate())];
  const clock = [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()].map((value) => digits(value));
  return `${date.join("-")}T${clock.join(":")}Z`;
}
