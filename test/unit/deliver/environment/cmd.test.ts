// cmd.exe is not here to be asked: each line is read by its documented rules, as a line of a batch file and as one of `for /f`.
import { describe, expect, it } from "vitest";
import { cmdFailure, cmdLines } from "../../../../src/deliver/environment/cmd.ts";
import { XroleError } from "../../../../src/errors/error.ts";

const lines = (set: Record<string, string>, unset: string[] = []): string[] => {
  const text = cmdLines({ set, unset });
  expect(text).toMatch(/^([ -~]*\r\n)*$/);
  return text.split("\r\n").slice(0, -1);
};

/** What a batch file makes of a line before it runs: `%%`, `%NAME%` and `%1` first, then operators outside quotes. */
function inBatchFile(line: string): string {
  const expanded = line.replace(/%%|%[^%]*%|%[\d*]/g, (found) => (found === "%%" ? "%" : "expanded"));
  expect(expanded.replace(/"[^"]*"/g, ""), "an operator outside quotes").not.toMatch(/[&|<>^()]/);
  return expanded;
}

/** What delayed expansion, where it is on, makes of it. */
const delayed = (line: string): string =>
  line.includes("!") ? line.replace(/\^(.)/g, "$1").replace(/![^!]*!?/g, "expanded") : line;

describe("lines for cmd", () => {
  it("set what cmd leaves alone", () => {
    const values = [
      "",
      "ASIA+/=",
      "C:\\Program Files (x86)\\ca.pem\\",
      "http://h/?a=b&c=d|e<f>g",
      "it's; calc",
      "a,b~#$@*?{}[]`_",
    ];
    const set = Object.fromEntries(values.map((value, at) => [`XROLE_TEST_${at}`, value]));
    const [gone, ...given] = lines(set, ["GONE"]);
    expect(gone).toBe('set "GONE="');
    expect(given.pop()).toBe("cmd /d /c exit 0");
    for (const line of given) expect(delayed(inBatchFile(line))).toBe(line);
    // From the first `=` to the last quote, as `set` reads it.
    const read = given.map((line) => /^set "(\w+)=(.*)"$/.exec(line)?.slice(1, 3) ?? []);
    expect(Object.fromEntries(read)).toEqual(set);
  });

  it.each(["%PATH%", "100%", "a!b", 'say "hi"', "a^b", "new\nline", "x\r", "\u001b[31m", "é", "’", "x".repeat(9000)])(
    "refuse %j, and leave it out as a name",
    (value) => {
      const refused = (): string[] => lines({ AWS_CA_BUNDLE: value });
      expect(refused).toThrow(XroleError);
      expect(refused).toThrow("AWS_CA_BUNDLE holds a character that --format cmd cannot carry");
      expect(lines({ XROLE_PROFILE: value })).toEqual(['set "XROLE_PROFILE="', "cmd /d /c exit 0"]);
    },
  );

  it("give a failure's status", () => {
    expect(cmdFailure(78)).toBe("cmd /d /c exit 78\r\n");
  });
});
