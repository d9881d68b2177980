// `xrole completion` and the hidden command that its scripts ask.
import { describe, expect, it } from "vitest";
import { makeHome } from "../harness/home.ts";
import { xrole, type Run } from "../harness/run.ts";

const ask = (shell: string, words: readonly string[], credentials = ""): Promise<Run> =>
  xrole(["__complete", shell, "--", ...words], { env: { HOME: makeHome({ ".aws/credentials": credentials }) } });

describe("completion", () => {
  it.each([
    ["bash", "complete -F _xrole xrole\n"],
    ["zsh", "#compdef xrole\n"],
    ["fish", "complete -c xrole "],
    ["powershell", "Register-ArgumentCompleter -Native -CommandName xrole -ScriptBlock {"],
  ])("prints a script for %s, in ASCII", async (shell, text) => {
    const run = await xrole(["completion", shell]);
    expect(run).toMatchObject({ status: 0, stderr: "" });
    expect(run.stdout).toContain(text);
    expect(run.stdout).toContain(`xrole __complete ${shell} `);
    expect(run.stdout).toMatch(/^[\n -~]*$/);
  });

  it.each([[["completion"]], [["completion", "tcsh"]], [["completion", "constructor"]]])(
    "knows no others: %j",
    async (words) => {
      expect(await xrole(words)).toMatchObject({ status: 64, stdout: "" });
    },
  );
});

describe("what the scripts are told", () => {
  it("is what can follow, with what it is for", async () => {
    const run = await ask("zsh", [""]);
    expect(run).toMatchObject({ status: 0, stderr: "" });
    expect(run.stdout).toMatch(/^:words\nexec\trun a command as the role\nenv\t/);
  });

  it("is the profiles that can be typed", async () => {
    const names = ["p", "a b", "-option", "x\u001b[31m", "__proto__"];
    const run = await ask("fish", ["exec", ""], names.map((name) => `[${name}]\n`).join(""));
    expect(run.stdout).toBe(":words\np\na b\n__proto__\n");
  });

  it("is nothing where the files are wrong: that is told by the command that is then run", async () => {
    expect(await ask("zsh", ["exec", ""], "[p\n")).toMatchObject({ status: 0, stdout: ":words\n", stderr: "" });
  });

  it("is where another command begins, for a shell that knows its words", async () => {
    expect((await ask("zsh", ["exec", "p", "--", "aws", ""])).stdout).toBe(":command 4\n");
    expect((await ask("zsh", ["exec", "--policy", ""])).stdout).toBe(":files\n");
  });

  it("is the rest of the word that bash replaces", async () => {
    expect((await ask("bash", ["xrole exec 'a", "a"], "[a b]\n[a c]\n[b]\n")).stdout).toBe(":words\na b\na c\n");
    expect((await ask("bash", ["xrole exec a", "a"], "[a b]\n[a c]\n[b]\n")).stdout).toBe(":words\na\\ b\na\\ c\n");
  });

  it("comes to PowerShell behind a dot, which keeps an empty word", async () => {
    expect((await ask("powershell", ["exec", "."], "[a b]\n")).stdout).toBe(":words\na b\n");
    expect((await ask("powershell", ["env", "--format", "fi."])).stdout).toContain("\nfish\n");
  });

  it("is in no help", async () => {
    for (const words of [["--help"], ["help"]]) expect((await xrole(words)).stdout).not.toContain("__complete");
  });
});
