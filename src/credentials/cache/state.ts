// Looks at what is kept for a plan, without touching it: for doctor.
import type { Plan } from "../../plan/types.ts";
import { loadSettings } from "../../config/settings.ts";
import type { Context } from "../../context/types.ts";
import type { Entry } from "./entry.ts";
import { openCache } from "./cache.ts";
import { cacheFolder, folderProblem } from "./folder.ts";
import { timeLeft } from "../session.ts";
import { stepsOf } from "./steps.ts";

export interface CacheState {
  /** Undefined where nothing is kept at all. */
  readonly folder?: string;
  /** Why the folder is not used, in words. */
  readonly problem?: string;
  /** The source cannot be told from others, so nothing of this plan is kept; or the plan has nothing to keep. */
  readonly isKeepable: boolean;
  /** The credentials at the end of the plan. */
  readonly entry?: Entry & { readonly left: number };
}

/** @throws XroleError `settings-invalid` */
export async function cacheState(context: Context, plan: Plan): Promise<CacheState> {
  const folder = cacheFolder(context, await loadSettings(context));
  const key = stepsOf(context, plan).at(-1)?.key;
  const isKeepable = key !== undefined;
  if (folder === undefined) return { isKeepable };
  const problem = folderProblem(folder, context.uid);
  if (problem !== undefined) return { folder, problem, isKeepable };
  const entry = key === undefined ? undefined : openCache(folder, context.uid).read(key);
  const left = entry && timeLeft(entry, context.now());
  return {
    folder,
    isKeepable,
    ...(entry && left !== undefined && left > 0 && { entry: { ...entry, left } }),
  };
}
