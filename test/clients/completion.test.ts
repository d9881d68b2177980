// The completion of xrole in the real shells, typed at a terminal: what the shell then runs is what was meant, whatever its name.
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeHome } from "../harness/home.ts";
import { BINARY, xrole, type Run } from "../harness/run.ts";
import { openTerminal } from "../harness/terminal.ts";

/** In the credentials file a section's name is the profile's as it stands. */
const NAMES = [
  "b-s3",
  "my  profile",
  "it's",
  "$(touch pwned)`touch pwned`;x",
  "acct@host:dev=1",
  'say "hi" !x',
  "ünï",
  "back\\slash",
  "~root",
  "*",
  "#hash",
  "-option",
  "esc\u001b[31m",
];
const FILES = {
  ".aws/credentials": NAMES.map((name) => `[${name}]\nregion = eu-west-1\n`).join(""),
  // Where this is missing, a fish that somebody types at goes through all manual pages in the background.
  ".local/share/fish/generated_completions/none": "",
  "nofile.txt": "",
  "sub/data file.json": "",
};

/** A shell that types at a terminal, and the file it reads first. */
const TERMINALS = {
  bash: {
    file: ".rc",
    text: `PS1='READY> '; eval "$(xrole completion bash)"`,
    command: ["bash", "--rcfile", "~/.rc", "-i"],
    enter: "\n",
  },
  zsh: {
    file: ".zshrc",
    text: `PROMPT='READY> '; autoload -Uz compinit; compinit -D -u; eval "$(xrole completion zsh)"`,
    command: ["zsh", "-d", "-i"],
    enter: "\n",
  },
  fish: {
    file: ".config/fish/config.fish",
    text: "function fish_prompt; echo -n 'READY> '; end; set -g fish_greeting; xrole completion fish | source",
    command: ["fish", "-i"],
    enter: "\r",
  },
} as const;
type Terminal = keyof typeof TERMINALS;

/** An xrole that completes, and for everything else writes down the words that it was given. */
function recordingBinary(log: string): string {
  const folder = makeHome();
  const record = `require("fs").appendFileSync(${JSON.stringify(log)}, JSON.stringify(process.argv.slice(1)) + "\\n")`;
  writeFileSync(
    join(folder, "xrole"),
    `#!/bin/sh
case $1 in __complete | completion) exec "${process.execPath}" "${BINARY}" "$@" ;; esac
exec "${process.execPath}" -e '${record}' -- "$@"
`,
  );
  chmodSync(join(folder, "xrole"), 0o755);
  return folder;
}

/** Types each line, in which a tab completes, at a prompt of its own, and gives the words that xrole was then run with. */
async function type(shell: Terminal, lines: readonly string[]): Promise<string[][]> {
  const { file, text, command, enter } = TERMINALS[shell];
  const home = makeHome({ ...FILES, [file]: `cd "$HOME"\n${text}\n` });
  const log = join(home, ".log");
  writeFileSync(log, "");
  const path = `${recordingBinary(log)}:${process.env.PATH ?? ""}`;
  const words = command.map((word) => word.replace("~", home));
  const terminal = openTerminal(words, { HOME: home, LC_ALL: "C.UTF-8", TERM: "xterm", PATH: path });
  for (const line of [...lines, "exit"]) {
    await terminal.see("READY> ");
    terminal.type(line + enter);
  }
  await terminal.ended;
  expect(existsSync(join(home, "pwned"))).toBe(false);
  const recorded = readFileSync(log, "utf8").trimEnd().split("\n").filter(Boolean);
  return recorded.map((line) => JSON.parse(line) as string[]);
}

