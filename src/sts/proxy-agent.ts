// Connects through a proxy (CONNECT), and reports when it was the proxy that did not connect. Loaded only if there is a proxy.
import type { AgentOptions } from "node:https";
import { HttpsProxyAgent } from "https-proxy-agent";
import { describe, ProxyError } from "../util/http.ts";
import { mayPass } from "./failure.ts";

/** Milliseconds for connecting to the proxy: shorter than the whole request may take, so that the error can name the proxy. */
const LIMIT = 4000;

/**
 * An agent whose requests fail with ProxyError if the proxy does not connect. The library alone would replay the proxy's answer as
 * the endpoint's.
 */
export function openProxyAgent(proxy: URL, options: AgentOptions): HttpsProxyAgent<string> {
  const agent = new HttpsProxyAgent(proxy, options);
  const connect = agent.connect.bind(agent);
  agent.connect = async (request, target) => {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), LIMIT);
    agent.connectOpts = { ...agent.connectOpts, signal: limit.signal };
    let status = NaN;
    request.once("proxyConnect", ({ statusCode }: { readonly statusCode: number }) => (status = statusCode));
    try {
      const socket = await connect(request, target);
      // Where the proxy refuses, the library has closed the connection, and this socket only replays the answer.
      if (status === 200) return socket;
    } catch (error) {
      const failure = error as NodeJS.ErrnoException;
      if (limit.signal.aborted)
        throw retryable(new ProxyError("no answer in time", { cause: error, isUnreachable: true }));
      // Only system errors have a code: the connection to the proxy itself failed.
      if (failure.code !== undefined) {
        const isClosed = failure.code === "ECONNRESET" || failure.code === "EPIPE";
        throw retryable(new ProxyError(describe(failure), { cause: error, isUnreachable: !isClosed }));
      }
      const isClosed = failure.message.includes("ended before");
      throw retryable(new ProxyError(isClosed ? "connection closed" : "its answer is not HTTP", { cause: error }));
    } finally {
      clearTimeout(timer);
    }
    // "HTTP/1.1 nonsense" has no status.
    if (!Number.isInteger(status)) throw retryable(new ProxyError("its answer is not HTTP", {}));
    throw retryable(new ProxyError(`it answered ${String(status)}`, { status }));
  };
  return agent;
}

/** Marks errors that may be temporary as retryable for the SDK, which only recognizes its own errors. */
const retryable = (error: ProxyError): ProxyError =>
  mayPass(error) ? Object.assign(error, { $retryable: {} }) : error;
