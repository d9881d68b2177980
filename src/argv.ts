// Splits the words into xrole's own and the command's, before any option parser sees them (docs/contract.md, "Commands").

export interface Words {
  /** For xrole: options, and at most one other word, the profile. */
  readonly own: readonly string[];
  /** For the command, verbatim. */
  readonly command: readonly string[];
}

/**
 * At the first `--`, everything after it is the command. Without one, the second word that is no option begins it.
 * @param takesValue whether an option, as `--name`, is followed by a value
 */
export function splitWords(words: readonly string[], takesValue: (option: string) => boolean): Words {
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
