// A plan carried out: what of the cache serves, what is asked for, and what an outage or a refusal makes of it. The calls themselves are
// played, each with what it is asked from.
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { playCalls } from "../../harness/played-calls.ts";
import type { Hop } from "../../../src/plan/sts-calls.ts";
import type { Credentials } from "../../../src/plan/aws/credentials.ts";
import type { Plan } from "../../../src/plan/types.ts";
import type { Context } from "../../../src/context/types.ts";
import { openCache, type Cache } from "../../../src/credentials/cache/cache.ts";
import { obtainCredentials, obtainSession } from "../../../src/credentials/obtain.ts";
import { openPlanCache, type Caching, type Resolving } from "../../../src/credentials/resolving.ts";
import { resolveIdentity, resolveRegion } from "../../../src/credentials/resolve.ts";
import { stepsOf } from "../../../src/credentials/cache/steps.ts";
import { fingerprint } from "../../../src/util/digest.ts";
import { XroleError } from "../../../src/errors/error.ts";
import { EMPTY } from "../../../src/config/merge.ts";
import { sessionMark } from "../../../src/plan/shell/session.ts";
import { makeHome } from "../../harness/home.ts";

const played = playCalls();
vi.mock("../../../src/credentials/plan-requests.ts", async (original) => ({
  ...(await original<object>()),
  openCalls: (...opening: unknown[]) => played.open(...opening),
}));
vi.mock("../../../src/sts/client.ts", () => ({}));

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse("2030-01-01T00:00:00Z");
const ACCOUNT = "222222222222";
let now = START;
let home = "";
let warnings: string[] = [];
let told: string[] = [];

beforeEach(() => {
  now = START;
  home = makeHome();
  warnings = [];
  told = [];
  played.reset();
});

const hop = (name: string): Hop => ({
  profile: name,
  roleArn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
  sessionName: "alice",
  sessionNameGenerated: false,
  from: "config:2",
});
const PLAN: Plan = {
  profile: "p",
  name: "p",
  region: "us-east-1",
  regionOrigin: "profile",
  endpoint: "https://sts.us-east-1.amazonaws.com/",
  source: { kind: "static", from: "config:1", profile: "keys", accessKeyId: "AKIA1", temporary: false },
  hops: [hop("first"), hop("last")],
  childSettings: {},
  warnings: [],
};
const ALONE: Plan = { ...PLAN, hops: [hop("last")] };
const BARE: Plan = { ...PLAN, hops: [] };
const SSO: Plan = {
  ...BARE,
  source: {
    ...{ kind: "sso", from: "config:1", profile: "p", startUrl: "https://sso.example.com", region: "us-east-1" },
    ...{ accountId: ACCOUNT, roleName: "r", endpoint: "https://portal.sso", renewalEndpoint: "https://oidc" },
  },
};

const context = (env: Record<string, string> = {}): Context =>
  ({
    env: { HOME: home, XROLE_CACHE_DIR: home, ...env },
    platform: process.platform,
    cwd: home,
    uid: process.getuid?.(),
    systemSettings: "/nonexistent",
    userHome: () => undefined,
    started: now,
    now: () => now,
    caller: () => ({ user: "alice", host: "laptop" }),
    debug: (line: string) => void told.push(line),
  }) as unknown as Context;

interface Asking {
  readonly plan?: Plan;
  readonly caching?: Partial<Caching>;
  readonly env?: Record<string, string>;
}

const request = ({ plan = PLAN, caching = {} }: Asking): Resolving => ({
  config: EMPTY,
  plan,
  warn: (warning) => void warnings.push(warning),
  caching: { mode: "on", minTtl: 900, isMinTtlGiven: false, ...caching },
});
const obtain = async (asking: Asking = {}): Promise<string> =>
  (await obtainSession(context(asking.env), request(asking))).credentials.accessKeyId;
const failing = (code: string, details: object = {}): XroleError =>
  new XroleError(...([code, details] as never as ConstructorParameters<typeof XroleError>));
const cache = (): Cache => openCache(home, process.getuid?.());

