// What a plan is carried out with: how the cache is used, who is asked for an MFA code, and which answers are cached already.
import type { Credentials } from "../plan/sts-types.ts";
import type { Plan } from "../plan/types.ts";
import { holdsPlan } from "../plan/shell/session.ts";
import type { Config } from "../config/types.ts";
import { loadSettings } from "../config/settings.ts";
import type { Context } from "../context/types.ts";
import { XroleError } from "../errors/errors.ts";
import { cacheFolder, folderProblem } from "./cache/folder.ts";
import { openCache, type Cache } from "./cache/cache.ts";
import type { AskMfaCode } from "./mfa.ts";
import { type Need } from "./session.ts";
import { stepsOf, type Step } from "./cache/steps.ts";

/** How the cache is used. */
export interface Caching extends Need {
  /** `fresh` reads nothing that was there before, and still writes; `off` does neither. */
  readonly mode: "on" | "fresh" | "off";
  /** Whether the user said so. */
  readonly isMinTtlGiven: boolean;
}

/** What a plan is carried out with. */
export interface Resolving {
  readonly config: Config;
  readonly plan: Plan;
  readonly caching: Caching;
  /** The code of --mfa-code; in no plan, since it is no part of what is asked for. */
  readonly mfaCode?: string | undefined;
  /** Asked for a code instead of the user at the terminal. */
  readonly askMfaCode?: AskMfaCode | undefined;
  /** Is told what a user should know and what does not stop the work. */
  readonly warn: (warning: string) => void;
  /** For programs, which may ask again from where they give a code. */
  readonly nesting?: {
    /** The keys that others wait for this call to share. */
    readonly holding: Set<string>;
    /** Throws where the key is one that waits for the caller. */
    readonly refuseNested: (key: string) => void;
  };
}

/** The calls of a plan, and where their answers are kept. */
export interface Kept {
  readonly steps: readonly Step[];
  readonly cache: Cache | undefined;
  /** The keys of this very plan are in the environment: they are handed out again, a role is never assumed from itself. */
  readonly isHeld: boolean;
}

/** The steps of the plan and the cache. */
export async function openKept(context: Context, { plan, caching, warn }: Resolving): Promise<Kept> {
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
