// Measures by how much AWS's clock differs from this machine's, from the headers of a reply.

/**
 * Milliseconds by which AWS's clock is ahead of this machine's. The `Date` header has whole seconds, and AWS may have written it at
 * any time between the request and the reply, which can be far apart on a busy machine, or one that slept. If the clocks may agree,
 * the result is 0; otherwise AWS's clock is taken to be as late as it can be, so that credentials never seem to be valid longer
 * than they are.
 * @param sent when the request was sent, by this machine's clock; `received`, when the reply arrived
 * @returns undefined if the reply does not tell
 */
export function clockOffsetOf(
  { date, age }: { readonly date?: string | undefined; readonly age?: string | undefined },
  sent: number,
  received: number,
): number | undefined {
  const time = Date.parse(date ?? "");
  // With an `Age` header, the reply comes from an HTTP cache, and its date is that of an earlier reply.
  if (Number.isNaN(time) || age !== undefined) return undefined;
  const [least, most] = [time - received, time + 1000 - sent];
  return least <= 0 && most >= 0 ? 0 : most;
}
