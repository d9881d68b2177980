// How long one resolution waits for others, over all the steps of its chain.
import { expect, it } from "vitest";
import { libraryContext } from "../../../../src/context/library.ts";
import type { Entry } from "../../../../src/credentials/cache/entry.ts";
import { openCache } from "../../../../src/credentials/cache/cache.ts";
import { acquireLock } from "../../../../src/credentials/cache/lock.ts";
import { share } from "../../../../src/credentials/cache/share.ts";
import { newWaiting } from "../../../../src/credentials/cache/waiting.ts";
import { fingerprint } from "../../../../src/util/digest.ts";
import { makeHome } from "../../../harness/home.ts";

it("is one span of time, however many locks are in the way; what is obtained is kept each time", async () => {
  const context = libraryContext(undefined, undefined);
  const cache = openCache(makeHome(), context.uid);
  const credentials = { accessKeyId: "ASIAX", secretAccessKey: "x", sessionToken: "x" };
  const entry: Entry = {
    credentials: { ...credentials, expiration: new Date(Date.now() + 3_600_000) },
    obtained: Date.now(),
    clockOffset: 0,
    profile: "p",
  };
  const waiting = { ...newWaiting(true), left: 200 };
  const left: number[] = [];
  for (const key of ["one", "two", "three"]) {
    const lock = await acquireLock(cache.folder, fingerprint(key), 0, context.platform);
    if (typeof lock === "string") throw new Error(lock);
    const sharing = { cache, key, isUsable: () => true, since: 0, waiting, warn: () => undefined };
    expect(await share(context, sharing, () => Promise.resolve(entry))).toEqual({ entry, isKept: false });
    expect(cache.read(key)).toEqual(entry);
    left.push(waiting.left);
    await lock.release();
  }
  // A timer may be early by a moment.
  expect(left.every((milliseconds) => milliseconds < 20)).toBe(true);
});
