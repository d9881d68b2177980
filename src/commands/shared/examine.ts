// Examines one profile for doctor: reads the files, makes the plan, carries it out stage by stage, and reports each step when it is done.
import { configuredEndpoint } from "../../plan/aws/endpoint.ts";
import { withLostSettings } from "../../plan/unused/with-lost-settings.ts";
import { selectedName } from "../../plan/plan.ts";
import { regionPlace } from "../../plan/aws/region.ts";
import { holdsPlan, usesHeldRole } from "../../plan/shell/session.ts";
import { stagesOf } from "../../plan/stages.ts";
import { unusedSettings } from "../../plan/unused/unused.ts";
import { inspectFiles } from "../../config/inspect.ts";
import { loadConfig } from "../../config/load.ts";
import { loadSettings } from "../../config/settings.ts";
import type { Config } from "../../config/types.ts";
import { variable, type Context } from "../../context/types.ts";
import { cacheState } from "../../credentials/cache/state.ts";
import { walk, type Passed } from "../../credentials/walk-stages.ts";
import { describeTimeLeft } from "../../terminal/table.ts";
import { factsOf } from "../../doctor/profile-causes.ts";
import { evidenceAt, failedStep, passedStep, stageName } from "../../doctor/stage-steps.ts";
import {
  cacheStep,
  clockStep,
  endpointStep,
  filesStep,
  lifeStep,
  profileStep,
  regionStep,
  unusedStep,
} from "../../doctor/steps.ts";
import type { Evidence, Failure, ReportStep } from "../../doctor/types.ts";
import { XroleError } from "../../errors/error.ts";
import { STATUS } from "../../errors/status.ts";
import { prepare, type Prepared, type RoleInvocation } from "./prepare.ts";

export interface Report {
  readonly profile: string;
  /** The exit status: 0 only when the chain works. */
  readonly status: number;
  readonly steps: readonly ReportStep[];
}

/** The steps after the profile, if there is no plan. */
const AFTER_PROFILE = ["source", "sts", "identity", "time left", "cache"];

/**
 * Carries out the plan of a profile. Failures are part of the report.
 * @param config the profiles, if they have been read already; then there is no step about the files
 * @param onStep receives each step when it is done
 */
export async function examine(
  context: Context,
  invocation: RoleInvocation,
  onStep: (step: ReportStep) => Promise<void>,
  config?: Config,
): Promise<Report> {
  const { name: wanted, origin } = selectedName(invocation.profile, context.env);
  const isHeld = usesHeldRole(context.env, invocation.profile);
  const profile = (isHeld ? variable(context.env, "XROLE_PROFILE") : undefined) ?? wanted;
  const steps: ReportStep[] = [];
  let profiles = config;
  const tell = async (...some: readonly ReportStep[]): Promise<void> => {
    for (const step of some) {
      steps.push(step);
      await onStep(step);
    }
  };
  const warnings: string[] = [];
  const told = { ...invocation, warn: (warning: string): void => void warnings.push(warning) };
  const tellWarnings = (): Promise<void> =>
    tell(...warnings.splice(0).map((text): ReportStep => ({ step: "note", state: "warning", text })));
  const fail = async (
    error: unknown,
    step: string,
    rest: readonly string[],
    evidence?: Omit<Evidence, "failure">,
  ): Promise<number> => {
    const { failure, status } = failureOf(profiles ? withLostSettings(error, profiles, profile) : error);
    await tell(failedStep(step, failure, evidence));
    await tell(...rest.map((one): ReportStep => ({ step: one, state: "not reached", text: "" })));
    return status;
  };

  if (!profiles) {
    try {
      profiles = loadConfig(context);
      await loadSettings(context);
    } catch (error) {
      return { profile, status: await fail(error, "files", ["profile", ...AFTER_PROFILE]), steps };
    }
    await tell(filesStep(inspectFiles(context), context.uid));
  }

  let prepared: Prepared;
  try {
    prepared = prepare(context, told, { allowSourceOnly: true, config: profiles });
  } catch (error) {
    return { profile, status: await fail(error, "profile", AFTER_PROFILE), steps };
  }
  const { plan, host } = prepared;
  const selected = profiles.profiles.get(plan.profile);
  await tell(
    profileStep(plan, selected, origin),
    regionStep(plan, regionPlace(plan, host.env, selected)),
    ...endpointStep(plan, configuredEndpoint(host.env, profiles, selected)?.where),
  );
  await tellWarnings();
  const situation = { config: profiles, env: host.env, profile: invocation.profile, options: invocation.options };
  await tell(...unusedSettings(situation, plan).map(unusedStep));

  const isPlanHeld = holdsPlan(host.env, plan);
  const stages = stagesOf(plan, isPlanHeld);
  const names = [...stages.map((stage) => stageName(plan, stage)), "time left"];
  let known: Passed = {};
  let count = 0;
  let status: number = STATUS.ok;
  try {
    for await (const passed of walk(host, prepared, stages)) {
      const stage = stages[count++] ?? "identity";
      known = { ...known, ...passed };
      await tell(passedStep(plan, stage, known, isPlanHeld));
      if (stage === "sts") await tell(clockStep(passed.clockOffset));
      await tellWarnings();
    }
    await tell(lifeStep(known.expiration, context.now(), known.clockOffset ?? 0, describeTimeLeft));
  } catch (error) {
    const evidence = evidenceAt(plan, stages, count, known);
    const { call } = evidence;
    const facts = typeof call === "object" ? factsOf(profiles, plan, call, invocation.options) : undefined;
    status = await fail(error, names[count] ?? "", names.slice(count + 1), { ...evidence, facts });
  }
  await tell(cacheStep(await cacheState(host, plan), status !== STATUS.ok, describeTimeLeft));
  return { profile, status, steps };
}

/** @throws errors that do not concern the profile: output that cannot be written, wrong usage, a bug of xrole */
function failureOf(error: unknown): { readonly failure: Failure; readonly status: number } {
  if (!(error instanceof XroleError) || error.code === "output-failed" || error.status === STATUS.usage) throw error;
  const { code, message, hint, details, status } = error;
  const { code: awsCode = "", detail = "" } = details as { readonly code?: string; readonly detail?: string };
  return { failure: { code, message, hint, awsCode, awsSays: detail }, status };
}
