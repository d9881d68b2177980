// `xrole doctor`: carries out the plan of a profile step by step, and shows the step that fails and how to fix it.
import { meansCredentials } from "../../plan/missing-role.ts";
import { matchesPattern } from "../../config/pattern.ts";
import { loadConfig } from "../../config/load.ts";
import type { Context } from "../../context/types.ts";
import { painter, type Paint } from "../../terminal/style.ts";
import { formatTable } from "../../terminal/table.ts";
import { visible, visibleJson } from "../../terminal/visible.ts";
import { reportJson, stepLines } from "../../doctor/report.ts";
import type { State, ReportStep } from "../../doctor/types.ts";
import { withoutPassword, withoutPasswords } from "../../errors/passwords.ts";
import { STATUS } from "../../errors/status.ts";
import { atOnce } from "../shared/at-once.ts";
import { examine, type Report } from "../shared/examine.ts";
import { JSON_OPTION, PICK, PROFILE } from "../shared/common-options.ts";
import type { Declaration, Invocation } from "../shared/declaration.ts";

export const declaration = {
  name: "doctor",
  group: "Set up and repair",
  summary: "walk the chain for real; name the broken link and its repair",
  arguments: [PROFILE],
  options: [
    PICK,
    JSON_OPTION,
    ["--all", "every profile, or those that match [profile] as a pattern; a line each", { conflicts: ["--pick"] }],
  ],
  roleOptions: "uncached",
  examples: [
    ["xrole doctor b-s3", "each step, and what to add to which policy where one fails"],
    ["xrole doctor --all", "which profiles work"],
  ],
} as const satisfies Declaration;

/** How many profiles --all checks at the same time. */
const AT_ONCE = 8;

const COLOURS = { ok: "green", warning: "yellow", failed: "red", "not reached": "dim" } as const;

export async function run(context: Context, invocation: Invocation<typeof declaration>): Promise<number> {
  const { all, json, color } = invocation.options;
  if (all === true) return runAll(context, invocation);
  const paint = await painter(context, context.stdout, color !== false);
  const { status, ...report } = await examine(context, invocation, async (step) => {
    if (json !== true) await context.stdout.write(lines(step, paint));
  });
  if (json === true)
    await context.stdout.write(`${visibleJson(withoutPasswords(reportJson({ status, ...report })), 2)}\n`);
  return status;
}

async function runAll(context: Context, invocation: Invocation<typeof declaration>): Promise<number> {
  const config = loadConfig(context);
  const names = [...config.profiles.values()]
    .filter((section) => matchesPattern(section.name, invocation.profile) && meansCredentials(section))
    .map(({ name }) => name);
  // Questions about several profiles at the same time would be confusing, so none are asked.
  const silent = { ...context, ask: () => Promise.resolve(undefined) };
  const reports = await atOnce(AT_ONCE, names, (profile) =>
    examine(silent, { ...invocation, profile }, () => Promise.resolve(), config),
  );
  if (invocation.options.json === true)
    await context.stdout.write(`${visibleJson(withoutPasswords(reports.map(reportJson)), 2)}\n`);
  else if (reports.length === 0) invocation.warn("there is no profile to walk");
  else
    await context.stdout.write(formatTable(["PROFILE", "STATE", "STEP", ""], reports.map(cells).map(withoutPasswords)));
  return reports.find(({ status }) => status !== STATUS.ok)?.status ?? STATUS.ok;
}

/** A line for a profile: the step that failed, or the identity you end up with. */
function cells({ profile, steps }: Report): string[] {
  const failed = steps.find(({ state }) => state === "failed");
  if (failed) return [profile, failed.state, failed.step, failed.text];
  const state: State = steps.some((step) => step.state === "warning") ? "warning" : "ok";
  return [profile, state, "", steps.find(({ step }) => step === "identity")?.text ?? ""];
}

function lines(step: ReportStep, paint: Paint): string {
  const [first = "", ...below] = stepLines(step).map(withoutPassword).map(visible);
  const state = paint[COLOURS[step.state]](step.state.padEnd(11));
  const head = `${state}  ${step.step.padEnd(9)}  ${first}`.trimEnd();
  return [head, ...below.map((line) => `${" ".repeat(13)}${line}`)].map((line) => `${line}\n`).join("");
}
