// Credentials with the time at which they were obtained: how long they are valid, and whether that is long enough.
import type { Credentials } from "../plan/aws/credentials.ts";

export interface Session {
  readonly credentials: Credentials;
  /** When they were obtained, in milliseconds since 1970 by this machine's clock. */
  readonly obtained: number;
  /** Milliseconds by which AWS's clock was ahead of this machine's. */
  readonly clockOffset: number;
}

/** How long credentials must still be valid. */
export interface Need {
  /** Seconds that credentials must have left, if the whole session is at least three times as long. */
  readonly minTtl: number;
  /** Milliseconds that credentials must have left, however long the whole session is. */
  readonly leastLife?: number;
}

/** The milliseconds that a session has left; 0 if the clock says that it was obtained in the future. */
export function timeLeft({ credentials, obtained, clockOffset }: Session, now: number): number {
  if (obtained > now + 60_000) return 0;
  return (credentials.expiration?.getTime() ?? Infinity) - (now + clockOffset);
}

/** The whole length of a session, in milliseconds. */
export function lifetime({ credentials, obtained, clockOffset }: Session): number {
  return (credentials.expiration?.getTime() ?? Infinity) - (obtained + clockOffset);
}

/** Whether a session has as much time left as needed; `minTtl` never asks for more than a third of the whole session. */
export function isFresh(session: Session, now: number, { minTtl, leastLife = 0 }: Need): boolean {
  return timeLeft(session, now) >= Math.max(leastLife, Math.min(minTtl * 1000, lifetime(session) / 3));
}
