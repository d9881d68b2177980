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

/**
 * Which principal an allowing statement names: the very user or session, the role behind the session (or everybody, or the provider of a
 * token), or the whole account, which then has to allow it by an identity policy.
 */
type Named = "itself" | "direct" | "account";

/** The operators that conditions may use; a data file with another is refused (parse-policy.ts). */
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

/** The verdict of a policy on callers. Only those of organizations and endpoints may name a principal. */
export function evaluateIdentity(policy: Policy | undefined, request: Request): "deny" | "allow" | "none" {
  const isMeant = ({ Principal }: Statement): boolean => Principal === undefined || Principal === "*";
  const matching = statements(policy).filter(
    (one) => covers(one, request) && (isMeant(one) || principal(one, request.caller) !== undefined),
  );
  if (matching.some(({ Effect }) => Effect === "Deny")) return "deny";
  return matching.length > 0 ? "allow" : "none";
}

/** The verdict of a policy on a resource: a role's trust policy or a bucket's. */
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

function principal({ Principal }: Statement, { accountId, arn, roleArn, federated }: Caller): Named | undefined {
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
  // A key that the request lacks fulfils no condition but a negated one.
  if (value === undefined) return isIfExists || isNegated;
  const matches = wanted.some((one) => isMatch(name, one, value));
  return matches !== isNegated;
}

function isMatch(operator: string, wanted: string, value: string): boolean {
  if (operator.startsWith("Arn")) return likeArn(wanted, value);
  if (operator === "Bool") return wanted.toLowerCase() === value.toLowerCase();
  return operator.endsWith("Like") ? like(wanted, value) : wanted === value;
}

/** Each of the six parts of an ARN by itself: a wildcard in one reaches no further. Source: "ARN condition operators". */
function likeArn(pattern: string, arn: string): boolean {
  const [patterns, parts] = [partsOfArn(pattern), partsOfArn(arn)];
  return pattern === "*" || parts.every((part, index) => like(patterns[index] ?? "", part));
}

/** The last part may hold colons. */
function partsOfArn(arn: string): string[] {
  const parts = arn.split(":");
  return [...Array.from({ length: 5 }, (_, index) => parts[index] ?? ""), parts.slice(5).join(":")];
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
