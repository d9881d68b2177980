// Decides what can follow on a command line, from the command table. Pure: the names of profiles are an argument.

/** An option, as it is declared. */
type Flag = readonly [
  flags: string,
  text: string,
  traits?: { readonly hidden?: true; readonly conflicts?: readonly string[]; readonly choices?: readonly string[] },
];
type Argument = readonly [name: string, text: string, traits?: { readonly choices: readonly string[] }];

/** The parts of a command's entry in the table that completion reads. */
export interface Verb {
  readonly name: string;
  readonly summary: string;
  readonly arguments: readonly Argument[];
  readonly runsCommand?: boolean;
  readonly isHidden?: boolean;
  readonly options: readonly Flag[];
  readonly roleOptions?: readonly Flag[];
}

export interface Table {
  readonly verbs: readonly Verb[];
  readonly globals: readonly Flag[];
}

/** A word, and what it is for. */
type Candidate = readonly [word: string, text?: string];

export type Answer =
  | { readonly kind: "words"; readonly words: readonly Candidate[] }
  | { readonly kind: "files" }
  /** A word of another command, which begins after this many words. */
  | { readonly kind: "command"; readonly after: number };

const HELP: Flag = ["-h, --help", "display help"];
const VERSION: Flag = ["-V, --version", "display the version"];
const words = (candidates: readonly Candidate[]): Answer => ({ kind: "words", words: candidates });

/**
 * All candidates for the word that is being typed, also those that do not begin like it: shells have their own ways of matching.
 * @param before the words before it, without `xrole`
 * @param profiles reads the names of profiles when they are needed
 */
export function candidates(
  { verbs, globals }: Table,
  before: readonly string[],
  current: string,
  profiles: () => readonly string[],
): Answer {
  const known = verbs.filter(({ isHidden }) => !isHidden);
  const names = known.map(({ name, summary }): Candidate => [name, summary]);
  const at = before.findIndex((word) => !word.startsWith("-"));
  if (at < 0) return isOption(current) ? words(flagWords([...globals, VERSION, HELP])) : words(names);
  const verb = known.find(({ name }) => name === before[at]);
  if (!verb) return words(before[at] === "help" && before.length === at + 1 ? names : []);

  const all = [...verb.options, ...(verb.roleOptions ?? []), ...globals, HELP];
  const { plain, given, pending, command } = read(verb, all, before.slice(at + 1));
  const flags = all.filter((flag) => flag[2]?.hidden !== true && !given.some((other) => isConflict(flag, other)));
  if (command !== undefined) return { kind: "command", after: at + 1 + command };
  if (pending) return valuesOf(pending, "");
  if (isOption(current)) {
    const equals = current.indexOf("=");
    if (equals < 0) return words(flagWords(flags));
    const flag = flags.find((one) => takesValue(one, current.slice(0, equals)));
    return flag ? valuesOf(flag, current.slice(0, equals + 1)) : words([]);
  }
  if (verb.runsCommand && plain === verb.arguments.length) {
    // Offers `--`, which ends xrole's own words, if nothing is typed yet.
    return current === "" || plain === 0 ? words([["--"]]) : { kind: "command", after: before.length };
  }
  return argumentWords(
    verb.arguments.slice(plain)[0] ?? verb.arguments.find(([name]) => name.includes("...")),
    profiles,
  );
}

const isOption = (word: string): boolean => word.startsWith("-");

/** Reads the words after the command's name in the same way as argv.ts. */
function read(
  { runsCommand, arguments: args }: Verb,
  flags: readonly Flag[],
  given: readonly string[],
): { readonly plain: number; readonly given: readonly Flag[]; readonly pending?: Flag; readonly command?: number } {
  let plain = 0;
  const found: Flag[] = [];
  let pending: Flag | undefined;
  for (const [index, word] of given.entries()) {
    if (pending) pending = undefined;
    else if (word === "--" && runsCommand) return { plain, given: found, command: index + 1 };
    else if (isOption(word) && word !== "-") {
      const flag = flags.find((one) => longName(one) === word.replace(/=.*/s, ""));
      if (flag) found.push(flag);
      if (flag && takesValue(flag, word)) pending = flag;
    } else if (++plain > args.length && runsCommand) return { plain, given: found, command: index };
  }
  return { plain, given: found, ...(pending && { pending }) };
}

const longName = ([flags]: Flag): string => /--[\w-]+/.exec(flags)?.[0] ?? "";
const takesValue = (flag: Flag, word: string): boolean => flag[0].includes("<") && longName(flag) === word;
const flagWords = (flags: readonly Flag[]): Candidate[] =>
  flags.map((flag) => [longName(flag), [flag[1], flag[2]?.choices?.join(", ")].filter(Boolean).join(" ")]);

/** Whether two options cannot be used together, whichever of them declares it. */
const isConflict = (one: Flag, other: Flag): boolean =>
  [one[2]?.conflicts?.includes(longName(other)), other[2]?.conflicts?.includes(longName(one))].includes(true);

function valuesOf([flags, , traits]: Flag, prefix: string): Answer {
  if (flags.includes("<file>")) return { kind: "files" };
  return words((traits?.choices ?? []).map((value): Candidate => [prefix + value]));
}

function argumentWords(argument: Argument | undefined, profiles: () => readonly string[]): Answer {
  if (!argument) return words([]);
  const [name, , traits] = argument;
  if (traits) return words(traits.choices.map((value): Candidate => [value]));
  return words(/profile|pattern/.test(name) ? profiles().map((value): Candidate => [value]) : []);
}
