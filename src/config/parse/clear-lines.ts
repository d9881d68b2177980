// Finds characters of which programs disagree whether they are white space or end a line: botocore splits nested settings at most of
// them, and would find an endpoint there that nobody sees. In the executable a part of its own, since hardly a file has one.

// eslint-disable-next-line no-control-regex -- control characters are what this is about
const UNCLEAR = /[\v\f\x1c-\x1f\x85\u2028\u2029\ufeff]/;
/** A comment, a header (rule 2), or a blank line: form feeds may separate sections. */
const READ_ALIKE = /^(?:[ \t]*[#;]|\[|[ \t\v\f]*$)/;

/** @param fail throws for a line with such a character, where programs would read it differently */
export function expectClear(text: string, fail: (line: number, problem: string) => never): void {
  for (const [index, line] of text.split("\n").entries())
    if (UNCLEAR.test(line) && !READ_ALIKE.test(line))
      fail(index + 1, "a control character that some programs take for the end of a line; remove it");
}
