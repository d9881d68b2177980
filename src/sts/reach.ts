// Asks STS something that needs no credentials: whether it can be reached, and what its clock says. For doctor, which wants to
// know this apart from what STS thinks of the credentials.
import type { Plan } from "../chain/types.ts";
import type { Context } from "../context.ts";
import { XroleError } from "../errors.ts";
import { exchange, HttpError, type HttpReply } from "../http.ts";
import { openTransport, proxyFor } from "./transport.ts";

export interface Reached {
  /** Milliseconds by which its clock is ahead of this machine's, to a second; undefined when it does not say. */
  readonly clockOffset?: number;
  /** The proxy on the way. */
  readonly proxy?: string;
}

const TIMEOUT = 5000;
const ATTEMPTS = 2;
/** Unsigned: AWS answers 403 (MissingAuthenticationToken), a stand-in perhaps 200. */
const QUESTION = "Action=GetCallerIdentity&Version=2011-06-15";

/** @throws XroleError `sts-unreachable`, `sts-reply`, `proxy-*`, `ca-bundle` */
export async function reachSts(context: Context, endpoint: string, caBundle: Plan["caBundle"]): Promise<Reached> {
  const transport = await openTransport(context, caBundle, endpoint);
  try {
    const agent = endpoint.startsWith("https:") ? transport.httpsAgent : transport.httpAgent;
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const asked = context.now();
    const reply = await retry(() =>
      exchange({ method: "POST", url: endpoint, headers, body: QUESTION, agent, timeout: TIMEOUT }),
    );
    context.debug(`POST ${endpoint} unsigned: ${String(reply.status)}`);
    judge(reply);
    const time = Date.parse(reply.date ?? "");
    const proxy = proxyFor(context.env, new URL(endpoint))?.host;
    return {
      // The header has whole seconds: half of one is the best guess.
      ...(Number.isNaN(time) ? {} : { clockOffset: time + 500 - (asked + context.now()) / 2 }),
      ...(proxy !== undefined && { proxy }),
    };
  } finally {
    transport.close();
  }

  async function retry(send: () => Promise<HttpReply>): Promise<HttpReply> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await send();
      } catch (error) {
        if (!(error instanceof HttpError)) throw error;
        context.debug(`${endpoint}: ${error.message}`);
        if (attempt === ATTEMPTS || error.kind === "oversize")
          throw new XroleError("sts-unreachable", { endpoint, problem: error.message }, { cause: error });
      }
    }
  }

  /** Throttling and 5xx are answers too: whether they go on is seen when it is asked in earnest. */
  function judge({ status, body }: HttpReply): void {
    if (status === 407) throw new XroleError("proxy-refused", { endpoint });
    if (status >= 300 && status < 400)
      throw new XroleError("sts-reply", { endpoint, problem: "it redirects elsewhere" });
    if (status < 500 && /<html/i.test(body))
      throw new XroleError("sts-reply", { endpoint, problem: "it is a web page" });
  }
}
