// The types of doctor: the evidence it reasons about, causes and fixes, and the steps of its report. Plain data.
import type { Hop } from "../plan/sts-calls.ts";
import type { Plan } from "../plan/types.ts";
import type { ErrorCode } from "../errors/table.ts";

export type State = "ok" | "warning" | "failed" | "not reached";

export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
  /** The code and message of AWS, if AWS refused. */
  readonly awsCode: string;
  readonly awsSays: string;
}

/** One line of a report. */
export interface ReportStep {
  readonly step: string;
  readonly state: State;
  readonly text: string;
  /** `file:line`, or the name of a variable. */
  readonly from?: string;
  /** The facts of the text as fields, for programs. */
  readonly data?: Readonly<Record<string, string | number>>;
  readonly notes?: readonly string[];
  readonly failure?: Failure;
  /** The possible causes of a failure, the likeliest first. */
  readonly causes?: readonly Cause[];
}

/** The failure of a call, and everything known about it. */
export interface Evidence {
  readonly failure: Failure;
  readonly plan: Plan;
  /** The call that failed: a hop, the role of a web identity, or the MFA session; undefined before any of them. */
  readonly call?: Hop | "role" | "session";
  /** The caller's ARN, as from GetCallerIdentity. */
  readonly caller?: string | undefined;
  /** The key that signed, and whether a session token went with it. */
  readonly keyId?: string | undefined;
  readonly isSession?: boolean | undefined;
  /** The region that signed. */
  readonly region?: string | undefined;
  /** The claims of the web identity token. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  /** What the profiles contain about the hop that failed. */
  readonly facts?: Facts | undefined;
}

/** What is known about a hop without asking AWS. */
export interface Facts {
  /** --external-id was given for it. */
  readonly isExternalIdGiven: boolean;
  /** The external_id of its profile, and its `file:line`. */
  readonly externalId?: { readonly value: string; readonly from: string };
  /** The mfa_serial of the profile that the keys come from, if the hop could send a code but does not. */
  readonly mfa?: { readonly profile: string; readonly serial: string; readonly from: string };
}

/** `named`: AWS says so, or the configuration shows it. The others are guesses, ranked by what is known. */
export type Likelihood = "named" | "likely" | "possible";

export interface Cause {
  /** Stable: scripts may rely on it. */
  readonly cause: string;
  readonly likelihood: Likelihood;
  /** `file:line` in the configuration, if it shows the cause. */
  readonly from?: string;
  /** What is wrong, in words. */
  readonly text: string;
  /** Each removes the cause, or shows whether it is the cause. */
  readonly fixes: readonly Fix[];
}

/** A statement of an IAM policy, with the field names of IAM. */
export interface Statement {
  readonly Effect: "Allow";
  readonly Principal?: { readonly AWS: string } | { readonly Federated: string };
  readonly Action: string | readonly string[];
  readonly Resource?: string;
  readonly Condition?: Condition;
}

export type Condition = Readonly<Record<string, Readonly<Record<string, string>>>>;

export type Fix =
  /** A statement to add to a policy. The account is left out if the owner of the policy is not known. */
  | { readonly do: "add"; readonly account?: string; readonly where: string; readonly statement: Statement }
  /** A condition that exempts a caller from a Deny. */
  | { readonly do: "exempt"; readonly account?: string; readonly where: string; readonly condition: Condition }
  /** A line of a profile. */
  | { readonly do: "set"; readonly where: string; readonly line: string }
  | { readonly do: "run"; readonly account?: string; readonly command: string }
  | { readonly do: "see"; readonly text: string };
