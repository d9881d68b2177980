// The first half of every command that needs a role: reads the files, makes the plan, and prints its warnings.
import { resolve } from "node:path";
import { hostEnvironment } from "../../plan/shell/host-environment.ts";
import { planChain, selectedName } from "../../plan/plan.ts";
import type { RoleOptions } from "../../plan/options/role-options.ts";
import { usesHeldRole } from "../../plan/shell/session.ts";
import { loadConfig } from "../../config/load.ts";
import type { Config } from "../../config/types.ts";
import type { Context } from "../../context/types.ts";
import type { Caching, Resolving } from "../../credentials/resolving.ts";
import { XroleError } from "../../errors/error.ts";
import { readText, type Fail } from "../../util/files.ts";
import type { RoleValues } from "./declaration.ts";

/** The parts of an invocation that are used: any command with role options has them. */
export interface RoleInvocation {
  readonly profile?: string | undefined;
  readonly options: RoleValues;
  /** Prints a warning on stderr, unless --quiet. */
  readonly warn: (warning: string) => void;
}

/** A plan with the input for carrying it out, and a context for sources whose environment is without what an earlier xrole set. */
export interface Prepared extends Resolving {
  readonly host: Context;
}

interface Preparing {
  /** Accepts a profile that is only a source (rule 27). */
  readonly allowSourceOnly?: boolean;
  /** Seconds for which the command's credentials should still be valid. */
  readonly minTtl?: number;
  /** The profiles, if they have been read already. */
  readonly config?: Config;
}

/** @throws XroleError every error that can be detected without a request */
export function prepare(
  context: Context,
  { profile, options, warn }: RoleInvocation,
  { allowSourceOnly = false, minTtl = 300, config }: Preparing = {},
): Prepared {
  const given: RoleOptions = options;
  const { policy } = given;
  const role = { ...given, ...(policy !== undefined && { policy: readPolicy(context, policy) }) };
  return prepareRole(context, { profile, role, caching: caching(options, minTtl), warn, allowSourceOnly, config });
}

/** The options as `prepare` reads them. */
interface Asked {
  readonly profile: string | undefined;
  readonly role: RoleOptions;
  readonly caching: Caching;
  readonly warn: RoleInvocation["warn"];
  readonly allowSourceOnly?: boolean;
  readonly config?: Config | undefined;
}

/** The same for callers that have the options already. @throws XroleError every error that can be detected without a request */
export function prepareRole(
  context: Context,
  { profile, role, caching, warn, allowSourceOnly = false, config = loadConfig(context) }: Asked,
): Prepared {
  const isHeld = usesHeldRole(context.env, profile);
  const env = hostEnvironment(context.env, isHeld ? undefined : selectedName(profile, context.env).name);
  const plan = planChain({ config, env, profile, options: role, caller: context.caller, allowSourceOnly });
  plan.warnings.forEach(warn);
  return { config, plan, host: { ...context, env }, caching, mfaCode: role.mfaCode, warn };
}

/** `--no-cache` wins over `--fresh`. */
function caching({ cache, fresh, minTtl }: RoleValues, usual: number): Caching {
  return {
    mode: cache === false ? "off" : fresh === true ? "fresh" : "on",
    minTtl: minTtl ?? usual,
    isMinTtlGiven: minTtl !== undefined,
  };
}

/**
 * The text of the file of --policy. A policy has at most a few thousand characters, not counting white space.
 * @throws XroleError `policy-unreadable`
 */
export function readPolicy(context: Context, file: string): string {
  const fail: Fail = (problem, cause) => {
    throw new XroleError("policy-unreadable", { file, problem }, { cause });
  };
  const text = readText(resolve(context.cwd, file), fail, { limit: 64 * 1024 }) ?? fail("there is no such file");
  try {
    JSON.parse(text);
  } catch (error) {
    fail("it is not JSON", error);
  }
  return text;
}
