// Credentials with the time they were obtained at: how long they live, and whether that will do.
import type { Credentials } from "../plan/sts-types.ts";

export interface Session {
  readonly credentials: Credentials;
  /** Milliseconds since 1970, by this machine's clock. */
  readonly obtained: number;
  /** Milliseconds by which AWS's clock was ahead of this machine's. */
  readonly clockOffset: number;
}

/** How much life is asked for. */
export interface Need {
  /** Seconds that credentials must have left, if their session is three times as long. */
  readonly minTtl: number;
  /** Milliseconds that they must have left however long their session is. */
  readonly leastLife?: number;
}

/** The milliseconds that a session has left; none, when the clock says that it was obtained in the future. */
export function timeLeft({ credentials, obtained, clockOffset }: Session, now: number): number {
  if (obtained > now + 60_000) return 0;
  return (credentials.expiration?.getTime() ?? Infinity) - (now + clockOffset);
}

/** The whole life of a session, in milliseconds. */
export function lifetime({ credentials, obtained, clockOffset }: Session): number {
  return (credentials.expiration?.getTime() ?? Infinity) - (obtained + clockOffset);
}

/** Whether a session has as much life left as asked for, but for `minTtl` never more than a third of the whole. */
export function isFresh(session: Session, now: number, { minTtl, leastLife = 0 }: Need): boolean {
  return timeLeft(session, now) >= Math.max(leastLife, Math.min(minTtl * 1000, lifetime(session) / 3));
}
