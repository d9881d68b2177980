// What is told of a proxy that does not connect: why, whether it could be reached at all, and what the system said.
import { createServer, type AddressInfo, type Socket } from "node:net";
import { HttpsProxyAgent } from "https-proxy-agent";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { exchange, ProxyError } from "../../../src/util/http.ts";
import { openProxyAgent } from "../../../src/sts/proxy-agent.ts";

/** Starts a proxy that does `act` with whoever asks it to connect. */
async function proxy(act: (client: Socket) => void): Promise<URL> {
  const server = createServer((client) => {
    client.on("error", () => undefined);
    client.once("data", () => act(client));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return new URL(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
}
const failure = async (url: URL): Promise<unknown> => {
  const agent = openProxyAgent(url, {});
  onTestFinished(() => agent.destroy());
  const request = { method: "GET", url: "http://sts.example.com/", headers: {}, timeout: 20_000 } as const;
  return exchange({ ...request, agent }).catch((error: unknown) => error);
};

describe("a proxy", () => {
  it("that ends the connection by force could be reached", async () => {
    const error = await failure(await proxy((client) => void client.resetAndDestroy()));
    expect(error).toBeInstanceOf(ProxyError);
    expect(error).toMatchObject({
      message: "connection closed",
      isUnreachable: false,
      status: undefined,
      cause: { code: "ECONNRESET" },
    });
    expect(error).toHaveProperty("$retryable", {});
  });

  it.each<[string, string, string]>([
    ["", "connection closed", "Proxy connection ended before receiving CONNECT response"],
    ["HTTP/1.1 200 OK\r\nno header\r\n\r\n", "its answer is not HTTP", "Invalid header"],
    ["\r\n\r\n", "its answer is not HTTP", "No header received"],
  ])("that answers %j could be reached, and the library's reason is kept", async (text, message, reason) => {
    const error = await failure(await proxy((client) => void client.end(text)));
    expect(error).toMatchObject({ name: "ProxyError", message, isUnreachable: false, status: undefined });
    expect(String((error as Error).cause)).toContain(reason);
    expect(error).toHaveProperty("$retryable", {});
  });

  it("that refuses is left, and not read any further", async () => {
    let left = (): void => undefined;
    const closed = new Promise<void>((resolve) => (left = resolve));
    // It would keep the connection.
    const url = await proxy((client) => {
      client.once("close", left);
      client.write("HTTP/1.1 403 No\r\nContent-Length: 1000\r\n\r\n");
    });
    expect(await failure(url)).toMatchObject({ message: "it answered 403", status: 403, cause: undefined });
    await closed;
  });

  it.each<[string, boolean]>([
    ["ECONNRESET", false],
    ["EPIPE", false],
    ["ECONNREFUSED", true],
    ["ENOTFOUND", true],
    ["EHOSTUNREACH", true],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", true],
  ])("of which the system says %s could not be reached: %s", async (code, isUnreachable) => {
    const cause = Object.assign(new Error("of the system"), { code });
    const spy = vi.spyOn(HttpsProxyAgent.prototype, "connect").mockRejectedValue(cause);
    onTestFinished(() => spy.mockRestore());
    expect(await failure(new URL("http://127.0.0.1:1"))).toMatchObject({ name: "ProxyError", isUnreachable, cause });
  });

  it("that is silent could not be reached, and the system's reason is kept", async () => {
    const { setTimeout } = globalThis;
    const spy = vi
      .spyOn(globalThis, "setTimeout")
      .mockImplementation((run: () => void, ms = 0) => setTimeout(run, ms === 4000 ? 0 : ms));
    onTestFinished(() => spy.mockRestore());
    expect(await failure(await proxy(() => undefined))).toMatchObject({
      message: "no answer in time",
      isUnreachable: true,
      status: undefined,
      cause: { code: "ABORT_ERR" },
    });
  });
});
