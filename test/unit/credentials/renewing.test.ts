// Renewal, to the millisecond: when it is tried again, what the first and the later calls are asked with, and what is warned of.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Context } from "../../../src/context/types.ts";
import type * as Obtain from "../../../src/credentials/obtain.ts";
import { obtainSession } from "../../../src/credentials/obtain.ts";
import { once, openRenewal, refreshed } from "../../../src/credentials/refresh.ts";
import type { Resolving } from "../../../src/credentials/resolving.ts";
import type { Session } from "../../../src/credentials/session.ts";

vi.mock("../../../src/credentials/obtain.ts", async (original) => ({
  ...(await original<typeof Obtain>()),
  obtainSession: vi.fn(),
}));

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = 1_800_000_000_000;

beforeEach(() => {
  vi.useFakeTimers({ now: START });
  vi.mocked(obtainSession).mockReset();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function session(name: string, life: number): Session {
  const credentials = { accessKeyId: name, secretAccessKey: "secret", sessionToken: "token" };
  return {
    credentials: { ...credentials, expiration: new Date(Date.now() + life) },
    obtained: Date.now(),
    clockOffset: 0,
  };
}
const need = { minTtl: 1200, leastLife: MINUTE };
const name = async (credentials: () => Promise<{ accessKeyId: string }>): Promise<string> => {
  const given = credentials();
  given.catch(() => undefined);
  await vi.advanceTimersByTimeAsync(0);
  return (await given).accessKeyId;
};

describe("credentials that cannot be renewed", () => {
  it.each<[number, number]>([
    [1, 1],
    [0, 0.5],
  ])("are tried again after 1, 2, 4 seconds and so on, up to a minute (random number %s)", async (random, share) => {
    vi.spyOn(Math, "random").mockReturnValue(random);
    const obtain = vi.fn(() => Promise.reject(new Error("away")));
    const failures = vi.fn();
    const first = session("first", 10 * HOUR);
    const credentials = refreshed(first, { need, obtain, now: Date.now, onFailure: failures });
    vi.advanceTimersByTime(9.9 * HOUR);
    expect(await name(credentials)).toBe("first");
    expect(obtain).toHaveBeenCalledTimes(1);
    let count = 1;
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
      vi.advanceTimersByTime(seconds * 1000 * share - 1);
      await name(credentials);
      expect(obtain).toHaveBeenCalledTimes(count);
      vi.advanceTimersByTime(1);
      await name(credentials);
      expect(obtain).toHaveBeenCalledTimes(++count);
    }
    expect(failures).toHaveBeenCalledTimes(count);
    expect(failures).toHaveBeenLastCalledWith(new Error("away"));
  });

  it("begin with a short pause again after one that could", async () => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    const answers = [undefined, undefined, undefined, HOUR, undefined, undefined];
    const obtain = vi.fn(() => {
      const life = answers.shift();
      return life === undefined ? Promise.reject(new Error("away")) : Promise.resolve(session("second", life));
    });
    const credentials = refreshed(session("first", HOUR), { need, obtain, now: Date.now, onFailure: () => undefined });
    vi.advanceTimersByTime(41 * MINUTE);
    for (const seconds of [0, 1, 2, 4]) {
      vi.advanceTimersByTime(seconds * 1000);
      await name(credentials);
    }
    expect(await name(credentials)).toBe("second");
    vi.advanceTimersByTime(41 * MINUTE);
    await name(credentials);
    vi.advanceTimersByTime(1000);
    await name(credentials);
    expect(answers).toEqual([]);
  });

  it("are not replaced by what ends sooner or at the same time, and that is no success", async () => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    const first = session("first", 10 * MINUTE);
    vi.advanceTimersByTime(8 * MINUTE);
    const lives = [2 * MINUTE, 2 * MINUTE - 1000];
    const obtain = vi.fn(() => Promise.resolve(session("other", lives.shift() ?? 2 * MINUTE)));
    const credentials = refreshed(first, { need, obtain, now: Date.now, onFailure: () => undefined });
    expect(await name(credentials)).toBe("first");
    vi.advanceTimersByTime(999);
    await name(credentials);
    expect(obtain).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    expect(await name(credentials)).toBe("first");
    expect(obtain).toHaveBeenCalledTimes(2);
  });

  it("end with the last failure, also where that is no error, or with none where there was none", async () => {
    const make = (obtain: () => Promise<Session>) =>
      refreshed(session("first", 1000), { need, obtain, now: Date.now, onFailure: () => undefined });
    const text = vi.fn<() => Promise<Session>>().mockRejectedValue("a text");
    await expect(name(make(text))).rejects.toEqual(new Error("a text"));
    await expect(name(make(() => Promise.resolve(session("second", 1000))))).rejects.toMatchObject({
      code: "session-too-short",
      details: { seconds: 60 },
    });
    // What failed before is not what is wrong now.
    let isFirst = true;
    const credentials = make(() => {
      const fails = isFirst;
      isFirst = false;
      return fails ? Promise.reject(new Error("away")) : Promise.resolve(session("second", 1000));
    });
    await expect(name(credentials)).rejects.toThrow("away");
    vi.advanceTimersByTime(2000);
    await expect(name(credentials)).rejects.toMatchObject({ code: "session-too-short" });
  });

  it("are waited for half a second, no less, while others serve, and to the end where none do", async () => {
    let give: (session: Session) => void = () => undefined;
    const obtain = (): Promise<Session> => new Promise((resolve) => (give = resolve));
    const slow = refreshed(session("first", HOUR), { need, obtain, now: Date.now, onFailure: () => undefined });
    vi.advanceTimersByTime(45 * MINUTE);
    const given = slow();
    let isGiven = false;
    void given.then(() => (isGiven = true));
    await vi.advanceTimersByTimeAsync(499);
    expect(isGiven).toBe(false);
    give(session("second", HOUR));
    expect((await given).accessKeyId).toBe("second");
  });
});

