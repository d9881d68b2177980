// Declares the options that several commands share, and the global options.
import { seconds } from "../../plan/options/limits.ts";
import { ROLE_OPTION_FACTS } from "../../plan/options/role-option-facts.ts";
import {
  flagOf,
  ROLE_OPTIONS as ROLES,
  type RoleOption,
  type RoleOptionName,
} from "../../plan/options/role-options.ts";
import type { Argument, Option } from "./option.ts";

export const PROFILE = ["[profile]", "of ~/.aws/config; else AWS_PROFILE or default chain"] as const satisfies Argument;

export const JSON_OPTION = ["--json", "print JSON"] as const satisfies Option;

export const PICK = ["--pick", "choose the profile from a list, on the terminal"] as const satisfies Option;

/** The role options (plan/options/role-options.ts). */
export const ROLE_OPTIONS: readonly Option[] = Object.entries(ROLE_OPTION_FACTS).map(([name, { text }]) =>
  toOption(name as RoleOptionName, text),
);

/** The role options that `configure` has, for settings of a profile. */
export const SETTING_OPTIONS: readonly Option[] = Object.entries(ROLE_OPTION_FACTS).flatMap(([name, facts]) =>
  "configure" in facts && facts.configure !== false ? [toOption(name as RoleOptionName, facts.configure)] : [],
);

function toOption(name: RoleOptionName, text: string): Option {
  const facts = ROLE_OPTION_FACTS[name];
  const { type }: RoleOption = ROLES[name];
  const flags = "value" in facts ? (`${flagOf(name)} ${facts.value}` as const) : flagOf(name);
  return type === "list" ? [flags, text, { repeatable: true }] : [flags, text];
}

/** The options about the cache. */
export const CACHE_OPTIONS = [
  [
    "--min-ttl <time>",
    "least life that kept credentials must have left",
    { parse: (text: string) => time("--min-ttl", text, [0, 43200]) },
  ],
  ["--fresh", "use nothing kept from before; keep what comes"],
  ["--no-cache", "use nothing kept, and keep nothing"],
] as const satisfies readonly Option[];

export const GLOBAL_OPTIONS = [
  ["--debug", "tell on stderr what happens; never a secret"],
  ["--quiet", "no warnings"],
  ["--no-color", "no colour"],
] as const satisfies readonly Option[];

/** The value of an option such as `--min-ttl 15m`, in seconds. @throws XroleError `setting-invalid` */
export const time = (option: string, text: string, range?: readonly [least: number, most: number]): number =>
  seconds({ value: text, where: "command line", name: option }, range);
