// Carries out a plan stage by stage, without the credential cache: it neither reads nor writes entries. For doctor, which shows at
// which stage a chain fails.
import { tokenClaims } from "../plan/aws/credential-text.ts";
import type { Stage } from "../plan/stages.ts";
import type { Context } from "../context/types.ts";
import { XroleError } from "../errors/error.ts";
import type { NamedCredentials, CallerIdentity } from "../sts/types.ts";
import { isExpired, isRenewable, openCalls } from "./plan-requests.ts";
import { checkAccount, type Resolving } from "./resolving.ts";

/** What a stage has shown. It contains no secret. */
export interface Passed {
  /** The access key id of the credentials after this stage. */
  readonly keyId?: string;
  readonly isSession?: boolean;
  readonly expiration?: Date | undefined;
  /** Of `source`, for a web identity: the claims of the token. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Of `sts`. */
  readonly place?: { readonly endpoint: string; readonly region: string; readonly proxy?: string };
  /** Of `sts`: milliseconds by which AWS's clock is ahead. */
  readonly clockOffset?: number;
  /** Of `caller` and `identity`. */
  readonly identity?: CallerIdentity;
  /**
   * Of `caller` and `identity`: the error if GetCallerIdentity is denied, for example by a VPC endpoint that allows only
   * sts:AssumeRole.
   */
  readonly unsaid?: XroleError | undefined;
}

type Walking = Pick<Resolving, "config" | "plan" | "mfaCode" | "warn">;

/**
 * Yields the result of each of `stages` as it is passed.
 * @throws XroleError the error of the first stage that fails; later stages are not reached
 */
export async function* walk(context: Context, request: Walking, stages: readonly Stage[]): AsyncGenerator<Passed> {
  const { plan } = request;
  const { source } = plan;
  const calls = openCalls(context, request);
  /** The credentials for the next request; undefined until the source, or the role of a web identity, has returned some. */
  let caller: NamedCredentials | undefined;
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
        // For a role, the account was already checked with the plan.
        else if (found.unsaid && plan.expectAccount !== undefined && !isRole) throw found.unsaid;
        return { ...found, expiration: inHand().credentials.expiration };
      }
      default:
        return holding({ credentials: await calls.ask(stage, inHand()), name: stage.roleArn });
    }
  }

  async function who(ask: () => Promise<CallerIdentity>): Promise<Passed> {
    try {
      return { identity: await ask(), unsaid: undefined };
    } catch (error) {
      if (error instanceof XroleError && error.code === "access-denied") return { unsaid: error };
      throw error;
    }
  }

  /** The identity of the source. If its credentials have just expired, they are obtained once more, as when a plan is resolved. */
  async function sourceIdentity(): Promise<CallerIdentity> {
    return calls.identity(inHand()).catch(async (error: unknown) => {
      if (!isExpired(error) || !isRenewable(source)) throw error;
      holding(await calls.source());
      return calls.identity(inHand());
    });
  }

  function holding(next: NamedCredentials): Passed {
    caller = next;
    const { accessKeyId, sessionToken, expiration } = next.credentials;
    return { keyId: accessKeyId, isSession: sessionToken !== undefined, expiration };
  }

  function inHand(): NamedCredentials {
    if (!caller) throw new XroleError("internal", { problem: "a stage before its credentials" });
    return caller;
  }
}
