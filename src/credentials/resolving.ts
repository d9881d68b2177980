// What carrying out a plan needs: how to use the cache, where MFA codes come from, and which results may be cached.
import type { Credentials } from "../plan/aws/credentials.ts";
import type { Plan } from "../plan/types.ts";
import { holdsPlan } from "../plan/shell/session.ts";
import type { Config } from "../config/types.ts";
import { loadSettings } from "../config/settings.ts";
import type { Context } from "../context/types.ts";
import { XroleError } from "../errors/error.ts";
import { cacheFolder, folderProblem } from "./cache/folder.ts";
import { openCache, type Cache } from "./cache/cache.ts";
import type { AskMfaCode } from "./mfa.ts";
import { type Need } from "./session.ts";
import { stepsOf, type SessionStep } from "./cache/steps.ts";

/** How the credential cache is used. */
export interface Caching extends Need {
  /** `fresh` ignores existing entries and still writes new ones; `off` neither reads nor writes. */
  readonly mode: "on" | "fresh" | "off";
  /** Whether the user set --min-ttl. */
  readonly isMinTtlGiven: boolean;
}

/** What carrying out a plan needs. */
export interface Resolving {
  readonly config: Config;
  readonly plan: Plan;
  readonly caching: Caching;
  /** The code of --mfa-code. It is not part of the plan, because it does not change what is requested. */
  readonly mfaCode?: string | undefined;
  /** Asks for a code instead of the user at the terminal. */
  readonly askMfaCode?: AskMfaCode | undefined;
  /** Called with what the user should know and what does not stop the work. */
  readonly warn: (warning: string) => void;
  /** Only for programs, whose function that asks for a code may itself ask for credentials. */
  readonly nesting?: {
    /** The cache keys that this call is obtaining while other calls wait for them. */
    readonly holding: Set<string>;
    /** Throws if the caller of this request is itself waiting for the key. */
    readonly refuseNested: (key: string) => void;
  };
}

/** The steps of a plan, and the cache for their results. */
export interface PlanCache {
  readonly steps: readonly SessionStep[];
  readonly cache: Cache | undefined;
  /**
   * The environment already holds the credentials of this very plan. They are returned as they are; a role is never assumed from
   * itself.
   */
  readonly isHeld: boolean;
}

/** Opens the cache for the steps of the plan. */
export async function openPlanCache(context: Context, { plan, caching, warn }: Resolving): Promise<PlanCache> {
  const isHeld = holdsPlan(context.env, plan);
  if (isHeld) return { steps: [], cache: undefined, isHeld };
  const steps = stepsOf(context, plan);
  if (steps.length === 0 || caching.mode === "off") return { steps, cache: undefined, isHeld };
  const folder = cacheFolder(context, await loadSettings(context));
  if (folder === undefined) {
    context.debug("nothing is kept between calls");
    return { steps, cache: undefined, isHeld };
  }
  const problem = folderProblem(folder, context.uid);
  if (problem !== undefined) warn(`credentials are not kept between calls: ${folder}: ${problem}`);
  return { steps, cache: problem === undefined ? openCache(folder, context.uid) : undefined, isHeld };
}

/** @throws XroleError `account-unexpected` */
export function checkAccount({ expectAccount }: Plan, { accountId }: Pick<Credentials, "accountId">): void {
  if (expectAccount !== undefined && accountId !== undefined && accountId !== expectAccount)
    throw new XroleError("account-unexpected", { expected: expectAccount, actual: accountId });
}
