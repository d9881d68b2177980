// The tables of docs/doctor.md, made of the cases that the tests play. `npm run docs` writes them (scripts/docs.mjs).
import { NAMED, OTHERS, SOURCES, UNSAID, WARNINGS, type Case } from "./cases.ts";

const GROUPS: readonly (readonly [title: string, text: string, cases: readonly Case[]])[] = [
  [
    "AWS does not say why",
    "Across accounts AWS says only that the call is denied. Doctor ranks what may be behind it.",
    UNSAID,
  ],
  ["AWS names the kind of policy", "It names one, though several may stand against the call.", NAMED],
  ["The source", "The credentials at the start of the chain.", SOURCES],
  ["On the way", "", OTHERS],
  ["Warnings", "The chain works; something may still surprise.", WARNINGS],
];

/** A section with a table for each group, in Markdown. */
export const doctorTables = (): string =>
  GROUPS.map(([title, text, cases]) => `### ${title}\n\n${text}\n\n${table(cases)}`).join("\n\n");

function table(cases: readonly Case[]): string {
  const rows = cases.map(({ title, sign, status, step, cause, prints: [first] }) => [
    title,
    code(sign),
    code(first.trim()),
    cause ? code(cause[0]) : "",
    `${step}, ${String(status)}`,
  ]);
  return [
    ["what is wrong", "the sign", "what doctor says", "cause", "step, status"],
    ["-", "-", "-", "-", "-"],
    ...rows,
  ]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");
}

/** As it is printed; a sign in words of this page's own has its marks already, or is a phrase. */
const code = (text: string): string => (text.includes("`") || /^(its|the Date)\b/.test(text) ? text : `\`${text}\``);
