// How a call of STS is made: by which connection, within which times, how often, and what is told of each way to fail.
import { Socket } from "node:net";
import { STSClient } from "@aws-sdk/client-sts";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Hop } from "../../../src/plan/sts-calls.ts";
import type { Source } from "../../../src/sources/kinds.ts";
import type { Context } from "../../../src/context/types.ts";
import { openSts } from "../../../src/sts/client.ts";
import type { Sts, StsOptions } from "../../../src/sts/types.ts";
import {
  assumeRoleReply,
  awsError,
  CERTIFICATE,
  closed,
  fakeAws,
  fakeProxy,
  refusingProxy,
  sts as answering,
  type Answer,
  type WatchedAws,
} from "../../harness/fake-aws.ts";
import { fixRandom, passAtOnce } from "../../harness/timers.ts";

const NOW = Date.parse("2030-01-01T00:00:00Z");
const CALLER = { credentials: { accessKeyId: "AKIACALLER", secretAccessKey: "caller-secret" }, name: "the caller" };
const ROLE = "arn:aws:iam::222222222222:role/r";
const HOP: Hop = { profile: "p", roleArn: ROLE, sessionName: "alice", sessionNameGenerated: false, from: "config:1" };
const WEB: Extract<Source, { kind: "web-identity" }> = {
  ...{ kind: "web-identity", from: "config:1", roleArn: ROLE },
  ...{ tokenFile: "token", sessionName: "build", sessionNameGenerated: false },
};
const MFA = { serial: "arn:aws:iam::111111111111:mfa/alice", code: "123456" };
const isPause = (ms: number): boolean => ms <= 1000;

