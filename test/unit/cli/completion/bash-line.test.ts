import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { bashReplacement, readBashLine } from "../../../../src/cli/completion/bash-line.ts";

describe("a line of bash", () => {
  it.each([
    ["xrole ", ["xrole"], "", ""],
    ["xrole exec b", ["xrole", "exec"], "b", ""],
    ["xrole  a\\ b c\\", ["xrole", "a b"], "c\\", ""],
    [`xrole 'a b' "c $d \\" \\x"`, ["xrole", "a b"], 'c $d " \\x', ""],
    ["xrole 'a b", ["xrole"], "a b", "'"],
    ['xrole x"a b', ["xrole"], "xa b", '"'],
    ["xrole '' ", ["xrole", ""], "", ""],
    ["xrole '", ["xrole"], "", "'"],
  ])("is read as it is typed: %j", (line, words, text, quote) => {
    const read = readBashLine(line);
    expect(read.words).toEqual(words);
    expect(read.last).toMatchObject({ text, quote });
  });

  const NAMES = [
    "b-s3",
    "a b",
    "it's",
    "$(id)`id`",
    'a"b',
    "back\\slash",
    "~x",
    "#x",
    "*?[a]{b,c}",
    "a&b|c;d<e>f",
    "ü😂",
    "a@b:c=d",
    "!x",
  ];
  it.each(NAMES)("becomes the word that was meant, however it was begun: %j", (name) => {
    const first = name.charAt(0);
    for (const typed of [
      "",
      "'",
      '"',
      `"${/["\\$`]/.test(first) ? "\\" : ""}${first}`,
      `'${first === "'" ? "" : first}`,
    ]) {
      const { last } = readBashLine(`xrole ${typed}`);
      const fragment = typed.replace(/^['"]/, "");
      const written = `${typed.slice(0, typed.length - fragment.length)}${bashReplacement(name, last, fragment) ?? "none"}${last.quote}`;
      const args = ["-c", `printf '%s|' ${written}`];
      expect(execFileSync("bash", args, { encoding: "utf8", cwd: "/" }), written).toBe(`${name}|`);
    }
  });

  it("is replaced from where bash breaks words", () => {
    const { last } = readBashLine("xrole list acct@host:d");
    expect(bashReplacement("acct@host:dev 1", last, "d")).toBe("dev\\ 1");
    expect(bashReplacement("--format=fish", readBashLine("xrole env --format=").last, "")).toBe("fish");
    expect(bashReplacement("other", last, "d")).toBeUndefined();
  });
});
