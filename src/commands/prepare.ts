// The first half of every command that needs a role: files to profiles to plan, with the plan's warnings told.
import { hostEnvironment } from "../chain/host-environment.ts";
import type { RoleOptions } from "../chain/hop.ts";
import { planChain, selectedName } from "../chain/plan.ts";
import type { Plan } from "../chain/types.ts";
import { loadConfig } from "../config/load.ts";
import type { Config } from "../config/types.ts";
import type { Context } from "../context.ts";

/** What the command line said. Values as typed; absent options are undefined. */
export interface Invocation {
  readonly profile?: string | undefined;
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  /** The words of the command to run, for `exec` and `sandbox`. */
  readonly command: readonly string[];
  /** Tells the user on stderr, unless --quiet. */
  readonly warn: (warning: string) => void;
}

export interface Prepared {
  readonly config: Config;
  readonly plan: Plan;
  /** The context whose environment is the host's own, for sources. */
  readonly host: Context;
}

/** @throws XroleError every fault that can be seen without asking anybody */
export function prepare(context: Context, { profile, options, warn }: Invocation): Prepared {
  const config = loadConfig(context);
  const env = hostEnvironment(context.env, selectedName(profile, context.env).name);
  const plan = planChain({ config, env, profile, options: roleOptions(options), caller: context.caller });
  plan.warnings.forEach(warn);
  return { config, plan, host: { ...context, env } };
}

function roleOptions(options: Invocation["options"]): RoleOptions {
  const names = ["region", "sessionName", "duration", "externalId"] as const;
  return Object.fromEntries(
    names.flatMap((name) => (typeof options[name] === "string" ? [[name, options[name]]] : [])),
  );
}
