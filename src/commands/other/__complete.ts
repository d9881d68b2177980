// `xrole __complete`, which the completion scripts ask what can be at the end of a line. In no help.
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
 * The command, for the commands that there are. It is asked with a shell's name and, after `--`, the words up to the cursor without xrole; by bash with
 * its line up to the cursor and the end of it that it will replace. The first line of the answer is `:words`, `:files` or
 * `:command N`, where another command begins after N words; a word a line follows, and what it is for after a tab.
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
  // PowerShell's script puts a dot behind what is typed.
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

/** The names that can be typed: one with a control character is for nobody's line, one with a dash would be an option. */
function profileNames(context: Context): readonly string[] {
  try {
    return [...loadConfig(context).profiles.keys()].filter((name) => visible(name) === name && !name.startsWith("-"));
  } catch {
    // What is wrong with the files is told when the command runs.
    return [];
  }
}
