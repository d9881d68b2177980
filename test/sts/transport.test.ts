// Which proxy a request takes: the rules of the AWS CLI for the proxy variables (rule 37).
import { describe, expect, it } from "vitest";
import { proxyFor } from "../../src/sts/transport.ts";

const STS = "https://sts.us-east-1.amazonaws.com/";
const proxy = (env: Record<string, string>, url = STS): string | undefined => proxyFor(env, new URL(url))?.href;

describe("the proxy of a request", () => {
  it.each<[string, Record<string, string>, string, string | undefined]>([
    ["none is set", {}, STS, undefined],
    ["the scheme's own", { https_proxy: "http://a:1", http_proxy: "http://b:2" }, STS, "http://a:1/"],
    ["the scheme's own for http", { https_proxy: "http://a:1", http_proxy: "http://b:2" }, "http://x/", "http://b:2/"],
    ["lower case first", { https_proxy: "http://a:1", HTTPS_PROXY: "http://b:2" }, STS, "http://a:1/"],
    ["upper case alone", { HTTPS_PROXY: "http://b:2" }, STS, "http://b:2/"],
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
    ["azonaws.com", false],
    ["eu-west-1.amazonaws.com", false],
    ["", false],
    [",", false],
  ])("no_proxy=%s", (no_proxy, isDirect) => {
    expect(proxy({ https_proxy: "http://a:1", no_proxy }) === undefined).toBe(isDirect);
  });

  it.each(["socks5://a:1", "http://", "http://a b"])("that is %s is refused without being shown", (https_proxy) => {
    expect(() => proxy({ https_proxy })).toThrow(/^https_proxy is not the URL/);
  });
});
