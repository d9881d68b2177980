// Renewing a login that is kept in a file: who renews, who waits, and what is used where renewing or keeping it fails.
import { chmodSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import type { Context } from "../../../src/context/types.ts";
import { fingerprint } from "../../../src/util/digest.ts";
import { currentLogin, RefusedRenewal, type Login, type Renewable } from "../../../src/sources/login-renewal.ts";
import type { AcquireLock } from "../../../src/sources/kind.ts";
import { makeHome } from "../../harness/home.ts";
import { passAtOnce } from "../../harness/timers.ts";
import { failure, NOW } from "./logins.ts";

interface Numbered extends Login {
  readonly number: number;
}
const record = (number: number, seconds: number): Login["record"] => ({ number, ends: NOW + seconds * 1000 });
const parse = (found: Record<string, unknown> | undefined): Numbered => {
  if (!found) throw new Error("no file");
  return { number: Number(found.number), expires: new Date(Number(found.ends)), record: found };
};
const free: AcquireLock = () => Promise.resolve({ release: () => Promise.resolve() });

function world(seconds: number, lock: AcquireLock = free) {
  const home = makeHome({ login: JSON.stringify(record(0, seconds)) });
  const [warnings, debugged]: [string[], string[]] = [[], []];
  const file = join(home, "login");
  let now = NOW;
  const context = (env: Record<string, string> = {}): Context =>
    ({
      env,
      platform: "linux",
      now: () => now,
      debug: (line: string) => void debugged.push(line),
    }) as unknown as Context;
  const tools = { caBundle: undefined, acquireLock: lock, warn: (text: string) => void warnings.push(text) };
  const renew = vi.fn(({ number }: Numbered) => Promise.resolve(parse(record(number + 1, 3600))));
  const at: Renewable<Numbered> = { file, endpoint: "https://a", parse, isRenewable: () => true, renew };
  return {
    ...{ home, file, warnings, debugged, context, tools, at, renew },
    run: (more: Partial<Renewable<Numbered>> = {}, env: Record<string, string> = {}, toolsToo: object = {}) =>
      currentLogin(context(env), { ...tools, ...toolsToo }, { ...at, ...more }),
    pass: (ms: number) => void (now += ms),
    read: () => parse(JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>).number,
    write: (number: number, ends: number) => writeFileSync(file, JSON.stringify(record(number, ends))),
  };
}

describe("a login", () => {
  it.each([
    [301, 0],
    [300, 1],
    [1, 1],
    [-1, 1],
  ])("that has %i s left is renewed %i times", async (seconds, times) => {
    const here = world(seconds);
    expect(await here.run()).toMatchObject({ number: times });
    expect(here.renew).toHaveBeenCalledTimes(times);
    expect(here.read()).toBe(times);
    expect(here.warnings).toEqual([]);
  });

  it("that is fresh takes no lock, and one that cannot be renewed neither", async () => {
    const lock = vi.fn(free);
    await world(301, lock).run();
    await world(1, lock).run({ isRenewable: () => false });
    expect(lock).not.toHaveBeenCalled();
  });

  it("that cannot be renewed is used to its end", async () => {
    const isRenewable = (): boolean => false;
    expect(await world(1).run({ isRenewable })).toMatchObject({ number: 0 });
    const error = await failure(world(0).run({ isRenewable }));
    expect(error).toBeInstanceOf(RefusedRenewal);
    expect((error as Error).message).toBe("it has expired");
  });

  it("that is still alive is used where renewing it fails", async () => {
    const here = world(1);
    const renew = (): Promise<Numbered> => Promise.reject(new Error("away"));
    expect(await here.run({ renew })).toMatchObject({ number: 0 });
    expect(here.debugged).toEqual([`${here.file} is not renewed: away`]);
    expect((await failure(world(0).run({ renew }))) as Error).toMatchObject({ message: "away" });
  });

  it("keeps the permissions of its file", async () => {
    const here = world(-1);
    chmodSync(here.file, 0o640);
    await here.run();
    expect(statSync(here.file).mode & 0o777).toBe(0o640);
  });

  it("behind a link is replaced there", async () => {
    const here = world(-1);
    const link = join(here.home, "link");
    symlinkSync(here.file, link);
    await here.run({ file: link });
    expect(here.read()).toBe(1);
  });
});

describe("the lock", () => {
  it("is that of the file, for twenty seconds, and is released", async () => {
    const release = vi.fn(() => Promise.resolve());
    const lock = vi.fn<AcquireLock>(() => Promise.resolve({ release }));
    const here = world(-1, lock);
    await here.run();
    expect(lock.mock.calls).toEqual([[here.home, fingerprint(basename(here.file)), 20_000, "linux"]]);
    expect(release).toHaveBeenCalledTimes(1);
    const refused = world(-1, lock);
    await failure(refused.run({ renew: () => Promise.reject(new Error("away")) }));
    expect(release).toHaveBeenCalledTimes(2);
  });

  it("that is not available lets everybody renew", async () => {
    expect(await world(-1, () => Promise.resolve("unavailable")).run()).toMatchObject({ number: 1 });
  });

  it("that another one has released shows what that one wrote", async () => {
    const here = world(-1, () => {
      here.write(7, 3600);
      return Promise.resolve("released");
    });
    expect(await here.run()).toMatchObject({ number: 7 });
    expect(here.renew).not.toHaveBeenCalled();
  });

  it("is asked for again where the other one wrote nothing, as long as there is time", async () => {
    const waits: number[] = [];
    const here = world(-1, (_, __, wait) => {
      waits.push(wait);
      here.pass(15_000);
      return Promise.resolve("released");
    });
    expect(await here.run()).toMatchObject({ number: 1 });
    expect(waits).toEqual([20_000, 5000]);
    expect(here.renew).toHaveBeenCalledTimes(1);
    const exact: number[] = [];
    const late = world(-1, (_, __, wait) => {
      exact.push(wait);
      late.pass(20_000);
      return Promise.resolve("released");
    });
    await late.run();
    expect(exact).toEqual([20_000]);
  });
});

describe("a login that changes while it is renewed", () => {
  it("is the one that somebody else wrote", async () => {
    const here = world(-1);
    const renew = (): Promise<Numbered> => {
      here.write(9, 3600);
      return Promise.resolve(parse(record(1, 3600)));
    };
    expect(await here.run({ renew })).toMatchObject({ number: 9 });
    expect(here.read()).toBe(9);
  });

  it("is not overwritten where it is old, too", async () => {
    const here = world(-1);
    const renew = (): Promise<Numbered> => {
      here.write(9, -1);
      return Promise.resolve(parse(record(1, 3600)));
    };
    expect(await here.run({ renew })).toMatchObject({ number: 1 });
    expect(here.read()).toBe(9);
  });

  it("is looked for three times after a refusal, and once after anything else", async () => {
    for (const [error, looks] of [
      [new RefusedRenewal("no"), [0, 100, 200]],
      [new Error("away"), [0]],
    ] as const) {
      const here = world(-1);
      const passed = passAtOnce((ms) => ms <= 200);
      expect(await failure(here.run({ renew: () => Promise.reject(error) }))).toBe(error);
      expect(passed).toEqual(looks);
      vi.restoreAllMocks();
      const written = here.run({
        renew: () => {
          here.write(8, 3600);
          return Promise.reject(error);
        },
      });
      expect(await written).toMatchObject({ number: 8 });
    }
  });
});

describe("a renewed login that cannot be written", () => {
  /** A login whose record cannot be written, because of `error`. */
  const unwritable = (error: Error): Numbered => {
    const toJSON = (): never => {
      throw error;
    };
    const written = { ...record(1, 3600), toJSON };
    return { ...parse(written), record: written };
  };

  it.each([
    [new Error("no JSON"), "no JSON"],
    [Object.assign(new Error("x"), { code: "EROFS" }), "EROFS"],
    [Object.assign(new Error("x"), { code: "EACCES" }), "permission denied"],
  ])("because of %s is used, with a warning, until the file changes", async (error, problem) => {
    const here = world(-1);
    const renew = vi.fn(() => Promise.resolve(unwritable(error)));
    for (let count = 0; count < 2; count++) expect(await here.run({ renew })).toMatchObject({ number: 1 });
    expect(renew).toHaveBeenCalledTimes(1);
    expect(here.warnings).toEqual([`the renewed login is used but not kept: ${here.file}: ${problem}`]);
    expect(here.read()).toBe(0);
    here.write(5, 3600);
    expect(await here.run({ renew })).toMatchObject({ number: 5 });
    rmSync(here.file);
    expect(await failure(here.run({ renew }))).toMatchObject({ message: "no file" });
  });
});

describe("two at once", () => {
  const slow = () => {
    const here = world(-1);
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const renew = vi.fn(async ({ number }: Numbered) => {
      await gate;
      return parse(record(number + 1, 3600));
    });
    return { ...here, renew, open };
  };

  it("that want the same share one renewal", async () => {
    const { run, renew, open, home, file } = slow();
    const link = join(home, "link");
    symlinkSync(file, link);
    const both = [run({ renew }), run({ renew, file: link })];
    open();
    expect(await Promise.all(both)).toMatchObject([{ number: 1 }, { number: 1 }]);
    expect(renew).toHaveBeenCalledTimes(1);
  });

  it.each<[string, Partial<Renewable<Numbered>>, Record<string, string>, object]>([
    ["place", { endpoint: "https://b" }, {}, {}],
    ["proxy", {}, { HTTPS_PROXY: "http://a:1" }, {}],
    ["bundle", {}, {}, { caBundle: { file: "a.pem", from: "" } }],
  ])("by another %s do not", async (_, more, env, tools) => {
    const { run, renew, open } = slow();
    const both = [run({ renew }), run({ renew, ...more }, env, tools)];
    open();
    await Promise.all(both);
    expect(renew).toHaveBeenCalledTimes(2);
  });

  it("that want the logins of two files do not", async () => {
    const { run, renew, open, home } = slow();
    const other = join(home, "other");
    writeFileSync(other, JSON.stringify(record(5, -1)));
    const both = [run({ renew }), run({ renew, file: other })];
    open();
    expect(await Promise.all(both)).toMatchObject([{ number: 1 }, { number: 6 }]);
    expect(renew).toHaveBeenCalledTimes(2);
  });

  it("share nothing that only looks like it matters", async () => {
    const { run, renew, open } = slow();
    const both = [run({ renew }), run({ renew }, { A: "1", https_proxyx: "x" })];
    open();
    await Promise.all(both);
    expect(renew).toHaveBeenCalledTimes(1);
  });

  it("share no failure with whoever comes after", async () => {
    const here = world(-1);
    await failure(here.run({ renew: () => Promise.reject(new Error("away")) }));
    expect(await here.run()).toMatchObject({ number: 1 });
  });
});
