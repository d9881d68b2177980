// Renewal on a test clock: when new credentials are asked for, how often, and what is handed out when they cannot be had.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ENDPOINT_TTL, LEAST_LIFE, refreshed } from "../../../src/credentials/refresh.ts";
import type { Session } from "../../../src/credentials/session.ts";
import { XroleError } from "../../../src/errors/error.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const need = { minTtl: ENDPOINT_TTL, leastLife: LEAST_LIFE };

beforeEach(() => void vi.useFakeTimers({ now: 1_800_000_000_000 }));
afterEach(() => void vi.useRealTimers());

function session(name: string, life: number, clockOffset = 0): Session {
  const expiration = new Date(Date.now() + clockOffset + life);
  const credentials = { accessKeyId: name, secretAccessKey: "secret", sessionToken: "token", expiration };
  return { credentials, obtained: Date.now(), clockOffset };
}

/** Credentials that are renewed by `answers`, one after the other; the last one stays. */
function renewing(first: Session, ...answers: (() => Session | Promise<Session>)[]) {
  const failures: string[] = [];
  const obtain = vi.fn(() =>
    Promise.resolve().then(() => (answers.length > 1 ? answers.shift() : answers[0])?.() as Session),
  );
  const onFailure = (error: unknown): void => void failures.push((error as Error).message);
  const credentials = refreshed(first, { need, obtain, now: Date.now, onFailure });
  const get = async (): Promise<string> => {
    const given = credentials();
    given.catch(() => undefined);
    await vi.advanceTimersByTimeAsync(0);
    return (await given).accessKeyId;
  };
  return { obtain, failures, credentials, get };
}

const away = (): never => {
  throw new XroleError("sts-timeout", { endpoint: "https://sts.example.com/" });
};

describe("credentials of an hour", () => {
  it("are asked for anew when 20 minutes are left, and not before", async () => {
    const { get, obtain } = renewing(session("first", HOUR), () => session("second", HOUR));
    vi.advanceTimersByTime(40 * MINUTE);
    expect(await get()).toBe("first");
    expect(obtain).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(await get()).toBe("second");
    expect(await get()).toBe("second");
    expect(obtain).toHaveBeenCalledTimes(1);
  });

  it("are asked for once, however many wait", async () => {
    let arrive: (session: Session) => void = () => undefined;
    const { credentials, obtain } = renewing(
      session("first", HOUR),
      () => new Promise<Session>((resolve) => (arrive = resolve)),
    );
    vi.advanceTimersByTime(HOUR - MINUTE + 1);
    const waiting = Array.from({ length: 1000 }, () => credentials());
    await vi.advanceTimersByTimeAsync(10_000);
    arrive(session("second", HOUR));
    expect(new Set((await Promise.all(waiting)).map(({ accessKeyId }) => accessKeyId))).toEqual(new Set(["second"]));
    expect(obtain).toHaveBeenCalledTimes(1);
  });

  it("serve on while new ones are slow to come", async () => {
    const { credentials } = renewing(session("first", HOUR), () => new Promise<Session>(() => undefined));
    vi.advanceTimersByTime(45 * MINUTE);
    const given = credentials();
    await vi.advanceTimersByTimeAsync(500);
    expect((await given).accessKeyId).toBe("first");
  });

  it("serve on where AWS cannot be asked, until a minute is left; then it is an error", async () => {
    const { get, failures, obtain } = renewing(session("first", HOUR), away);
    vi.advanceTimersByTime(41 * MINUTE);
    expect(await get()).toBe("first");
    vi.advanceTimersByTime(18 * MINUTE);
    expect(await get()).toBe("first");
    vi.advanceTimersByTime(1);
    await expect(get()).rejects.toMatchObject({ code: "sts-timeout" });
    expect(failures).toHaveLength(obtain.mock.calls.length);
  });

  it("are asked for at growing distances while AWS cannot be asked, and at once when it can", async () => {
    const { get, obtain } = renewing(session("first", HOUR), away);
    vi.advanceTimersByTime(41 * MINUTE);
    for (let second = 0; second < 600; second++) {
      await get();
      vi.advanceTimersByTime(1000);
    }
    // 1, 2, 4, ... 60 s, each by up to half shorter: ten minutes hold 14 to 30 of them.
    expect(obtain.mock.calls.length).toBeGreaterThanOrEqual(14);
    expect(obtain.mock.calls.length).toBeLessThanOrEqual(30);
    obtain.mockImplementation(() => Promise.resolve(session("second", HOUR)));
    vi.advanceTimersByTime(MINUTE);
    expect(await get()).toBe("second");
  });
});

describe("short credentials", () => {
  it("are asked for anew at a third of their life, but a minute before their end at the latest", async () => {
    const { get, obtain } = renewing(session("first", 15 * MINUTE), () => session("second", 65_000));
    vi.advanceTimersByTime(10 * MINUTE + 1);
    expect(await get()).toBe("first");
    expect(obtain).toHaveBeenCalledTimes(1);
  });

  it("of less than a minute are not handed out", async () => {
    const { get } = renewing(session("first", 59_999), () => session("second", 59_999));
    await expect(get()).rejects.toMatchObject({ code: "session-too-short" });
  });
});

describe("on a clock that is off", () => {
  it("what is left is judged by AWS's", async () => {
    // This machine is 20 minutes behind: what seems to have 80 minutes left has 60.
    const { get, obtain } = renewing(session("first", HOUR, 20 * MINUTE), () => session("second", HOUR, 20 * MINUTE));
    vi.advanceTimersByTime(40 * MINUTE);
    expect(await get()).toBe("first");
    vi.advanceTimersByTime(1);
    expect(await get()).toBe("second");
    expect(obtain).toHaveBeenCalledTimes(1);
  });
});

describe("credentials without an end", () => {
  it("are handed out as they are", async () => {
    const credentials = { accessKeyId: "AKIA", secretAccessKey: "secret" };
    const { get, obtain } = renewing({ credentials, obtained: Date.now(), clockOffset: 0 }, away);
    vi.advanceTimersByTime(1000 * HOUR);
    expect(await get()).toBe("AKIA");
    expect(obtain).not.toHaveBeenCalled();
  });
});
