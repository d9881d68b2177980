// Credentials at the end of a plan: those that are kept, where they live long enough, with nothing loaded that asking takes.
import { type Resolving, type Kept, openKept, checkAccount } from "./request.ts";
import type { Credentials } from "../plan/sts-types.ts";
import { namingLost } from "../plan/unused/naming-lost.ts";
import type { Context } from "../context/types.ts";
import { isFresh, type Session } from "./session.ts";

/** The credentials at the end of the plan; `--expect-account` is held to them. @throws XroleError */
export async function obtainCredentials(context: Context, request: Resolving): Promise<Credentials> {
  return (await obtainSession(context, request)).credentials;
}

/** The same, with when they were obtained. @throws XroleError */
export async function obtainSession(context: Context, request: Resolving): Promise<Session> {
  const kept = await openKept(context, request);
  const session = keptSession(context, request, kept);
  if (session) return session;
  const { resolveSession } = await import("./resolve.ts");
  try {
    return await resolveSession(context, request, kept);
  } catch (error) {
    // What AWS refuses may be behind a line that is not read: an external id, a device.
    throw namingLost(error, request.config, request.plan.profile);
  }
}

/** The session of the last step, from the cache. */
function keptSession(context: Context, { plan, caching }: Resolving, { steps, cache }: Kept): Session | undefined {
  const key = steps.at(-1)?.key;
  if (!cache || key === undefined || caching.mode !== "on") return undefined;
  const entry = cache.read(key);
  if (!entry || !isFresh(entry, context.now(), caching)) return undefined;
  context.debug(`kept from an earlier call: ${cache.folder}`);
  // The plan's account was compared before; that of an entry without a role is not in the plan.
  checkAccount(plan, entry.credentials);
  return entry;
}
