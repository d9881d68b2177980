// Connects by way of a proxy (CONNECT), and says when it was the proxy that did not connect. Loaded only where there is one.
import type { AgentOptions } from "node:https";
import { HttpsProxyAgent } from "https-proxy-agent";
import { describe, ProxyError } from "../util/http.ts";
import { mayPass } from "./failure.ts";

/** Milliseconds for the proxy to connect: less than anybody waits for the whole, so that it is named. */
const LIMIT = 4000;

/** An agent whose requests fail with ProxyError where the proxy does not connect; the library replays its answer as the endpoint's. */
export function openProxyAgent(proxy: URL, options: AgentOptions): HttpsProxyAgent<string> {
  const agent = new HttpsProxyAgent(proxy, options);
  const connect = agent.connect.bind(agent);
  agent.connect = async (request, target) => {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), LIMIT);
    agent.connectOpts = { ...agent.connectOpts, signal: limit.signal };
    let answer: { readonly statusCode: number } | undefined;
    request.once("proxyConnect", (given: { readonly statusCode: number }) => (answer = given));
    try {
      const socket = await connect(request, target);
      if (answer?.statusCode === 200) return socket;
      socket.destroy();
    } catch (error) {
      const failure = error as NodeJS.ErrnoException;
      if (limit.signal.aborted)
        throw retryable(new ProxyError("no answer in time", { cause: error, isUnreachable: true }));
      // Only what the system says has a code: the connection to the proxy itself.
      if (failure.code !== undefined) {
        const isClosed = failure.code === "ECONNRESET" || failure.code === "EPIPE";
        throw retryable(new ProxyError(describe(failure), { cause: error, isUnreachable: !isClosed }));
      }
      const isClosed = failure.message.includes("ended before");
      throw retryable(new ProxyError(isClosed ? "connection closed" : "its answer is not HTTP", { cause: error }));
    } finally {
      clearTimeout(timer);
    }
    const status = answer?.statusCode;
    // "HTTP/1.1 nonsense" has none.
    if (status === undefined || !Number.isInteger(status))
      throw retryable(new ProxyError("its answer is not HTTP", {}));
    throw retryable(new ProxyError(`it answered ${String(status)}`, { status }));
  };
  return agent;
}

/** Marks what a moment may help for the SDK, which knows its own errors only. */
const retryable = (error: ProxyError): ProxyError =>
  mayPass(error) ? Object.assign(error, { $retryable: {} }) : error;