/** What is typed, and the words that xrole is then run with. */
const CASES: readonly (readonly [string, string, readonly string[]])[] = [
  ["a command", "xrole cred\tb-\t", ["credential-process", "b-s3"]],
  ["what follows a quoted word", "xrole 'cache' \"cl\"ear b-\t", ["cache", "clear", "b-s3"]],
  ["a subcommand", "xrole cache cl\tb-\t", ["cache", "clear", "b-s3"]],
  ["an option and its value", "xrole env --form\tpow\t", ["env", "--format", "powershell"]],
  ["a value behind =", "xrole env --format=pow\t b-\t", ["env", "--format=powershell", "b-s3"]],
  ["an option of the role", "xrole explain b-\t--read\t", ["explain", "b-s3", "--read-only"]],
  ["the sign before a command", "xrole exec b-\t\t printen\t", ["exec", "b-s3", "--", "printenv"]],
  ["a command behind it", "xrole exec b-s3 --no-cache -- printen\t", ["exec", "b-s3", "--no-cache", "--", "printenv"]],
  ["a command without it", "xrole exec b-s3 printen\t", ["exec", "b-s3", "printenv"]],
  ["a file", "xrole exec --policy nofi\t b-s3 -- x", ["exec", "--policy", "nofile.txt", "b-s3", "--", "x"]],
  ["a file of a command", "xrole exec b-s3 -- cat sub/dat\t", ["exec", "b-s3", "--", "cat", "sub/data file.json"]],
  ["no file where none is meant", "xrole list nofi\t", ["list", "nofi"]],
  ["nothing for what is not known", "xrole nonsense nofi\t", ["nonsense", "nofi"]],
  ["no name that cannot be typed", "xrole list esc\t", ["list", "esc"]],
  ["a name with spaces", "xrole list my\t", ["list", "my  profile"]],
  ["after a backslash", "xrole list my\\ \t", ["list", "my  profile"]],
  ["in single quotes", "xrole list 'my\t", ["list", "my  profile"]],
  ["in double quotes", 'xrole list "my\t', ["list", "my  profile"]],
  ["a name with a quote", "xrole list it\t", ["list", "it's"]],
  ["and in single quotes", "xrole list 'it\t", ["list", "it's"]],
  ["a name with a command in it", "xrole list \\$\t", ["list", "$(touch pwned)`touch pwned`;x"]],
  ["and in single quotes", "xrole list '$\t", ["list", "$(touch pwned)`touch pwned`;x"]],
  ["and in double quotes", 'xrole list "\\$\t', ["list", "$(touch pwned)`touch pwned`;x"]],
  ["a name with what bash breaks words at", "xrole list ac\t", ["list", "acct@host:dev=1"]],
  ["and behind that", "xrole list acct@host:d\t", ["list", "acct@host:dev=1"]],
  ["a name with double quotes", "xrole list say\t", ["list", 'say "hi" !x']],
  ["and in single quotes", "xrole list 'say\t", ["list", 'say "hi" !x']],
  ["a name outside ASCII", "xrole list ü\t", ["list", "ünï"]],
  ["a name with a backslash", "xrole list back\t", ["list", "back\\slash"]],
  ["a name like a home", "xrole list \\~\t", ["list", "~root"]],
  ["a name like a pattern", "xrole list \\*\t", ["list", "*"]],
  ["a name like a comment", "xrole list \\#\t", ["list", "#hash"]],
];

it.each(Object.keys(TERMINALS) as Terminal[])("%s completes", async (shell) => {
  // One shell is asked everything: starting one takes longer than all of its answers.
  const words = await type(
    shell,
    CASES.map(([, line]) => line),
  );
  const told = (run: readonly (readonly string[])[]): string[] =>
    CASES.map(([name, line], at) => `${name}: ${JSON.stringify(line)} is ${JSON.stringify(run[at])}`);
  expect(told(words)).toEqual(told(CASES.map((one) => one[2])));
  expect(words).toHaveLength(CASES.length);
});

it.each(["bash", "zsh"] as const)("a name in double quotes keeps its !, in %s", async (terminal) => {
  // fish leaves the completion of this one to another quote.
  expect(await type(terminal, ['xrole list "say\t'])).toEqual([["list", 'say "hi" !x']]);
});

describe("what a shell is told", () => {
  it("by fish itself", async () => {
    const cwd = makeHome(FILES);
    const env = {
      HOME: cwd,
      LC_ALL: "C.UTF-8",
      PATH: `${recordingBinary(join(cwd, ".log"))}:${process.env.PATH ?? ""}`,
    };
    const ask = (line: string): Promise<Run> =>
      xrole(["-c", `xrole completion fish | source; complete -C ${JSON.stringify(line)}`], {
        command: "fish",
        env,
        cwd,
      });
    const names = NAMES.filter((name) => !name.startsWith("-") && !name.includes("\u001b"));
    expect((await ask("xrole exec ")).stdout.trimEnd().split("\n").sort()).toEqual([...names].sort());
    expect((await ask("xrole ex")).stdout).toContain("exec\trun a command as the role\n");
    expect((await ask("xrole ")).stdout).not.toContain("__complete");
  });

  it("by bash itself", async () => {
    const cwd = makeHome();
    const env = { HOME: cwd, PATH: `${recordingBinary(join(cwd, ".log"))}:${process.env.PATH ?? ""}` };
    const run = await xrole(["-c", `eval "$(xrole completion bash)"; complete -p xrole`], { command: "bash", env });
    expect(run).toMatchObject({ status: 0, stdout: "complete -F _xrole xrole\n", stderr: "" });
  });
});
