// Makes a row of the command table: a command's declaration, and the function that loads its code.
import { CACHE_OPTIONS, ROLE_OPTIONS, SETTING_OPTIONS } from "../commands/shared/common-options.ts";
import type { Declaration, Invocation } from "../commands/shared/declaration.ts";
import type { Argument, Option } from "../commands/shared/option.ts";
import type { Context } from "../context/types.ts";
import type { Ending } from "../deliver/run/child.ts";

/** A command's code. The promise gives the exit status, or the signal that xrole ends with. */
interface Code<Declared extends Declaration> {
  readonly run: (context: Context, invocation: Invocation<Declared>) => Promise<Ending>;
}

/** The words and options as the option parser reads them, with the types of the command's declaration. */
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

/** @param load imports the command's file, whose `run` must accept what `declaration` declares */
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
    // The table forgets which declaration an entry has. The parser gives its code what that declaration says, and nothing else.
    load: load as unknown as Entry["load"],
  };
}

/** In the usage line, the choices replace the argument's name. */
function withChoices([name, text, traits]: Argument): Argument {
  return traits ? [name.replace(/\w+/, traits.choices.join("|")), text, traits] : [name, text];
}
