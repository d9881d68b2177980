// Splits the command line into xrole's words and the command's, before the option parser reads them (docs/contract.md, "Commands").

export interface SplitArguments {
  /** For xrole: options, and at most one other word, the profile. */
  readonly own: readonly string[];
  /** For the command, verbatim. */
  readonly command: readonly string[];
}

/**
 * Everything after the first `--` is the command. Without `--`, the second word that is not an option begins it.
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

/** A command line without options, for one of the commands that scripts call in a loop. */
export interface PlainForm {
  readonly name: "exec" | "env" | "credential-process";
  readonly profile: string | undefined;
  readonly command: readonly string[];
}

/**
 * Reads the plain forms `exec [profile] -- command`, `env [profile]` and `credential-process [profile]`, which need no option parser;
 * undefined for everything else. The option parser would read them the same way.
 */
export function plainForm(words: readonly string[]): PlainForm | undefined {
  const [name, ...rest] = words;
  if (name !== "exec" && name !== "env" && name !== "credential-process") return undefined;
  const { own, command } = name === "exec" ? splitArguments(rest, () => false) : { own: rest, command: [] };
  if (own.length > 1 || own.some((word) => word.startsWith("-"))) return undefined;
  return { name, profile: own[0], command };
}
