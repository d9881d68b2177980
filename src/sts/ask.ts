// One request to AWS outside of the SDK, over the user's own way to it, once more where a moment may mend it.
import type { Plan } from "../chain/types.ts";
import type { Context } from "../context.ts";
import { XroleError } from "../errors.ts";
import { exchange, HttpError, type HttpReply, type HttpRequest } from "../http.ts";
import { openTransport } from "./transport.ts";

const TIMEOUT = 10_000;
const ATTEMPTS = 3;

/**
 * The reply, after up to three attempts with a random wait between them (full jitter).
 * @param senseless makes the error for a reply that leads elsewhere or is too large
 * @throws XroleError `sts-unreachable`, `ca-bundle`, `proxy-invalid`
 */
export async function askPatiently(
  context: Context,
  request: Omit<HttpRequest, "agent" | "timeout"> & Partial<Pick<HttpRequest, "timeout">>,
  caBundle: Plan["caBundle"],
  senseless: (problem: string) => XroleError,
): Promise<HttpReply> {
  const transport = await openTransport(context, caBundle, request.url);
  const agent = request.url.startsWith("https:") ? transport.httpsAgent : transport.httpAgent;
  const shown = request.url.split("?")[0] ?? "";
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        const reply = await exchange({ timeout: TIMEOUT, ...request, agent });
        context.debug(`${request.method} ${shown}: ${reply.status}`);
        if (reply.status >= 300 && reply.status < 400) throw senseless("it redirects elsewhere");
        if (attempt === ATTEMPTS || (reply.status < 500 && reply.status !== 429)) return reply;
      } catch (error) {
        if (!(error instanceof HttpError)) throw error;
        context.debug(`${shown}: ${error.message}`);
        if (error.kind === "oversize") throw senseless(error.message);
        if (attempt === ATTEMPTS)
          throw new XroleError("sts-unreachable", { endpoint: shown, problem: error.message }, { cause: error });
      }
      await new Promise((done) => setTimeout(done, Math.random() * 200 * 2 ** (attempt - 1)));
    }
  } finally {
    transport.close();
  }
}
