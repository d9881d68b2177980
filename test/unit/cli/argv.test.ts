import { describe, expect, it } from "vitest";
import { splitArguments } from "../../../src/cli/argv.ts";

const takesValue = (option: string): boolean => option === "--region";
const split = (line: string): string => {
  const { own, command } = splitArguments(line.split(" ").filter(Boolean), takesValue);
  return `${own.join(" ")} | ${command.join(" ")}`;
};

describe("splitting xrole's words from the command's", () => {
  it.each([
    ["p -- aws s3 ls", "p | aws s3 ls"],
    ["p aws s3 ls --debug", "p | aws s3 ls --debug"],
    ["--region x p aws", "--region x p | aws"],
    ["--region=x p aws", "--region=x p | aws"],
    ["p --region x aws --region y", "p --region x | aws --region y"],
    ["-- aws -- b", " | aws -- b"],
    ["p --debug -- --flag", "p --debug | --flag"],
    ["p - x", "p | - x"],
    ["p", "p | "],
    ["p --region", "p --region | "],
    ["", " | "],
  ])("%s", (line, expected) => {
    expect(split(line)).toBe(expected);
  });
});
