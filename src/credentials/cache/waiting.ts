// How long the resolution of a plan waits for other processes, and what it tells the processes that wait for it.
import type { Lock } from "./lock.ts";

/** Milliseconds that a resolution waits for other processes in total: one of them may be stopped, and never finish. */
const PATIENCE = 20_000;
/** Milliseconds between two signals to waiting processes, and between two looks into the cache. */
const BEAT = 1000;

/** What one resolution holds and waits for, over all steps of its chain. */
export interface Waiting {
  /** Milliseconds that it may still wait. */
  left: number;
  /** Whether it waits while another process's user is typing a code; false if it has a code of its own. */
  readonly isForTypist: boolean;
  /** The locks that it holds, one per step. */
  readonly held: Set<Lock>;
  /** Checks whether the result of a step has appeared in the cache meanwhile. */
  readonly looks: Set<() => boolean>;
}

export const newWaiting = (isForTypist: boolean): Waiting => ({
  left: PATIENCE,
  isForTypist,
  held: new Set(),
  looks: new Set(),
});

/** Another process has cached the result for which the user is being asked for a code. */
export class AnsweredElsewhere extends Error {}

/** For `acquireLock`: passes the signal on to the processes that wait for this resolution. Returns for how long to wait. */
export function relayBeat(waiting: Waiting): number {
  beat(waiting);
  if (waiting.isForTypist) waiting.left = PATIENCE;
  return waiting.isForTypist ? PATIENCE : 0;
}

/**
 * Runs `ask`, which asks a user for a code. Meanwhile, the waiting processes are told so regularly.
 * @param ask gets a signal that fires when the result has appeared in the cache
 * @throws what `ask` throws: AnsweredElsewhere if the signal ended it
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
