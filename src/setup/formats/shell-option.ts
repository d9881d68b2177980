// Writes an option and its value as words of a POSIX shell.
import { quoteWord } from "../../config/parse/words.ts";

/** With `=` if the value looks like another option. */
export const shellOption = (name: string, value: string): string =>
  `${name}${value.startsWith("-") ? "=" : " "}${quoteWord(value)}`;
