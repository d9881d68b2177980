// The types of a command's declaration, which help, completion, the manual page and the option parser read without loading the command's
// code, and of the invocation that its `run` receives, which follow from the declaration.
import type { ConfiguredName } from "../../plan/options/role-option-facts.ts";
import type { RoleOptions } from "../../plan/options/role-options.ts";
import type { CACHE_OPTIONS, GLOBAL_OPTIONS } from "./common-options.ts";
import type { Group } from "./groups.ts";
import type { Argument, Option, OptionValues, Words } from "./option.ts";

export interface Declaration {
  readonly name: string;
  /** The heading in help. The command's file is in the folder of that group. */
  readonly group: Group;
  readonly summary: string;
  /** As in the usage line. A command that runs another one also has `-- <command>`. */
  readonly arguments: readonly Argument[];
  readonly runsCommand?: true;
  /** Only for scripts: not in help. */
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

/** The parsed command line that a command receives: `Invocation<typeof declaration>`. */
export interface Invocation<Declared extends Declaration> {
  /** The first of `words`, or the profile that `--pick` chose. */
  readonly profile?: string | undefined;
  /** The words that are not options, including the profile. */
  readonly words: Words<Declared["arguments"]>;
  readonly options: OptionValues<Declared["options"]> &
    RoleValuesOf<Declared> &
    SettingValuesOf<Declared> &
    OptionValues<typeof GLOBAL_OPTIONS>;
  /** The words of the command to run, if this command runs one. */
  readonly command: readonly string[];
  /** Prints a warning on stderr, unless --quiet. */
  readonly warn: (warning: string) => void;
}
