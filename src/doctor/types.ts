// What doctor's reasoning is given, and what it says: plain data.
import type { Hop } from "../plan/sts-calls.ts";
import type { Plan } from "../plan/types.ts";
import type { ErrorCode } from "../errors/table.ts";

export type State = "ok" | "warning" | "failed" | "not reached";

export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
  /** AWS's own code and words, where it was AWS that refused. */
  readonly awsCode: string;
  readonly awsSays: string;
}

/** One line of a report. */
export interface ReportStep {
  readonly step: string;
  readonly state: State;
  readonly text: string;
  /** `file:line`, or the variable that says it. */
  readonly from?: string;
  /** For programs: what the text says, field by field. */
  readonly data?: Readonly<Record<string, string | number>>;
  readonly notes?: readonly string[];
  readonly failure?: Failure;
  /** What may be behind a failure, the likeliest first. */
  readonly causes?: readonly Cause[];
}

/** What a call failed with, and everything known around it. */
export interface Evidence {
  readonly failure: Failure;
  readonly plan: Plan;
  /** The call that failed: a hop, the role of a web identity, a session with MFA; undefined before any call of a role. */
  readonly call?: Hop | "role" | "session";
  /** Who asked: an ARN as GetCallerIdentity gives it. */
  readonly caller?: string | undefined;
  /** The key that signed, and whether a session token went with it. */
  readonly keyId?: string | undefined;
  readonly isSession?: boolean | undefined;
  /** The region that signed. */
  readonly region?: string | undefined;
  /** What a web identity token says of itself. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  /** What the profiles say about the hop that failed. */
  readonly facts?: Facts | undefined;
}

/** What is known of a hop without asking AWS. */
export interface Facts {
  /** --external-id was given for it. */
  readonly isExternalIdGiven: boolean;
  /** The external_id of its profile, and the `file:line`. */
  readonly externalId?: { readonly value: string; readonly from: string };
  /** An mfa_serial of the profile that the keys come from, where the hop could send a code and sends none. */
  readonly mfa?: { readonly profile: string; readonly serial: string; readonly from: string };
}

/** `named`: AWS says so, or the configuration shows it. The others are ranked by what is known; AWS has not said. */
export type Likelihood = "named" | "likely" | "possible";

export interface Cause {
  /** Stable: scripts may rely on it. */
  readonly cause: string;
  readonly likelihood: Likelihood;
  /** Where the configuration shows it: `file:line`. */
  readonly from?: string;
  /** What is wrong, in words. */
  readonly text: string;
  /** Each mends it, or shows whether it is this. */
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
  /** A statement to add to a policy of an account, which is left out where nobody says whose the policy is. */
  | { readonly do: "add"; readonly account?: string; readonly where: string; readonly statement: Statement }
  /** A condition that lets a caller past a Deny. */
  | { readonly do: "exempt"; readonly account?: string; readonly where: string; readonly condition: Condition }
  /** A line of a profile. */
  | { readonly do: "set"; readonly where: string; readonly line: string }
  | { readonly do: "run"; readonly account?: string; readonly command: string }
  | { readonly do: "see"; readonly text: string };
