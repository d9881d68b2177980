// Which proxy a request takes, by the rules of the AWS CLI for the proxy variables, and which certificates are trusted (rule 37).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Context } from "../../../src/context/types.ts";
import { exchange, ProxyError } from "../../../src/util/http.ts";
import { openTransport, proxyFor, type Transport } from "../../../src/sts/transport.ts";
import { CERTIFICATE, closed, fakeAws, fakeProxy, refusingProxy } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { passAtOnce, watchTimers } from "../../harness/timers.ts";

const STS = "https://sts.us-east-1.amazonaws.com/";
const proxy = (env: Record<string, string>, url = STS): string | undefined => proxyFor(env, new URL(url))?.href;

describe("the proxy of a request", () => {
  it.each<[string, Record<string, string>, string, string | undefined]>([
    ["none is set", {}, STS, undefined],
    ["the scheme's own", { https_proxy: "http://a:1", http_proxy: "http://b:2" }, STS, "http://a:1/"],
    ["the scheme's own for http", { https_proxy: "http://a:1", http_proxy: "http://b:2" }, "http://x/", "http://b:2/"],
    ["lower case first", { https_proxy: "http://a:1", HTTPS_PROXY: "http://b:2" }, STS, "http://a:1/"],
    ["upper case alone", { HTTPS_PROXY: "http://b:2" }, STS, "http://b:2/"],
    ["https", { https_proxy: "https://a:1" }, STS, "https://a:1/"],
    ["in capitals", { https_proxy: "HTTPS://a:1" }, STS, "https://a:1/"],
    ["with a password", { https_proxy: "alice:password@a:1" }, STS, "http://alice:password@a:1/"],
    ["an empty one is none", { https_proxy: " ", HTTPS_PROXY: "http://b:2" }, STS, "http://b:2/"],
    [
      "a name without a scheme is http",
      { https_proxy: "proxy.example.com:3128" },
      STS,
      "http://proxy.example.com:3128/",
    ],
    ["this machine by name", { https_proxy: "http://a:1" }, "https://localhost:8443/", undefined],
    ["this machine by address", { https_proxy: "http://a:1" }, "https://127.9.9.9/", undefined],
    ["this machine in IPv6", { https_proxy: "http://a:1" }, "https://[::1]:8443/", undefined],
  ])("%s", (_, env, url, expected) => {
    expect(proxy(env, url)).toBe(expected);
  });

  it.each([
    ["*", true],
    ["amazonaws.com", true],
    [".amazonaws.com", true],
    ["*.amazonaws.com", true],
    ["example.com, .AMAZONAWS.com ,x", true],
    ["sts.us-east-1.amazonaws.com:443", true],
    ["sts.us-east-1.amazonaws.com:8443", false],
    ["amazonaws.com:443", true],
    ["sts.us-east-1.amazonaws.com:80", false],
    ["https://amazonaws.com", false],
    ["amazonaws.com.", false],
    ["sts.us-east-1.amazonaws.com.example.com", false],
    ["x,*", true],
    ["**", false],
    [":443", false],
    ["azonaws.com", false],
    ["eu-west-1.amazonaws.com", false],
    ["", false],
    [",", false],
  ])("no_proxy=%s", (no_proxy, isDirect) => {
    expect(proxy({ https_proxy: "http://a:1", no_proxy }) === undefined).toBe(isDirect);
    expect(proxy({ https_proxy: "http://a:1", NO_PROXY: no_proxy }) === undefined).toBe(isDirect);
  });

  it.each([
    ["http://sts.example.com/", "example.com:80", true],
    ["http://sts.example.com/", "example.com:443", false],
    ["http://sts.example.com:8080/", "example.com:8080", true],
    ["https://sts.example.com:8443/", "example.com:8443", true],
    ["https://sts.example.com:8443/", "example.com:443", false],
    ["https://sts.example.com:8443/", "example.com", true],
  ])("of %s with no_proxy=%s", (url, no_proxy, isDirect) => {
    const env = { http_proxy: "http://a:1", https_proxy: "http://a:1", no_proxy };
    expect(proxy(env, url) === undefined).toBe(isDirect);
  });

  it("is the one of lower case where both say no", () => {
    expect(proxy({ https_proxy: "http://a:1", no_proxy: "x", NO_PROXY: "*" })).toBe("http://a:1/");
  });

  it.each(["socks5://a:1", "http://", "http://a b", "x http://a:1", "x://http://a:1"])(
    "that is %s is refused without being shown",
    (https_proxy) => {
      expect(() => proxy({ https_proxy })).toThrow(/^https_proxy is not the URL/);
    },
  );
});

