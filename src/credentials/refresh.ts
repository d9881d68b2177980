// Keeps credentials fresh for a consumer: renews them well before they expire, with one request however many callers ask.
import type { Credentials } from "../plan/aws/credentials.ts";
import type { Context } from "../context/types.ts";
import { XroleError } from "../errors/error.ts";
import { obtainSession } from "./obtain.ts";
import type { Resolving } from "./resolving.ts";
import { isFresh, timeLeft, type Need, type Session } from "./session.ts";

/** Milliseconds: credentials that expire sooner are not handed out. */
export const LEAST_LIFE = 60_000;
/** Seconds that credentials should have left: SDKs ask again when 15 minutes are left. */
export const ENDPOINT_TTL = 1200;
/**
 * Milliseconds that a caller waits for new credentials while the old ones are still valid: SDKs give up after one or two seconds.
 */
const PATIENCE = 500;
/** Milliseconds to wait after a failure, doubled with each further failure. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [1000, 60_000];

export interface Refreshing {
  /** The time that credentials must have left; below it they are renewed. */
  readonly need: Need;
  /** Requests credentials, or finds them in the cache. */
  readonly obtain: () => Promise<Session>;
  /** The current time, in milliseconds since 1970. */
  readonly now: () => number;
  /** Called with the reason when a renewal fails. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Returns a function that returns credentials with at least a minute left. If renewing fails, it returns the last valid credentials
 * until then, and tries again after growing pauses.
 * @param first the session that was obtained already
 * @throws (the returned function) the last error of `obtain`, when no valid credentials are left
 */
export function refreshed(first: Session, { need, obtain, now, onFailure }: Refreshing): () => Promise<Credentials> {
  let current = first;
  let failure: Error | undefined;
  let failures = 0;
  let notBefore = 0;
  let renewal: Promise<void> | undefined;

  return async () => {
    if (isFresh(current, now(), need)) return current.credentials;
    if (!renewal && now() >= notBefore) renewal = renew().finally(() => (renewal = undefined));
    if (renewal) await (isUsable() ? Promise.race([renewal, pause(PATIENCE)]) : renewal);
    if (isUsable()) return current.credentials;
    throw failure ?? new XroleError("session-too-short", { seconds: LEAST_LIFE / 1000 });
  };

  function isUsable(): boolean {
    return timeLeft(current, now()) >= LEAST_LIFE;
  }

  async function renew(): Promise<void> {
    try {
      const found = await obtain();
      failure = undefined;
      // Credentials that expire no later than the current ones are no gain: the source cannot be renewed.
      if (timeLeft(found, now()) > timeLeft(current, now())) current = found;
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      onFailure(error);
    }
    failures = isFresh(current, now(), need) ? 0 : failures + 1;
    const longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1));
    notBefore = failures === 0 ? 0 : now() + longest * (0.5 + Math.random() / 2);
  }
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds).unref());

/** Passes each warning on once: a problem with one renewal usually repeats with the next. */
export function once(warn: Resolving["warn"]): Resolving["warn"] {
  const told = new Set<string>();
  return (warning) => {
    if (!told.has(warning)) warn(warning);
    told.add(warning);
  };
}

/**
 * Obtains the first session, and returns it with the function that returns credentials from then on.
 * @param warn gets the warnings of obtaining credentials; `request.warn` gets the reasons why they could not be renewed
 * @throws XroleError if the first session cannot be obtained
 */
export async function openRenewal(
  context: Context,
  { caching, ...request }: Resolving,
  warn = once(request.warn),
): Promise<{ readonly first: Session; readonly credentials: () => Promise<Credentials> }> {
  const minTtl = caching.isMinTtlGiven ? caching.minTtl : ENDPOINT_TTL;
  const need = { ...caching, minTtl, leastLife: LEAST_LIFE };
  const first = await obtainSession(context, { ...request, warn, caching: need });
  // The terminal now belongs to the command, and an MFA code from the command line can be used only once.
  const alone = { ...context, ask: () => Promise.resolve(undefined) };
  const again = { ...request, mfaCode: undefined, warn };
  const mode = caching.mode === "off" ? "off" : "on";
  const obtain = (): Promise<Session> =>
    obtainSession({ ...alone, started: context.now() }, { ...again, caching: { ...need, mode, isMinTtlGiven: false } });
  let failure = "";
  const onFailure = (error: unknown): void => {
    const reason = error instanceof Error ? error.message : String(error);
    if (reason !== failure) request.warn(`the credentials could not be renewed: ${reason}`);
    failure = reason;
  };
  return { first, credentials: refreshed(first, { need, obtain, now: context.now, onFailure }) };
}
