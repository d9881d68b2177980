// Implements the console's sign-in: a token for temporary credentials, and the page that a link with the token opens. Source:
// "Enable custom identity broker access to the AWS console" in the IAM User Guide.
import { randomBytes } from "node:crypto";
import type { Handler } from "../http-message.ts";
import type { Identities, Identity } from "../world/identity.ts";
import type { Incoming, Outgoing } from "../http-message.ts";
import { isSame } from "./signature.ts";

/** For how many milliseconds a link works. */
const LINK_LIFE = 15 * 60 * 1000;

interface SignIn {
  readonly identity: Identity;
  readonly until: number;
}

export function playSignIn(identities: Identities, now: () => number): Handler {
  const known = new Map<string, SignIn>();
  return ({ method, path, query, body }: Incoming): Outgoing => {
    if (path !== "/federation") return { status: 404 };
    if (method !== "GET" && method !== "POST") return { status: 405 };
    const form = method === "POST" ? new URLSearchParams(body) : query;
    switch (form.get("Action")) {
      case "getSigninToken": {
        const identity = temporary(identities, form.get("Session") ?? "", now());
        const duration = form.get("SessionDuration");
        const isGranted = duration === null || (!identity?.isChained && isDuration(duration));
        if (!identity || !isGranted) return page(400, "HTTP Status 400 - Invalid credentials parameter");
        const token = randomBytes(120).toString("base64url");
        known.set(token, { identity, until: now() + LINK_LIFE });
        const headers = { "content-type": "application/json;charset=UTF-8" };
        return { status: 200, headers, body: JSON.stringify({ SigninToken: token }) };
      }
      case "login": {
        const found = known.get(form.get("SigninToken") ?? "");
        if (!found || found.until <= now()) return page(400, "This link does not work, or does not work any more");
        return page(200, `Signed in as ${found.identity.arn}, at ${form.get("Destination") ?? "the console"}`);
      }
      default:
        return page(400, "HTTP Status 400 - Invalid Action parameter");
    }
  };
}

/** The identity of temporary credentials; undefined for a user's own keys, and for wrong or expired credentials. */
function temporary(identities: Identities, session: string, now: number): Identity | undefined {
  try {
    const given = JSON.parse(session) as Record<string, unknown>;
    const identity = identities.find(String(given.sessionId));
    if (identity?.sessionToken === undefined || (identity.expires ?? 0) <= now) return undefined;
    const isRight =
      isSame(String(given.sessionKey), identity.secretAccessKey) &&
      isSame(String(given.sessionToken), identity.sessionToken);
    // A user's session, without a role, cannot open the console.
    return isRight && identity.roleArn !== undefined ? identity : undefined;
  } catch {
    return undefined;
  }
}

const isDuration = (text: string): boolean => /^\d+$/.test(text) && Number(text) >= 900 && Number(text) <= 43200;

function page(status: number, text: string): Outgoing {
  const shown = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return { status, headers: { "content-type": "text/html;charset=UTF-8" }, body: `<h1>${shown}</h1>\n` };
}
