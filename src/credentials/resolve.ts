// Carries out a plan: gets the source's credentials, then assumes each role with the credentials of the step before. Cached
// sessions are looked up from the last hop backwards.
import { formatTime } from "../plan/aws/timestamps.ts";
import type { Credentials } from "../plan/aws/credentials.ts";
import { describeSource } from "../plan/show/describe.ts";
import type { Context } from "../context/types.ts";
import { XroleError } from "../errors/error.ts";
import { STATUS } from "../errors/status.ts";
import type { CallerIdentity } from "../sts/types.ts";
import type { Entry } from "./cache/entry.ts";
import { isExpired, isRenewable, openCalls } from "./plan-requests.ts";
import { checkAccount, openPlanCache, type PlanCache, type Resolving } from "./resolving.ts";
import { isFresh, timeLeft, type Session } from "./session.ts";
import { refusalsSince, share } from "./cache/share.ts";
import type { SessionStep } from "./cache/steps.ts";
import { newWaiting } from "./cache/waiting.ts";

/** Milliseconds that a session must have left to be used for the next request. */
const STEP_LIFE = 60_000;

/** Requests the session at the end of the plan. @throws XroleError */
export async function resolveSession(context: Context, request: Resolving, kept: PlanCache): Promise<Session> {
  return withSession(context, request, kept, async (found) => {
    await expectAccount(request, found);
    return found.session;
  });
}

/** The credentials at the end of the plan, and the region that they are meant for. @throws XroleError */
export async function resolveRegion(
  context: Context,
  request: Resolving,
): Promise<{ credentials: Credentials; region: string }> {
  return withSession(context, request, await openPlanCache(context, request), async (found) => {
    await expectAccount(request, found);
    return { credentials: found.session.credentials, region: await found.region() };
  });
}

/**
 * Checks credentials without a role against --expect-account; the account of a role is in the plan. @throws XroleError
 * `account-unexpected`
 */
async function expectAccount({ plan }: Resolving, { identity }: Found): Promise<void> {
  const isRole = plan.hops.length > 0 || plan.source.roleArn !== undefined;
  if (plan.expectAccount !== undefined && !isRole) await identity();
}

/** The credentials at the end of the plan, and the identity that STS reports for them. @throws XroleError */
export async function resolveIdentity(
  context: Context,
  request: Resolving,
): Promise<{ credentials: Credentials; identity: CallerIdentity; region: string }> {
  const kept = await openPlanCache(context, request);
  return withSession(context, request, kept, async ({ session: { credentials }, identity, region }) => ({
    credentials,
    identity: await identity(),
    region: await region(),
  }));
}

interface Found {
  readonly session: Session;
  readonly identity: () => Promise<CallerIdentity>;
  readonly region: () => Promise<string>;
}

/** A session within the chain, with a name for error messages, and whether it came from the cache. */
interface Held extends Session {
  readonly name: string;
  readonly isKept: boolean;
}

