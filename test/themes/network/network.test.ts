// How requests travel: certificates, proxies, IPv6, and a clock that is wrong.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CERTIFICATE, fakeAws, fakeProxy, imds, refusingProxy, sts } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { xrole, type Run } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";

const KEYS = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-env") };
const role = "role_arn = arn:aws:iam::222222222222:role/r\nregion = us-east-1\n";
const config = `[profile p]\n${role}credential_source = Environment
[profile bundle]\n${role}credential_source = Environment\nca_bundle = ~/authorities.pem
[profile i]\n${role}credential_source = Ec2InstanceMetadata\n`;

function run(words: readonly string[], env: Record<string, string>, files: Record<string, string> = {}): Promise<Run> {
  const HOME = makeHome({ ".aws/config": config, ...files });
  return xrole(words, { env: { HOME, ...KEYS, ...env } });
}

describe("a certificate", () => {
  it.each(["0", "1"])("that nobody vouches for is refused, with NODE_TLS_REJECT_UNAUTHORIZED=%s too", async (value) => {
    const { url, asked } = await fakeAws(sts, { tls: true });
    const { status, stdout, stderr, errors } = await run(["env", "p"], {
      AWS_ENDPOINT_URL_STS: url,
      NODE_TLS_REJECT_UNAUTHORIZED: value,
    });
    expect({ status, stdout }).toEqual({ status: 69, stdout: "(exit 69);\n" });
    expect(stderr).toContain("its certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)");
    expect(errors.at(-1)?.code).toBe("sts-unreachable");
    expect(stderr).toContain("AWS_CA_BUNDLE");
    expect(asked).toHaveLength(0);
  });

  it("is refused behind a proxy too", async () => {
    const { url, asked } = await fakeAws(sts, { tls: true });
    const proxy = await fakeProxy(url);
    const { status, stderr } = await run(["env", "p"], {
      AWS_ENDPOINT_URL_STS: "https://sts.example.com",
      https_proxy: proxy.url,
      NODE_TLS_REJECT_UNAUTHORIZED: "0",
    });
    expect(status).toBe(69);
    expect(stderr).toContain("its certificate is not trusted");
    expect(proxy.connected).not.toHaveLength(0);
    expect(asked).toHaveLength(0);
  });

  it("is trusted through AWS_CA_BUNDLE and the profile's ca_bundle, and the child is told of the latter", async () => {
    const { url } = await fakeAws(sts, { tls: true });
    const env = { AWS_ENDPOINT_URL_STS: url };
    const given = await run(["credential-process", "p"], { ...env, AWS_CA_BUNDLE: CERTIFICATE });
    expect(given.status, given.stderr).toBe(0);
    const files = { "authorities.pem": readFileSync(CERTIFICATE, "utf8") };
    const own = await run(["exec", "bundle", "--", "printenv", "AWS_CA_BUNDLE"], env, files);
    expect(own.status, own.stderr).toBe(0);
    expect(own.stdout).toMatch(/\/authorities\.pem\n$/);
  });

  it("for another name is refused", async () => {
    const { url } = await fakeAws(sts, { tls: true });
    const proxy = await fakeProxy(url);
    const { status, stderr } = await run(["env", "p"], {
      AWS_ENDPOINT_URL_STS: "https://sts.example.org",
      HTTPS_PROXY: proxy.url,
      AWS_CA_BUNDLE: CERTIFICATE,
    });
    expect(status).toBe(69);
    expect(stderr).toContain("ERR_TLS_CERT_ALTNAME_INVALID");
  });

  it.each([
    ["is not there", {}, "there is no such file"],
    ["holds none", { "authorities.pem": "hello" }, "it holds no certificate"],
  ])("bundle that %s is named with its place", async (_, files, text) => {
    const { status, stderr } = await run(["env", "bundle"], { AWS_ENDPOINT_URL_STS: "https://127.0.0.1:1" }, files);
    expect(status).toBe(78);
    expect(stderr).toContain("config:9: ");
    expect(stderr).toContain(text);
  });
});

