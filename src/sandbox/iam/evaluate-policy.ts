// Evaluates IAM policies, as far as the sandbox supports them. Source: "Policy evaluation logic" of the IAM User Guide.

export interface Policy {
  readonly Version?: string;
  /** Shown where AWS shows the ARN of a policy that denies a request. */
  readonly Id?: string;
  readonly Statement: Statement | readonly Statement[];
}

type Strings = string | readonly string[];

export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | { readonly AWS?: Strings; readonly Service?: Strings; readonly Federated?: Strings };
  readonly Action: Strings;
  readonly Resource?: Strings;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Strings>>>>;
}

/** A request to evaluate: the caller, the action, the resource, and the values for conditions. */
export interface Request {
  readonly caller: Principal;
  readonly action: string;
  readonly resource: string;
  /** The values of condition keys; the keys are in lower case. */
  readonly context: Readonly<Record<string, string | undefined>>;
}

export interface Principal {
  readonly accountId: string;
  /** The ARN that GetCallerIdentity returns. */
  readonly arn: string;
  /** The role of a session. */
  readonly roleArn?: string;
  /** The ARN of the OIDC provider, for a caller that only has a token. */
  readonly federated?: string;
}

/**
 * Which principal of an Allow statement matches: the exact user or session; the session's role (or everybody, or the provider of a
 * token); or the whole account, where an identity policy must then allow the request.
 */
type Named = "itself" | "direct" | "account";

/** The operators that conditions may use; a data file with another operator is rejected (parse-policy.ts). */
export const OPERATORS = [
  "StringEquals",
  "StringNotEquals",
  "StringLike",
  "StringNotLike",
  "ArnEquals",
  "ArnLike",
  "ArnNotEquals",
  "ArnNotLike",
  "Bool",
];

/** Evaluates a policy about callers. Only those of organizations and endpoints may name a principal. */
export function evaluateIdentity(policy: Policy | undefined, request: Request): "deny" | "allow" | "none" {
  const isMeant = ({ Principal }: Statement): boolean => Principal === undefined || Principal === "*";
  const matching = statements(policy).filter(
    (one) => covers(one, request) && (isMeant(one) || principal(one, request.caller) !== undefined),
  );
  if (matching.some(({ Effect }) => Effect === "Deny")) return "deny";
  return matching.length > 0 ? "allow" : "none";
}

/** Evaluates a policy of a resource: a role's trust policy or a bucket's policy. */
export function evaluateResource(policy: Policy | undefined, request: Request): "deny" | Named | "none" {
  const named = statements(policy)
    .filter((one) => covers(one, request))
    .map((one) => ({ effect: one.Effect, by: principal(one, request.caller) }))
    .filter(({ by }) => by !== undefined);
  if (named.some(({ effect }) => effect === "Deny")) return "deny";
  return (["itself", "direct", "account"] as const).find((kind) => named.some(({ by }) => by === kind)) ?? "none";
}

const statements = (policy: Policy | undefined): readonly Statement[] =>
  policy === undefined ? [] : [policy.Statement].flat();
const list = (value: Strings | undefined): readonly string[] => (value === undefined ? [] : [value].flat());

function covers(statement: Statement, { action, resource, context }: Request): boolean {
  return (
    list(statement.Action).some((pattern) => like(pattern.toLowerCase(), action.toLowerCase())) &&
    (statement.Resource === undefined || list(statement.Resource).some((pattern) => like(pattern, resource))) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) =>
        holds(operator, ownValue(context, key.toLowerCase()), list(wanted)),
      ),
    )
  );
}

function principal({ Principal }: Statement, { accountId, arn, roleArn, federated }: Principal): Named | undefined {
  if (federated !== undefined)
    return Principal !== "*" && list(Principal?.Federated).includes(federated) ? "direct" : undefined;
  if (Principal === "*") return "direct";
  const names = list(Principal?.AWS);
  if (names.includes(arn)) return "itself";
  if (names.some((name) => name === "*" || name === roleArn)) return "direct";
  return names.some((name) => name === accountId || name === `arn:aws:iam::${accountId}:root`) ? "account" : undefined;
}

function holds(operator: string, value: string | undefined, wanted: readonly string[]): boolean {
  const isIfExists = operator.endsWith("IfExists");
  const name = operator.replace(/IfExists$/, "");
  const isNegated = /^(String|Arn)Not/.test(name);
  // If the request does not contain the key, only a negated condition is met.
  if (value === undefined) return isIfExists || isNegated;
  const matches = wanted.some((one) => isMatch(name, one, value));
  return matches !== isNegated;
}

function isMatch(operator: string, wanted: string, value: string): boolean {
  if (operator.startsWith("Arn")) return likeArn(wanted, value);
  if (operator === "Bool") return wanted.toLowerCase() === value.toLowerCase();
  return operator.endsWith("Like") ? like(wanted, value) : wanted === value;
}

/**
 * Compares the six parts of an ARN separately, so that a wildcard does not match beyond its part. Source: "ARN condition
 * operators".
 */
function likeArn(pattern: string, arn: string): boolean {
  const [patterns, parts] = [partsOfArn(pattern), partsOfArn(arn)];
  return pattern === "*" || parts.every((part, index) => like(patterns[index] ?? "", part));
}

/** The last part may contain colons. */
function partsOfArn(arn: string): string[] {
  const parts = arn.split(":");
  return [...Array.from({ length: 5 }, (_, index) => parts[index] ?? ""), parts.slice(5).join(":")];
}

/** An inherited name such as `constructor` is not a key of the request. */
const ownValue = (context: Request["context"], key: string): string | undefined =>
  Object.hasOwn(context, key) ? context[key] : undefined;

/** Matches `*` and `?` as IAM does, in a time proportional to both lengths at most. */
function like(pattern: string, text: string): boolean {
  let [at, from] = [0, 0];
  /** Where to continue if a match fails: after the last `*`, which then matches one more character. */
  let [star, taken] = [-1, 0];
  while (from < text.length) {
    if (pattern[at] === "*") [star, taken, at] = [at, from, at + 1];
    else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === text[from]))
      [at, from] = [at + 1, from + 1];
    else if (star >= 0) [at, from, taken] = [star + 1, taken + 1, taken + 1];
    else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}
