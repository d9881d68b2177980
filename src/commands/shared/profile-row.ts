// Plans one profile of a list: a row with its plan, or with its error. For `xrole list`, `xrole graph` and `--pick`.
import { matchesPattern } from "../../config/pattern.ts";
import { hostEnvironment } from "../../plan/shell/host-environment.ts";
import { planChain } from "../../plan/plan.ts";
import type { Plan } from "../../plan/types.ts";
import type { Config, Section } from "../../config/types.ts";
import type { Context } from "../../context/types.ts";
import { XroleError } from "../../errors/error.ts";

export type Row = { readonly section: Section } & ({ readonly plan: Plan } | { readonly error: XroleError });

/** The rows of all profiles, or of those that match a pattern. */
export function profileRows(context: Context, config: Config, pattern?: string): Row[] {
  const sections = [...config.profiles.values()].filter(({ name }) => matchesPattern(name, pattern));
  return sections.map((section) => profileRow(context, config, section));
}

function profileRow({ env, caller }: Context, config: Config, section: Section): Row {
  try {
    const host = hostEnvironment(env, section.name);
    const request = { config, env: host, profile: section.name, options: {}, caller, allowSourceOnly: true };
    return { section, plan: planChain(request) };
  } catch (error) {
    if (error instanceof XroleError) return { section, error };
    throw error;
  }
}
