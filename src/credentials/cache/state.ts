// Reports what the credential cache contains for a plan, without changing it: for doctor.
import type { Plan } from "../../plan/types.ts";
import { loadSettings } from "../../config/settings.ts";
import type { Context } from "../../context/types.ts";
import type { Entry } from "./entry.ts";
import { openCache } from "./cache.ts";
import { cacheFolder, folderProblem } from "./folder.ts";
import { timeLeft } from "../session.ts";
import { stepsOf } from "./steps.ts";

export interface CacheState {
  /** Undefined if caching is off. */
  readonly folder?: string;
  /** Why the folder is not used, in words. */
  readonly problem?: string;
  /** False if nothing of this plan can be cached: its source cannot be identified, or it has no steps to cache. */
  readonly isKeepable: boolean;
  /** The cached credentials at the end of the plan, with the milliseconds that they have left. */
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
