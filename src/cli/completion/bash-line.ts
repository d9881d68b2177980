// Reads a line as bash has it while it is being typed, and writes what bash is to put in the place of its last word.

interface LastWord {
  /** As it was typed. */
  readonly raw: string;
  /** What it stands for. */
  readonly text: string;
  /** The quote that is still open at its end. */
  readonly quote: "" | "'" | '"';
}

/** The words of a line that ends where the cursor is. Expansions stay as they are typed: nothing of it is run. */
export function readBashLine(line: string): { readonly words: readonly string[]; readonly last: LastWord } {
  const words: string[] = [];
  let word = { raw: "", text: "" };
  let isStarted = false;
  let quote: LastWord["quote"] = "";
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (quote === "" && /\s/.test(char)) {
      if (isStarted) words.push(word.text);
      word = { raw: "", text: "" };
      isStarted = false;
      continue;
    }
    isStarted = true;
    const next = line.charAt(at + 1);
    const isEscape = char === "\\" && next !== "" && (quote === "" || (quote === '"' && '"\\$`'.includes(next)));
    if (isEscape) {
      at++;
      word = { raw: word.raw + char + next, text: word.text + next };
    } else if (char === quote || (quote === "" && (char === "'" || char === '"'))) {
      quote = char === quote ? "" : char === "'" ? "'" : '"';
      word = { ...word, raw: word.raw + char };
    } else {
      word = { raw: word.raw + char, text: word.text + char };
    }
  }
  return { words, last: { ...word, quote } };
}

/**
 * What bash puts in the place of `fragment` so that the word becomes `candidate`; undefined for one that does not begin with what
 * was typed.
 * @param fragment the end of the word that bash replaces: what follows an open quote, or one of COMP_WORDBREAKS
 */
export function bashReplacement(
  candidate: string,
  { raw, text, quote }: LastWord,
  fragment: string,
): string | undefined {
  if (!candidate.startsWith(text)) return undefined;
  const kept = raw.endsWith(fragment) ? readBashLine(raw.slice(0, raw.length - fragment.length)).last.text : "";
  const rest = candidate.slice(kept.length);
  switch (quote) {
    case "'":
      return rest.replaceAll("'", `'\\''`);
    case '"':
      // In double quotes, a history that is expanded takes `!` whatever is before it.
      return rest.replace(/["\\$`]/g, "\\$&").replaceAll("!", `"'!'"`);
    case "":
      return rest.replace(/[ -~]/g, (char) => (/[\w./:=@%+,-]/.test(char) ? char : `\\${char}`));
    default:
      return quote satisfies never;
  }
}
