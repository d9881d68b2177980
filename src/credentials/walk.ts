// Walks a plan stage by stage, for real: nothing kept from earlier calls is used, and nothing is kept. For doctor, which wants to
// know at which stage a chain breaks.
import { tokenClaims } from "../plan/aws/received.ts";
import type { Stage } from "../plan/stages.ts";
import type { Context } from "../context/types.ts";
import { XroleError } from "../errors/errors.ts";
import type { Caller, Identity } from "../sts/types.ts";
import { isExpired, isRenewable, openCalls } from "./calls.ts";
import { checkAccount, type Resolving } from "./request.ts";

/** What a stage has shown. No secret is in it. */
export interface Passed {
  /** Of the credentials in hand after it. */
  readonly keyId?: string;
  readonly isSession?: boolean;
  readonly expiration?: Date | undefined;
  /** Of `source`, for a web identity: what the token says of itself. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Of `sts`. */
  readonly place?: { readonly endpoint: string; readonly region: string; readonly proxy?: string };
  /** Of `sts`: milliseconds by which AWS's clock is ahead. */
  readonly clockOffset?: number;
  /** Of `caller` and `identity`. */
  readonly identity?: Identity;
  /** Of the same, where the answer is denied, as by a VPC endpoint that lets nothing but sts:AssumeRole through. */
  readonly unsaid?: XroleError | undefined;
}

type Walking = Pick<Resolving, "config" | "plan" | "mfaCode" | "warn">;

/**
 * What each of `stages` shows, as it is passed.
 * @throws XroleError what the first stage that fails says; the stages after it are not reached
 */
export async function* walk(context: Context, request: Walking, stages: readonly Stage[]): AsyncGenerator<Passed> {
  const { plan } = request;
  const { source } = plan;
  const calls = openCalls(context, request);
  /** Who calls next; nobody before the source, or the role of a web identity, has given credentials. */
  let caller: Caller | undefined;
  try {
    for (const stage of stages) yield await pass(stage);
  } finally {
    await calls.close();
  }

  async function pass(stage: Stage): Promise<Passed> {
    switch (stage) {
      case "source": {
        const token = await calls.token();
        return token === undefined ? holding(await calls.source()) : { claims: tokenClaims(token) };
      }
      case "sts": {
        const { reachSts } = await import("../sts/reach.ts");
        const place = await calls.place();
        const { clockOffset, proxy } = await reachSts(context, place.endpoint, plan.caBundle);
        return {
          place: { ...place, ...(proxy !== undefined && { proxy }) },
          ...(clockOffset !== undefined && { clockOffset }),
        };
      }
      case "role":
        return holding({ ...(await calls.source()), name: source.roleArn ?? "" });
      case "caller":
        return who(sourceIdentity);
      case "session": {
        const { mfaSession } = plan;
        if (!mfaSession) return {};
        return holding({ credentials: await calls.ask(mfaSession, inHand()), name: "the MFA session" });
      }
      case "identity": {
        const isRole = plan.hops.length > 0 || source.roleArn !== undefined;
        const found = await who(isRole ? () => calls.identity(inHand()) : sourceIdentity);
        if (found.identity) checkAccount(plan, found.identity);
        // Of a role the plan has told the account.
        else if (found.unsaid && plan.expectAccount !== undefined && !isRole) throw found.unsaid;
        return { ...found, expiration: inHand().credentials.expiration };
      }
      default:
        return holding({ credentials: await calls.ask(stage, inHand()), name: stage.roleArn });
    }
  }

  async function who(ask: () => Promise<Identity>): Promise<Passed> {
    try {
      return { identity: await ask(), unsaid: undefined };
    } catch (error) {
      if (error instanceof XroleError && error.code === "access-denied") return { unsaid: error };
      throw error;
    }
  }

  /** Who the source is. Credentials at the end of their life are asked for once more, as when they are used. */
  async function sourceIdentity(): Promise<Identity> {
    return calls.identity(inHand()).catch(async (error: unknown) => {
      if (!isExpired(error) || !isRenewable(source)) throw error;
      holding(await calls.source());
      return calls.identity(inHand());
    });
  }

  function holding(next: Caller): Passed {
    caller = next;
    const { accessKeyId, sessionToken, expiration } = next.credentials;
    return { keyId: accessKeyId, isSession: sessionToken !== undefined, expiration };
  }

  function inHand(): Caller {
    if (!caller) throw new XroleError("internal", { problem: "a stage before its credentials" });
    return caller;
  }
}
