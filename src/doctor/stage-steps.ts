// Makes the report's steps from the stages of carrying out a plan: what each showed, and the causes of the one that failed.
import { accountOf, describeSource, roleInWords } from "../plan/show/describe.ts";
import type { Stage } from "../plan/stages.ts";
import type { Plan } from "../plan/types.ts";
import { factsAbout } from "../sources/kinds.ts";
import { diagnose } from "./diagnose.ts";
import type { Evidence, Failure, ReportStep } from "./types.ts";

/** What the stages so far have shown. */
export interface Known {
  readonly keyId?: string;
  readonly isSession?: boolean;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly place?: { readonly endpoint: string; readonly region: string; readonly proxy?: string };
  readonly identity?: { readonly arn: string; readonly accountId: string };
  /** The error of GetCallerIdentity, if it was denied. */
  readonly unsaid?: { readonly details: unknown } | undefined;
}

/** The name of a stage in the report. */
export function stageName({ hops }: Plan, stage: Stage): string {
  if (typeof stage === "object") return `hop ${String(hops.indexOf(stage) + 1)}`;
  return stage === "session" ? "MFA" : stage;
}

export function passedStep(plan: Plan, stage: Stage, known: Known, isHeld: boolean): ReportStep {
  const { source } = plan;
  const ok = (text: string, from?: string, data?: ReportStep["data"]): ReportStep => ({
    step: stageName(plan, stage),
    state: "ok",
    text,
    ...(from !== undefined && { from }),
    ...(data && { data }),
  });
  switch (stage) {
    case "source": {
      const address = factsAbout(source).address(source);
      const where = address === undefined ? "" : `, from ${address}`;
      const { sub } = known.claims ?? {};
      const whose = typeof sub === "string" ? `, a token of ${sub}` : "";
      const held = isHeld ? ", which an earlier xrole put there: they are this profile's role already" : "";
      return ok(`${describeSource(source)}${where}${whose}${held}`, source.from);
    }
    case "sts": {
      const { endpoint = "", proxy } = known.place ?? {};
      return ok(`${endpoint} answers${proxy === undefined ? "" : `, by way of the proxy ${proxy}`}`);
    }
    case "caller":
    case "identity": {
      if (known.unsaid) return unsaidStep(stage, known.unsaid);
      const { arn = "", accountId = "" } = known.identity ?? {};
      return ok(`${arn}, account ${accountId}`, undefined, { accountId, arn });
    }
    case "role":
      return source.roleArn !== undefined
        ? ok(`${roleInWords(source.roleArn)}, by the web identity token`, source.from, roleData(source.roleArn))
        : ok("");
    case "session":
      return ok(`a session with a code of ${plan.mfaSession?.mfaSerial ?? ""}`, plan.mfaSession?.from);
    default:
      return ok(`${roleInWords(stage.roleArn)}, as ${stage.sessionName}`, stage.from, roleData(stage.roleArn));
  }
}

/** A warning, not a failure: assuming a role may still be allowed. */
function unsaidStep(step: string, { details }: NonNullable<Known["unsaid"]>): ReportStep {
  const { detail } = details as { readonly detail: string };
  const text = "STS does not say who this is (sts:GetCallerIdentity), which only a VPC endpoint's policy can forbid";
  return { step, state: "warning", text, notes: [`AWS says: ${detail}`] };
}

const roleData = (roleArn: string): ReportStep["data"] => ({ roleArn, accountId: accountOf(roleArn) });

/** @param evidence undefined if it failed before any request */
export function failedStep(
  step: string,
  failure: Failure,
  evidence: Omit<Evidence, "failure"> | undefined,
): ReportStep {
  const causes = evidence ? diagnose({ ...evidence, failure }) : [];
  const call = evidence?.call;
  const data = typeof call === "object" ? { data: { roleArn: call.roleArn, accountId: accountOf(call.roleArn) } } : {};
  return { step, state: "failed", text: failure.message, ...data, failure, causes };
}

/** What is known if the stage at `index` failed. */
export function evidenceAt(
  plan: Plan,
  stages: readonly Stage[],
  index: number,
  { identity, keyId, isSession, place, claims }: Known,
): Omit<Evidence, "failure"> {
  const stage = stages[index];
  const call = typeof stage === "object" || stage === "role" || stage === "session" ? stage : undefined;
  const before = stages[index - 1];
  const caller =
    typeof before === "object"
      ? before.roleArn
      : before === "role" && plan.source.roleArn !== undefined
        ? plan.source.roleArn
        : identity?.arn;
  return { plan, ...(call !== undefined && { call }), caller, keyId, isSession, region: place?.region, claims };
}
