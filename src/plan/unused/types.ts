// Types: a setting that has no effect on a plan, and the input that decides it.
import type { Environment } from "../../context/types.ts";
import type { Config } from "../../config/types.ts";
import type { RoleOptions } from "../options/role-options.ts";

/** A setting that has no effect. */
export interface Unused {
  readonly setting: string;
  /** Left out if it is a secret. */
  readonly value?: string;
  /** `file:line`, or `environment`. */
  readonly from: string;
  /** Why, in words. */
  readonly because: string;
  /** True if another value of the same setting is used instead; false if the setting does not apply to this plan. */
  readonly isOverridden: boolean;
  /** The line was meant as a setting but is not read as one (lost-settings.ts). */
  readonly isLost?: true;
}

export interface Situation {
  readonly config: Config;
  /** The environment without what an earlier xrole set (host-environment.ts). */
  readonly env: Environment;
  /** The profile argument, if there was one. */
  readonly profile?: string | undefined;
  readonly options: RoleOptions;
}
