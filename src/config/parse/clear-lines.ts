// Finds characters of which programs disagree whether they are white space or end a line. In the executable a part of its own, since
// hardly a file has one.

/** botocore ends a nested line at these (Python's splitlines), and would find an endpoint there that nobody sees. */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const LINE_ENDS = /[\v\f\x1c-\x1e\x85\u2028\u2029]/;
/** White space to only one of Python and JavaScript, beside a name or value: one of them would take it for a part. */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const AT_EDGE = /^\s*[\x1c-\x1f\x85\ufeff]|[\x1c-\x1f\x85\ufeff]\s*(?:=|$)|=\s*[\x1c-\x1f\x85\ufeff]/;
/** A comment, a header (rule 2), or a blank line: form feeds may separate sections. */
const READ_ALIKE = /^(?:[ \t]*[#;]|\[|[ \t\v\f]*$)/;

/** @param fail throws for a line with such a character, where programs would read it differently */
export function expectClear(text: string, fail: (line: number, problem: string) => never): void {
  for (const [index, line] of text.split("\n").entries()) {
    // A nested line, or one that continues a value, is indented.
    const isUnclear = AT_EDGE.test(line) || (/^\s/.test(line) && LINE_ENDS.test(line));
    if (isUnclear && !READ_ALIKE.test(line))
      fail(index + 1, "a character that some programs read as white space or as the end of a line; remove it");
  }
}
