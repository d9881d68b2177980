// Sends STS a request that needs no credentials, to find out whether it is reachable and what its clock says. For doctor, which
// checks this apart from the credentials.
import type { CaBundle } from "../plan/sts-calls.ts";
import type { Context } from "../context/types.ts";
import { requestWithRetries } from "./request-with-retries.ts";
import { proxyFor } from "./transport.ts";

export interface Reached {
  /**
   * Milliseconds by which the clock of STS is ahead of this machine's, accurate to a second; undefined if the reply has no date.
   */
  readonly clockOffset?: number;
  /** The proxy that was used. */
  readonly proxy?: string;
}

/** An unsigned request: AWS answers 403 (MissingAuthenticationToken), a local stand-in perhaps 200. */
const QUESTION = {
  method: "POST",
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body: "Action=GetCallerIdentity&Version=2011-06-15",
  timeout: 5000,
} as const;

/** @throws XroleError `sts-unreachable`, `sts-reply`, `proxy-*`, `ca-bundle` */
export async function reachSts(context: Context, endpoint: string, caBundle: CaBundle | undefined): Promise<Reached> {
  // Throttling and 5xx count as answers too. If they continue, the later, signed requests will show it.
  const { date } = await requestWithRetries(
    context,
    { ...QUESTION, url: endpoint },
    // A stand-in such as moto fails with status 500 on an unsigned request; a proxy or load balancer fails with 502, 503, 504 or
    // 511.
    { caBundle, form: "xml", code: "sts-reply", isKnown: ({ status }) => status === 500 },
  );
  const time = Date.parse(date ?? "");
  const proxy = proxyFor(context.env, new URL(endpoint))?.host;
  return {
    // The header has whole seconds; adding half a second is the best estimate.
    ...(Number.isNaN(time) ? {} : { clockOffset: time + 500 - context.now() }),
    ...(proxy !== undefined && { proxy }),
  };
}
