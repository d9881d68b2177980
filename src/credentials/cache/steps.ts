// The steps of a plan whose results are sessions, with the cache key of each: it consists of the source and of everything that is
// sent up to that step (docs/contract.md, "Cache").
import { sentInKey } from "../../plan/options/sent.ts";
import type { Hop } from "../../plan/sts-calls.ts";
import type { Plan } from "../../plan/types.ts";
import type { Context } from "../../context/types.ts";
import { kindOf, type Source } from "../../sources/kinds.ts";

/** One step: a source that returns sessions itself, GetSessionToken, or AssumeRole. */
export interface SessionStep {
  readonly call: "source" | NonNullable<Plan["mfaSession"]> | Hop;
  /** The cache key; undefined if the source cannot be identified, and nothing is cached. */
  readonly key: string | undefined;
  /** The profile to which the step belongs. */
  readonly profile: string;
  readonly roleArn?: string;
}

/** Increased when an entry under the same key would mean something else. */
const FORMAT = 1;

/** The steps of a plan, in the order of their requests. */
export function stepsOf(context: Context, plan: Plan): readonly SessionStep[] {
  const { source, mfaSession, hops, endpoint, region, name = plan.profile } = plan;
  const { isCached } = kindOf(source);
  const calls = [...(isCached ? (["source"] as const) : []), ...(mfaSession ? [mfaSession] : []), ...hops];
  if (calls.length === 0) return [];
  const identity = sourceIdentity(context, source);
  const sent: unknown[] = [];
  return calls.map((call) => {
    sent.push(sentBy(context, call));
    const key = identity === undefined ? undefined : JSON.stringify([FORMAT, identity, endpoint, region, sent]);
    if (call === "source") {
      const { roleArn } = source;
      return { call, key, profile: name, ...(roleArn !== undefined && { roleArn }) };
    }
    if (!("roleArn" in call)) return { call, key, profile: name };
    return { call, key, profile: call === hops.at(-1) ? name : call.profile, roleArn: call.roleArn };
  });
}

/** Identifies a source among all others, in the way its kind defines; undefined if it cannot be identified. */
export function sourceIdentity(context: Context, source: Source): readonly unknown[] | undefined {
  const identity = kindOf(source).identity(context, source);
  return identity && [source.kind, ...identity];
}

/** The parameters that a step sends. */
function sentBy(context: Context, call: SessionStep["call"]): unknown {
  if (call === "source") return call;
  return "roleArn" in call ? sentInKey(context, call, "hop", 10) : call.mfaSerial;
}
