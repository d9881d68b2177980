// Lets pauses and limits of time pass at once, and tells which there were.
import { onTestFinished, vi } from "vitest";

/** Lets each timer for which `isPassed` holds fire at once, until the test ends. The milliseconds of these timers, in their order. */
export function passAtOnce(isPassed: (ms: number) => boolean): readonly number[] {
  const passed: number[] = [];
  const { setTimeout } = globalThis;
  const inTime = (run: () => void, ms = 0): NodeJS.Timeout => {
    if (!isPassed(ms)) return setTimeout(run, ms);
    passed.push(ms);
    return setTimeout(run, 0);
  };
  const spy = vi.spyOn(globalThis, "setTimeout").mockImplementation(inTime);
  onTestFinished(() => spy.mockRestore());
  return passed;
}

/** Tells which timers of `ms` milliseconds are still to fire, of those that are set from now on. */
export function watchTimers(ms: number): () => number {
  const spy = vi.spyOn(globalThis, "setTimeout");
  onTestFinished(() => spy.mockRestore());
  return () =>
    spy.mock.calls.filter(([, time], index) => {
      const timer: unknown = spy.mock.results[index]?.value;
      return time === ms && Reflect.get(Object(timer) as object, "_destroyed") === false;
    }).length;
}

/** Makes every random number `value`, until the test ends. */
export function fixRandom(value: number): void {
  const spy = vi.spyOn(Math, "random").mockReturnValue(value);
  onTestFinished(() => spy.mockRestore());
}
