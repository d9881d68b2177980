import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../../../src/cli/command-table.ts";
import { GLOBAL_OPTIONS } from "../../../../src/commands/shared/common-options.ts";
import { candidates, type Answer } from "../../../../src/cli/completion/candidates.ts";

const TABLE = { verbs: COMMANDS, globals: GLOBAL_OPTIONS };
const answer = (line: string): Answer => {
  const words = line.split(" ");
  return candidates(TABLE, words.slice(0, -1), words.at(-1) ?? "", () => ["b-s3", "my profile"]);
};
const words = (line: string): readonly string[] => {
  const found = answer(line);
  return found.kind === "words" ? found.words.map(([word]) => word) : [found.kind];
};
const PROFILES = ["b-s3", "my profile"];

describe("what can follow", () => {
  it("is every command that help shows, with what it is for", () => {
    const found = answer("");
    const shown = COMMANDS.filter(({ isHidden }) => !isHidden).map(({ name, summary }) => [name, summary]);
    expect(found).toEqual({ kind: "words", words: shown });
    expect(words("help ")).toEqual(shown.map(([name]) => name));
    expect(words("--quiet ex")).toEqual(shown.map(([name]) => name));
    expect(words("")).not.toContain("__complete");
  });

  it("is every option of the command, by its long name", () => {
    expect(words("-")).toEqual(["--debug", "--quiet", "--no-color", "--version", "--help"]);
    for (const { name, options, roleOptions = [] } of COMMANDS.filter(({ isHidden }) => !isHidden)) {
      const shown = [...options, ...roleOptions].filter(([, , traits]) => traits?.hidden !== true);
      const own = shown.map(([flags]) => flags.split(" ")[0]);
      expect(words(`${name} --`)).toEqual([...own, "--debug", "--quiet", "--no-color", "--help"]);
    }
  });

  it.each<[string, readonly string[]]>([
    ["exec ", PROFILES],
    ["exec --region x ", PROFILES],
    ["exec --region=x ", PROFILES],
    ["env b-s3 ", []],
    ["list ", PROFILES],
    ["serve ", PROFILES],
    ["serve b-s3 ", PROFILES],
    ["cache ", ["list", "clear"]],
    ["cache clear ", PROFILES],
    ["cache clear b-s3 ", []],
    ["completion ", ["bash", "zsh", "fish", "powershell"]],
    ["env --format ", ["sh", "fish", "powershell", "cmd", "json", "dotenv", "github"]],
    [
      "env --format=",
      [
        "--format=sh",
        "--format=fish",
        "--format=powershell",
        "--format=cmd",
        "--format=json",
        "--format=dotenv",
        "--format=github",
      ],
    ],
    ["graph --format ", ["text", "mermaid"]],
    ["setup b-s3 --format ", ["text", "json", "cli", "cloudformation", "terraform"]],
    ["serve --print ", ["sh", "docker", "json"]],
    ["exec --policy ", ["files"]],
    ["exec --policy=x", ["files"]],
    ["sandbox --data ", ["files"]],
    ["exec --role-arn ", []],
    ["exec --role-arn=", []],
    ["exec --quiet=", []],
    ["exec b-s3 ", ["--"]],
    ["sandbox ", ["--"]],
    ["nonsense ", []],
    ["__complete ", []],
    ["help exec ", []],
  ])("after %j", (line, expected) => {
    expect(words(line)).toEqual(expected);
  });

  it.each([
    ["status --json --", "--prompt"],
    ["status --prompt --", "--json"],
    ["env --pick --", "--unset"],
    ["console --service=s3 --", "--destination"],
    ["console --destination x --", "--service"],
  ])("is after %j no option that excludes one before it: %s", (line, option) => {
    expect(words(line)).not.toContain(option);
    expect(words(line.replace(/ .*/, " --"))).toContain(option);
  });

  it.each([
    ["exec b-s3 -- ", 3],
    ["exec b-s3 a", 2],
    ["exec b-s3 aws s", 2],
    ["exec b-s3 --quiet -- aws --", 4],
    ["--quiet exec -- aws s3", 3],
    ["exec --tag -- b-s3 aws ", 4],
    ["sandbox -- ", 2],
    ["sandbox --fault slow -- aws --he", 4],
  ])("is another command's after %j", (line, after) => {
    expect(answer(line)).toEqual({ kind: "command", after });
  });

  it("asks for the profiles only where they are wanted", () => {
    const never = (): never => expect.fail("asked");
    for (const line of ["", "env --format ", "exec --", "exec b-s3 aws "])
      candidates(TABLE, line.split(" ").slice(0, -1), line.split(" ").at(-1) ?? "", never);
  });
});
