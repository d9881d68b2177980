// `xrole __complete`: answers the completion scripts, which ask what can follow on a command line. Not in the help.
import { bashReplacement, readBashLine } from "../../cli/completion/bash-line.ts";
import { candidates, type Answer, type Verb } from "../../cli/completion/candidates.ts";
import { loadConfig } from "../../config/load.ts";
import type { Context } from "../../context/types.ts";
import { visible } from "../../terminal/visible.ts";
import { GLOBAL_OPTIONS } from "../shared/common-options.ts";
import type { Declaration, Invocation } from "../shared/declaration.ts";

export const declaration = {
  name: "__complete",
  group: "Other",
  summary: "answer a completion script",
  arguments: [["<shell>", "the shell"]],
  runsCommand: true,
  isHidden: true,
  options: [],
  examples: [],
} as const satisfies Declaration;

/**
 * Makes the command from the command table. Its arguments are the shell's name and, after `--`, the words up to the cursor without
 * `xrole`; bash passes its line up to the cursor and the end of it that bash will replace. The first line of the answer is `:words`,
 * `:files` or `:command N`, if another command begins after N words. After `:words`, each line has one word, and after a tab what it is for.
 */
export function answerFrom(verbs: readonly Verb[]) {
  const table = { verbs, globals: GLOBAL_OPTIONS };
  return async (context: Context, { words: [shell], command }: Invocation<typeof declaration>): Promise<number> => {
    const ask = (before: readonly string[], current: string): Answer =>
      candidates(table, before, current, () => profileNames(context));
    await context.stdout.write(shell === "bash" ? inBash(command, ask) : inOthers(shell, command, ask));
    return 0;
  };
}

type Ask = (before: readonly string[], current: string) => Answer;

function inBash([line = "", fragment = ""]: readonly string[], ask: Ask): string {
  const { words, last } = readBashLine(line);
  return format(ask(words.slice(1), last.text), ([word]) => bashReplacement(word, last, fragment) ?? []);
}

function inOthers(shell: string | undefined, words: readonly string[], ask: Ask): string {
  const current = words.at(-1) ?? "";
  // PowerShell's script appends a dot to the typed word.
  const typed = shell === "powershell" ? current.slice(0, -1) : current;
  return format(ask(words.slice(0, -1), typed), ([word, text]) => (text === undefined ? word : `${word}\t${text}`));
}

function format(
  answer: Answer,
  lines: (candidate: readonly [word: string, text?: string]) => string | readonly string[],
): string {
  switch (answer.kind) {
    case "words":
      return [":words", ...answer.words.flatMap(lines)].map((line) => `${line}\n`).join("");
    case "files":
      return ":files\n";
    case "command":
      return `:command ${answer.after + 1}\n`;
    default:
      return answer satisfies never;
  }
}

/** The profile names that can be typed: not those with control characters, nor those that begin like an option. */
function profileNames(context: Context): readonly string[] {
  try {
    return [...loadConfig(context).profiles.keys()].filter((name) => visible(name) === name && !name.startsWith("-"));
  } catch {
    // Errors in the files are reported when the command runs.
    return [];
  }
}