describe("a chain", () => {
  it("is asked for call by call, once, and kept", async () => {
    expect(await obtain()).toBe("last.1");
    expect(played.asked).toEqual(["source", "first from source.1", "last from first.1"]);
    expect(await obtain()).toBe("last.1");
    expect(played.asked).toHaveLength(3);
    // For what is kept nothing is opened that asking takes.
    expect(played.closed).toBe(1);
    expect(
      cache()
        .list()
        .map(({ entry: { profile, roleArn } }) => [profile, roleArn?.split("/")[1]])
        .sort(),
    ).toEqual([
      ["first", "first"],
      ["p", "last"],
    ]);
  });

  it("starts at the last session that is kept, and lives long enough for another call", async () => {
    await obtain();
    expect(await obtain({ plan: { ...PLAN, hops: [hop("first"), hop("other")] } })).toBe("other.1");
    expect(played.asked.slice(3)).toEqual(["other from first.1"]);
    now = START + HOUR - MINUTE;
    await obtain({ plan: { ...PLAN, hops: [hop("first"), hop("third")] } });
    expect(played.asked.slice(4)).toEqual(["third from first.1"]);
    now += 1;
    await obtain({ plan: { ...PLAN, hops: [hop("first"), hop("fourth")] } });
    expect(played.asked.slice(5)).toEqual(["source", "first from source.2", "fourth from first.2"]);
  });

  it("begins with an MFA session, where the plan has one", async () => {
    const mfaSession = { mfaSerial: "GAHT12345678", from: "config:3" };
    expect(await obtain({ plan: { ...PLAN, mfaSession } })).toBe("last.1");
    expect(played.asked).toEqual([
      "source",
      "GAHT12345678 from source.1",
      "first from GAHT12345678.1",
      "last from first.1",
    ]);
    expect(played.names).toContain("the MFA session");
  });

  it("begins with the session of a source that gives one, which is kept", async () => {
    expect(await obtain({ plan: { ...SSO, hops: [hop("last")] } })).toBe("last.1");
    // No token of a login is in the cache's key here: nothing is kept.
    expect(await obtain({ plan: { ...SSO, hops: [hop("last")] } })).toBe("last.2");
    const web: Plan = {
      ...PLAN,
      source: {
        ...{ kind: "web-identity", from: "x", roleArn: hop("web").roleArn, tokenFile: `${home}/token` },
        ...{ sessionName: "alice", sessionNameGenerated: false },
      },
      hops: [],
    };
    expect(await obtain({ plan: web })).toBe("source.3");
  });

  it("is asked for without what was there before, and kept, with --fresh", async () => {
    await obtain();
    now += 1;
    expect(await obtain({ caching: { mode: "fresh" } })).toBe("last.2");
    expect(played.asked).toHaveLength(6);
    expect(await obtain()).toBe("last.2");
  });

  it("is neither read nor kept without a cache", async () => {
    expect(await obtain({ caching: { mode: "off" } })).toBe("last.1");
    expect(await obtain({ caching: { mode: "off" } })).toBe("last.2");
    expect(cache().list()).toEqual([]);
    expect(await openPlanCache(context(), request({ caching: { mode: "off" } }))).toMatchObject({ cache: undefined });
  });

  it("is kept no more where others may write, which is said once", async () => {
    chmodSync(home, 0o777);
    expect(await obtain()).toBe("last.1");
    expect(await obtain({ env: { XROLE_CACHE_DIR: `${home}/below` } })).toBe("last.2");
    expect(warnings).toHaveLength(2);
    // Nothing of keys alone would be kept anywhere.
    expect(await obtain({ plan: BARE })).toBe("source.3");
    expect(warnings).toHaveLength(2);
    for (const warning of warnings)
      expect(warning).toMatch(/^credentials are not kept between calls: .*: every user may write to /);
  });

  it("is kept nowhere where there is no place", async () => {
    expect(await obtain({ env: { HOME: "", XROLE_CACHE_DIR: "" } })).toBe("last.1");
    expect(told).toContain("nothing is kept between calls");
  });
});