const ASK = { method: "GET", headers: {}, timeout: 20_000 } as const;
const BUNDLE = { file: CERTIFICATE, from: "config:1" };
const debugged: string[] = [];
const context = (env: Record<string, string> = {}, cwd = "/"): Context =>
  ({ env, cwd, userHome: () => undefined, debug: (line: string) => void debugged.push(line) }) as unknown as Context;
async function open(...args: Parameters<typeof openTransport>): Promise<Transport> {
  const transport = await openTransport(...args);
  onTestFinished(transport.close);
  return transport;
}
/** The certificate is one for localhost, too. */
const local = (url: string): string => url.replace("127.0.0.1", "localhost");

describe("a connection without a proxy", () => {
  it.each(["0", undefined])("is to nobody whom no authority vouches for, where the variable is %s", async (off) => {
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", off);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { url, asked } = await fakeAws((response) => response.end("{}"), { tls: true });
    const { httpsAgent, proxy } = await open(context(), undefined, url);
    await expect(exchange({ ...ASK, url, agent: httpsAgent })).rejects.toMatchObject({
      message: "its certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)",
    });
    expect(asked).toEqual([]);
    expect(proxy).toBeUndefined();
  });

  it("is to whom the bundle vouches for, alone; it is kept, and closed at last", async () => {
    const here = await fakeAws((response) => response.end("{}"), { tls: true });
    const transport = await openTransport(context(), BUNDLE, here.url);
    for (let count = 0; count < 2; count++)
      expect(await exchange({ ...ASK, url: here.url, agent: transport.httpsAgent })).toMatchObject({ status: 200 });
    expect(here.sockets).toHaveLength(1);
    transport.close();
    await closed(here);
  });

  it("is kept for plain HTTP, too, and closed at last", async () => {
    const here = await fakeAws((response) => response.end("{}"));
    const transport = await openTransport(context(), BUNDLE, here.url);
    for (let count = 0; count < 2; count++) await exchange({ ...ASK, url: here.url, agent: transport.httpAgent });
    expect(here.sockets).toHaveLength(1);
    transport.close();
    await closed(here);
  });

  it("is to nobody whose name is another", async () => {
    const { url, asked } = await fakeAws((response) => response.end("{}"), { tls: true, host: "127.0.0.2" });
    const { httpsAgent } = await open(context(), BUNDLE, url);
    await expect(exchange({ ...ASK, url, agent: httpsAgent })).rejects.toMatchObject({
      message: "its certificate is not trusted (ERR_TLS_CERT_ALTNAME_INVALID)",
    });
    expect(asked).toEqual([]);
  });
});

describe("a bundle", () => {
  const certificate = readFileSync(CERTIFICATE, "utf8");
  const agentOf = async (file: string, from: string, env: Record<string, string> = {}, cwd = "/"): Promise<unknown> => {
    const { httpsAgent } = await open(context(env, cwd), { file, from }, STS);
    return httpsAgent.options.ca;
  };

  it("is read from the working folder, or from the home", async () => {
    const home = makeHome({ "a.pem": certificate });
    expect(await agentOf("a.pem", "config:1", {}, home)).toBe(certificate);
    expect(await agentOf("~/a.pem", "config:1", { HOME: home })).toBe(certificate);
    expect(await agentOf("~/a.pem", "AWS_CA_BUNDLE", { HOME: home })).toBe(certificate);
  });

  it.each<[string, string | undefined, string]>([
    ["is not there", undefined, "there is no such file"],
    ["holds none", "-----BEGIN PRIVATE KEY-----", "it holds no certificate"],
    ["is empty", "", "it holds no certificate"],
  ])("that %s is an error", async (_, content, problem) => {
    const home = makeHome(content === undefined ? {} : { "a.pem": content });
    const file = join(home, "a.pem");
    await expect(agentOf(file, "config:1")).rejects.toMatchObject({
      code: "ca-bundle",
      details: { where: "config:1", file, problem },
    });
  });

  it.each([
    ["config:1", "ca_bundle", "config:1"],
    ["AWS_CA_BUNDLE", "AWS_CA_BUNDLE", "environment"],
  ])("from %s in another user's home names its setting", async (from, name, where) => {
    await expect(agentOf("~other/a.pem", from)).rejects.toMatchObject({
      code: "setting-invalid",
      details: { where, name, value: "~other/a.pem" },
    });
  });

  it("is up to 16 MB large", async () => {
    const limit = 16 * 1024 * 1024;
    const home = makeHome({ "a.pem": certificate.padEnd(limit), "b.pem": certificate.padEnd(limit + 1) });
    expect(await agentOf("a.pem", "config:1", {}, home)).toHaveLength(limit);
    await expect(agentOf("b.pem", "config:1", {}, home)).rejects.toMatchObject({ code: "ca-bundle" });
  });
});

