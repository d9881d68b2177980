// PowerShell is not here to be asked: the statements are read by its documented rules (about_Quoting_Rules).
import { expect, it } from "vitest";
import { powershellFailure, powershellStatements } from "../../../../src/deliver/environment/powershell.ts";

const HOSTILE = [
  "",
  "plain",
  "it's",
  "''",
  "$(calc) `n $env:PATH",
  '"; calc; "',
  "a; calc",
  "new\nline\r\n",
  "x\u001b[31m",
  "’; calc; ‘",
  "Ð\u0092'; calc",
  "ünï😂",
  "😂",
  "%PATH% !x! ^&|<>",
  "'",
];

/** The quotes that PowerShell takes for a single one (CharExtensions.IsSingleQuote). */
const QUOTES = "'\u2018\u2019\u201a\u201b";

/** The value of an expression of single-quoted strings and characters, joined with `+`. */
function evaluate(expression: string): string {
  let value = "";
  let at = 0;
  for (;;) {
    if (QUOTES.includes(expression.charAt(at))) {
      for (at++; ; at++) {
        const char = expression.charAt(at);
        expect(char, "an open string").not.toBe("");
        if (QUOTES.includes(char) && !QUOTES.includes(expression.charAt(++at) || " ")) break;
        value += char;
      }
    } else {
      const [text, digits = ""] = /^\[char\]0x([0-9a-f]{4})/.exec(expression.slice(at)) ?? [""];
      expect(text, expression.slice(at)).not.toBe("");
      // A character plus a character is not text.
      expect(at).toBeGreaterThan(0);
      value += String.fromCharCode(Number.parseInt(digits, 16));
      at += text.length;
    }
    if (at === expression.length) return value;
    expect(expression.slice(at, at + 3)).toBe(" + ");
    at += 3;
  }
}

it("gives every value back, in one ASCII line that holds nothing else", () => {
  const set = Object.fromEntries(HOSTILE.map((value, at) => [`XROLE_TEST_${at}`, value]));
  const lines = powershellStatements({ set, unset: ["GONE", "TOO"] }).split("\n");
  expect(lines.splice(0, 2)).toEqual(["$env:GONE = $null;", "$env:TOO = $null;"]);
  expect(lines.pop()).toBe("");
  const read = lines.map((line) => {
    expect(line).toMatch(/^[ -~]*$/);
    const [, name = "", expression = ""] = /^\$env:(\w+) = (.*);$/.exec(line) ?? [];
    return [name, evaluate(expression)];
  });
  expect(Object.fromEntries(read)).toEqual(set);
});

it("stops the script that evaluates a failure", () => {
  expect(powershellFailure(78)).toBe("throw 'xrole env failed with status 78';\n");
});
