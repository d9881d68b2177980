// Finds xrole's command lines in a page of the documentation, so that they can be held to what xrole takes.
import { shellWords } from "../../src/config/parse/words.ts";

export interface CommandLine {
  /** As it stands in the page, for messages. */
  readonly line: string;
  /** The words after `xrole`. */
  readonly words: readonly string[];
  /** In a line of text, where a command may be named without its arguments. */
  readonly isInText: boolean;
}

/** Blocks whose lines can be typed, or are typed by a program. */
const TYPED = /^(sh|bash|zsh|console|ini|yaml|dockerfile)$/;

/** Every command line of xrole in the Markdown text: in blocks of code, in `code` of the text, and as an array of words. */
export function commandLines(page: string): CommandLine[] {
  const blocks = [...page.matchAll(/^ *```(\w*)\n(.*?)^ *```/gms)];
  const text = blocks.reduce((rest, [block]) => rest.replace(block, ""), page);
  const spans = [...text.matchAll(/(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)/gs)].map(([, , code = ""]) =>
    inTable(code).replaceAll(/\s+/g, " "),
  );
  const typed = blocks.flatMap(([, language = "", code = ""]) => (TYPED.test(language) ? [code] : []));
  return [
    ...typed.flatMap((code) => [...shellLines(code, false), ...arrays(code)]),
    ...spans.flatMap((code) => shellLines(code, true)),
  ];
}

/** In a table a pipe has a backslash before it. */
const inTable = (code: string): string => code.replaceAll("\\|", "|");

function shellLines(code: string, isInText: boolean): CommandLine[] {
  const lines = code.replaceAll(/\\\n\s*/g, " ").split("\n");
  return lines.flatMap((whole) => {
    const line = whole.replace(/(^|\s)#.*/, "");
    return [...line.matchAll(/(?<![\w./@-])xrole (?=[a-z-])/g)].map(({ index }) => {
      const command = simpleCommand(line.slice(index));
      return { line: command, words: (shellWords(command) ?? []).slice(1), isInText };
    });
  });
}

/** The text up to where a shell ends the command; a quote that is not closed was opened before it. */
function simpleCommand(text: string): string {
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (/[;|&<>()]/.test(char)) return text.slice(0, at).trim();
    if (char === "'" || char === '"') {
      const end = text.indexOf(char, at + 1);
      if (end < 0) return text.slice(0, at).trim();
      at = end;
    }
  }
  return text.trim();
}

/** `["xrole", "exec", ...]` of a Dockerfile, and `command: xrole` with its `args` of a kubeconfig. */
function arrays(code: string): CommandLine[] {
  const json = [...code.matchAll(/\["xrole", .*?\]/g)].map(([line]) => (JSON.parse(line) as string[]).slice(1));
  const yaml = [...code.matchAll(/command: xrole\s+args: \[(.*)\]/g)].map(([, list = ""]) => list.split(", "));
  return [...json, ...yaml].map((words) => ({ line: `xrole ${words.join(" ")}`, words, isInText: false }));
}