describe("a renewal", () => {
  const asked = vi.mocked(obtainSession);
  const WARN = vi.fn();
  const request = (caching: object, warn: (text: string) => void = WARN): Resolving =>
    ({
      ...{ config: {}, plan: { profile: "p" }, mfaCode: "123456", warn },
      caching: { mode: "on", minTtl: 900, isMinTtlGiven: false, ...caching },
    }) as unknown as Resolving;
  const context = {
    env: {},
    now: () => Date.now(),
    started: 5,
    ask: () => Promise.resolve("654321"),
  } as unknown as Context;
  const open = async (caching: object = {}, warn?: (text: string) => void) => {
    WARN.mockReset();
    asked.mockImplementation(() => Promise.resolve(session("first", HOUR)));
    return openRenewal(context, request(caching), warn);
  };
  const renew = async (credentials: () => Promise<{ accessKeyId: string }>) => {
    vi.advanceTimersByTime(HOUR);
    return name(credentials);
  };

  it("begins with what is asked for as usual, with the code and the user, but with more life", async () => {
    const { first } = await open();
    expect(first.credentials.accessKeyId).toBe("first");
    const [on, { caching, mfaCode }] = asked.mock.lastCall as [Context, Resolving];
    expect(on).toBe(context);
    expect(mfaCode).toBe("123456");
    expect(caching).toEqual({ mode: "on", minTtl: 1200, isMinTtlGiven: false, leastLife: MINUTE });
    await open({ minTtl: 300, isMinTtlGiven: true, mode: "fresh" });
    expect(asked.mock.lastCall?.[1].caching).toEqual({
      mode: "fresh",
      minTtl: 300,
      isMinTtlGiven: true,
      leastLife: MINUTE,
    });
  });

  it.each([
    ["on", "on"],
    ["fresh", "on"],
    ["off", "off"],
  ])("goes on without the user and the code, from the cache: %s, then %s", async (mode, then) => {
    const { credentials } = await open({ mode, minTtl: 300, isMinTtlGiven: true });
    asked.mockImplementation(() => Promise.resolve(session("second", HOUR)));
    expect(await renew(credentials)).toBe("second");
    const [on, { caching, mfaCode, plan }] = asked.mock.lastCall as [Context, Resolving];
    expect(on).toMatchObject({ env: context.env, started: START + HOUR });
    expect(await on.ask("code?")).toBeUndefined();
    expect(mfaCode).toBeUndefined();
    expect(plan).toEqual({ profile: "p" });
    expect(caching).toEqual({ mode: then, minTtl: 300, isMinTtlGiven: false, leastLife: MINUTE });
  });

  it("is renewed by the time that was asked for, and no sooner", async () => {
    const { credentials } = await open({ minTtl: 300, isMinTtlGiven: true });
    asked.mockClear();
    vi.advanceTimersByTime(55 * MINUTE);
    await name(credentials);
    expect(asked).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    await name(credentials);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it("tells each warning once, and each reason for a failure once until it changes", async () => {
    const { credentials } = await open();
    const warn = asked.mock.lastCall?.[1].warn;
    for (const text of ["one", "one", "two", "one"]) warn?.(text);
    expect(WARN.mock.calls).toEqual([["one"], ["two"]]);
    for (const reason of [new Error("away"), new Error("away"), new Error("denied"), new Error("away"), "a text"]) {
      asked.mockRejectedValue(reason);
      await renew(credentials).catch(() => undefined);
    }
    expect(WARN.mock.calls.slice(2)).toEqual(
      ["away", "denied", "away", "a text"].map((reason) => [`the credentials could not be renewed: ${reason}`]),
    );
    // The later calls warn by the same function.
    expect(asked.mock.lastCall?.[1].warn).toBe(warn);
  });

  it("tells what comes up to whom the caller names", async () => {
    const own = vi.fn();
    await open({}, own);
    expect(asked.mock.lastCall?.[1].warn).toBe(own);
  });
});

it("a warning is told once", () => {
  const told: string[] = [];
  const warn = once((text) => void told.push(text));
  for (const text of ["a", "a", "b", "a"]) warn(text);
  expect(told).toEqual(["a", "b"]);
});
