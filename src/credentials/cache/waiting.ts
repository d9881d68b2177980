// How long the resolution of one plan waits for other processes, and what it tells those who wait for it.
import type { Lock } from "./lock.ts";

/** Milliseconds that a resolution waits for others in all: one of them may be stopped, and never come to an end. */
const PATIENCE = 20_000;
/** Milliseconds between two signs of life, and between two looks into the cache. */
const BEAT = 1000;

/** What one resolution holds and waits for, over all the steps of its chain. */
export interface Waiting {
  /** Milliseconds that it may still wait. */
  left: number;
  /** Whether it waits while somebody else's user types; not if it has a code of its own. */
  readonly isForTypist: boolean;
  /** The locks that it holds: one a step. */
  readonly held: Set<Lock>;
  /** Whether the answer to a step on the way has come into the cache meanwhile. */
  readonly looks: Set<() => boolean>;
}

export const newWaiting = (isForTypist: boolean): Waiting => ({
  left: PATIENCE,
  isForTypist,
  held: new Set(),
  looks: new Set(),
});

/** Another process has put into the cache what a user is being asked for. */
export class AnsweredElsewhere extends Error {}

/** For `acquireLock`: whoever waits for this resolution waits for the user of another one, too. */
export function relayBeat(waiting: Waiting): number {
  beat(waiting);
  if (waiting.isForTypist) waiting.left = PATIENCE;
  return waiting.isForTypist ? PATIENCE : 0;
}

/**
 * Runs `ask`, during which a user is asked for a code: those who wait hear of it all the time.
 * @param ask gets a signal, which says that the answer has come into the cache
 * @throws what `ask` throws: AnsweredElsewhere, if it ends by the signal
 */
export async function whileAsking<Result>(
  waiting: Waiting | undefined,
  ask: (answered: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const answered = new AbortController();
  if (!waiting) return ask(answered.signal);
  beat(waiting);
  const timer = setInterval(() => {
    beat(waiting);
    if ([...waiting.looks].some((look) => look())) answered.abort();
  }, BEAT);
  try {
    return await ask(answered.signal);
  } finally {
    clearInterval(timer);
  }
}

function beat({ held }: Waiting): void {
  for (const lock of held) lock.beat();
}
