// One small request: what is sent, what comes of each reply, and that it ends at its limits.
import { readFileSync } from "node:fs";
import { Agent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { createServer, Socket, type AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  describe as describeError,
  exchange,
  HttpError,
  ProxyError,
  type HttpRequest,
} from "../../../src/util/http.ts";
import { CERTIFICATE, closed, fakeAws } from "../../harness/fake-aws.ts";
import { watchTimers } from "../../harness/timers.ts";

const LIMIT = 256 * 1024;
const ask = (url: string, more: Partial<HttpRequest> = {}): ReturnType<typeof exchange> =>
  exchange({ method: "GET", url, headers: {}, timeout: 20_000, ...more });

/** A server that does with each connection what `answer` does; its port. */
async function raw(answer: (text: string) => string | undefined): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      const reply = answer(chunk.toString());
      if (reply === undefined) socket.destroy();
      else socket.write(reply);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

/** An agent whose connections fail. */
function failing(error: Error): Agent {
  const agent = new Agent();
  agent.createConnection = (_, callback) => {
    setImmediate(() => callback?.(error, new Socket()));
    return undefined;
  };
  return agent;
}

describe("a request", () => {
  it.each(["GET", "PUT", "POST"] as const)(
    "sends %s, its headers and its body, on a connection of its own",
    async (method) => {
      const { url, asked } = await fakeAws((response) => response.end("{}"));
      await ask(`${url}/a?b=c`, { method, headers: { "x-header": "1" }, ...(method === "GET" ? {} : { body: "ü" }) });
      expect(asked).toHaveLength(1);
      expect(asked[0]).toMatchObject({ method, url: "/a?b=c", body: method === "GET" ? "" : "ü" });
      expect(asked[0]?.headers).toMatchObject({ "x-header": "1", connection: "close" });
    },
  );

  it("gives status, text and date of the reply, whatever its status", async () => {
    const date = "Tue, 01 Jan 2030 00:00:00 GMT";
    const { url, asked } = await fakeAws((response, one) => {
      const status = Number(one.url.slice(1));
      response.writeHead(status, { date, location: `${url}/200` }).write("ü");
      response.end("2");
    });
    for (const status of [200, 204, 302, 404, 503])
      expect(await ask(`${url}/${String(status)}`)).toEqual({ status, date, body: status === 204 ? "" : "ü2" });
    expect(asked).toHaveLength(5);
  });

  it("takes a reply up to its limit, and not a byte past it", async () => {
    const { url } = await fakeAws((response, one) => response.end("x".repeat(Number(one.url.slice(1)))));
    expect((await ask(`${url}/${String(LIMIT)}`)).body).toHaveLength(LIMIT);
    await expect(ask(`${url}/${String(LIMIT + 1)}`)).rejects.toMatchObject({ kind: "oversize" });
  });
});

describe("a connection", () => {
  it("is taken from the agent that is given, and stays with it", async () => {
    const here = await fakeAws((response) => response.end("{}"));
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    for (let count = 0; count < 2; count++) await ask(here.url, { agent });
    expect(here.asked.map(({ headers }) => headers.connection)).toEqual(["keep-alive", "keep-alive"]);
    expect(here.sockets).toHaveLength(1);
  });

  it("without one is closed with its reply, and no limit of time is left behind", async () => {
    const left = watchTimers(20_000);
    const here = await fakeAws((response) => response.end("{}"));
    for (let count = 0; count < 2; count++) await ask(here.url);
    expect(here.sockets).toHaveLength(2);
    await closed(here);
    expect(left()).toBe(0);
  });

  it("by TLS is made with the authorities of the agent alone", async () => {
    const here = await fakeAws((response) => response.end("{}"), { tls: true });
    const agent = new HttpsAgent({ ca: readFileSync(CERTIFICATE) });
    expect(await ask(here.url, { agent })).toMatchObject({ status: 200 });
    expect(here.asked).toHaveLength(1);
  });

  it.each(["0", "1", undefined])(
    "to a server that nobody vouches for is none, where the variable is %s",
    async (off) => {
      vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", off);
      onTestFinished(() => void vi.unstubAllEnvs());
      const { url, asked } = await fakeAws((response) => response.end("{}"), { tls: true });
      for (const more of [{}, { agent: new HttpsAgent() }])
        await expect(ask(url, more)).rejects.toMatchObject({
          kind: "unreachable",
          message: "its certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)",
          cause: { code: "DEPTH_ZERO_SELF_SIGNED_CERT" },
        });
      expect(asked).toEqual([]);
    },
  );
});

describe("no reply", () => {
  it("in time is told with the time that was given", async () => {
    for (const text of ["", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"]) {
      const failed = ask(await raw(() => text), { timeout: 100 });
      await expect(failed).rejects.toEqual(new HttpError("timeout", "no answer within 0.1 s"));
      await expect(failed).rejects.toMatchObject({ kind: "timeout" });
    }
  });

  it("where the other side hangs up, also in the middle, or speaks no HTTP", async () => {
    await expect(ask(await raw(() => undefined))).rejects.toMatchObject({
      kind: "unreachable",
      message: "connection closed",
    });
    const half = await fakeAws((response) => {
      response.writeHead(200, { "content-length": "10" });
      response.write("half", () => response.destroy());
    });
    await expect(ask(half.url)).rejects.toMatchObject({ kind: "unreachable", message: "connection closed" });
    await expect(ask(await raw(() => "SSH-2.0-x\r\n\r\n"))).rejects.toBeInstanceOf(HttpError);
  });

  it("in time, or too large a one, ends the connection and the limit of time", async () => {
    const left = watchTimers(20_000);
    const silent = await fakeAws(() => undefined);
    await expect(ask(silent.url, { timeout: 50 })).rejects.toMatchObject({ kind: "timeout" });
    const endless = await fakeAws((response) => response.write("x".repeat(LIMIT + 1)));
    await expect(ask(endless.url)).rejects.toMatchObject({ kind: "oversize", message: "it is too large" });
    await Promise.all([closed(silent), closed(endless)]);
    expect([silent.sockets.length, endless.sockets.length, left()]).toEqual([1, 1, 0]);
  });

  it.each([
    [Object.assign(new Error("x"), { code: "ETIMEDOUT" }), "timeout", "no answer in time"],
    [Object.assign(new Error("x"), { code: "EOTHER" }), "unreachable", "EOTHER"],
  ])("where the system says %s", async (error, kind, message) => {
    const agent = failing(error);
    await expect(ask("http://127.0.0.1:1/", { agent })).rejects.toMatchObject({ kind, message, cause: error });
  });

  it("where a proxy does not connect, which is told as it is", async () => {
    const error = new ProxyError("it answered 403", { status: 403 });
    const agent = failing(error);
    await expect(ask("http://127.0.0.1:1/", { agent })).rejects.toBe(error);
  });

  it("where nobody listens", async () => {
    await expect(ask("http://127.0.0.1:1/")).rejects.toMatchObject({
      kind: "unreachable",
      message: "connection refused",
      cause: { code: "ECONNREFUSED" },
    });
  });
});

it.each([
  ["ECONNREFUSED", "connection refused"],
  ["ECONNRESET", "connection closed"],
  ["EPIPE", "connection closed"],
  ["EHOSTUNREACH", "no route to it"],
  ["ENETUNREACH", "no route to it"],
  ["EADDRNOTAVAIL", "no route to it"],
  ["CERT_HAS_EXPIRED", "its certificate is not trusted (CERT_HAS_EXPIRED)"],
  ["CERT_NOT_YET_VALID", "its certificate is not trusted (CERT_NOT_YET_VALID)"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "its certificate is not trusted (SELF_SIGNED_CERT_IN_CHAIN)"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "its certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "its certificate is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE)"],
  ["UNABLE_TO_GET_ISSUER_CERT", "its certificate is not trusted (UNABLE_TO_GET_ISSUER_CERT)"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "its certificate is not trusted (UNABLE_TO_GET_ISSUER_CERT_LOCALLY)"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "its certificate is not trusted (ERR_TLS_CERT_ALTNAME_INVALID)"],
  ["ENOTFOUND", "its name cannot be resolved"],
  ["EAI_AGAIN", "its name cannot be resolved"],
  ["EPROTO", "the TLS handshake failed: what answers there may not speak TLS"],
  ["HPE_INVALID_CONSTANT", "its answer is not HTTP"],
  ["EHPE_", "EHPE_"],
  ["EOTHER", "EOTHER"],
  [undefined, "connect 10.0.0.1"],
])("%s is told as %s", (code, text) => {
  expect(describeError(Object.assign(new Error("connect 10.0.0.1"), { code }))).toBe(text);
});