describe("a proxy", () => {
  it.each([
    ["https_proxy", {}],
    ["HTTPS_PROXY", {}],
    ["https_proxy", { HTTPS_PROXY: "http://127.0.0.1:1" }],
  ])("of %s carries the request to STS, in TLS all the way", async (name, more) => {
    const { url, asked } = await fakeAws(sts, { tls: true });
    const proxy = await fakeProxy(url, "user:p@ss word");
    const address = proxy.url.replace("//", `//user:${secret("p%40ss%20word")}@`);
    const { status, stdout, stderr } = await run(["credential-process", "p", "--debug"], {
      AWS_ENDPOINT_URL_STS: "https://sts.example.com",
      AWS_CA_BUNDLE: CERTIFICATE,
      ...more,
      [name]: address,
    });
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ AccessKeyId: "ASIAr" });
    expect(proxy.connected).toEqual(["sts.example.com:443"]);
    expect(asked).toHaveLength(1);
    expect(stderr).toContain(`by way of the proxy ${proxy.url.slice("http://".length)}`);
  });

  it("that wants a password says so, without showing the one it was given", async () => {
    const proxy = await fakeProxy("http://127.0.0.1:1", "user:right");
    const { status, stderr, errors } = await run(["env", "p"], {
      AWS_ENDPOINT_URL_STS: "https://sts.example.com",
      https_proxy: proxy.url.replace("//", `//user:${secret("wrong-password")}@`),
    });
    expect(status).toBe(69);
    expect(stderr).toContain(
      `the proxy ${proxy.url.slice(7)} does not connect to https://sts.example.com/: it answered 407`,
    );
    expect(errors.at(-1)?.code).toBe("proxy-refused");
  });

  const page =
    "<!doctype html><html><head><title>ERROR: The requested URL could not be retrieved</title></head></html>";
  const refusal = (line: string): string =>
    `HTTP/1.1 ${line}\r\nContent-Type: text/html\r\nContent-Length: ${String(page.length)}\r\n\r\n${page}`;
  it.each<[string, string, string, number]>([
    ["403", refusal("403 Forbidden"), "it answered 403", 1],
    ["404", refusal("404 Not Found"), "it answered 404", 1],
    ["an own status", refusal("470 Blocked"), "it answered 470", 1],
    ["407", refusal("407 Proxy Authentication Required"), "it answered 407", 1],
    ["502", refusal("502 Bad Gateway"), "it answered 502", 3],
    ["503 twice and more", refusal("503 Service Unavailable"), "it answered 503", 3],
    ["a redirect", "HTTP/1.1 302 Found\r\nLocation: http://portal.example.com/\r\n\r\n", "it answered 302", 1],
    ["a closed connection", "", "connection closed", 3],
    ["half an answer", "HTTP/1.1 200 Connec", "connection closed", 3],
    ["a page without HTTP", `${page}\r\n\r\n`, "its answer is not HTTP", 3],
    ["another protocol", "SSH-2.0-OpenSSH_9.6\r\n\r\n", "its answer is not HTTP", 3],
  ])("that answers CONNECT with %s is named, and never told as AWS", async (_, text, problem, calls) => {
    const proxy = await refusingProxy(text);
    const env = {
      AWS_ENDPOINT_URL: "https://sts.example.com",
      https_proxy: proxy.url.replace("//", `//user:${secret("proxy-password")}@`),
    };
    const host = proxy.url.slice("http://".length);
    const run_ = await run(["exec", "p", "--", "true"], env);
    expect(run_.status).toBe(125);
    expect(run_.stderr).toContain(`the proxy ${host} does not connect to https://sts.example.com/: ${problem}`);
    expect(run_.stderr).toContain("(proxy-refused, 69)");
    expect(run_.stderr).not.toMatch(/AWS (refused|says)/);
    expect(proxy.connected).toEqual(Array<string>(calls).fill("sts.example.com:443"));

    const doctor = await run(["doctor", "p", "--json"], env);
    expect(doctor.status).toBe(69);
    const { error } = JSON.parse(doctor.stdout) as { error: { code: string; message: string } };
    expect(error).toMatchObject({ code: "proxy-refused", message: expect.stringContaining(problem) as string });
    expect(doctor.stdout).not.toContain("proxy-password");
  });

  it("that does not answer, or is not there, is named too", async () => {
    const silent = await refusingProxy(undefined);
    const env = { AWS_ENDPOINT_URL_STS: "https://sts.example.com" };
    const first = await run(["env", "p"], { ...env, https_proxy: silent.url });
    expect(first.status).toBe(69);
    expect(first.stderr).toContain(`the proxy ${silent.url.slice(7)}: no answer in time`);
    const second = await run(["env", "p"], { ...env, https_proxy: "http://127.0.0.1:1" });
    expect(second.status).toBe(69);
    expect(second.stderr).toContain("the proxy 127.0.0.1:1: connection refused");
  });

  it("that connects and then closes is told at once, not as a timeout", async () => {
    const proxy = await refusingProxy("HTTP/1.1 200 Connection established\r\n\r\n");
    const { status, stderr } = await run(["env", "p"], {
      AWS_ENDPOINT_URL_STS: "https://sts.example.com",
      https_proxy: proxy.url,
    });
    expect(status, stderr).toBe(69);
    expect(stderr).toContain(`by way of the proxy ${proxy.url.slice("http://".length)}: connection closed`);
  });

  it("that refuses once and then connects has connected", async () => {
    const { url } = await fakeAws(sts, { tls: true });
    const proxy = await fakeProxy(url, undefined, ["HTTP/1.1 503 Busy\r\n\r\n"]);
    const { status, stderr } = await run(["credential-process", "p"], {
      AWS_ENDPOINT_URL_STS: "https://sts.example.com",
      AWS_CA_BUNDLE: CERTIFICATE,
      https_proxy: proxy.url,
    });
    expect(status, stderr).toBe(0);
    expect(proxy.connected).toHaveLength(2);
  });

  it("that is none is refused, without showing it", async () => {
    const { status, stderr } = await run(["env", "p"], {
      AWS_ENDPOINT_URL_STS: "https://sts.example.com",
      https_proxy: `socks5://user:${secret("proxy-password")}@127.0.0.1:1`,
    });
    expect(status).toBe(78);
    expect(stderr).toContain("https_proxy is not the URL of an http or https proxy");
  });

  it("sees no request to this machine", async () => {
    const proxy = await fakeProxy("http://127.0.0.1:1");
    const { url } = await fakeAws(sts);
    const instance = await fakeAws(imds);
    const proxies = ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
    const { status, stderr } = await run(["credential-process", "i"], {
      AWS_ENDPOINT_URL_STS: url.replace("127.0.0.1", "localhost"),
      AWS_EC2_METADATA_SERVICE_ENDPOINT: instance.url,
      ...Object.fromEntries(proxies.map((name) => [name, proxy.url])),
    });
    expect(status, stderr).toBe(0);
    expect(proxy.connected).toEqual([]);
  });
});

