// A request outside of the SDK: what is sent, how often and after which pauses, and what comes of each reply.
import { describe, expect, it } from "vitest";
import type { Context } from "../../../src/context/types.ts";
import { requestWithRetries } from "../../../src/sts/request-with-retries.ts";
import { reachSts } from "../../../src/sts/reach.ts";
import { CERTIFICATE, closed, fakeAws, fakeProxy, type Answer, type WatchedAws } from "../../harness/fake-aws.ts";
import { fixRandom, passAtOnce } from "../../harness/timers.ts";

const isPause = (ms: number): boolean => ms <= 1000;
const PAUSES = [100, 200];
const NOW = Date.parse("2030-01-01T00:00:00Z");

interface World extends WatchedAws {
  readonly debugged: readonly string[];
  readonly context: Context;
}
async function world(answer: Answer, env: Record<string, string> = {}, tls = false): Promise<World> {
  const debugged: string[] = [];
  const context = { env, cwd: "/", now: () => NOW, debug: (line: string) => void debugged.push(line) };
  return { ...(await fakeAws(answer, { tls })), debugged, context: context as unknown as Context };
}
const status =
  (code: number, body = "{}", headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(code, headers).end(body);
const SSO = { caBundle: undefined, form: "json", code: "sso-reply" } as const;
const GET = { method: "GET", headers: {} } as const;
const ask = (
  here: World,
  asking: Partial<Parameters<typeof requestWithRetries>[2]> = {},
): ReturnType<typeof requestWithRetries> =>
  requestWithRetries(
    here.context,
    { ...GET, url: `${here.url.replace("://", "://alice:password@")}/x?secret=y` },
    { ...SSO, ...asking },
  );

describe("a request", () => {
  it("is sent as it is given, and its reply is what comes back", async () => {
    const here = await world(status(200, '{"a": 1}', { date: "Tue, 01 Jan 2030 00:00:00 GMT" }));
    const request = { method: "POST", headers: { "x-header": "1" }, body: "text", url: `${here.url}/a?b=c` } as const;
    expect(await requestWithRetries(here.context, request, SSO)).toEqual({
      status: 200,
      body: '{"a": 1}',
      date: "Tue, 01 Jan 2030 00:00:00 GMT",
    });
    expect(here.asked).toHaveLength(1);
    expect(here.asked[0]).toMatchObject({ method: "POST", url: "/a?b=c", body: "text" });
    expect(here.asked[0]?.headers).toMatchObject({ "x-header": "1", connection: "keep-alive" });
    expect(here.debugged).toEqual([`POST ${here.url}/a: 200`]);
  });

  it("shows neither the query nor a password of its URL", async () => {
    const here = await world(status(200));
    await ask(here);
    expect(here.debugged).toEqual([`GET ${here.url.replace("://", "://***@")}/x: 200`]);
  });

  it.each([200, 299, 400, 403, 428, 430, 499])("is made once where the answer is %i", async (code) => {
    const here = await world(status(code));
    expect(await ask(here)).toMatchObject({ status: code });
    expect(here.asked).toHaveLength(1);
  });

  it.each([429, 500, 503, 599])(
    "is made three times where the answer is %i, on one connection that is closed then",
    async (code) => {
      fixRandom(0.5);
      const pauses = passAtOnce(isPause);
      const here = await world(status(code));
      expect(await ask(here)).toMatchObject({ status: code });
      expect(here.asked).toHaveLength(3);
      expect(pauses).toEqual(PAUSES);
      expect(here.sockets).toHaveLength(1);
      await closed(here);
    },
  );

  it("is made until there is an answer", async () => {
    passAtOnce(isPause);
    const here = await world((response, one, count) => {
      if (count === 1) response.destroy();
      else status(count === 2 ? 503 : 200)(response, one, count);
    });
    expect(await ask(here)).toMatchObject({ status: 200 });
    expect(here.debugged.map((line) => line.split(": ").at(-1))).toEqual(["connection closed", "503", "200"]);
  });
});

describe("no answer", () => {
  it.each([
    [undefined, 10_000, "no answer within 10 s"],
    [5000, 5000, "no answer within 5 s"],
  ])("within %s ms is waited for three times", async (timeout, ms, problem) => {
    fixRandom(0.5);
    const passed = passAtOnce((time) => time === ms || isPause(time));
    const here = await world(() => undefined);
    const request = { ...GET, url: `${here.url}/x?y`, ...(timeout !== undefined && { timeout }) };
    await expect(requestWithRetries(here.context, request, SSO)).rejects.toMatchObject({
      code: "sts-unreachable",
      details: { endpoint: `${here.url}/x`, problem, proxy: undefined },
      cause: { kind: "timeout" },
    });
    expect(passed).toEqual([ms, PAUSES[0], ms, PAUSES[1], ms]);
  });

  it("because nobody listens is asked for three times", async () => {
    fixRandom(0.5);
    const pauses = passAtOnce(isPause);
    const here = { ...(await world(status(200))), url: "http://127.0.0.1:1" };
    await expect(ask(here)).rejects.toMatchObject({
      code: "sts-unreachable",
      details: { endpoint: "http://***@127.0.0.1:1/x", problem: "connection refused" },
    });
    expect(pauses).toEqual(PAUSES);
  });
});

describe("a reply that makes no sense", () => {
  const PROBLEM =
    "it is not a JSON object, with status 200, which is no answer of AWS's: a proxy or a network's sign-in page may have sent it";
  it.each<[string, Answer, string, boolean]>([
    ["redirects", status(302), "it redirects elsewhere", false],
    ["redirects, the first code", status(300), "it redirects elsewhere", false],
    ["redirects, the last code", status(399), "it redirects elsewhere", false],
    ["is too large", status(200, " ".repeat(256 * 1024 + 1)), "it is too large", false],
    ["is not in the form", status(200, "[]"), PROBLEM, true],
  ])("since it %s is an error at once", async (_, answer, problem, isForeign) => {
    const here = await world(answer);
    const endpoint = `${here.url.replace("://", "://***@")}/x`;
    await expect(ask(here)).rejects.toMatchObject({ code: "sso-reply", details: { endpoint, problem, isForeign } });
    expect(here.asked).toHaveLength(1);
    await closed(here);
  });

  it("is an error after three attempts where a page says that something is out of order", async () => {
    const pauses = passAtOnce(isPause);
    const here = await world(status(502, "<html>"));
    await expect(ask(here)).rejects.toMatchObject({ code: "sso-reply", details: { isForeign: true } });
    expect(pauses).toHaveLength(2);
  });

  it("is told with the code and the place that the caller names", async () => {
    const asking = { form: "xml", code: "console-reply", endpoint: "the place" } as const;
    await expect(ask(await world(status(200)), asking)).rejects.toMatchObject({
      code: "console-reply",
      details: {
        endpoint: "the place",
        problem: expect.stringMatching(/^it is not XML of STS, with status 200/) as string,
      },
    });
    expect(await ask(await world(status(200, "<Response>")), { form: "xml" })).toMatchObject({ status: 200 });
  });

  it("is one where the caller knows better", async () => {
    const isKnown = ({ status, body }: { status: number; body: string }): boolean => status === 200 && body === "x";
    expect(await ask(await world(status(200, "x")), { isKnown })).toMatchObject({ body: "x" });
    await expect(ask(await world(status(200, "y")), { isKnown })).rejects.toMatchObject({ code: "sso-reply" });
  });

  it("is a proxy's where its status is 407", async () => {
    for (const isKnown of [() => true, () => false])
      await expect(ask(await world(status(407)), { isKnown })).rejects.toMatchObject({
        code: "proxy-refused",
        details: { status: 407 },
      });
  });
});

describe("by way of a proxy", () => {
  const OPEN = { file: CERTIFICATE, from: "config:1" };
  const URL_ = "https://sts.example.com/x";
  const refusal = (code: number): string => `HTTP/1.1 ${String(code)} No\r\nContent-Length: 0\r\n\r\n`;

  it("is sent what is sent else", async () => {
    const here = await world(status(200), {}, true);
    const proxy = await fakeProxy(here.url, "alice:password");
    const context = { ...here.context, env: { https_proxy: proxy.url.replace("://", "://alice:password@") } };
    expect(await requestWithRetries(context, { ...GET, url: URL_ }, { ...SSO, caBundle: OPEN })).toMatchObject({
      status: 200,
    });
    expect(proxy.connected).toEqual(["sts.example.com:443"]);
    expect(here.asked[0]).toMatchObject({ method: "GET", url: "/x" });
    expect(here.debugged).toEqual([`by way of the proxy ${new URL(proxy.url).host}`, `GET ${URL_}: 200`]);
  });

  it("is plain HTTP sent by CONNECT, too", async () => {
    const here = await world(status(200));
    const proxy = await fakeProxy(here.url);
    const context = { ...here.context, env: { http_proxy: proxy.url, https_proxy: "http://127.0.0.1:1" } };
    await requestWithRetries(context, { ...GET, url: "http://sts.example.com/x" }, SSO);
    expect(proxy.connected).toEqual(["sts.example.com:80"]);
    expect(here.asked).toHaveLength(1);
  });

  it("is no server trusted that nobody vouches for", async () => {
    passAtOnce(isPause);
    const here = await world(status(200), {}, true);
    const context = { ...here.context, env: { https_proxy: (await fakeProxy(here.url)).url } };
    await expect(requestWithRetries(context, { ...GET, url: URL_ }, SSO)).rejects.toMatchObject({
      code: "sts-unreachable",
      details: {
        problem: "its certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)",
        proxy: new URL(context.env.https_proxy).host,
      },
    });
    expect(here.asked).toEqual([]);
  });

  it.each<[number, number]>([
    [403, 1],
    [407, 1],
    [428, 1],
    [429, 3],
    [499, 1],
    [500, 3],
    [502, 3],
  ])("that refuses with %i is asked %i times", async (code, times) => {
    fixRandom(0.5);
    const pauses = passAtOnce(isPause);
    const here = await world(status(200), {}, true);
    const proxy = await fakeProxy(here.url, undefined, Array<string>(3).fill(refusal(code)));
    const context = { ...here.context, env: { https_proxy: proxy.url } };
    const { host } = new URL(proxy.url);
    const problem = `it answered ${String(code)}`;
    await expect(requestWithRetries(context, { ...GET, url: URL_ }, { ...SSO, caBundle: OPEN })).rejects.toMatchObject({
      code: "proxy-refused",
      details: { endpoint: URL_, proxy: host, problem, status: code },
    });
    expect(proxy.connected).toHaveLength(times);
    expect(pauses).toEqual(PAUSES.slice(0, times - 1));
    expect(here.debugged).toEqual([
      `by way of the proxy ${host}`,
      ...Array<string>(times).fill(`${URL_}: the proxy: ${problem}`),
    ]);
    expect(here.asked).toEqual([]);
  });

  it("that connects at last is gone by", async () => {
    passAtOnce(isPause);
    const here = await world(status(200), {}, true);
    const proxy = await fakeProxy(here.url, undefined, [refusal(503), refusal(429)]);
    const context = { ...here.context, env: { https_proxy: proxy.url } };
    expect(await requestWithRetries(context, { ...GET, url: URL_ }, { ...SSO, caBundle: OPEN })).toMatchObject({
      status: 200,
    });
    expect(proxy.connected).toHaveLength(3);
  });
});

describe("reaching STS", () => {
  const reach = (here: World, endpoint = here.url): ReturnType<typeof reachSts> =>
    reachSts(here.context, endpoint, undefined);
  const DATE = { date: "Tue, 01 Jan 2030 00:00:10 GMT" };

  it("asks without a signature who it is, and tells by how much its clock is ahead", async () => {
    const here = await world(status(403, "<ErrorResponse>", DATE));
    expect(await reach(here)).toEqual({ clockOffset: 10_500 });
    expect(here.asked).toHaveLength(1);
    expect(here.asked[0]).toMatchObject({
      method: "POST",
      url: "/",
      body: "Action=GetCallerIdentity&Version=2011-06-15",
    });
    expect(here.asked[0]?.headers).toMatchObject({ "content-type": "application/x-www-form-urlencoded" });
    expect(here.asked[0]?.headers).not.toHaveProperty("authorization");
  });

  it("tells no clock where there is none", async () => {
    expect(await reach(await world(status(200, "<Response>", { date: "nonsense" })))).toEqual({});
  });

  it("takes a broken stand-in as reached, and nobody on the way", async () => {
    passAtOnce(isPause);
    expect(await reach(await world(status(500, "Traceback", DATE)))).toEqual({ clockOffset: 10_500 });
    for (const code of [200, 499, 501, 502, 503])
      await expect(reach(await world(status(code, "Traceback")))).rejects.toMatchObject({ code: "sts-reply" });
  });

  it("gives up after three times five seconds", async () => {
    fixRandom(0.5);
    const passed = passAtOnce((ms) => ms === 5000 || isPause(ms));
    await expect(reach(await world(() => undefined))).rejects.toMatchObject({ code: "sts-unreachable" });
    expect(passed).toEqual([5000, PAUSES[0], 5000, PAUSES[1], 5000]);
  });

  it("names the proxy", async () => {
    const here = await world(status(200, "<Response>", DATE));
    const proxy = await fakeProxy(here.url);
    const context = { ...here.context, env: { http_proxy: proxy.url } };
    expect(await reachSts(context, "http://sts.example.com", undefined)).toEqual({
      clockOffset: 10_500,
      proxy: new URL(proxy.url).host,
    });
  });
});
