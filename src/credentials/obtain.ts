// Obtains the credentials at the end of a plan. If the cache has a fresh session, nothing that requests need is loaded.
import { type Resolving, type PlanCache, openPlanCache, checkAccount } from "./resolving.ts";
import type { Credentials } from "../plan/aws/credentials.ts";
import { withLostSettings } from "../plan/unused/with-lost-settings.ts";
import type { Context } from "../context/types.ts";
import { isFresh, type Session } from "./session.ts";

/** The credentials at the end of the plan, checked against `--expect-account`. @throws XroleError */
export async function obtainCredentials(context: Context, request: Resolving): Promise<Credentials> {
  return (await obtainSession(context, request)).credentials;
}

/** The same, with the time at which they were obtained. @throws XroleError */
export async function obtainSession(context: Context, request: Resolving): Promise<Session> {
  const kept = await openPlanCache(context, request);
  const session = keptSession(context, request, kept);
  if (session) return session;
  const { resolveSession } = await import("./resolve.ts");
  try {
    return await resolveSession(context, request, kept);
  } catch (error) {
    // AWS may deny the request because of a setting that xrole did not read, such as an external id or an MFA device on a misspelt
    // line.
    throw withLostSettings(error, request.config, request.plan.profile);
  }
}

/** The cached session of the last step. */
function keptSession(context: Context, { plan, caching }: Resolving, { steps, cache }: PlanCache): Session | undefined {
  const key = steps.at(-1)?.key;
  if (!cache || key === undefined || caching.mode !== "on") return undefined;
  const entry = cache.read(key);
  if (!entry || !isFresh(entry, context.now(), caching)) return undefined;
  context.debug(`kept from an earlier call: ${cache.folder}`);
  // The account of a role was checked with the plan. Without a role, the plan does not contain the account.
  checkAccount(plan, entry.credentials);
  return entry;
}