describe("what is kept", () => {
  it("serves while it has minTtl left", async () => {
    await obtain({ plan: ALONE });
    now = START + 45 * MINUTE;
    expect(await obtain({ plan: ALONE })).toBe("last.1");
    expect(told.at(-1)).toBe(`kept from an earlier call: ${home}`);
    now += 1;
    expect(await obtain({ plan: ALONE })).toBe("last.2");
    expect(warnings).toEqual([]);
  });

  it("is judged by AWS's clock", async () => {
    played.clockOffset = 30 * MINUTE;
    await obtain({ plan: ALONE });
    // What the test's calls give ends an hour from now on this machine's clock.
    now = START + 15 * MINUTE;
    expect(await obtain({ plan: ALONE })).toBe("last.1");
    now += 5 * MINUTE + 1;
    expect(await obtain({ plan: ALONE })).toBe("last.2");
  });

  it("that is new and lives shorter than --min-ttl asks for is used, with a warning", async () => {
    played.life = 30 * MINUTE;
    expect(await obtain({ plan: ALONE, caching: { minTtl: 1800, isMinTtlGiven: true } })).toBe("last.1");
    expect(warnings).toEqual([]);
    now += 1;
    played.life = 30 * MINUTE - 1;
    expect(await obtain({ plan: ALONE, caching: { mode: "fresh", minTtl: 1800, isMinTtlGiven: true } })).toBe("last.2");
    expect(warnings).toEqual(["fresh credentials live 1799 s, less than --min-ttl asks for"]);
    await obtain({ plan: ALONE, caching: { mode: "fresh", minTtl: 1800 } });
    expect(warnings).toHaveLength(1);
  });

  it.each<[string, string, object]>([
    ["AWS does not answer", "sts-timeout", { endpoint: "x" }],
    ["AWS cannot be reached", "sts-unreachable", { endpoint: "x", problem: "y" }],
    ["AWS throttles", "sts-throttled", { endpoint: "x", detail: "y", isThrottled: true }],
    ["nobody is there to type a code", "mfa-needed", { where: "x", serial: "y" }],
    ["something else answers", "sts-reply", { endpoint: "x", problem: "y", isForeign: true }],
  ])("serves to its end where %s, with a warning", async (_, code, details) => {
    await obtain({ plan: ALONE });
    now = START + HOUR - 1;
    played.fail("last", failing(code, details));
    expect(await obtain({ plan: ALONE })).toBe("last.1");
    expect(warnings.join()).toMatch(/: using the credentials kept from before, which live until 2030-01-01T01:00:00Z$/);
    now += 1;
    await expect(obtain({ plan: ALONE })).rejects.toMatchObject({ code });
  });

  it.each<[string, string, object]>([
    ["AWS refuses", "access-denied", { caller: "x", role: "y", detail: "z" }],
    ["AWS's reply makes no sense", "sts-reply", { endpoint: "x", problem: "y" }],
    ["xrole is wrong", "internal", { problem: "x" }],
  ])("does not serve where %s", async (_, code, details) => {
    await obtain({ plan: ALONE });
    now = START + HOUR - 1;
    played.fail("last", failing(code, details));
    await expect(obtain({ plan: ALONE })).rejects.toMatchObject({ code });
  });

  it("does not serve after an outage to one who asked for fresh ones", async () => {
    await obtain({ plan: ALONE });
    now += 1;
    played.fail("last", failing("sts-timeout", { endpoint: "x" }));
    await expect(obtain({ plan: ALONE, caching: { mode: "fresh" } })).rejects.toMatchObject({ code: "sts-timeout" });
  });

  it("does not serve where anything else than an error of xrole's comes up", async () => {
    await obtain({ plan: ALONE });
    now = START + HOUR - 1;
    played.fail("last", new Error("a bug"));
    await expect(obtain({ plan: ALONE })).rejects.toThrow("a bug");
  });
});

