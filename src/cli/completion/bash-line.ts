// Parses an unfinished command line of bash, and quotes the text that replaces its last word.

interface LastWord {
  /** As it was typed. */
  readonly raw: string;
  /** The text without its quotes. */
  readonly text: string;
  /** The quote that is still open at its end. */
  readonly quote: "" | "'" | '"';
}

/** The words of a line up to the cursor. Expansions stay as typed: nothing is executed. */
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
 * The text with which bash replaces `fragment` so that the word becomes `candidate`; undefined if the candidate does not begin with the
 * typed text.
 * @param fragment the end of the word that bash replaces: the text after an open quote, or after one of COMP_WORDBREAKS
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
      // In double quotes, history expansion applies to `!` whatever is before it.
      return rest.replace(/["\\$`]/g, "\\$&").replaceAll("!", `"'!'"`);
    case "":
      return rest.replace(/[ -~]/g, (char) => (/[\w./:=@%+,-]/.test(char) ? char : `\\${char}`));
    default:
      return quote satisfies never;
  }
}
