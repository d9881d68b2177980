// Gives xrole's own words their meaning, by commander: what was typed becomes a command and its options, or help.
import { Command, CommanderError, Option as CommanderOption } from "commander";
import type { Invocation } from "../commands/shared/prepare.ts";
import type { Context } from "../context.ts";
import type { Ending } from "../deliver/child.ts";
import { XroleError } from "../errors.ts";
import { byGroup, type Group } from "../commands/shared/groups.ts";
import { VERSION } from "./version.ts";

/**
 * A repeatable option collects its values: commander's own variadic options would swallow the words that follow. A hidden one is in
 * the documentation, and not in `--help`. A list is of the values that an option may have.
 */
export type Option = readonly [flags: string, text: string, manner?: "repeatable" | "hidden" | readonly string[]];

/** One command of the table in cli.ts. */
export interface Entry {
  readonly name: string;
  readonly group: Group;
  readonly summary: string;
  /** `[profile]` and the like, as in the usage line; `command` follows for those that run one. */
  readonly arguments: readonly (readonly [name: string, text: string])[];
  readonly runsCommand?: boolean;
  /** For scripts alone: in no help. */
  readonly isHidden?: boolean;
  readonly options: readonly Option[];
  /** Options of the role, under their own heading. */
  readonly roleOptions?: readonly Option[];
  readonly examples: readonly (readonly [line: string, text: string])[];
  readonly load: () => Promise<{ run: (context: Context, invocation: Invocation) => Promise<Ending> }>;
}

type Parsed =
  | { readonly help: string; readonly isError: boolean }
  | { readonly entry: Entry; readonly words: readonly string[]; readonly options: Invocation["options"] };

/** @throws XroleError `usage` */
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
  for (const [flags, text] of globals) program.option(flags, text);
  for (const each of byGroup(commands)) {
    const command = program
      .command(each.name, { hidden: each.isHidden ?? false })
      .helpGroup(`${each.group}:`)
      .description(each.summary)
      .allowExcessArguments(false);
    const names = each.arguments.map(([name]) => name).join(" ");
    command.usage(`${names} [options]${each.runsCommand ? " -- <command> [args...]" : ""}`.trim());
    for (const argument of each.arguments) command.argument(...argument);
    for (const option of each.options) command.addOption(toCommander(option));
    for (const option of each.roleOptions ?? []) command.addOption(toCommander(option).helpGroup("Role options:"));
    command.addHelpText("after", `\nExamples:\n${each.examples.map(exampleText).join("\n")}`);
    command.action(() => {
      parsed = { entry: each, words: command.args, options: command.optsWithGlobals() };
    });
  }
  try {
    const [first, ...rest] = words;
    // Of a command that does not exist, commander would show the general help, and not say why.
    const isAstray = first === "help" && rest.length > 0 && !commands.some(({ name }) => name === rest[0]);
    program.parse([...(isAstray ? rest : words)], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0)
      return { help: error.code === "commander.version" ? `${VERSION}\n` : help, isError: false };
    if (error.code === "commander.help") return { help, isError: true };
    // The value of an option that xrole does not know may be a secret that was meant for another program.
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

function toCommander([flags, text, manner]: Option): CommanderOption {
  const option = new CommanderOption(flags, text).hideHelp(manner === "hidden");
  if (manner === "repeatable")
    return option.argParser((value, before: readonly string[] | undefined) => [...(before ?? []), value]);
  return typeof manner === "object" ? option.choices(manner) : option;
}
