// Lets the user choose from a list at the controlling terminal, by typing part of a name. This file and its package are loaded only
// when needed.
import search from "@inquirer/search";
import displayWidth from "fast-string-truncated-width";
import type { Choosing } from "../context/types.ts";
import { XroleError } from "../errors/error.ts";
import { openTerminal } from "./ask.ts";

/** Rows of the terminal that show no choices: the question, the typed text and the keys. */
const OTHER_ROWS = 5;
const MOST_ROWS = 15;

/** The value of the choice; undefined if there is no terminal. @throws XroleError `pick-cancelled` */
export async function choose(platform: NodeJS.Platform, choosing: Choosing): Promise<string | undefined> {
  const terminal = openTerminal(platform);
  if (!terminal) return undefined;
  const { input, output, close } = terminal;
  const { question, choices, preferred, isColored } = choosing;
  // Ctrl-D, or a terminal that is closed, ends the input. The prompt alone would then wait forever.
  const closed = new AbortController();
  for (const event of ["pause", "end", "close", "error"]) input.on(event, () => closed.abort());
  output.on("error", () => closed.abort());
  try {
    return await search(
      {
        message: question,
        source: (typed = "") => {
          const words = typed.toLowerCase().split(/\s+/);
          return choices
            .filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)))
            .map(({ value, label, short }) => ({ value, name: cut(label, output.columns - 3), short }));
        },
        pageSize: Math.max(1, Math.min(MOST_ROWS, output.rows - OTHER_ROWS)),
        ...(preferred !== undefined && { default: preferred }),
        theme: theme(isColored),
      },
      { input, output, signal: closed.signal },
    );
  } catch (error) {
    if (error instanceof Error && /^(Exit|Abort|Cancel)PromptError$/.test(error.name))
      throw new XroleError("pick-cancelled", {}, { cause: error });
    throw error;
  } finally {
    close();
  }
}

/** The part of the text that fits into this many terminal columns. */
const cut = (text: string, columns: number): string => text.slice(0, displayWidth(text, { limit: columns }).index);

/** The prompt's theme. The default theme would check whether stdout is a terminal, but the prompt is not shown on stdout. */
function theme(isColored: boolean): NonNullable<Parameters<typeof search>[0]["theme"]> {
  const paint =
    (open: number, end: number) =>
    (text: string): string =>
      isColored ? `\u001b[${String(open)}m${text}\u001b[${String(end)}m` : text;
  const [bold, dim, red, cyan] = [paint(1, 22), paint(2, 22), paint(31, 39), paint(36, 39)];
  return {
    prefix: { idle: "?", done: "?" },
    style: {
      answer: cyan,
      message: bold,
      error: (text: string) => red(`> ${text}`),
      help: dim,
      highlight: cyan,
      searchTerm: cyan,
      description: cyan,
      disabled: dim,
      keysHelpTip: (keys: [key: string, action: string][]) => dim(keys.map((key) => key.join(" ")).join("  ")),
    },
  };
}
