// Asks STS something that needs no credentials: whether it can be reached, and what its clock says. For doctor, which wants to
// know this apart from what STS thinks of the credentials.
import type { CaBundle } from "../plan/sts-types.ts";
import type { Context } from "../context/types.ts";
import { askPatiently } from "./ask.ts";
import { proxyFor } from "./transport.ts";

export interface Reached {
  /** Milliseconds by which its clock is ahead of this machine's, to a second; undefined when it does not say. */
  readonly clockOffset?: number;
  /** The proxy on the way. */
  readonly proxy?: string;
}

/** Unsigned: AWS answers 403 (MissingAuthenticationToken), a stand-in perhaps 200. */
const QUESTION = {
  method: "POST",
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body: "Action=GetCallerIdentity&Version=2011-06-15",
  timeout: 5000,
} as const;

/** @throws XroleError `sts-unreachable`, `sts-reply`, `proxy-*`, `ca-bundle` */
export async function reachSts(context: Context, endpoint: string, caBundle: CaBundle | undefined): Promise<Reached> {
  // Throttling and 5xx are answers too: whether they go on is seen when it is asked in earnest.
  const { date } = await askPatiently(
    context,
    { ...QUESTION, url: endpoint },
    // A stand-in such as moto breaks down at a question without a signature; those on the way say 502, 503, 504 or 511.
    { caBundle, form: "xml", code: "sts-reply", isKnown: ({ status }) => status === 500 },
  );
  const time = Date.parse(date ?? "");
  const proxy = proxyFor(context.env, new URL(endpoint))?.host;
  return {
    // The header has whole seconds: half of one more is the best guess.
    ...(Number.isNaN(time) ? {} : { clockOffset: time + 500 - context.now() }),
    ...(proxy !== undefined && { proxy }),
  };
}
