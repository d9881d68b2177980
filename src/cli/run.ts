// Runs a command: parses the words, loads the command's code, runs it, and reports errors.
import { splitArguments, type SplitArguments } from "./argv.ts";
import { COMMANDS } from "./command-table.ts";
import type { Entry } from "./entry.ts";
import { pickProfile } from "./pick.ts";
import { GLOBAL_OPTIONS } from "../commands/shared/common-options.ts";
import type { Context } from "../context/types.ts";
import type { Ending } from "../deliver/run/child.ts";
import { STATUS } from "../errors/status.ts";
import { parseOptions } from "./options.ts";
import { report } from "./report.ts";
import { say } from "./say.ts";

export { report };

/**
 * Runs xrole with `words`, and returns how it ended.
 * Never throws: every error is printed here, once.
 */
export async function run(context: Context, words: readonly string[]): Promise<Ending> {
  const { entry, own, command, parse } = readWords(words);
  try {
    const parsed = parse();
    if ("help" in parsed) {
      await (parsed.isError ? context.stderr : context.stdout).write(parsed.help);
      return parsed.isError ? STATUS.usage : STATUS.ok;
    }
    const { words: plain, options } = parsed;
    const told =
      options.debug === true ? { ...context, debug: (line: string) => say(context, "debug", line) } : context;
    const warn = (warning: string): void => {
      if (options.quiet !== true) say(context, "warning", warning);
    };
    const { runsCommand, load } = parsed.entry;
    // If the command to run is missing, that is an error, and no profile is chosen.
    const isPicking = options.pick === true && !(runsCommand && command.length === 0);
    const profile = isPicking ? await pickProfile(told, plain[0], options.color !== false) : plain[0];
    const { run: runCommand } = await load();
    return await runCommand(told, { profile, words: plain, options, command, warn });
  } catch (error) {
    // If an option before the command hides it from the parser, the form of the command still applies: a script may evaluate stdout.
    return report(
      context,
      error,
      (entry ?? COMMANDS.find(({ name }) => own.includes(name)))?.name,
      own,
      countProfiles(entry, own),
    );
  }
}

/** Splits the words; `parse` reads xrole's own with the option parser. */
export function readWords(
  words: readonly string[],
): SplitArguments & { readonly entry: Entry | undefined; readonly parse: () => ReturnType<typeof parseOptions> } {
  const entry = COMMANDS.find(({ name }) => name === words.find((word) => !word.startsWith("-")));
  const { own, command } = splitCommand(entry, words);
  return { entry, own, command, parse: () => parseOptions(COMMANDS, GLOBAL_OPTIONS, entry, own) };
}

function splitCommand(entry: Entry | undefined, words: readonly string[]): SplitArguments {
  if (!entry?.runsCommand) return { own: words, command: [] };
  const withValue = optionsWithValue(entry);
  const at = words.indexOf(entry.name) + 1;
  const { own, command } = splitArguments(words.slice(at), (option) => withValue.has(option));
  return { own: [...words.slice(0, at), ...own], command };
}

const optionsWithValue = (entry: Entry): ReadonlySet<string> =>
  new Set(
    [...entry.options, ...(entry.roleOptions ?? [])].flatMap(([flags]) =>
      flags.includes("<") ? flags.replace(/ .*/, "") : [],
    ),
  );

/** How many profiles were named, even if the option parser could not read the words. */
function countProfiles(entry: Entry | undefined, own: readonly string[]): number {
  if (!entry) return 0;
  const withValue = optionsWithValue(entry);
  const words = own.slice(own.indexOf(entry.name) + 1);
  return new Set(words.filter((word, at) => !word.startsWith("-") && !withValue.has(words[at - 1] ?? ""))).size;
}
