// Parses the message of an AccessDenied error: who was denied what, and by which policy. Sources: "Troubleshoot access denied error
// messages" of the IAM User Guide (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html), and for the ARN of
// the policy at its end "Enhanced access denied error messages with policy ARNs" of the AWS Security Blog.

/** The kinds of policy that AWS names. */
export type PolicyKind =
  "identity" | "resource" | "trust" | "service-control" | "resource-control" | "boundary" | "session" | "vpc-endpoint";

export interface Denial {
  /** The ARN of who was denied; for an assumed role, that of the session. */
  readonly principal?: string;
  readonly action?: string;
  readonly resource?: string;
  /** The policy that denied it; undefined if AWS does not say, as across accounts. AWS names one, even if several deny it. */
  readonly by?: {
    readonly kind: PolicyKind;
    /** True for a Deny statement; false if no statement allows it. */
    readonly isExplicit: boolean;
    readonly policyArn?: string;
  };
}

/** AWS's words for each kind of policy, before the word "policy" or alone. */
const KINDS: readonly (readonly [words: RegExp, kind: PolicyKind])[] = [
  [/^identity-based/i, "identity"],
  [/^resource-based/i, "resource"],
  [/^role trust/i, "trust"],
  [/^service control/i, "service-control"],
  [/^resource control/i, "resource-control"],
  [/^permissions boundary/i, "boundary"],
  // The guide writes "with an explicit deny in a sessions policy" in one place.
  [/^sessions?/i, "session"],
  [/^VPC endpoint/i, "vpc-endpoint"],
];

/** Parses the message of an AccessDenied error. */
export function readDenial(words: string): Denial {
  const principal = /\bUser: (\S+)/.exec(words)?.[1];
  // Without a principal: "Not authorized to perform sts:AssumeRoleWithWebIdentity".
  const action = /not authorized to perform:? ([\w-]+:\w+)/i.exec(words)?.[1];
  const resource = /on resource: (\S+)/.exec(words)?.[1];
  const by = deniedBy(words);
  return {
    ...(principal !== undefined && { principal }),
    ...(action !== undefined && { action }),
    ...(resource !== undefined && { resource }),
    ...(by && { by }),
  };
}

function deniedBy(words: string): Denial["by"] {
  const explicit = /with an explicit deny in (?:an?|the) (.+)$/i.exec(words)?.[1];
  const implicit = /because (?:no|the) (.+?) allows\b/i.exec(words)?.[1];
  // "in a VPC endpoint policy transitively through a service control policy": the latter is what holds the Deny.
  const through = explicit === undefined ? undefined : /transitively through (?:an?|the) (.+)$/i.exec(explicit)?.[1];
  const named = through ?? explicit ?? implicit;
  const kind = named === undefined ? undefined : KINDS.find(([pattern]) => pattern.test(named))?.[1];
  if (kind === undefined) return undefined;
  const policyArn = /\b(arn:[\w-]+:\w+:[^\s]*policy\/[^\s,]+?)[.,]?(?=\s|$)/.exec(explicit ?? "")?.[1];
  return { kind, isExplicit: explicit !== undefined, ...(policyArn !== undefined && { policyArn }) };
}
