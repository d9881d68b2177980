// Writes the report of doctor: the lines of each step for people, and JSON (docs/contract.md, "JSON of doctor --json").
import type { Cause, Failure, Fix, ReportStep } from "./types.ts";

/** The text of a step and the lines below it, without its state and name. */
export function stepLines({ text, from, notes = [], failure, causes = [] }: ReportStep): readonly string[] {
  const seen = new Map<string, number>();
  return [
    from === undefined ? text : `${text}   (${from})`,
    ...notes,
    ...hintOf(failure),
    ...causes.flatMap((cause, index) => causeLines(cause, index + 1, seen)),
  ];
}

/** The hint of `access-denied` points to doctor itself, so AWS's message is shown instead. */
function hintOf(failure: Failure | undefined): string[] {
  if (failure?.code === "access-denied") return [`AWS says: ${failure.awsSays}`];
  return failure?.hint === undefined ? [] : [failure.hint];
}

const WORDS = { named: "AWS names it", likely: "likely", possible: "possible" } as const;

/** @param seen the fixes that were shown already, with their numbers: the same statement often fixes several causes */
function causeLines(
  { cause, likelihood, from, text, fixes }: Cause,
  number: number,
  seen: Map<string, number>,
): string[] {
  const below = fixes.flatMap((fix) => {
    const key = JSON.stringify(fix);
    const before = seen.get(key);
    if (before !== undefined) return [`${fix.do === "add" ? "the statement of" : "as in"} ${String(before)}`];
    seen.set(key, number);
    return fixLines(fix);
  });
  const rank = from === undefined ? WORDS[likelihood] : "your configuration shows it";
  return [`${String(number)}. ${rank}: ${text} [${cause}]`, ...below.map((line) => `   ${line}`)];
}

function fixLines(fix: Fix): string[] {
  switch (fix.do) {
    case "add":
      return [`${inAccount(fix, ", ")}add to ${fix.where}:`, ...json(fix.statement)];
    case "exempt":
      return [`${inAccount(fix, ", ")}add to the Condition of the Deny in ${fix.where}:`, ...json(fix.condition)];
    case "set":
      return [`in ${fix.where}: ${fix.line}`];
    case "run":
      return [`${inAccount(fix, ": ")}${fix.command}`];
    case "see":
      return [fix.text];
    default:
      return fix satisfies never;
  }
}

const inAccount = ({ account }: { readonly account?: string }, after: string): string =>
  account === undefined ? "" : `in account ${account}${after}`;

const json = (value: object): string[] =>
  JSON.stringify(value, null, 2)
    .split("\n")
    .map((line) => `  ${line}`);

interface Report {
  readonly profile: string;
  readonly status: number;
  readonly steps: readonly ReportStep[];
}

/** The report as `--json` prints it. The error of the failed step is also at the top, as with every command. */
export function reportJson({ profile, status, steps }: Report): Record<string, unknown> {
  const shown = steps.map(stepJson);
  return { profile, status, error: shown.find(({ error }) => error !== undefined)?.error, steps: shown };
}

function stepJson({ step, state, text, from, data, notes, failure, causes }: ReportStep): Record<string, unknown> {
  return {
    step,
    state,
    text,
    from,
    ...data,
    notes: notes && notes.length > 0 ? notes : undefined,
    error: failure && { code: failure.code, message: failure.message, hint: failure.hint },
    causes: causes && causes.length > 0 ? causes : undefined,
  };
}
