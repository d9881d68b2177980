// Many at a time, but no more than asked for, and the results in order.
import { setImmediate as tick } from "node:timers/promises";
import { expect, it } from "vitest";
import { atOnce } from "../../../../src/commands/shared/at-once.ts";

it("begins the next when one is done, and keeps the order", async () => {
  const started: number[] = [];
  const finish = new Map<number, () => void>();
  const results = atOnce(3, [0, 1, 2, 3, 4], (item) => {
    started.push(item);
    return new Promise<string>((resolve) => finish.set(item, () => resolve(`done ${String(item)}`)));
  });
  await tick();
  expect(started).toEqual([0, 1, 2]);
  finish.get(1)?.();
  await tick();
  expect(started).toEqual([0, 1, 2, 3]);
  for (const item of [3, 0, 2]) finish.get(item)?.();
  await tick();
  finish.get(4)?.();
  expect(await results).toEqual([0, 1, 2, 3, 4].map((item) => `done ${String(item)}`));
});

it("takes fewer than it may", async () => {
  expect(await atOnce(8, ["a"], (item) => Promise.resolve(item.toUpperCase()))).toEqual(["A"]);
  expect(await atOnce(8, [], () => Promise.resolve(1))).toEqual([]);
});
