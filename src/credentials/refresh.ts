// Keeps credentials for as long as somebody asks for them: new ones well before the old ones end, by one call however many ask.
import type { Credentials } from "../plan/sts-types.ts";
import type { Context } from "../context/types.ts";
import { XroleError } from "../errors/errors.ts";
import { obtainSession } from "./obtain.ts";
import type { Resolving } from "./request.ts";
import { isFresh, timeLeft, type Need, type Session } from "./session.ts";

/** Milliseconds: nothing that ends sooner is handed out. */
export const LEAST_LIFE = 60_000;
/** Seconds that credentials should have left: SDKs ask again from 15 minutes on. */
export const ENDPOINT_TTL = 1200;
/** Milliseconds that somebody waits for new credentials while the old ones still do: SDKs give up after one or two seconds. */
const PATIENCE = 500;
/** Milliseconds after a failure, doubled with each. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [1000, 60_000];

export interface Refreshing {
  /** The life that credentials must have left not to be renewed. */
  readonly need: Need;
  /** Asks for credentials, or finds them kept. */
  readonly obtain: () => Promise<Session>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Is told why there are no new ones. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * A function that gives credentials with at least a minute left. Where new ones cannot be had, the last good ones serve until then;
 * AWS is asked again after a pause that grows.
 * @param first what was obtained already
 * @throws (the function) what `obtain` threw last, when there is nothing left to hand out
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
      // What lives shorter than what is there already is no gain: a source that cannot be renewed.
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

/** Warns, but of each thing once: what is wrong at one renewal is wrong at the next. */
export function once(warn: Resolving["warn"]): Resolving["warn"] {
  const told = new Set<string>();
  return (warning) => {
    if (!told.has(warning)) warn(warning);
    told.add(warning);
  };
}

/**
 * A first session, and the function that gives credentials from then on.
 * @param warn is told what comes up in obtaining any of them; `request.warn`, why they could not be renewed
 * @throws XroleError what keeps the first from coming
 */
export async function openRenewal(
  context: Context,
  { caching, ...request }: Resolving,
  warn = once(request.warn),
): Promise<{ readonly first: Session; readonly credentials: () => Promise<Credentials> }> {
  const minTtl = caching.isMinTtlGiven ? caching.minTtl : ENDPOINT_TTL;
  const need = { ...caching, minTtl, leastLife: LEAST_LIFE };
  const first = await obtainSession(context, { ...request, warn, caching: need });
  // The terminal is the command's now, and a code on the command line is spent.
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