describe("a proxy", () => {
  const TARGET = "https://sts.example.com/x";
  const failure = async (url: string): Promise<unknown> => {
    const { httpsAgent } = await open(context({ https_proxy: url }), BUNDLE, TARGET);
    return exchange({ ...ASK, url: TARGET, agent: httpsAgent }).then(String, (error: unknown) => error);
  };

  it("is gone by with the bundle, and its connection is kept and closed at last", async () => {
    const left = watchTimers(4000);
    const here = await fakeAws((response) => response.end("{}"), { tls: true });
    const { url, connected } = await fakeProxy(here.url, "alice:pass word");
    const env = { https_proxy: url.replace("://", "://alice:pass%20word@") };
    const transport = await openTransport(context(env), BUNDLE, TARGET);
    expect(transport.proxy).toBe(new URL(url).host);
    expect(transport.httpAgent).toBe(transport.httpsAgent);
    for (let count = 0; count < 2; count++)
      expect(await exchange({ ...ASK, url: TARGET, agent: transport.httpsAgent })).toMatchObject({ status: 200 });
    expect(connected).toEqual(["sts.example.com:443"]);
    expect(left()).toBe(0);
    transport.close();
    await closed(here);
    expect(debugged.at(-1)).toBe(`by way of the proxy ${new URL(url).host}`);
  });

  it.each(["0", undefined])("leads to nobody whom no authority vouches for, where the variable is %s", async (off) => {
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", off);
    onTestFinished(() => void vi.unstubAllEnvs());
    const here = await fakeAws((response) => response.end("{}"), { tls: true });
    const { url } = await fakeProxy(here.url);
    const { httpsAgent } = await open(context({ https_proxy: url }), undefined, TARGET);
    await expect(exchange({ ...ASK, url: TARGET, agent: httpsAgent })).rejects.toMatchObject({
      message: "its certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)",
    });
    expect(here.asked).toEqual([]);
  });

  it.each(["0", undefined])("by TLS is one whom an authority vouches for, where the variable is %s", async (off) => {
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", off);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { url } = await fakeAws((response) => response.end("{}"), { tls: true });
    const { httpsAgent } = await open(context({ https_proxy: local(url) }), undefined, TARGET);
    await expect(exchange({ ...ASK, url: TARGET, agent: httpsAgent })).rejects.toMatchObject({
      message: "its certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)",
      isUnreachable: true,
    });
  });

  it.each<[string, string, object]>([
    ["refuses", "HTTP/1.1 403 No\r\n\r\n", { message: "it answered 403", status: 403, isUnreachable: false }],
    ["answers 201", "HTTP/1.1 201 Made\r\n\r\n", { message: "it answered 201", status: 201, isUnreachable: false }],
    ["has no status", "HTTP/1.1 nonsense\r\n\r\n", { message: "its answer is not HTTP", status: undefined }],
    ["speaks no HTTP", "SSH-2.0-x\r\n\r\n", { message: "its answer is not HTTP", status: undefined }],
    ["hangs up", "", { message: "connection closed", status: undefined, isUnreachable: false }],
  ])("that %s does not connect", async (_, text, fault) => {
    const error = await failure((await refusingProxy(text)).url);
    expect(error).toBeInstanceOf(ProxyError);
    expect(error).toMatchObject(fault);
  });

  it("that is not there, or silent, could not be reached", async () => {
    expect(await failure("http://127.0.0.1:1")).toMatchObject({
      name: "ProxyError",
      message: "connection refused",
      isUnreachable: true,
      cause: { code: "ECONNREFUSED" },
    });
    const passed = passAtOnce((ms) => ms === 4000);
    expect(await failure((await refusingProxy(undefined)).url)).toMatchObject({
      name: "ProxyError",
      message: "no answer in time",
      isUnreachable: true,
    });
    expect(passed).toEqual([4000]);
  });

  it.each<[string, boolean]>([
    ["HTTP/1.1 403 No\r\n\r\n", false],
    ["HTTP/1.1 407 No\r\n\r\n", false],
    ["HTTP/1.1 429 No\r\n\r\n", true],
    ["HTTP/1.1 499 No\r\n\r\n", false],
    ["HTTP/1.1 500 No\r\n\r\n", true],
    ["HTTP/1.1 nonsense\r\n\r\n", true],
    ["", true],
  ])("whose answer is %j may be asked again: %s", async (text, isRetryable) => {
    const error = await failure((await refusingProxy(text)).url);
    expect(Reflect.has(Object(error) as object, "$retryable")).toBe(isRetryable);
  });
});