describe("credentials on the way that AWS no longer takes", () => {
  const expired = failing("token-expired", { caller: "x", code: "ExpiredToken", detail: "y" });
  const invalid = failing("credentials-invalid", { caller: "x", code: "InvalidClientTokenId", detail: "y" });
  const other: Plan = { ...PLAN, hops: [hop("first"), hop("other")] };

  it.each([expired, invalid])("are asked for once more where they were kept: $code", async (error) => {
    await obtain();
    now += 1;
    played.fail("other", error, 1);
    expect(await obtain({ plan: other })).toBe("other.1");
    expect(played.asked.slice(3)).toEqual([
      "other from first.1",
      "source",
      "first from source.2",
      "other from first.2",
    ]);
    expect(told.join("\n")).toContain("role/first have expired: asking for others");
  });

  it.each([expired, invalid])("are not asked for twice: $code", async (error) => {
    await obtain();
    now += 1;
    played.fail("other", error);
    await expect(obtain({ plan: other })).rejects.toBe(error);
    expect(played.asked.slice(3)).toEqual([
      "other from first.1",
      "source",
      "first from source.2",
      "other from first.2",
    ]);
  });

  it("are not asked for again where they are new, or the same when read again", async () => {
    for (const error of [expired, invalid]) {
      played.reset();
      played.fail("last", error);
      await expect(obtain({ caching: { mode: "off" } })).rejects.toBe(error);
      await expect(obtain({ plan: ALONE, caching: { mode: "off" } })).rejects.toBe(error);
      expect(played.asked).toEqual([
        ...["source", "first from source.1", "last from first.1"],
        ...["source", "last from source.2"],
      ]);
    }
  });

  it("are read once more from a source that renews them, when they have expired", async () => {
    const plan: Plan = { ...ALONE, source: { kind: "process", from: "x", profile: "keys", command: "keys" } };
    played.fail("last", expired, 1);
    expect(await obtain({ plan, caching: { mode: "off" } })).toBe("last.1");
    expect(played.asked).toEqual(["source", "last from source.1", "source", "last from source.2"]);
    played.fail("last", invalid, 1);
    await expect(obtain({ plan, caching: { mode: "off" } })).rejects.toBe(invalid);
  });

  it("are not asked for again for any other error", async () => {
    await obtain();
    const error = failing("sts-refused", { role: "x", code: "y", detail: "z" });
    played.fail("other", error);
    await expect(obtain({ plan: other })).rejects.toBe(error);
    expect(played.asked.slice(3)).toEqual(["other from first.1"]);
  });
});

describe("the account that is expected", () => {
  const unexpected = expect.objectContaining({ code: "account-unexpected" }) as Error;

  it("of credentials without a role is asked of STS", async () => {
    expect(await obtain({ plan: { ...BARE, expectAccount: ACCOUNT } })).toBe("source.1");
    expect(played.asked).toEqual(["source", "identity of source.1"]);
    await expect(obtain({ plan: { ...BARE, expectAccount: "333333333333" } })).rejects.toEqual(unexpected);
    expect((await resolveRegion(context(), request({ plan: { ...BARE, expectAccount: ACCOUNT } }))).region).toBe(
      "of-place",
    );
    const wrong = request({ plan: { ...BARE, expectAccount: "333333333333" } });
    await expect(resolveRegion(context(), wrong)).rejects.toEqual(unexpected);
    await expect(resolveIdentity(context(), wrong)).rejects.toEqual(unexpected);
  });

  it("of a role is in the plan, and asks nobody", async () => {
    await obtain({ plan: { ...ALONE, expectAccount: ACCOUNT } });
    const web: Plan["source"] = {
      ...{ kind: "web-identity", from: "x", roleArn: hop("web").roleArn, tokenFile: "absent" },
      ...{ sessionName: "alice", sessionNameGenerated: false },
    };
    await obtain({ plan: { ...BARE, source: web, expectAccount: ACCOUNT } });
    expect(played.asked.join()).not.toContain("identity");
    await obtain({ plan: BARE });
    expect(played.asked.join()).not.toContain("identity");
  });

  it("is compared with that of an entry that is kept", async () => {
    played.account = ACCOUNT;
    const mfaSession = { mfaSerial: "GAHT12345678", from: "config:3" };
    const plan: Plan = { ...BARE, mfaSession };
    await obtain({ plan });
    expect(await obtain({ plan: { ...plan, expectAccount: ACCOUNT } })).toBe("GAHT12345678.1");
    const asked = played.asked.length;
    await expect(obtain({ plan: { ...plan, expectAccount: "333333333333" } })).rejects.toMatchObject({
      ...{ code: "account-unexpected", details: { expected: "333333333333", actual: ACCOUNT } },
    });
    expect(played.asked).toHaveLength(asked);
    // Where the entry does not tell it, there is nothing to compare.
    played.account = undefined;
    now += 1;
    await obtain({ plan, caching: { mode: "fresh" } });
    expect(await obtain({ plan: { ...plan, expectAccount: "333333333333" } })).toBe("GAHT12345678.2");
  });
});

