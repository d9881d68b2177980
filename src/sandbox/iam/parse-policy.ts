// Parses an IAM policy from outside: from a data file, or from a request as a session policy. Source: "Grammar of the IAM JSON
// policy language" of the IAM User Guide.
import { type Fail } from "./policy-rules.ts";
import { OPERATORS, type Policy, type Statement } from "./evaluate-policy.ts";
import { checkStatement, type PolicyKind } from "./policy-rules.ts";

type Fields = Readonly<Record<string, unknown>>;

const VERSIONS = ["2012-10-17", "2008-10-17"];
const isVersion = (value: unknown): value is string => VERSIONS.some((known) => known === value);
const NOT_PLAYED = ["NotAction", "NotResource", "NotPrincipal"];

/**
 * The policy in `value`. Single values remain as they are; numbers and booleans in conditions become text.
 * @param path where the policy is, for `fail`; "" for a policy by itself
 */
export function parsePolicy(value: unknown, path: string, kind: PolicyKind, fail: Fail): Policy {
  const at = (key: string): string => (path === "" ? key : `${path}.${key}`);
  const policy = fields(value, path, ["Version", "Id", "Statement"]);
  const { Version, Id, Statement } = policy;
  if (Version !== undefined && !isVersion(Version)) return fail(at("Version"), `must be ${VERSIONS.join(" or ")}`);
  if (Id !== undefined && typeof Id !== "string") fail(at("Id"), "must be a string");
  if (Statement === undefined) fail(at("Statement"), "is missing");
  const list = [Statement].flat() as readonly unknown[];
  return {
    ...(Version !== undefined && { Version }),
    ...(typeof Id === "string" && { Id }),
    Statement: list.map((one, index) => statement(one, at(`Statement[${String(index)}]`))),
  };

  function fields(one: unknown, where: string, known: readonly string[]): Fields {
    if (typeof one !== "object" || one === null || Array.isArray(one)) return fail(where, "must be an object");
    const stray = Object.keys(one).find((key) => !known.includes(key));
    if (stray !== undefined)
      fail(
        where === "" ? stray : `${where}.${stray}`,
        NOT_PLAYED.includes(stray) ? "is not played by the sandbox" : `is not known; known are ${known.join(", ")}`,
      );
    return one as Fields;
  }

  function statement(one: unknown, where: string): Statement {
    const known = ["Sid", "Effect", "Principal", "Action", "Resource", "Condition"];
    const { Sid, Effect, Principal, Action, Resource, Condition } = fields(one, where, known);
    if (Sid !== undefined && typeof Sid !== "string") fail(`${where}.Sid`, "must be a string");
    if (Effect !== "Allow" && Effect !== "Deny") return fail(`${where}.Effect`, "must be Allow or Deny");
    if (Action === undefined) fail(`${where}.Action`, "is missing");
    const read: Statement = {
      ...(typeof Sid === "string" && { Sid }),
      Effect,
      ...(Principal !== undefined && { Principal: principal(Principal, `${where}.Principal`) }),
      Action: strings(Action, `${where}.Action`),
      ...(Resource !== undefined && { Resource: strings(Resource, `${where}.Resource`) }),
      ...(Condition !== undefined && { Condition: conditions(Condition, `${where}.Condition`) }),
    };
    checkStatement(read, where, { kind, hasVariables: Version === VERSIONS[0] }, fail);
    return read;
  }

  function principal(one: unknown, where: string): NonNullable<Statement["Principal"]> {
    if (one === "*") return one;
    const found = fields(one, where, ["AWS", "Service", "Federated"]);
    return Object.fromEntries(Object.entries(found).map(([kind, names]) => [kind, strings(names, `${where}.${kind}`)]));
  }

  function conditions(one: unknown, where: string): NonNullable<Statement["Condition"]> {
    const known = OPERATORS.flatMap((name) => [name, `${name}IfExists`]);
    const found = Object.entries(map(one, where)).map(([operator, keys]) => {
      const place = `${where}.${operator}`;
      if (!known.includes(operator)) fail(place, `is not played by the sandbox; it plays ${OPERATORS.join(", ")}`);
      const wanted = Object.entries(map(keys, place)).map(([key, value]) => [key, texts(value, `${place}.${key}`)]);
      return [operator, Object.fromEntries(wanted) as Record<string, readonly string[]>] as const;
    });
    return Object.fromEntries(found);
  }

  function map(one: unknown, where: string): Fields {
    return typeof one === "object" && one !== null && !Array.isArray(one)
      ? (one as Fields)
      : fail(where, "must be an object");
  }

  function strings(one: unknown, where: string): readonly string[] {
    const all = [one].flat() as readonly unknown[];
    if (all.length === 0) fail(where, "must not be empty");
    return all.map((text) => (typeof text === "string" ? text : fail(where, "must be a string, or a list of strings")));
  }

  /** IAM treats a boolean or number like the same text. */
  function texts(one: unknown, where: string): readonly string[] {
    const all = [one].flat() as readonly unknown[];
    if (all.length === 0) fail(where, "must not be empty");
    return all.map((value) =>
      typeof value === "string" || typeof value === "boolean" || typeof value === "number"
        ? String(value)
        : fail(where, "must be a string, a number or a boolean, or a list of them"),
    );
  }
}
