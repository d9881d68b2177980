// Fetches the credentials and region of the EC2 instance with IMDSv2 (rules 38 to 44). The SDK's provider is not used: it does not
// retry the token (vector `imds-token-503-once`), and invents an expiration for stale credentials (rule 44).
import { isRegion } from "../../plan/aws/region-name.ts";
import type { Credentials } from "../../plan/aws/credentials.ts";
import type { Context } from "../../context/types.ts";
import { XroleError } from "../../errors/error.ts";
import { exchange, HttpError, spokenPart, unexpected, webPage, type HttpReply } from "../../util/http.ts";
import { parseHostCredentials } from "../host-credentials.ts";
import type { OpenSource } from "../kind.ts";
import type { InstanceSource } from "./plan.ts";

/** An instance. Its IMDSv2 token is fetched once. The region is unknown behind a proxy that only lets credentials through. */
export interface Instance extends OpenSource {
  readonly credentials: () => Promise<Credentials>;
  readonly region: () => Promise<string | undefined>;
}

const ROLE_PATH = "/latest/meta-data/iam/security-credentials/";

/** @throws XroleError `instance-*`; its functions throw network errors */
export function open(context: Context, source: InstanceSource): Instance {
  const { endpoint } = source;
  const timeout = 1000 * (source.timeoutSeconds ?? 1);
  const attempts = source.attempts ?? (source.speculative ? 1 : 4);
  const senseless = (problem: string): XroleError => new XroleError("instance-reply", { endpoint, problem });
  let token: Promise<string> | undefined;
  let hasToken = false;

  if (source.disabled) throw new XroleError("instance-disabled", {});
  return { credentials, region };

  async function credentials(): Promise<Credentials> {
    for (let isAgain = false; ; isAgain = true) {
      const role = await roleName();
      const reply = await get(ROLE_PATH + role);
      if (reply.status !== 404)
        return parseHostCredentials(
          ok(reply).body,
          (problem) => senseless(webPage(reply.body) ?? problem),
          (detail) => new XroleError("instance-role-refused", { detail }),
        );
      // The instance profile may have been replaced since the role name was listed.
      if (isAgain) throw new XroleError("instance-role-missing", { role });
    }
  }

  async function roleName(): Promise<string> {
    const reply = await get(ROLE_PATH);
    if (reply.status === 404) throw new XroleError("instance-role-missing", {});
    const name = ok(reply).body.trim();
    if (name === "") throw new XroleError("instance-role-missing", { isListEmpty: true });
    if (!/^[\w+=,.@-]+$/.test(name)) throw senseless(webPage(name) ?? "the role's name is malformed");
    return name;
  }

  async function region(): Promise<string | undefined> {
    const reply = await get("/latest/meta-data/placement/region");
    const name = reply.body.trim();
    if ((reply.status >= 400 && reply.status < 500) || (reply.status === 200 && name === "")) return undefined;
    if (!isRegion(ok(reply).body.trim())) throw senseless(webPage(name) ?? "the region's name is malformed");
    return name;
  }

  function get(path: string): Promise<HttpReply> {
    return retry(async () => {
      const used = (token ??= fetchToken());
      const answer = await send("GET", path, { "x-aws-ec2-metadata-token": await used });
      // The token may have been revoked, for example because the instance stopped and started. The next attempt fetches a new one.
      if (answer.status === 401 && token === used) token = undefined;
      return answer;
    });
  }

  async function fetchToken(): Promise<string> {
    const ttl = { "x-aws-ec2-metadata-token-ttl-seconds": "21600" };
    const { body } = ok(await retry(() => send("PUT", "/latest/api/token", ttl)));
    const page = webPage(body);
    if (page !== undefined || !/^[\x21-\x7e]+$/.test(body.trim())) throw senseless(page ?? "the token is malformed");
    hasToken = true;
    return body.trim();
  }

  async function send(method: "GET" | "PUT", path: string, headers: Record<string, string>): Promise<HttpReply> {
    const reply = await exchange({ method, url: endpoint + path, headers, timeout });
    context.debug(`${method} ${endpoint}${path}: ${reply.status}`);
    return reply;
  }

  /** Repeats requests after errors that may be temporary: 5xx, 401 and timeouts, but never 400, 403 or 404 (rule 40). */
  async function retry(call: () => Promise<HttpReply>): Promise<HttpReply> {
    for (let attempt = 1; ; attempt++) {
      try {
        const reply = await call();
        if (attempt === attempts || (reply.status < 500 && reply.status !== 401)) return reply;
      } catch (error) {
        if (!(error instanceof HttpError)) throw error;
        context.debug(`${endpoint}: ${error.message}`);
        if (error.kind === "oversize") throw senseless(error.message);
        if (attempt === attempts || error.kind !== "timeout") throw unreachable(error);
      }
      await new Promise((resolve) => setTimeout(resolve, Math.min(50 * 2 ** (attempt - 1), 1000)));
    }
  }

  function unreachable(error: HttpError): XroleError {
    const hint = source.speculative
      ? "no profile was named and nothing else held credentials, so the instance came last: name a profile (`xrole list` shows them)"
      : hasToken
        ? "it did give a token, so this is no hop limit: a proxy such as kube2iam, or a filter, may hold back what follows"
        : error.kind === "timeout"
          ? "in a container the answer may stop at hop limit 1: aws ec2 modify-instance-metadata-options --http-put-response-hop-limit 2 --instance-id ..."
          : "is this an EC2 instance?";
    return new XroleError("instance-unreachable", { endpoint, problem: error.message, hint }, { cause: error });
  }

  function ok(reply: HttpReply): HttpReply {
    if (reply.status === 200) return reply;
    if (reply.status < 400) throw senseless(unexpected(reply.status));
    const { status, body } = reply;
    // EC2's own errors are web pages; those of a proxy may contain a reason.
    const detail = spokenPart(body);
    throw new XroleError("instance-refused", { endpoint, status, detail, ...refusalHint(status, hasToken) });
  }
}

function refusalHint(status: number, hasToken: boolean): { hint?: string } {
  switch (status) {
    case 400:
      return { hint: "EC2 answers no such request with 400: a proxy, or another program, answers there" };
    case 403:
      return {
        hint: hasToken
          ? "it did give a token, so metadata is switched on: a proxy such as kube2iam may not let this pod have the role"
          : "instance metadata is switched off (aws ec2 modify-instance-metadata-options --http-endpoint enabled --instance-id ...), " +
            "or a proxy such as kube2iam answers there and forbids it",
      };
    case 404:
    case 405:
      return hasToken ? {} : { hint: "what answers there is not IMDSv2, and xrole does not fall back to IMDSv1" };
    default:
      return {};
  }
}