describe("the identity", () => {
  it("comes with the credentials and the region", async () => {
    const found = await resolveIdentity(context(), request({}));
    expect(found).toMatchObject({
      credentials: { accessKeyId: "last.1" },
      identity: { accountId: ACCOUNT },
      region: "of-place",
    });
    expect(played.asked.at(-1)).toBe("identity of last.1");
    const region = await resolveRegion(context(), request({}));
    expect(region).toMatchObject({ credentials: { accessKeyId: "last.1" }, region: "of-place" });
    expect(played.closed).toBe(2);
  });
});

describe("the calls", () => {
  it("are opened with the request, and tell those who wait whether a user may type", async () => {
    await obtain();
    expect(played.opening).toMatchObject({ config: EMPTY, plan: PLAN, waiting: { isForTypist: true } });
    now += 1;
    await obtainSession(context(), { ...request({ caching: { mode: "fresh" } }), mfaCode: "123456" });
    expect(played.opening).toMatchObject({ mfaCode: "123456", waiting: { isForTypist: false } });
  });

  it("warn of one thing once, however many steps meet it", async () => {
    for (const { key } of stepsOf(context(), PLAN)) mkdirSync(join(home, `${fingerprint(key ?? "")}.json`));
    expect(await obtain()).toBe("last.1");
    expect(warnings).toEqual([`credentials are not kept between calls: ${home}: EISDIR`]);
    played.opening?.warn("of a call");
    played.opening?.warn("of a call");
    expect(warnings.slice(1)).toEqual(["of a call"]);
  });
});

describe("a role that the environment holds", () => {
  const plan: Plan = { ...ALONE, source: { kind: "environment", from: "AWS_ACCESS_KEY_ID" } };
  const env = (): Record<string, string> => ({
    AWS_ACCESS_KEY_ID: "ASIAHELD",
    XROLE_SESSION: sessionMark("ASIAHELD", plan),
  });

  it("is handed out again, and assumed from nothing", async () => {
    expect(await obtain({ plan, env: env() })).toBe("source.1");
    expect(played.asked).toEqual(["source"]);
    expect(await openPlanCache(context(env()), request({ plan }))).toEqual({
      steps: [],
      cache: undefined,
      isHeld: true,
    });
    expect(cache().list()).toEqual([]);
    played.life = MINUTE;
    await obtain({ plan, env: env(), caching: { minTtl: 900, isMinTtlGiven: true } });
    expect(warnings).toEqual([]);
  });
});

describe("an error", () => {
  it("closes the calls, and is nothing that is kept", async () => {
    played.fail("first", failing("access-denied", { caller: "x", role: "y", detail: "z" }));
    await expect(obtain()).rejects.toMatchObject({ code: "access-denied" });
    expect(played.closed).toBe(1);
    expect(cache().list()).toEqual([]);
  });

  it("is what a session without an end is", async () => {
    played.life = undefined;
    await expect(obtain()).rejects.toMatchObject({ code: "internal" });
    expect((await obtainCredentials(context(), request({ plan: BARE }))) satisfies Credentials).toMatchObject({
      accessKeyId: "source.2",
    });
  });
});