describe("an endpoint", () => {
  it.each([
    ["that closes the connection", "", "connection closed"],
    ["that speaks another protocol", "SSH-2.0-OpenSSH_9.6\r\n\r\n", "its answer is not HTTP"],
  ])("%s is told at once, not as a timeout", async (_, text, problem) => {
    const { url } = await refusingProxy(text);
    const { status, stderr } = await run(["env", "p"], { AWS_ENDPOINT_URL_STS: url });
    expect(status, stderr).toBe(69);
    expect(stderr).toContain(`could not be reached: ${problem}`);
  });

  it("of https that speaks no TLS is told so", async () => {
    const { url } = await fakeAws(sts);
    const { status, stderr } = await run(["env", "p"], { AWS_ENDPOINT_URL_STS: url.replace("http:", "https:") });
    expect(status, stderr).toBe(69);
    expect(stderr).toContain("could not be reached: the TLS handshake failed: what answers there may not speak TLS");
  });
});

describe("IPv6", () => {
  it("reaches an instance and an STS on ::1, past any proxy", async () => {
    const instance = await fakeAws(imds, { host: "::1" });
    const { url } = await fakeAws(sts, { host: "::1" });
    const { status, stdout, stderr } = await run(["credential-process", "i"], {
      AWS_EC2_METADATA_SERVICE_ENDPOINT: instance.url,
      AWS_ENDPOINT_URL_STS: url,
      http_proxy: "http://127.0.0.1:1",
    });
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ AccessKeyId: "ASIAr" });
  });
});

describe("a clock", () => {
  it.each(["20m", "-20m"])(
    "that is %s off costs one more request, and expiry is judged on AWS's clock",
    async (offset) => {
      const words = ["sandbox", "--clock-offset", offset, "--", "xrole", "credential-process", "b-s3-alice", "--debug"];
      const { status, stdout, stderr } = await xrole(words);
      expect(status, stderr).toBe(0);
      const { Expiration } = JSON.parse(stdout) as { Expiration: string };
      const minutes = (Date.parse(Expiration) - Date.now()) / 60_000;
      expect(minutes).toBeCloseTo(60 + Number.parseInt(offset), -1);
    },
  );

  it("a whole life off still gives credentials that AWS holds for good", async () => {
    const run = await xrole(["sandbox", "--clock-offset", "-2h", "--", "xrole", "whoami", "b-s3-alice", "--json"]);
    expect(run.status, run.stderr).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ accountId: "222222222222" });
  });

  it("that AWS sets right once is not asked about again", async () => {
    const { url, asked } = await fakeAws((response, one, count) => {
      response.setHeader("date", new Date(Date.now() + 1_200_000).toUTCString());
      if (count > 1) {
        sts(response, one, count);
        return;
      }
      response.writeHead(403, { "content-type": "text/xml" });
      response.end(
        "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>Signature expired</Message></Error></ErrorResponse>",
      );
    });
    const { status, stderr } = await run(["credential-process", "p"], { AWS_ENDPOINT_URL_STS: url });
    expect(status, stderr).toBe(0);
    const signed = asked.map(({ headers }) => String(headers["x-amz-date"]));
    expect(signed).toHaveLength(2);
    expect(time(signed[1]) - time(signed[0])).toBeGreaterThan(1_100_000);
  });
});

const time = (amzDate = ""): number =>
  Date.parse(amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
