// What a reply tells of AWS's clock.

/**
 * Milliseconds by which AWS's clock is ahead of this machine's. The `Date` header names a whole second, and AWS may have written it at
 * any time between the request and the reply, which can be far apart: on a busy machine, or one that slept. Where the clocks may agree,
 * they are taken to agree; else AWS's is as late as it can be, so that credentials never seem to live longer than they do.
 * @param sent when the request was sent, by this machine's clock; `received`, when the reply was there
 * @returns undefined where the reply tells nothing
 */
export function clockOffsetOf(
  { date, age }: { readonly date?: string | undefined; readonly age?: string | undefined },
  sent: number,
  received: number,
): number | undefined {
  const time = Date.parse(date ?? "");
  // With `Age` the reply is from a cache, and the time is that of another one.
  if (Number.isNaN(time) || age !== undefined) return undefined;
  const [least, most] = [time - received, time + 1000 - sent];
  return least <= 0 && most >= 0 ? 0 : most;
}
