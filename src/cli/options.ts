// Parses xrole's own words with commander: into a command and its options, or help.
import { Argument as CommanderArgument, Command, CommanderError, Option as CommanderOption } from "commander";
import { byGroup } from "../commands/shared/groups.ts";
import type { Argument, Option } from "../commands/shared/option.ts";
import { XroleError } from "../errors/error.ts";
import type { Entry, Typed } from "./entry.ts";
import { VERSION } from "../util/version.ts";

type Parsed = { readonly help: string; readonly isError: boolean } | ({ readonly entry: Entry } & Typed);

/** @throws XroleError `usage`, and the errors of the options' parsers */
export function parseOptions(
  commands: readonly Entry[],
  globals: readonly Option[],
  entry: Entry | undefined,
  words: readonly string[],
): Parsed {
  let help = "";
  let parsed: Parsed | undefined;
  const program = new Command("xrole")
    .description("Cross AWS accounts: from a profile in ~/.aws/config to a command that runs with the role.")
    .usage("<command> [options]")
    .version(VERSION)
    .commandsGroup("Other:")
    .helpCommand("help [command]", "show help of a command")
    .configureHelp({
      sortSubcommands: false,
      subcommandTerm: (command) => command.name(),
      optionDescription: ({ description, argChoices }) =>
        [description, argChoices?.join(", ")].filter(Boolean).join(" "),
    })
    .configureOutput({ writeOut: (text) => (help += text), writeErr: (text) => (help += text) })
    .exitOverride();
  for (const option of globals) program.addOption(toCommander(option));
  for (const each of byGroup(commands)) {
    const command = program
      .command(each.name, { hidden: each.isHidden ?? false })
      .helpGroup(`${each.group}:`)
      .description(each.summary)
      .allowExcessArguments(false);
    const names = each.arguments.map(([name]) => name).join(" ");
    command.usage(`${names} [options]${each.runsCommand ? " -- <command> [args...]" : ""}`.trim());
    for (const argument of each.arguments) command.addArgument(argumentToCommander(argument));
    for (const option of each.options) command.addOption(toCommander(option));
    for (const option of each.roleOptions ?? []) command.addOption(toCommander(option).helpGroup("Role options:"));
    command.addHelpText("after", `\nExamples:\n${each.examples.map(exampleText).join("\n")}`);
    command.action(() => {
      parsed = { entry: each, words: command.args, options: command.optsWithGlobals() };
    });
  }
  try {
    const [first, ...rest] = words;
    // For `help` with a command that does not exist, commander would show the general help without an error.
    const isAstray = first === "help" && rest.length > 0 && !commands.some(({ name }) => name === rest[0]);
    program.parse([...(isAstray ? rest : words)], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0)
      return { help: error.code === "commander.version" ? `${VERSION}\n` : help, isError: false };
    if (error.code === "commander.help") return { help, isError: true };
    // The value of an unknown option may be a secret that was meant for another program, so it is not shown.
    const message = error.message.replace(/^error: /, "").replace(/^(unknown option '[^=']*)=.*?'(?=$|\n)/s, "$1'");
    const [problem = "", ...more] = message.split("\n");
    const hint = more.join(" ").replace(/^\((.*)\)$/, "$1") || `xrole ${entry ? `${entry.name} ` : ""}--help`;
    throw new XroleError("usage", { problem, hint }, { cause: error });
  }
  return parsed ?? { help: program.helpInformation(), isError: true };
}

const HELP_WIDTH = 80;

function exampleText([line, text]: Entry["examples"][number]): string {
  const whole = `  ${line}   # ${text}`;
  return whole.length <= HELP_WIDTH ? whole : `  ${line}\n      ${text}`;
}

function toCommander([flags, text, traits = {}]: Option): CommanderOption {
  const { hidden = false, conflicts = [], choices, repeatable, parse } = traits;
  const option = new CommanderOption(flags, text)
    .hideHelp(hidden)
    .conflicts(conflicts.map((other) => new CommanderOption(other).attributeName()));
  if (choices) return option.choices(choices);
  const make = parse ?? ((value: string): unknown => value);
  // Not variadic options of commander, which would also take the following words.
  if (repeatable) return option.argParser((value, before?: readonly unknown[]) => [...(before ?? []), make(value)]);
  return parse ? option.argParser(make) : option;
}

function argumentToCommander([name, text, traits]: Argument): CommanderArgument {
  const argument = new CommanderArgument(name, text);
  return traits ? argument.choices(traits.choices) : argument;
}