interface World extends WatchedAws {
  readonly sts: Sts;
  readonly debugged: readonly string[];
}
interface More extends Partial<StsOptions> {
  readonly env?: Record<string, string>;
  readonly tls?: boolean;
}
async function world(answer: Answer = answering, { env = {}, tls = false, ...more }: More = {}): Promise<World> {
  const debugged: string[] = [];
  const here = await fakeAws(answer, { tls });
  const context = { env, cwd: "/", now: () => NOW, debug: (line: string) => void debugged.push(line) };
  const options = { endpoint: here.url, region: "eu-west-1", warn: () => undefined, ...more };
  return { ...here, debugged, sts: await openSts(context as unknown as Context, options) };
}
const who = ({ sts }: World): Promise<unknown> => sts.getCallerIdentity(CALLER).catch((error: unknown) => error);
const status =
  (code: number, body = "", headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(code, headers).end(body);
const PAGE = "<html><title>Sign in</title></html>";

describe("a connection", () => {
  it.each([false, true])("serves every call, and is closed at last (TLS: %s)", async (tls) => {
    const here = await world(answering, { tls, ...(tls && { caBundle: { file: CERTIFICATE, from: "config:1" } }) });
    await here.sts.assumeRole(CALLER, HOP);
    await here.sts.getCallerIdentity(CALLER);
    expect(here.asked.map(({ headers }) => headers.connection)).toEqual(["keep-alive", "keep-alive"]);
    expect(here.sockets).toHaveLength(1);
    here.sts.close();
    await closed(here);
  });

  it("is to nobody whom no authority vouches for", async () => {
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    onTestFinished(() => void vi.unstubAllEnvs());
    const here = await world(answering, { tls: true });
    expect(await who(here)).toMatchObject({
      code: "sts-unreachable",
      details: { endpoint: here.url, problem: "its certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)" },
    });
    expect(here.asked).toEqual([]);
  });

  it("goes by the proxy, which is named where it fails", async () => {
    const endpoint = "https://sts.example.com";
    const more = { endpoint, caBundle: { file: CERTIFICATE, from: "config:1" } };
    const there = await fakeAws(answering, { tls: true });
    const proxy = await fakeProxy(there.url);
    expect(await who(await world(answering, { ...more, env: { https_proxy: proxy.url } }))).toMatchObject({
      userId: "AIDASOMEBODY",
    });
    expect(proxy.connected).toEqual(["sts.example.com:443"]);
    const { url, connected } = await refusingProxy("HTTP/1.1 403 No\r\n\r\n");
    expect(await who(await world(answering, { ...more, env: { https_proxy: url } }))).toMatchObject({
      code: "proxy-refused",
      details: { endpoint, proxy: new URL(url).host, problem: "it answered 403", status: 403 },
    });
    expect(connected).toHaveLength(1);
  });
});

describe("a client", () => {
  it("takes nothing from the process that it is not given", async () => {
    const settings = { AWS_MAX_ATTEMPTS: "1", AWS_RETRY_MODE: "adaptive", AWS_DEFAULTS_MODE: "legacy" };
    const more = { AWS_AUTH_SCHEME_PREFERENCE: "sigv4a", AWS_DISABLE_CLOCK_SKEW_CORRECTION: "true" };
    for (const [name, value] of Object.entries({ ...settings, ...more })) vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
    const send = vi.spyOn(STSClient.prototype, "send");
    onTestFinished(() => send.mockRestore());
    const here = await world();
    await here.sts.getCallerIdentity(CALLER);
    const { config } = send.mock.contexts[0] as STSClient;
    const value = (name: string): unknown => {
      const found = (config as unknown as Record<string, unknown>)[name];
      return typeof found === "function" ? (found as () => unknown)() : found;
    };
    const names = ["maxAttempts", "retryMode", "defaultsMode", "authSchemePreference", "useFipsEndpoint"];
    const rest = ["useDualstackEndpoint", "disableClockSkewCorrection", "region", "userAgentAppId"];
    expect(await Promise.all([...names, ...rest].map(value))).toEqual([
      ...[3, "standard", "standard", ["sigv4"], false],
      ...[false, false, "eu-west-1", undefined],
    ]);
    expect(here.debugged).toEqual([`POST ${here.url} GetCallerIdentity`]);
  });
});

describe("time", () => {
  it("for an answer is ten seconds, three times", async () => {
    const passed = passAtOnce((ms) => ms === 10_000 || isPause(ms));
    const here = await world(() => undefined);
    expect(await who(here)).toMatchObject({ code: "sts-timeout", details: { endpoint: here.url } });
    expect(passed.filter((ms) => ms === 10_000)).toHaveLength(3);
  });

  it("for a connection is five seconds, three times", async () => {
    // The SDK looks after one second, and waits for the rest.
    const passed = passAtOnce((ms) => ms === 4000 || isPause(ms));
    const here = await world();
    const connect = vi.spyOn(Socket.prototype, "connect").mockImplementation(function (this: Socket) {
      return Object.defineProperty(this, "connecting", { value: true, configurable: true, writable: true });
    });
    onTestFinished(() => connect.mockRestore());
    expect(await who(here)).toMatchObject({
      code: "sts-unreachable",
      details: { endpoint: here.url, problem: "no connection in time" },
    });
    expect(passed.filter((ms) => ms === 4000)).toHaveLength(3);
  });

  it("for all calls is thirty seconds, of which each takes what it took", async () => {
    let clock = 1000;
    const now = vi.spyOn(performance, "now").mockImplementation(() => clock);
    const limit = vi.spyOn(AbortSignal, "timeout");
    onTestFinished(() => {
      now.mockRestore();
      limit.mockRestore();
    });
    const here = await world((response, one, count) => {
      clock += 12_000.4;
      answering(response, one, count);
    });
    for (let count = 0; count < 4; count++) await who(here);
    expect(limit.mock.calls.flat()).toEqual([30_000, 18_000, 6000, 0]);
  });

  it("that is over ends a call that waits", async () => {
    const over = new AbortController();
    const limit = vi.spyOn(AbortSignal, "timeout").mockReturnValue(over.signal);
    onTestFinished(() => limit.mockRestore());
    const here = await world(() => over.abort());
    for (const call of [
      here.sts.getCallerIdentity(CALLER),
      here.sts.getSessionToken(CALLER, MFA),
      here.sts.assumeRole(CALLER, HOP),
      here.sts.assumeRoleWithWebIdentity(WEB, "token"),
    ])
      await expect(call).rejects.toMatchObject({ code: "sts-timeout" });
  });
});

describe("a reply", () => {
  it.each([300, 302, 399])("that redirects with %i is none", async (code) => {
    const here = await world(status(code, "<Response>", { location: "http://127.0.0.1:1/" }));
    expect(await who(here)).toMatchObject({
      code: "sts-reply",
      details: { endpoint: here.url, problem: "it redirects elsewhere", isForeign: false },
    });
    expect(here.asked).toHaveLength(1);
  });

  it("is a proxy's where its status is 407", async () => {
    const here = await world(status(407));
    expect(await who(here)).toMatchObject({
      code: "proxy-refused",
      details: { endpoint: here.url, problem: "it answered 407", status: 407 },
    });
    expect(here.asked).toHaveLength(1);
    for (const code of [406, 408])
      expect(await who(await world(status(code, PAGE)))).toMatchObject({ code: "sts-reply" });
  });

  it.each<[number, number]>([
    [200, 1],
    [403, 1],
    [428, 1],
    [429, 3],
    [430, 1],
    [499, 1],
    [500, 3],
    [503, 3],
  ])("that is a page with %i is somebody else's, and asked for %i times", async (code, times) => {
    passAtOnce(isPause);
    const here = await world(status(code, PAGE));
    const said = `it is a web page ("Sign in") with status ${String(code)}, which is no answer of AWS's: a proxy or a network's sign-in page may have sent it`;
    expect(await who(here)).toMatchObject({
      code: "sts-reply",
      details: { endpoint: here.url, problem: said, isForeign: true },
    });
    expect(here.asked).toHaveLength(times);
  });

  it("after a page is taken", async () => {
    passAtOnce(isPause);
    const here = await world((response, one, count) =>
      (count < 3 ? status(502, PAGE) : answering)(response, one, count),
    );
    expect(await here.sts.assumeRole(CALLER, HOP)).toMatchObject({ accessKeyId: "ASIAr" });
  });

  it("is up to 256 kB large", async () => {
    const padded =
      (size: number): Answer =>
      (response, { body }) =>
        response.end(assumeRoleReply(body, { expiration: "2030-01-01T00:00:01Z" }).padEnd(size));
    const limit = 256 * 1024;
    expect(await (await world(padded(limit))).sts.assumeRole(CALLER, HOP)).toMatchObject({ accessKeyId: "ASIAr" });
    await expect((await world(padded(limit + 1))).sts.assumeRole(CALLER, HOP)).rejects.toMatchObject({
      details: { problem: "it is too large" },
    });
  });

  it.each<[RegExp, string]>([
    [/<AccessKeyId>.*?<\/AccessKeyId>/, "AccessKeyId is missing or malformed"],
    [/<SecretAccessKey>.*?<\/SecretAccessKey>/, "SecretAccessKey is missing or malformed"],
    [/<SessionToken>.*?<\/SessionToken>/, "SessionToken is missing or malformed"],
    [/<Credentials>[^]*<\/Credentials>/, "AccessKeyId is missing or malformed"],
    [/<Expiration>.*?<\/Expiration>/, "Expiration is missing or not a timestamp"],
  ])("without %s is none", async (part, problem) => {
    const here = await world((response, { body }) => response.end(assumeRoleReply(body).replace(part, "")));
    await expect(here.sts.assumeRole(CALLER, HOP)).rejects.toMatchObject({
      code: "sts-reply",
      details: { endpoint: here.url, problem, isForeign: false },
    });
  });

  it("whose credentials end now is none", async () => {
    const until = (expiration: string): Promise<World> =>
      world((response, { body }) => {
        // Without a date the SDK has nothing to set its clock by.
        response.sendDate = false;
        response.end(assumeRoleReply(body, { expiration }));
      });
    await expect((await until("2030-01-01T00:00:00Z")).sts.assumeRole(CALLER, HOP)).rejects.toMatchObject({
      details: { problem: "the credentials it sent have expired already" },
    });
    const { sts } = await until("2030-01-01T00:00:00.001Z");
    expect(await sts.getSessionToken(CALLER, MFA)).toMatchObject({ expiration: new Date(NOW + 1) });
  });

  it("whose credentials end at no time is none", async () => {
    const expiration = "2099-01-01T00:00:60Z";
    const here = await world((response, { body }) => response.end(assumeRoleReply(body, { expiration })));
    await expect(here.sts.assumeRole(CALLER, HOP)).rejects.toMatchObject({
      details: { problem: "Expiration is missing or not a timestamp" },
    });
  });

  it("that names nobody is none", async () => {
    const here = await world(status(200, "<GetCallerIdentityResponse></GetCallerIdentityResponse>"));
    expect(await who(here)).toMatchObject({ details: { problem: "it names no account, ARN and user id" } });
  });
});

describe("a refusal", () => {
  const refused = (code: string, message = "no"): Promise<World> =>
    world((response) => awsError(response, 403, code, message));
  const told = async (call: Promise<unknown>): Promise<unknown> => {
    const error = await call.then(String, (thrown: unknown) => thrown);
    return (error as { details: unknown }).details;
  };

  it("tells who asked for what, and which profile names it", async () => {
    const { sts } = await refused("AccessDenied");
    const rest = { caller: "the caller", detail: "no" };
    expect(await told(sts.assumeRole(CALLER, HOP))).toEqual({ ...rest, role: ROLE, profile: "p" });
    expect(await told(sts.assumeRole(CALLER, { ...HOP, profile: "r@222222222222" }))).toEqual({
      ...rest,
      role: ROLE,
      profile: undefined,
    });
    expect(await told(sts.getSessionToken(CALLER, MFA))).toEqual({
      ...rest,
      role: "a session with MFA",
      profile: undefined,
    });
    expect(await told(sts.getCallerIdentity(CALLER))).toEqual({
      ...rest,
      role: "the caller's identity",
      profile: undefined,
    });
    const caller = "the holder of the web identity token";
    expect(await told(sts.assumeRoleWithWebIdentity(WEB, "token"))).toEqual({
      ...rest,
      caller,
      role: ROLE,
      profile: undefined,
    });
  });

  it("tells the duration and the device", async () => {
    const long = await refused("ValidationError", "MaxSessionDuration");
    const durationSeconds = 7200;
    expect(await told(long.sts.assumeRole(CALLER, { ...HOP, durationSeconds }, MFA))).toEqual({
      role: ROLE,
      seconds: 7200,
    });
    expect(await told(long.sts.assumeRoleWithWebIdentity({ ...WEB, durationSeconds }, "token"))).toEqual({
      role: ROLE,
      seconds: 7200,
    });
    const wrong = await refused("AccessDenied", "MultiFactorAuthentication failed");
    const { serial } = MFA;
    const details = { serial, detail: "MultiFactorAuthentication failed", isMistyped: false };
    expect(await told(wrong.sts.assumeRole(CALLER, { ...HOP, durationSeconds }, MFA))).toEqual(details);
    expect(await told(wrong.sts.getSessionToken(CALLER, MFA))).toEqual(details);
  });

  it("shows nothing of what was sent in secret", async () => {
    const { sts } = await refused("Other", "caller-secret caller-session web-token");
    const credentials = { ...CALLER.credentials, sessionToken: "caller-session" };
    const caller = { ...CALLER, credentials };
    for (const call of [sts.assumeRole(caller, HOP), sts.getSessionToken(caller, MFA), sts.getCallerIdentity(caller)])
      expect(await told(call)).toMatchObject({ detail: "*** *** web-token" });
    expect(await told(sts.assumeRoleWithWebIdentity(WEB, "web-token"))).toMatchObject({
      detail: "caller-secret caller-session ***",
    });
  });

  it.each<[string, readonly number[]]>([
    ["InvalidIdentityToken", [150, 450]],
    ["ExpiredToken", []],
  ])("of a web identity token by %s is asked for again after %j", async (code, pauses) => {
    fixRandom(0.25);
    const passed = passAtOnce((ms) => ms === 150 || ms === 450);
    const here = await refused(code);
    await expect(here.sts.assumeRoleWithWebIdentity(WEB, "token")).rejects.toMatchObject({
      details: { code: expect.stringContaining(code) as string, detail: "no" },
    });
    expect(here.asked).toHaveLength(1 + pauses.length);
    expect(passed).toEqual(pauses);
  });

  it("of a web identity token that passes is forgotten", async () => {
    passAtOnce(isPause);
    const here = await world((response, one, count) => {
      if (count < 3) awsError(response, 400, "InvalidIdentityToken", "no");
      else answering(response, one, count);
    });
    expect(await here.sts.assumeRoleWithWebIdentity(WEB, "token")).toMatchObject({ accessKeyId: "ASIAr" });
  });
});
