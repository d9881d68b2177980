// Words by the letter: what ends one, what keeps one together, and how a text is written as one.
import { expect, it } from "vitest";
import { quoteWord, shellWords } from "../../../../src/config/parse/words.ts";

it.each<[string, string[]]>([
  ["a\nb\rc\r\nd\te f", ["a", "b", "c", "d", "e", "f"]],
  [" \n\t\r a \r\n", ["a"]],
  ["a\u00a0b\vc\fd", ["a\u00a0b\vc\fd"]],
  ["'a\nb' \"c\td\" e\\\nf", ["a\nb", "c\td", "e\nf"]],
  ["", []],
  ["'' \"\"", ["", ""]],
  ["'a'b\"c\"\\d", ["abcd"]],
  ['"a\\$\\`\\n"', ["a\\$\\`\\n"]],
  ["'a\\'", ["a\\"]],
])("%j is split at spaces, tabs and line ends alone", (line, words) => {
  expect(shellWords(line)).toEqual(words);
});

it.each(["'", '"', "\\", "a 'b", 'a "b\\"', 'a "b\\', "a\\"])("%j is no words", (line) => {
  expect(shellWords(line)).toBeUndefined();
});

it.each([
  ["b-s3", "b-s3"],
  ["Az09_@%+=:,./-", "Az09_@%+=:,./-"],
  ["", "''"],
  ["my space", "'my space'"],
  ["it's it's", `'it'\\''s it'\\''s'`],
  ["~/x", "'~/x'"],
  ["$(id)", "'$(id)'"],
  ["a\n", "'a\n'"],
  ["ü", "'ü'"],
])("%j is written as %s", (text, word) => {
  expect(quoteWord(text)).toBe(word);
  expect(shellWords(word)).toEqual([text]);
});
