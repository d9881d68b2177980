import { describe, expect, it } from "vitest";
import { shellSyntax } from "../../../../src/config/parse/shell-syntax.ts";

describe("what only a shell gives a meaning to", () => {
  it.each([
    ["~/bin/keys", "~"],
    ["~", "~"],
    ["~alice/bin/keys", "~"],
    ["keys --file=~/x", "~"],
    ["$HOME/bin/keys", "$HOME"],
    ['"$HOME/my bin/keys"', "$HOME"],
    ["keys ${USER}", "${USER}"],
    ["keys $(id -un)", "$(...)"],
    ['keys "`id`"', "a backtick"],
    ["cat x | jq .", "|"],
    ["cat x|jq .", "|"],
    ["keys 2>/dev/null", "2>"],
    ["keys > x", ">"],
    ["a && b", "&&"],
    ["a; b", ";"],
    ["keys &", "&"],
    ["AWS_PROFILE=x keys", "AWS_PROFILE="],
  ])("%s", (command, syntax) => {
    expect(shellSyntax(command)).toBe(syntax);
  });

  it.each([
    "/usr/bin/keys --name x",
    "sh -c 'cat ~/x | jq . > $HOME/y; z'",
    "keys 'a~/b' \"c|d;e\" f\\$g \\~/h",
    "keys it~s --url https://x/?a=1&b=2 --set k=v",
    "env A=b keys",
    "keys $ 5$",
  ])("is not in: %s", (command) => {
    expect(shellSyntax(command)).toBeUndefined();
  });
});
