// One call for many, step by step: what of others serves, what others are told, and that nothing is held afterwards.
import { chmodSync } from "node:fs";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Context } from "../../../../src/context/types.ts";
import type { Entry } from "../../../../src/credentials/cache/entry.ts";
import { openCache } from "../../../../src/credentials/cache/cache.ts";
import { acquireLock, type Lock } from "../../../../src/credentials/cache/lock.ts";
import { refusalsSince, share, type Sharing } from "../../../../src/credentials/cache/share.ts";
import { AnsweredElsewhere, newWaiting } from "../../../../src/credentials/cache/waiting.ts";
import { fingerprint } from "../../../../src/util/digest.ts";
import { XroleError } from "../../../../src/errors/error.ts";
import { makeHome } from "../../../harness/home.ts";

const UID = process.getuid?.();
const NOW = Date.parse("2030-01-01T00:00:00Z");
const KEY = "the key";
const KEYS = { accessKeyId: "ASIAX", secretAccessKey: "secret-of-x", sessionToken: "token-of-x" };
const entryOf = (profile: string): Entry => ({
  credentials: { ...KEYS, expiration: new Date(NOW + 3_600_000) },
  obtained: NOW,
  clockOffset: 0,
  profile,
});

let debugged: string[] = [];
let warnings: string[] = [];
beforeEach(() => {
  debugged = [];
  warnings = [];
});

function world(more: Partial<Sharing> = {}, left = 20_000) {
  const cache = openCache(makeHome(), UID);
  const waiting = { ...newWaiting(true), left };
  const sharing: Sharing = {
    ...{ cache, key: KEY, isUsable: ({ profile }) => profile !== "", since: 0, waiting },
    warn: (warning) => void warnings.push(warning),
    ...more,
  };
  const context = {
    ...{ uid: UID, platform: process.platform, now: () => NOW },
    debug: (line: string) => void debugged.push(line),
  } as unknown as Context;
  const make = vi.fn(() => Promise.resolve(entryOf("made")));
  return { cache, waiting, sharing, context, make, run: (how = make) => share(context, { ...sharing }, how) };
}
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "it did not fail",
    (error: unknown) => error,
  );
const failing = (code: string, details: object = {}): XroleError =>
  new XroleError(...([code, details] as never as ConstructorParameters<typeof XroleError>));
const refusal = failing("access-denied");
async function hold(folder: string, key = KEY): Promise<Lock> {
  const lock = await acquireLock(folder, fingerprint(key), 0, process.platform);
  if (typeof lock === "string") throw new Error(lock);
  return lock;
}

describe("what is in the cache", () => {
  it("serves where it will do, and nothing is asked for", async () => {
    const { cache, make, run } = world();
    cache.write(KEY, entryOf("kept"));
    expect(await run()).toEqual({ entry: entryOf("kept"), isKept: true });
    expect(make).not.toHaveBeenCalled();
  });

  it("serves at once, though somebody asks for the same", async () => {
    const { cache, make, run } = world();
    cache.write(KEY, entryOf("kept"));
    const lock = await hold(cache.folder);
    expect(await run()).toMatchObject({ isKept: true });
    expect(make).not.toHaveBeenCalled();
    expect(debugged).toEqual([]);
    await lock.release();
  });

  it("is replaced where it will not do", async () => {
    const { cache, run } = world({ isUsable: ({ profile }) => profile !== "kept" });
    cache.write(KEY, entryOf("kept"));
    expect(await run()).toEqual({ entry: entryOf("made"), isKept: false });
    expect(cache.read(KEY)).toEqual(entryOf("made"));
    expect(warnings).toEqual([]);
  });

  it("serves where it came between the first look and the lock", async () => {
    const { cache, sharing, context, make } = world();
    const looks = [undefined, entryOf("meanwhile")];
    const found = await share(context, { ...sharing, cache: { ...cache, read: () => looks.shift() } }, make);
    expect(found).toEqual({ entry: entryOf("meanwhile"), isKept: true });
    expect(make).not.toHaveBeenCalled();
  });

  it("is what the holder of the lock has written, when it is released", async () => {
    const { cache, make, run } = world();
    const lock = await hold(cache.folder);
    const found = run();
    await vi.waitUntil(() => debugged.length > 0);
    cache.write(KEY, entryOf("of the holder"));
    await lock.release();
    expect(await found).toEqual({ entry: entryOf("of the holder"), isKept: true });
    expect(make).not.toHaveBeenCalled();
    expect(debugged).toEqual(["another xrole is asking for the same: waiting for it"]);
  });

  it("is made by whoever waited, where the holder has written nothing", async () => {
    const { cache, run } = world();
    const lock = await hold(cache.folder);
    const found = run();
    await vi.waitUntil(() => debugged.length > 0);
    await lock.release();
    expect(await found).toEqual({ entry: entryOf("made"), isKept: false });
  });
});

