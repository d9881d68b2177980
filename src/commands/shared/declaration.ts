// What a command declares beside its code, for help, completion, the manual page and the option parser, which read it without
// loading the code; and what its `run` is called with, whose types come from the declaration.
import type { ConfiguredName } from "../../plan/options/role-option-facts.ts";
import type { RoleOptions } from "../../plan/options/role-options.ts";
import type { CACHE_OPTIONS, GLOBAL_OPTIONS } from "./common-options.ts";
import type { Group } from "./groups.ts";
import type { Argument, Option, OptionValues, Words } from "./option.ts";

export interface Declaration {
  readonly name: string;
  /** The heading that help has it under. Its file is in the folder of that group. */
  readonly group: Group;
  readonly summary: string;
  /** As in the usage line; `-- <command>` follows for those that run one. */
  readonly arguments: readonly Argument[];
  readonly runsCommand?: true;
  /** For scripts alone: in no help. */
  readonly isHidden?: true;
  readonly options: readonly Option[];
  /** Whether it takes, before its own, the role options that are settings of a profile. */
  readonly settingOptions?: true;
  /** Whether it takes the role options too, under their own heading; `uncached` leaves out those about the cache. */
  readonly roleOptions?: "all" | "uncached";
  readonly examples: readonly (readonly [line: string, text: string])[];
}

/** The values of the role options. */
export type RoleValues = RoleOptions & OptionValues<typeof CACHE_OPTIONS>;

type RoleValuesOf<Declared extends Declaration> = Declared extends { readonly roleOptions: "all" }
  ? RoleValues
  : Declared extends { readonly roleOptions: "uncached" }
    ? RoleOptions
    : unknown;

/** The values of the role options that are settings of a profile. */
export type SettingValues = Pick<RoleOptions, ConfiguredName>;

type SettingValuesOf<Declared extends Declaration> = Declared extends { readonly settingOptions: true }
  ? SettingValues
  : unknown;

/** What the command line said to a command: `Invocation<typeof declaration>`. */
export interface Invocation<Declared extends Declaration> {
  /** The first of `words`, or the profile that `--pick` chose. */
  readonly profile?: string | undefined;
  /** The words that are no options, the profile among them. */
  readonly words: Words<Declared["arguments"]>;
  readonly options: OptionValues<Declared["options"]> &
    RoleValuesOf<Declared> &
    SettingValuesOf<Declared> &
    OptionValues<typeof GLOBAL_OPTIONS>;
  /** The words of the command to run, for those that run one. */
  readonly command: readonly string[];
  /** Tells the user on stderr, unless --quiet. */
  readonly warn: (warning: string) => void;
}
