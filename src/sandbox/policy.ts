// Evaluates IAM policies as far as the sandbox plays them. Source: "Policy evaluation logic" of the IAM User Guide.

export interface Policy {
  readonly Version?: string;
  /** Shown as AWS shows the ARN of a policy that denies. */
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

/** What is asked: by whom, to do what, to what, and what the conditions may look at. */
export interface Request {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
  /** Condition keys, in lower case. */
  readonly context: Readonly<Record<string, string | undefined>>;
}

export interface Caller {
  readonly accountId: string;
  /** As GetCallerIdentity gives it. */
  readonly arn: string;
  /** The role behind a session. */
  readonly roleArn?: string;
  /** The ARN of the OIDC provider, for a caller that has a token only. */
  readonly federated?: string;
}

/** How a policy decides: `direct` and `account` say which kind of principal an allowing statement names. */
export type Verdict = "deny" | "direct" | "account" | "allow" | "none";

/** The operators that conditions may use; a data file with another is refused (parse-world.ts). */
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

/** The verdict of an identity policy, which names no principal. */
export function evaluateIdentity(policy: Policy | undefined, request: Request): "deny" | "allow" | "none" {
  const matching = statements(policy).filter((one) => covers(one, request));
  if (matching.some(({ Effect }) => Effect === "Deny")) return "deny";
  return matching.length > 0 ? "allow" : "none";
}

/** The verdict of a caller's own policy, narrowed by those of its session: `narrowed` is what only those stand against. */
export function evaluateCaller(
  { policy, sessionPolicies }: { readonly policy: Policy | undefined; readonly sessionPolicies?: readonly Policy[] },
  request: Request,
): "deny" | "allow" | "none" | "narrowed" {
  const own = evaluateIdentity(policy, request);
  if (own !== "allow" || !sessionPolicies) return own;
  const verdicts = sessionPolicies.map((one) => evaluateIdentity(one, request));
  return verdicts.includes("deny") ? "deny" : verdicts.includes("allow") ? "allow" : "narrowed";
}

/** The verdict of a policy on a resource: a role's trust policy or a bucket's. Its statements may leave Resource out. */
export function evaluateResource(policy: Policy | undefined, request: Request): "deny" | "direct" | "account" | "none" {
  const named = statements(policy)
    .filter((one) => covers(one, request))
    .map((one) => ({ effect: one.Effect, by: principal(one, request.caller) }))
    .filter(({ by }) => by !== undefined);
  if (named.some(({ effect }) => effect === "Deny")) return "deny";
  if (named.some(({ by }) => by === "direct")) return "direct";
  return named.length > 0 ? "account" : "none";
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

/** Whether the statement names the caller itself, or its whole account, which then has to allow it by an identity policy. */
function principal(
  { Principal }: Statement,
  { accountId, arn, roleArn, federated }: Caller,
): "direct" | "account" | undefined {
  if (federated !== undefined)
    return Principal !== "*" && list(Principal?.Federated).includes(federated) ? "direct" : undefined;
  if (Principal === "*") return "direct";
  const names = list(Principal?.AWS);
  if (names.some((name) => name === "*" || name === arn || name === roleArn)) return "direct";
  return names.some((name) => name === accountId || name === `arn:aws:iam::${accountId}:root`) ? "account" : undefined;
}

function holds(operator: string, value: string | undefined, wanted: readonly string[]): boolean {
  const isIfExists = operator.endsWith("IfExists");
  const name = operator.replace(/IfExists$/, "");
  const isNegated = /^(String|Arn)Not/.test(name);
  // A key that the request lacks fulfils no condition but a negated one.
  if (value === undefined) return isIfExists || isNegated;
  const matches = /Like$|^Arn/.test(name)
    ? wanted.some((pattern) => like(pattern, value))
    : wanted.some((one) => (name === "Bool" ? one.toLowerCase() === value.toLowerCase() : one === value));
  return matches !== isNegated;
}

/** A key such as `constructor` is no key of the request. */
const ownValue = (context: Request["context"], key: string): string | undefined =>
  Object.hasOwn(context, key) ? context[key] : undefined;

/** `*` and `?` as IAM reads them, in a time that grows with the length of both alone. */
function like(pattern: string, text: string): boolean {
  let [at, from] = [0, 0];
  /** Where to go on when a try fails: after the last `*`, which then takes one character more. */
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