describe("a folder that nothing can be kept in", () => {
  it("is warned of, and everything is asked for", async () => {
    const { cache, make, run } = world();
    chmodSync(cache.folder, 0o777);
    for (let count = 1; count <= 2; count++) {
      expect(await run()).toEqual({ entry: entryOf("made"), isKept: false });
      expect(make).toHaveBeenCalledTimes(count);
    }
    const problem = `every user may write to ${cache.folder}; name a folder that only you may write to with XROLE_CACHE_DIR`;
    expect(warnings[0]).toBe(`credentials are not kept between calls: ${cache.folder}: ${problem}`);
  });

  it("is warned of where the file cannot be written", async () => {
    const { cache, sharing, context, make } = world();
    const full = { ...cache, write: () => "no space left" };
    expect(await share(context, { ...sharing, cache: full }, make)).toEqual({ entry: entryOf("made"), isKept: false });
    expect(warnings).toEqual([`credentials are not kept between calls: ${cache.folder}: no space left`]);
  });
});

describe("a refusal", () => {
  it("of another process is that of this one, from a time on", async () => {
    const { cache, make, run } = world({ since: NOW });
    cache.writeRefusal(KEY, refusal, NOW);
    expect(await failure(run())).toMatchObject({ code: "access-denied" });
    expect(debugged).toEqual(["another xrole has just been told"]);
    expect(make).not.toHaveBeenCalled();
    const later = world({ since: NOW + 1 });
    later.cache.writeRefusal(KEY, refusal, NOW);
    expect(await later.run()).toMatchObject({ isKept: false });
  });

  it.each<[Error, boolean]>([
    [refusal, true],
    [failing("sts-refused"), true],
    [failing("duration-refused", { role: "r" }), true],
    [failing("sso-refused"), true],
    [failing("sts-throttled", { isThrottled: true }), true],
    [failing("sts-throttled"), false],
    [failing("sts-throttled", { isThrottled: "yes" }), false],
    [failing("mfa-refused", { isThrottled: true }), false],
    [failing("sts-unreachable", { problem: "", endpoint: "https://sts", isThrottled: true }), false],
    [new Error("a fault"), false],
  ])("is told to others where it is AWS's to everybody: %s", async (error, isTold) => {
    const { cache, sharing, context } = world();
    const writeRefusal = vi.fn();
    const told = { ...sharing, cache: { ...cache, writeRefusal } };
    expect(await failure(share(context, told, () => Promise.reject(error)))).toBe(error);
    expect(writeRefusal.mock.calls).toEqual(isTold ? [[KEY, error, NOW]] : []);
  });

  it("counts from the start of the process, and a little before it, unless a new call is wanted", () => {
    expect([refusalsSince(10_000, false), refusalsSince(10_000, true)]).toEqual([6000, 10_000]);
  });
});