async function withSession<Result>(
  context: Context,
  request: Resolving,
  { steps, cache, isHeld }: PlanCache,
  use: (found: Found) => Promise<Result>,
): Promise<Result> {
  const { plan, caching } = request;
  const { source } = plan;
  const told = new Set<string>();
  const warn = (warning: string): void => {
    // Several steps of a chain may have the same problem.
    if (!told.has(warning)) request.warn(warning);
    told.add(warning);
  };
  const waiting = newWaiting(request.mfaCode === undefined);
  const calls = openCalls(context, { ...request, warn, waiting });
  try {
    const session = isHeld ? await fromSource() : await last();
    return await use({
      session,
      identity: async () => {
        const identity = await calls.identity(session);
        checkAccount(plan, identity);
        return identity;
      },
      region: async () => (await calls.place()).region,
    });
  } finally {
    await calls.close();
  }

  /**
   * The last step. If AWS is unreachable or throttling, the cached credentials are used until they expire; if AWS denies the
   * request, they are not.
   */
  async function last(): Promise<Held> {
    const step = steps.at(-1);
    try {
      const held = await at(steps.length - 1, caching.mode === "fresh" ? context.started : 0);
      const left = timeLeft(held, context.now());
      if (caching.isMinTtlGiven && left < caching.minTtl * 1000)
        warn(`fresh credentials live ${String(Math.floor(left / 1000))} s, less than --min-ttl asks for`);
      return held;
    } catch (error) {
      const entry = caching.mode === "on" && step?.key !== undefined ? cache?.read(step.key) : undefined;
      if (!step || !entry || timeLeft(entry, context.now()) <= 0 || !isOutage(error)) throw error;
      const end = formatTime(entry.credentials.expiration);
      warn(`${error.message}: using the credentials kept from before, which live until ${end}`);
      return { ...entry, name: nameOf(step), isKept: true };
    }
  }

  /** The session of the step at `index`. @param since ignores entries obtained before this time */
  async function at(index: number, since: number): Promise<Held> {
    const step = steps[index];
    if (!step) return fromSource();
    const isLast = index === steps.length - 1;
    const isUsable = (entry: Entry): boolean =>
      entry.obtained >= since &&
      (isLast ? isFresh(entry, context.now(), caching) : timeLeft(entry, context.now()) >= STEP_LIFE);
    const make = async (): Promise<Entry> => {
      const credentials = await answerTo(step.call, index, since);
      const { expiration } = credentials;
      if (!expiration) throw new XroleError("internal", { problem: "a session without an end" });
      const { profile, roleArn } = step;
      const kept = { ...(await obtainedNow({ ...credentials, expiration })), profile };
      return { ...kept, ...(roleArn !== undefined && { roleArn }) };
    };
    const { key } = step;
    const { nesting } = request;
    const sharing =
      cache && key !== undefined
        ? { cache, key, isUsable, since: refusalsSince(context.started, since > 0), waiting, warn, nesting }
        : undefined;
    const { entry, isKept } = sharing ? await share(context, sharing, make) : { entry: await make(), isKept: false };
    return { ...entry, name: nameOf(step), isKept };
  }

  async function obtainedNow<Kind extends Credentials>(credentials: Kind): Promise<Session & { credentials: Kind }> {
    return { credentials, obtained: context.now(), clockOffset: await calls.clockOffset() };
  }

  async function answerTo(call: SessionStep["call"], index: number, since: number): Promise<Credentials> {
    if (call === "source") return (await fromSource()).credentials;
    const asked = at(index - 1, since);
    // Loading the SDK and asking the source both take a while, so they run at the same time; the source starts first.
    setImmediate(() => void import("../sts/client.ts").catch(() => undefined));
    const before = await asked;
    return calls.ask(call, before).catch(async (error: unknown) => {
      // The credentials may have just expired, or cached ones may have been revoked. Tries once more, and never in a loop.
      const mayHaveOthers = before.isKept || (index === 0 && isRenewable(source));
      if (!(isExpired(error) && mayHaveOthers) && !(isInvalid(error) && before.isKept)) throw error;
      context.debug(`the credentials of ${before.name} have expired: asking for others`);
      return calls.ask(call, await at(index - 1, context.now()));
    });
  }

  async function fromSource(): Promise<Held> {
    const { credentials, name } = await calls.source();
    return { ...(await obtainedNow(credentials)), name, isKept: false };
  }

  /** The name of a step's session, for error messages. */
  function nameOf({ call, roleArn }: SessionStep): string {
    return roleArn ?? (call === "source" ? describeSource(source) : "the MFA session");
  }
}

/** Whether STS or a source is unreachable, throttles or fails, or an MFA code is needed and nobody is there to type it. */
function isOutage(error: unknown): error is XroleError {
  if (!(error instanceof XroleError)) return false;
  // The answer of a proxy or captive portal says nothing about AWS.
  const { isForeign } = Object(error.details) as { readonly isForeign?: boolean };
  return (
    error.status === STATUS.unavailable ||
    error.status === STATUS.tryLater ||
    error.code === "mfa-needed" ||
    isForeign === true
  );
}

const isInvalid = (error: unknown): boolean => error instanceof XroleError && error.code === "credentials-invalid";
