// The credential endpoint under attack: whoever lacks the token, the path or the form of an SDK's request gets nothing.
import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { fakeAws, hourly } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { open, send, serve, type Serving } from "../../harness/serve.ts";

const CONFIG = `[profile p]
role_arn = arn:aws:iam::222222222222:role/p
credential_source = Environment
region = us-east-1
`;
const environment = (url: string): Record<string, string> => ({
  HOME: makeHome({ ".aws/config": CONFIG }),
  AWS_ACCESS_KEY_ID: "AKIAENV",
  AWS_SECRET_ACCESS_KEY: "secret-of-env",
  AWS_ENDPOINT_URL_STS: url,
});
const serving = async (...words: string[]): Promise<Serving> => {
  const { url } = await fakeAws(hourly);
  return serve(["p", ...words], environment(url));
};
const REFUSED = '{"code":"AccessDenied","message":"refused"}';

describe("a request", () => {
  it("with path and token gets the role", async () => {
    const { port, request } = await serving();
    const { status, head, body } = await send(port, request());
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({
      AccessKeyId: "ASIAp",
      SecretAccessKey: "secret-of-p",
      Token: expect.stringMatching(/^token-number-/) as string,
      Expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
      AccountId: "222222222222",
    });
    expect(head).toMatch(/content-type: application\/json/i);
    expect(head).toMatch(/cache-control: no-store/i);
    expect(head).not.toMatch(/access-control-/i);
  });

  it("of any other form is refused, with one body", async () => {
    const { port, request, token, path } = await serving();
    const line = `Host: 127.0.0.1:${port}\r\n`;
    const key = `Authorization: ${token}\r\n`;
    const with_ = (header: string): string => request().replace("\r\n\r\n", `\r\n${header}\r\n\r\n`);
    const bad: Record<string, string> = {
      "no token": `GET ${path} HTTP/1.1\r\n${line}\r\n`,
      "another token": request({ token: "x".repeat(token.length) }),
      "a shortened token": request({ token: token.slice(0, -1) }),
      "a lengthened token": request({ token: `${token}x` }),
      "a prefixed token": request({ token: `Bearer ${token}` }),
      "an empty token": request({ token: "" }),
      "a doubled token": `GET ${path} HTTP/1.1\r\n${line}${key}${key}\r\n`,
      "another path": request({ path: "/" }),
      "a longer path": request({ path: `${path}/` }),
      "a query": request({ path: `${path}?x` }),
      "an absolute form": request({ path: `http://127.0.0.1:${port}${path}` }),
      "another host": `GET ${path} HTTP/1.1\r\nHost: evil.example:${port}\r\n${key}\r\n`,
      "a host without its port": `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${key}\r\n`,
      "another name of the host": `GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\n${key}\r\n`,
      "a doubled host": `GET ${path} HTTP/1.1\r\n${line}${line}${key}\r\n`,
      "a doubled, differing host": `GET ${path} HTTP/1.1\r\n${line}Host: evil.example\r\n${key}\r\n`,
      "HTTP/1.0 without a host": `GET ${path} HTTP/1.0\r\n${key}\r\n`,
      ...Object.fromEntries(
        [
          "Origin: http://evil.example",
          "X-Forwarded-For: 10.0.0.1",
          "X-Forwarded-Host: evil",
          "Forwarded: for=10.0.0.1",
          "Via: 1.1 proxy",
          "Upgrade: websocket\r\nConnection: Upgrade",
          "Sec-Fetch-Site: cross-site",
          "Content-Length: 1",
        ].map((header) => [header, with_(header)]),
      ),
      ...Object.fromEntries(
        ["POST", "PUT", "HEAD", "OPTIONS", "TRACE", "DELETE"].map((method) => [
          method,
          request().replace("GET", method),
        ]),
      ),
    };
    for (const [what, text] of Object.entries(bad)) {
      const { status, head, body } = await send(port, text);
      expect(status, what).toBe(403);
      expect(body, what).toBe(text.startsWith("HEAD") ? "" : REFUSED);
      expect(head, what).not.toMatch(/access-control-/i);
    }
    expect((await send(port, request())).status).toBe(200);
  });

  it("is judged by itself, whatever its connection has shown before", async () => {
    const { port, request } = await serving();
    const socket = await open(port);
    let came = "";
    socket.on("data", (chunk: Buffer) => (came += chunk.toString()));
    for (const text of [request(), request({ token: "wrong" }), request({ path: "/x" }), request()]) socket.write(text);
    await expect
      .poll(() => came.match(/HTTP\/1\.1 \d+/g)?.map((line) => Number(line.slice(9))))
      .toEqual([200, 403, 403, 200]);
  });

  it.each([
    ["CONNECT", (path: string) => `CONNECT ${path} HTTP/1.1\r\nHost: x\r\n\r\n`],
    ["no Host at all", (path: string) => `GET ${path} HTTP/1.1\r\n\r\n`],
    ["a chunked body", (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`],
    ["no HTTP", () => "\u0016\u0003\u0001 hello\r\n\r\n"],
    ["more than 8 KiB of headers", (path: string) => `GET ${path} HTTP/1.1\r\nX: ${"x".repeat(9000)}\r\n\r\n`],
  ])("with %s is refused", async (_, text) => {
    const { port, path } = await serving();
    const { status, body } = await send(port, text(path));
    expect([0, 400, 403, 431]).toContain(status);
    expect(body).not.toContain("secret");
  });
});

describe("the endpoint", () => {
  it("listens on 127.0.0.1 only, at a path and with a token that differ each time", async () => {
    const [one, two] = [await serving(), await serving()];
    expect(one.path).toMatch(/^\/[0-9a-f]{32}$/);
    expect(one.token).toMatch(/^[\w-]{43}$/);
    expect(two.path).not.toBe(one.path);
    expect(two.token).not.toBe(one.token);
    // Loopback has more addresses: an endpoint on all interfaces would answer there.
    expect(listensOn(one.port)).toEqual(["0100007F"]);
  });

  it("serves a good client while 100 others say nothing, and closes those in favour of it", async () => {
    const { port, request } = await serving();
    const silent = await Promise.all(Array.from({ length: 100 }, () => open(port)));
    let closed = 0;
    const isTrimmed = new Promise<void>((resolve) => {
      for (const socket of silent) {
        socket.on("error", () => undefined);
        socket.on("close", () => {
          if (++closed === 37) resolve();
        });
        socket.write("GET / HTTP/1.1\r\nX-Slow: ");
        socket.resume();
      }
    });
    // Each new connection may push out those that have been silent for long.
    const knocking = setInterval(() => void send(port, request()).catch(() => undefined), 50);
    try {
      expect((await send(port, request())).status).toBe(200);
      await isTrimmed;
      expect((await send(port, request())).status).toBe(200);
    } finally {
      clearInterval(knocking);
    }
  });

  it("gives up a connection that does not finish its request", async () => {
    const { port } = await serving();
    const { status } = await send(port, "GET / HTTP/1.1\r\nX-Slow: ");
    expect([0, 408]).toContain(status);
  });

  it("opens no debugger's port at SIGUSR1", async () => {
    const { child, port, request } = await serving();
    child.kill("SIGUSR1");
    expect((await send(port, request())).status).toBe(200);
    expect(listensOn(9229)).toEqual([]);
    child.kill("SIGTERM");
  });
});

/** The addresses, in the kernel's hex, on which somebody listens at the port. */
function listensOn(port: number): string[] {
  const text = execFileSync("cat", ["/proc/net/tcp", "/proc/net/tcp6"], { encoding: "utf8" });
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  return [...text.matchAll(/^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) \S+ 0A /gm)]
    .filter(([, , found]) => found === wanted)
    .map(([, address = ""]) => address);
}
