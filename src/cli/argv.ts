// Splits the words into xrole's own and the command's, before any option parser sees them (docs/contract.md, "Commands").

export interface SplitArguments {
  /** For xrole: options, and at most one other word, the profile. */
  readonly own: readonly string[];
  /** For the command, verbatim. */
  readonly command: readonly string[];
}

/**
 * At the first `--`, everything after it is the command. Without one, the second word that is no option begins it.
 * @param takesValue whether an option, as `--name`, is followed by a value
 */
export function splitArguments(words: readonly string[], takesValue: (option: string) => boolean): SplitArguments {
  let plain = 0;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--") return { own: words.slice(0, at), command: words.slice(at + 1) };
    if (word.startsWith("-") && word !== "-") {
      if (takesValue(word)) at++;
    } else if (++plain === 2) {
      return { own: words.slice(0, at), command: words.slice(at) };
    }
  }
  return { own: words, command: [] };
}

/** A command line without options, of a command that scripts call in a loop. */
export interface PlainForm {
  readonly name: "exec" | "env" | "credential-process";
  readonly profile: string | undefined;
  readonly command: readonly string[];
}

/**
 * The plain forms `exec [profile] -- command`, `env [profile]` and `credential-process [profile]`, which need no option parser;
 * undefined for everything else. What is read here, the option parser reads the same way.
 */
export function plainForm(words: readonly string[]): PlainForm | undefined {
  const [name, ...rest] = words;
  if (name !== "exec" && name !== "env" && name !== "credential-process") return undefined;
  const { own, command } = name === "exec" ? splitArguments(rest, () => false) : { own: rest, command: [] };
  if (own.length > 1 || own.some((word) => word.startsWith("-"))) return undefined;
  return { name, profile: own[0], command };
}
