// Sends one request to AWS outside of the SDK, through the user's proxy and certificates, and repeats it after errors that may be
// temporary.
import type { CaBundle } from "../plan/sts-calls.ts";
import type { Context } from "../context/types.ts";
import { XroleError } from "../errors/error.ts";
import { withoutPassword } from "../errors/passwords.ts";
import { exchange, HttpError, ProxyError, strangeReply, type HttpReply, type HttpRequest } from "../util/http.ts";
import { mayPass, proxyFailure } from "./failure.ts";
import { openTransport } from "./transport.ts";

const TIMEOUT = 10_000;
const ATTEMPTS = 3;

interface Asking {
  readonly caBundle: CaBundle | undefined;
  /** The format in which AWS answers, whatever the status. */
  readonly form: "json" | "xml";
  /** The error code for a reply that redirects, is too large or has another format. */
  readonly code: "sso-reply" | "login-reply" | "console-reply" | "sts-reply";
  /** The name of the endpoint in errors; by default the URL of the request. */
  readonly endpoint?: string;
  /** Whether a reply in another format comes from AWS all the same. */
  readonly isKnown?: (reply: HttpReply) => boolean;
}

/**
 * Returns the reply, after up to three attempts with random pauses between them (full jitter). The caller handles throttling and
 * 5xx.
 * @throws XroleError `sts-unreachable`, `proxy-refused`, `ca-bundle`, `proxy-invalid`, and that of `code`
 */
export async function requestWithRetries(
  context: Context,
  request: Omit<HttpRequest, "agent" | "timeout"> & Partial<Pick<HttpRequest, "timeout">>,
  { caBundle, form, code, endpoint, isKnown }: Asking,
): Promise<HttpReply> {
  const transport = await openTransport(context, caBundle, request.url);
  const agent = request.url.startsWith("https:") ? transport.httpsAgent : transport.httpAgent;
  const shown = withoutPassword(request.url.split("?")[0] ?? "");
  const senseless = (problem: string, isForeign = false): XroleError =>
    new XroleError(code, { endpoint: endpoint ?? shown, problem, isForeign });
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        const reply = await exchange({ timeout: TIMEOUT, ...request, agent });
        context.debug(`${request.method} ${shown}: ${reply.status}`);
        if (reply.status >= 300 && reply.status < 400) throw senseless("it redirects elsewhere");
        if (attempt === ATTEMPTS || (reply.status < 500 && reply.status !== 429)) return checked(reply);
      } catch (error) {
        if (error instanceof ProxyError) {
          context.debug(`${shown}: the proxy: ${error.message}`);
          if (attempt === ATTEMPTS || !mayPass(error)) throw proxyFailure(error, shown, transport.proxy);
        } else if (!(error instanceof HttpError)) throw error;
        else {
          context.debug(`${shown}: ${error.message}`);
          if (error.kind === "oversize") throw senseless(error.message);
          if (attempt === ATTEMPTS)
            throw new XroleError(
              "sts-unreachable",
              { endpoint: shown, problem: error.message, proxy: transport.proxy },
              { cause: error },
            );
        }
      }
      await new Promise((done) => setTimeout(done, Math.random() * 200 * 2 ** (attempt - 1)));
    }
  } finally {
    transport.close();
  }

  function checked(reply: HttpReply): HttpReply {
    if (reply.status === 407) throw proxyFailure(new ProxyError("", { status: 407 }), shown, transport.proxy);
    const strange = isKnown?.(reply) === true ? undefined : strangeReply(reply, form);
    if (strange === undefined) return reply;
    throw senseless(strange, true);
  }
}
