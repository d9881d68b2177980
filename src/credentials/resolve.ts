// Carries out a plan: the source's credentials first, then each hop with those of the one before. What is kept from earlier calls
// is looked for from the last hop backwards.
import { formatTime } from "../plan/aws/received.ts";
import type { Credentials } from "../plan/sts-types.ts";
import { describeSource } from "../plan/show/describe.ts";
import type { Context } from "../context/types.ts";
import { STATUS, XroleError } from "../errors/errors.ts";
import type { Identity } from "../sts/types.ts";
import type { Entry } from "./cache/entry.ts";
import { isExpired, isRenewable, openCalls } from "./calls.ts";
import { checkAccount, openKept, type Kept, type Resolving } from "./request.ts";
import { isFresh, timeLeft, type Session } from "./session.ts";
import { refusalsSince, share } from "./cache/share.ts";
import type { Step } from "./cache/steps.ts";
import { newWaiting } from "./cache/waiting.ts";

/** A session on the way must live long enough for one more call: milliseconds. */
const STEP_LIFE = 60_000;

/** What is at the end of the plan, asked for. @throws XroleError */
export async function resolveSession(context: Context, request: Resolving, kept: Kept): Promise<Session> {
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
  return withSession(context, request, await openKept(context, request), async (found) => {
    await expectAccount(request, found);
    return { credentials: found.session.credentials, region: await found.region() };
  });
}

/** Holds credentials without a role to --expect-account; a role's account is in the plan. @throws XroleError `account-unexpected` */
async function expectAccount({ plan }: Resolving, { identity }: Found): Promise<void> {
  const isRole = plan.hops.length > 0 || plan.source.roleArn !== undefined;
  if (plan.expectAccount !== undefined && !isRole) await identity();
}

/** The credentials at the end of the plan, and who STS says they are. @throws XroleError */
export async function resolveIdentity(
  context: Context,
  request: Resolving,
): Promise<{ credentials: Credentials; identity: Identity; region: string }> {
  const kept = await openKept(context, request);
  return withSession(context, request, kept, async ({ session: { credentials }, identity, region }) => ({
    credentials,
    identity: await identity(),
    region: await region(),
  }));
}

interface Found {
  readonly session: Session;
  readonly identity: () => Promise<Identity>;
  readonly region: () => Promise<string>;
}

/** A session on the way, who holds it, in words, and whether it was kept from an earlier call. */
interface Held extends Session {
  readonly name: string;
  readonly isKept: boolean;
}

async function withSession<Result>(
  context: Context,
  request: Resolving,
  { steps, cache, isHeld }: Kept,
  use: (found: Found) => Promise<Result>,
): Promise<Result> {
  const { plan, caching } = request;
  const { source } = plan;
  const told = new Set<string>();
  const warn = (warning: string): void => {
    // Each step of a chain may meet the same.
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

  /** The end of the chain. Where AWS cannot be asked, what is kept serves as long as it lives; never where AWS refuses. */
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

  /** What the step at `index` gives. @param since entries of before do not count */
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

  async function answerTo(call: Step["call"], index: number, since: number): Promise<Credentials> {
    if (call === "source") return (await fromSource()).credentials;
    const asked = at(index - 1, since);
    // The SDK takes a while to load, the source a while to answer: both at once, the source first.
    setImmediate(() => void import("../sts/client.ts").catch(() => undefined));
    const before = await asked;
    return calls.ask(call, before).catch(async (error: unknown) => {
      // They may have been at the end of their life, or kept ones have been revoked: once more, and never in a loop.
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

  /** Who holds what the step gives, in words, for errors. */
  function nameOf({ call, roleArn }: Step): string {
    return roleArn ?? (call === "source" ? describeSource(source) : "the MFA session");
  }
}

/** STS or a source that is away, throttles or is out of order; and a code that nobody is there to type. */
function isOutage(error: unknown): error is XroleError {
  if (!(error instanceof XroleError)) return false;
  // What a proxy or a captive portal answers says nothing of AWS.
  const { isForeign } = Object(error.details) as { readonly isForeign?: boolean };
  return (
    error.status === STATUS.unavailable ||
    error.status === STATUS.tryLater ||
    error.code === "mfa-needed" ||
    isForeign === true
  );
}

const isInvalid = (error: unknown): boolean => error instanceof XroleError && error.code === "credentials-invalid";
