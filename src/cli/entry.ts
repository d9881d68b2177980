// A row of the command table: what a command declares, and how its code is loaded.
import { CACHE_OPTIONS, ROLE_OPTIONS, SETTING_OPTIONS } from "../commands/shared/common-options.ts";
import type { Declaration, Invocation } from "../commands/shared/declaration.ts";
import type { Argument, Option } from "../commands/shared/option.ts";
import type { Context } from "../context/types.ts";
import type { Ending } from "../deliver/run/child.ts";

/** A command's code. The promise is of its exit status, or of the signal that xrole ends by. */
interface Code<Declared extends Declaration> {
  readonly run: (context: Context, invocation: Invocation<Declared>) => Promise<Ending>;
}

/** What the option parser makes of the words, of the types that the command's declaration says. */
export interface Typed {
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

type Given = Typed & Pick<Invocation<Declaration>, "profile" | "command" | "warn">;

export interface Entry extends Omit<Declaration, "arguments" | "roleOptions" | "settingOptions"> {
  readonly arguments: readonly Argument[];
  readonly roleOptions?: readonly Option[];
  readonly load: () => Promise<{ readonly run: (context: Context, given: Given) => Promise<Ending> }>;
}

/** @param load imports the command's file, whose `run` must take what `declaration` declares */
export function entry<const Declared extends Declaration>(
  declaration: Declared,
  load: () => Promise<Code<Declared>>,
): Entry {
  const { arguments: words, options, roleOptions, settingOptions, ...rest }: Declaration = declaration;
  const ofRole = roleOptions === "all" ? [...ROLE_OPTIONS, ...CACHE_OPTIONS] : ROLE_OPTIONS;
  return {
    ...rest,
    arguments: words.map(withChoices),
    options: settingOptions ? [...SETTING_OPTIONS, ...options] : options,
    ...(roleOptions && { roleOptions: ofRole }),
    load: load as unknown as Entry["load"],
  };
}

/** The usage line has the choices in place of the argument's name. */
function withChoices([name, text, traits]: Argument): Argument {
  return traits ? [name.replace(/\w+/, traits.choices.join("|")), text, traits] : [name, text];
}
