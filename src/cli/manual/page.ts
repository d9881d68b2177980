// Makes the manual page xrole(1) from the command table, when xrole is built (scripts/manual.mjs).
import { STATUS } from "../../errors/status.ts";
import { byGroup } from "../../commands/shared/groups.ts";
import type { Option } from "../../commands/shared/option.ts";
import type { Entry } from "../entry.ts";
import { bold, example, filled, named, prose, tagged } from "./roff.ts";
import * as text from "./text.ts";

/** The page in roff, with the macros of man(7). */
export function manualPage(
  table: { readonly commands: readonly Entry[]; readonly globals: readonly Option[] },
  version: string,
  date: Date,
): string {
  const commands = byGroup(table.commands).filter(({ isHidden }) => isHidden !== true);
  const roleOptions = rolesOf(commands);
  const lines = [
    `.TH XROLE 1 ${date.toISOString().slice(0, 10)} "xrole ${version}" "User Commands"`,
    // No hyphenation and no justified lines, so that text can be copied.
    ...[".nh", ".ad l"],
    ...[".SH NAME", `xrole \\- ${prose(text.NAME)}`],
    ...[".SH SYNOPSIS", ...commands.flatMap((entry, index) => [...(index > 0 ? [".br"] : []), ...usage(entry)])],
    ...[".SH DESCRIPTION", ...paragraphs(text.DESCRIPTION)],
    ...[".SH COMMANDS", ...commands.flatMap((entry) => commandPart(entry, roleOptions))],
    ...[".SH ROLE OPTIONS", ...paragraphs(text.ROLE_OPTIONS), ...roleOptions.flatMap(optionPart)],
    ...[".SH GLOBAL OPTIONS", ...[...table.globals, ...PARSER_OPTIONS].flatMap(optionPart)],
    ...[".SH EXIT STATUS", ...statusParts(), ".PP", ...paragraphs(text.EXIT_NOTES)],
    ...[".SH FILES", ...text.FILES.flatMap(taggedPart)],
    ...[".SH ENVIRONMENT", ...text.ENVIRONMENT.flatMap(taggedPart)],
    ...[".SS Given to a command or a shell", ...paragraphs(text.GIVEN), ...text.GIVEN_VARIABLES.flatMap(taggedPart)],
    ...[".SH SEE ALSO", ...paragraphs(text.SEE_ALSO)],
  ];
  return `${lines.join("\n")}\n`;
}

/** An option, or one of the option parser's own, which also have a short form. */
type Shown = Option | readonly [flags: string, text: string, traits?: undefined];

/** The options of the option parser itself (options.ts). */
const PARSER_OPTIONS: readonly Shown[] = [
  ["-V, --version", "print the version"],
  ["-h, --help", "print help, of xrole or of a command"],
];

/** Every role option of any command, once. */
const rolesOf = (commands: readonly Entry[]): Option[] => [
  ...new Map(commands.flatMap(({ roleOptions = [] }) => roleOptions.map((option) => [option[0], option]))).values(),
];

function usage({ name, arguments: words, options, roleOptions, runsCommand }: Entry): string[] {
  const hasOptions = options.length > 0 || roleOptions !== undefined;
  const parts = [
    bold(`xrole ${name}`),
    ...words.map(([word]) => named(word)),
    ...(hasOptions ? [named("[options]")] : []),
    ...(runsCommand ? [named("-- <command> [args...]")] : []),
  ];
  return filled(parts.join(" "));
}

function commandPart(entry: Entry, roleOptions: readonly Option[]): string[] {
  const { name, summary, arguments: words, options, examples } = entry;
  return [
    `.SS ${name}`,
    ...usage(entry),
    ".PP",
    ...filled(prose(sentence(summary))),
    ...words.flatMap(([word, means]) => tagged(named(word), filled(prose(means)))),
    ...options.flatMap(optionPart),
    ...roleNote(entry, roleOptions),
    ...[".PP", "Examples:", ...example(examples.map(([line, means]) => `# ${means}\n${line}`).join("\n\n"))],
  ];
}

/** Which of the role options a command takes. */
function roleNote({ roleOptions }: Entry, all: readonly Option[]): string[] {
  if (!roleOptions) return [];
  const missing = all.filter(([flags]) => !roleOptions.some(([own]) => own === flags));
  const but = missing.map(([flags]) => ` \`${flags.split(" ")[0] ?? ""}\``);
  return [
    ".PP",
    ...filled(prose(`And the role options (see below)${but.length > 0 ? `, but not${but.join(",")}` : ""}.`)),
  ];
}

const optionPart = ([flags, means, traits]: Shown): string[] =>
  tagged(named(flags), filled(prose([means, traits?.choices?.join(", ")].filter(Boolean).join(" "))));

function taggedPart([names, means]: text.Tagged[number]): string[] {
  return tagged(names.map(bold).join(", "), filled(prose(means)));
}

const statusParts = (): string[] =>
  Object.entries(STATUS).flatMap(([name, status]) =>
    tagged(bold(String(status)), filled(prose(text.EXIT_STATUS[name as keyof typeof STATUS]))),
  );

const paragraphs = (texts: readonly string[]): string[] =>
  texts.flatMap((paragraph, index) => [...(index > 0 ? [".PP"] : []), ...filled(prose(paragraph))]);

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
