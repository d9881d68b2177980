// A setting that has no effect on a plan, and what decides that.
import type { Environment } from "../../context/types.ts";
import type { Config } from "../../config/types.ts";
import type { RoleOptions } from "../options/role-options.ts";

/** A setting without effect. */
export interface Unused {
  readonly setting: string;
  /** Left out where it is a secret. */
  readonly value?: string;
  /** `file:line`, or `environment`. */
  readonly from: string;
  /** Why, in words. */
  readonly because: string;
  /** Another value of the same thing is used in its place; else it has no say in this plan. */
  readonly isOverridden: boolean;
  /** It is no setting, and was meant as one (config/lost-settings.ts). */
  readonly isLost?: true;
}

export interface Situation {
  readonly config: Config;
  /** The host's environment (host-environment.ts). */
  readonly env: Environment;
  /** The profile argument, if there was one. */
  readonly profile?: string | undefined;
  readonly options: RoleOptions;
}
