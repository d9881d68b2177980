// Splits a line into words by the quoting rules of a POSIX shell: profile names in headers, and credential_process (rules 4 and 51).

/**
 * The words of `line`, split at spaces, tabs and line ends as by Python's shlex: '...' is literal, "..." allows \" and \\, and a backslash
 * keeps the next character. Undefined if a quote is not closed or a backslash ends the line, which are errors in shlex.
 */
export function shellWords(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < line.length) {
    const char = line.charAt(at++);
    if (char === " " || char === "\t" || char === "\n" || char === "\r") {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    word ??= "";
    if (char === "'") {
      const end = line.indexOf("'", at);
      if (end < 0) return undefined;
      word += line.slice(at, end);
      at = end + 1;
    } else if (char === '"') {
      for (;;) {
        if (at >= line.length) return undefined;
        const inner = line.charAt(at++);
        if (inner === '"') break;
        word += inner === "\\" && /["\\]/.test(line.charAt(at)) ? line.charAt(at++) : inner;
      }
    } else if (char === "\\") {
      if (at >= line.length) return undefined;
      word += line.charAt(at++);
    } else {
      word += char;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** The text as one word of a POSIX shell. */
export const quoteWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
