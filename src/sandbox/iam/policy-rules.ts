// Checks the statements of each kind of policy: what IAM requires, and which parts of IAM's policy language the sandbox supports.
// It rejects the other parts, because it would evaluate them differently from AWS. Sources: "IAM JSON policy element reference" of
// the IAM User Guide, and for an organization's policies, "SCP syntax" and "RCP syntax" of the AWS Organizations User Guide.

import type { Statement } from "./evaluate-policy.ts";

/** `caller`: a policy of a user, role, session or organization about what it may do. `resource`: a policy of a bucket. */
export type PolicyKind = "caller" | "trust" | "resource" | "resource-control" | "endpoint";

interface Rules {
  readonly kind: PolicyKind;
  /** Whether `${...}` is a variable, as in policies with the version 2012-10-17 only. */
  readonly hasVariables: boolean;
}

export const NO_PRINCIPAL = "is not for this kind of policy, which is about the one that has it";
export const NO_RESOURCE = 'is missing; "*" stands for all';

const ACTION = /^(\*|(\*|[a-z0-9-]+):[\w*?-]+)$/i;
/** IAM shows a deleted user or role by its unique id. */
const PRINCIPAL =
  /^(\*|\d{12}|A(IDA|ROA)[A-Z0-9]{12,}|arn:aws[a-z-]*:(iam::\d{12}:(root|(user|role)\/[^*?\s]+)|sts::\d{12}:(assumed-role|federated-user)\/[^*?\s]+))$/;

/** Condition keys that the sandbox's requests contain, or are known not to contain. */
const KEYS = [
  ...["sts:ExternalId", "sts:RoleSessionName", "sts:SourceIdentity", "aws:SourceIdentity", "aws:PrincipalArn"],
  ...["aws:PrincipalAccount", "aws:MultiFactorAuthPresent", "s3:prefix"],
];
const KNOWN = new Set(KEYS.map((key) => key.toLowerCase()));
/** Tags, and the claims of an issuer's token. */
const KNOWN_FORMS = /^(aws:(request|principal)tag\/.|(?!(aws|sts|s3|iam):).+:(sub|aud)$)/;

/** @param where such as `Statement[0]` */
export function checkStatement(statement: Statement, where: string, { kind, hasVariables }: Rules, fail: Fail): void {
  const { Effect, Principal, Action, Resource, Condition = {} } = statement;
  const needsPrincipal = kind === "trust" || kind === "resource";
  if (needsPrincipal && Principal === undefined) fail(`${where}.Principal`, "is missing");
  if (kind === "caller" && Principal !== undefined) fail(`${where}.Principal`, NO_PRINCIPAL);
  if (kind === "trust" && Resource !== undefined) fail(`${where}.Resource`, "is not for a trust policy");
  if (kind !== "trust" && Resource === undefined) fail(`${where}.Resource`, NO_RESOURCE);
  if (kind === "resource-control" && Effect !== "Deny") fail(`${where}.Effect`, "must be Deny in this kind of policy");

  for (const one of [Action].flat()) {
    if (!ACTION.test(one)) fail(`${where}.Action`, `has "${one}", which is no action such as s3:GetObject`);
    if (kind === "trust" && !/^sts:/i.test(one)) fail(`${where}.Action`, "must be of sts in a trust policy");
  }
  for (const one of [Resource ?? []].flat()) {
    if (one !== "*" && !one.startsWith("arn:"))
      fail(`${where}.Resource`, `has "${one}", which is neither an ARN nor "*"`);
    checkVariables(one, `${where}.Resource`);
  }
  if (Principal !== undefined && Principal !== "*") {
    if (Object.keys(Principal).length === 0) fail(`${where}.Principal`, "must not be empty");
    const wrong = [Principal.AWS ?? []].flat().find((one) => !PRINCIPAL.test(one));
    if (wrong !== undefined)
      fail(
        `${where}.Principal.AWS`,
        `has "${wrong}", which is neither an account, nor an ARN without wildcards, nor "*"`,
      );
  }
  for (const [operator, keys] of Object.entries(Condition)) {
    for (const [key, values] of Object.entries(keys)) {
      const place = `${where}.Condition.${operator}.${key}`;
      const name = key.toLowerCase();
      if (!KNOWN.has(name) && !KNOWN_FORMS.test(name))
        fail(place, `is not played by the sandbox; it plays ${KEYS.join(", ")}, tags, and <issuer>:sub and :aud`);
      for (const one of [values].flat()) checkVariables(one, place);
    }
  }

  function checkVariables(text: string, place: string): void {
    if (hasVariables && text.includes("${")) fail(place, `has a policy variable, which is not played by the sandbox`);
  }
}

/** Throws. `path` is the place in the policy, such as `Statement[0].Effect`, and `problem` is what is wrong there. */
export type Fail = (path: string, problem: string) => never;
