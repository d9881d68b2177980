// Parses timestamps as botocore does, which accepts everything that dateutil parses and then requires a time zone: the formats of
// ISO 8601, of RFC 5322 and of `date`. Formats in which day and month could be swapped are rejected. Source: `_parse_if_needed` in
// botocore's credentials.py; `parser.parse` of python-dateutil 2.9.

const ZONE = "\\s*(?<zone>Z|UTC|GMT)?(?<offset>[+-]\\d{4}|[+-]\\d{1,2}(?::\\d\\d)?)?";
const YEAR = "(?<year>[1-9]\\d{3})";
const THEN = "(?:t|\\s+)";
const CLOCK = "(?<hour>\\d{1,2}):(?<minute>\\d{1,2})(?::(?<second>\\d{1,2})(?:[.,](?<fraction>\\d+))?)?";
const COMPACT = "(?<hour>\\d\\d)(?:(?<minute>\\d\\d)(?:(?<second>\\d\\d)(?:[.,](?<fraction>\\d+))?)?)?";
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const MONTH = `(?<name>${MONTHS.join("|")})`;
const WEEKDAY = "(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\\s+)?";

const FORMS = [
  // 2026-01-01T00:00:00Z, 2026/1/1 0:00+02:00
  `${YEAR}([-/])(?<month>\\d{1,2})\\2(?<day>\\d{1,2})${THEN}${CLOCK}${ZONE}`,
  // 2026-01-01T000000Z, 2026-01-01T00Z
  `${YEAR}([-/])(?<month>\\d\\d)\\2(?<day>\\d\\d)${THEN}${COMPACT}${ZONE}`,
  // 20260101T000000Z, 20260101 00:00:00Z
  `${YEAR}(?<month>\\d\\d)(?<day>\\d\\d)${THEN}${CLOCK}${ZONE}`,
  `${YEAR}(?<month>\\d\\d)(?<day>\\d\\d)${THEN}${COMPACT}${ZONE}`,
  // 20260101000000Z
  `${YEAR}(?<month>\\d\\d)(?<day>\\d\\d)(?<hour>\\d\\d)(?<minute>\\d\\d)(?<second>\\d\\d)?${ZONE}`,
  // Thu, 01 Jan 2026 00:00:00 GMT
  `${WEEKDAY}(?<day>\\d{1,2})[ -]${MONTH}[ -]${YEAR}${THEN}${CLOCK}${ZONE}`,
  // Thu Jan  1 00:00:00 UTC 2026
  `${WEEKDAY}${MONTH}\\s+(?<day>\\d{1,2})\\s+${CLOCK}${ZONE}\\s+${YEAR}`,
].map((form) => new RegExp(`^${form}$`, "i"));

/** Longer texts are not timestamps. */
const LONGEST = 64;

/**
 * The time of a timestamp with a time zone; undefined for any other text.
 * JavaScript does not parse `...:60Z`. The result, NaN, would compare as neither past nor future, and the credentials would seem
 * fresh forever.
 */
export function parseTime(text: string): Date | undefined {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST) return undefined;
  for (const form of FORMS) {
    const found = form.exec(trimmed)?.groups;
    if (found) return instantOf(found);
  }
  return undefined;
}

function instantOf(found: Readonly<Record<string, string | undefined>>): Date | undefined {
  const { zone, offset, name, fraction = "0" } = found;
  // dateutil accepts `z`, but neither `utc` nor `gmt`.
  if (zone === undefined ? offset === undefined : !/^(UTC|GMT|Z|z)$/.test(zone)) return undefined;
  const [year, month, day, hour, minute, second] = [
    Number(found.year),
    name === undefined ? Number(found.month) : MONTHS.findIndex((one) => one.toLowerCase() === name.toLowerCase()) + 1,
    Number(found.day),
    Number(found.hour),
    Number(found.minute ?? "0"),
    Number(found.second ?? "0"),
  ];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const time = new Date(0);
  time.setUTCFullYear(year, month - 1, day);
  // JavaScript turns 30 February into 2 March.
  if (time.getUTCMonth() !== month - 1 || time.getUTCDate() !== day) return undefined;
  time.setUTCHours(hour, minute, second, Number(fraction.slice(0, 3).padEnd(3, "0")));
  const ahead = minutesOf(offset);
  if (Math.abs(ahead) >= 24 * 60) return undefined;
  // [as botocore] `UTC+3` is a clock to which three hours must be added to get UTC.
  return new Date(time.getTime() - ahead * (zone === undefined ? 1 : -1) * 60_000);
}

/** Minutes east of UTC, for `+0200`, `+02:00` or `+2`. */
function minutesOf(offset = "+0"): number {
  const [, sign, hours = "0", minutes = "0"] = /^([+-])(\d{1,2}?):?(\d\d)?$/.exec(offset) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
