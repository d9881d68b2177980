// The calls of a plan whose answers are sessions, and the key under which each is kept: the source, and everything that is sent
// up to there (docs/contract.md, "Cache").
import type { Hop } from "../../plan/sts-types.ts";
import type { Plan } from "../../plan/types.ts";
import type { Context } from "../../context/types.ts";
import { kindOf, type Source } from "../../sources/kinds.ts";

/** One call: of a source that gives sessions itself, of GetSessionToken, or of AssumeRole. */
export interface Step {
  readonly call: "source" | NonNullable<Plan["mfaSession"]> | Hop;
  /** Undefined where the source cannot be told from others: nothing is kept. */
  readonly key: string | undefined;
  /** The profile that asks for it. */
  readonly profile: string;
  readonly roleArn?: string;
}

/** Changes when an entry of the same key would mean something else. */
const FORMAT = 1;

/** The steps of a plan, in call order. */
export function stepsOf(context: Context, plan: Plan): readonly Step[] {
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

/** What tells a source from all others, as its kind says; undefined where it cannot be known. */
export function sourceIdentity(context: Context, source: Source): readonly unknown[] | undefined {
  const identity = kindOf(source).identity(context, source);
  return identity && [source.kind, ...identity];
}

/** What goes over the wire. A name that xrole made up counts as the user: the host's name, which it holds, may roam (rule 31). */
function sentBy(context: Context, call: Step["call"]): unknown {
  if (call === "source") return call;
  if (!("roleArn" in call)) return call.mfaSerial;
  const { roleArn, sessionName, sessionNameGenerated, externalId, durationSeconds, mfaSerial, ...rest } = call;
  const { sourceIdentity: identity, tags, transitiveTagKeys, policy, policyArns } = rest;
  const name = sessionNameGenerated ? { user: context.caller().user } : sessionName;
  return [roleArn, name, externalId, durationSeconds, mfaSerial, identity, tags, transitiveTagKeys, policy, policyArns];
}