describe("the lock", () => {
  it("is held while it is asked, whether that succeeds or not, and not after", async () => {
    for (const fails of [false, true]) {
      const { cache, waiting, run } = world();
      const held: unknown[] = [];
      const make = async (): Promise<Entry> => {
        held.push(waiting.held.size, await acquireLock(cache.folder, fingerprint(KEY), 0, process.platform));
        if (fails) throw refusal;
        return entryOf("made");
      };
      await failure(run(vi.fn(make)));
      expect(held).toEqual([1, "unavailable"]);
      expect(waiting.held.size).toBe(0);
      await (await hold(cache.folder)).release();
    }
  });

  it("that is not there in time stops nobody", async () => {
    const { cache, waiting, run } = world({}, 0);
    const lock = await hold(cache.folder);
    let held = -1;
    const make = (): Promise<Entry> => {
      held = waiting.held.size;
      return Promise.resolve(entryOf("made"));
    };
    expect(await run(vi.fn(make))).toEqual({ entry: entryOf("made"), isKept: false });
    expect(held).toBe(0);
    expect(debugged.at(-1)).toBe("asking without the lock");
    expect(cache.read(KEY)).toEqual(entryOf("made"));
    await lock.release();
  });

  it("is waited for as long as its holder's user types, which is told once, and passed on to those who wait for this one", async () => {
    const { cache, waiting, run } = world({}, 10_000);
    const lock = await hold(cache.folder);
    const beat = vi.fn();
    waiting.held.add({ beat, release: () => Promise.resolve() });
    const found = run();
    await vi.waitUntil(() => debugged.length > 0);
    for (let count = 1; count <= 2; count++) {
      lock.beat();
      await vi.waitUntil(() => beat.mock.calls.length >= count);
    }
    expect(debugged).toEqual([
      "another xrole is asking for the same: waiting for it",
      "it is asking its user for a code: waiting for that",
    ]);
    await lock.release();
    await found;
    // From each sign of life on there is the whole time again.
    expect(waiting.left).toBeGreaterThan(10_000);
    expect(waiting.left).toBeLessThanOrEqual(20_000);
  });

  it("is not waited for by who would wait for itself", async () => {
    const nested = new Error("nested");
    const holding = new Set<string>();
    const seen: unknown[] = [];
    const refuseNested = vi.fn();
    const make = (): Promise<Entry> => {
      seen.push([...holding]);
      return Promise.resolve(entryOf("made"));
    };
    const { run } = world({ nesting: { holding, refuseNested } });
    await run(vi.fn(make));
    expect(refuseNested.mock.calls).toEqual([[KEY]]);
    expect(seen).toEqual([[KEY]]);
    expect([...holding]).toEqual([]);
    const refusing = world({
      nesting: {
        holding,
        refuseNested: () => {
          throw nested;
        },
      },
    });
    expect(await failure(refusing.run())).toBe(nested);
    expect(refusing.make).not.toHaveBeenCalled();
  });
});

describe("a question that has its answer elsewhere", () => {
  it("ends with what is in the cache, where that will do, and else as it was", async () => {
    const { cache, waiting, run } = world();
    const elsewhere = new AnsweredElsewhere();
    const looks: boolean[] = [];
    const make = (): Promise<Entry> => {
      const look = [...waiting.looks];
      looks.push(...look.map((one) => one()));
      cache.write(KEY, entryOf("of another"));
      looks.push(...look.map((one) => one()));
      return Promise.reject(elsewhere);
    };
    expect(await run(vi.fn(make))).toEqual({ entry: entryOf("of another"), isKept: true });
    expect(looks).toEqual([false, true]);
    expect(waiting.looks.size).toBe(0);
    expect(debugged).toEqual(["another xrole has obtained it meanwhile"]);

    const none = world();
    expect(await failure(none.run(vi.fn(() => Promise.reject(elsewhere))))).toBe(elsewhere);
    expect(none.waiting.looks.size).toBe(0);
    // Any other failure is one, whatever is in the cache.
    const other = world();
    const away = new Error("away");
    const written = (): Promise<Entry> => {
      other.cache.write(KEY, entryOf("of another"));
      return Promise.reject(away);
    };
    expect(await failure(other.run(vi.fn(written)))).toBe(away);
  });

  it("has none in an entry that will not do", async () => {
    const { cache, waiting, run } = world({ isUsable: () => false });
    const elsewhere = new AnsweredElsewhere();
    const make = (): Promise<Entry> => {
      cache.write(KEY, entryOf("of another"));
      expect([...waiting.looks].map((one) => one())).toEqual([false]);
      return Promise.reject(elsewhere);
    };
    expect(await failure(run(vi.fn(make)))).toBe(elsewhere);
  });
});

it("no lock of one key is one of another", async () => {
  const { cache, run } = world();
  const lock = await hold(cache.folder, "another key");
  expect(await run()).toMatchObject({ isKept: false });
  expect(debugged).toEqual([]);
  await lock.release();
});
