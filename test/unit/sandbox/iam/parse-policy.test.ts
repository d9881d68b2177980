// Policies that come from outside: what the sandbox takes, and where it says that one is wrong.
import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../../src/sandbox/iam/parse-policy.ts";
import type { PolicyKind } from "../../../../src/sandbox/iam/policy-rules.ts";
import { evaluateIdentity } from "../../../../src/sandbox/iam/evaluate-policy.ts";

const parse = (value: unknown, kind: PolicyKind = "caller"): ReturnType<typeof parsePolicy> =>
  parsePolicy(value, "policy", kind, (path, problem) => {
    throw new Error(`${path} ${problem}`);
  });
const statement = (more: object): object => ({
  Statement: { Effect: "Allow", Action: "s3:*", Resource: "*", ...more },
});

describe("a policy from outside", () => {
  it.each([
    ["no object", "x", "policy must be an object"],
    ["a list", [], "policy must be an object"],
    ["null", null, "policy must be an object"],
    ["no statement", {}, "policy.Statement is missing"],
    ["a statement that is text", { Statement: "x" }, "policy.Statement[0] must be an object"],
    ["a list with null", { Statement: [null] }, "policy.Statement[0] must be an object"],
    ["another version", { Version: "2026-01-01", Statement: [] }, "policy.Version must be"],
    ["a version that is a number", { Version: 20121017, Statement: [] }, "policy.Version must be"],
    ["an id that is none", { Id: 5, Statement: [] }, "policy.Id must be a string"],
    ["a field that IAM does not know", { Statements: [] }, "policy.Statements is not known"],
    ["an effect in another case", statement({ Effect: "allow" }), "policy.Statement[0].Effect must be Allow or Deny"],
    ["an action that is a number", statement({ Action: 5 }), "policy.Statement[0].Action must be a string"],
    ["an action that is null", statement({ Action: null }), "policy.Statement[0].Action must be a string"],
    ["no action at all", { Statement: { Effect: "Allow" } }, "policy.Statement[0].Action is missing"],
    ["an empty list of actions", statement({ Action: [] }), "policy.Statement[0].Action must not be empty"],
    ["a resource that is an object", statement({ Resource: {} }), "policy.Statement[0].Resource must be a string"],
    ["a list in a list", statement({ Resource: ["a", ["b"]] }), "policy.Statement[0].Resource must be a string"],
    [
      "a principal that is a name",
      statement({ Principal: "alice" }),
      "policy.Statement[0].Principal must be an object",
    ],
    [
      "a principal of no kind",
      statement({ Principal: { constructor: "x" } }),
      "policy.Statement[0].Principal.constructor",
    ],
    ["a principal that is a number", statement({ Principal: { AWS: 1 } }), "policy.Statement[0].Principal.AWS must be"],
    ["conditions that are a list", statement({ Condition: [] }), "policy.Statement[0].Condition must be an object"],
    [
      "an operator without keys",
      statement({ Condition: { Bool: "true" } }),
      "policy.Statement[0].Condition.Bool must be",
    ],
    ["an operator of nobody's", statement({ Condition: { constructor: {} } }), "Condition.constructor is not played"],
    ["a value that is an object", statement({ Condition: { Bool: { k: {} } } }), "Condition.Bool.k must be a string"],
    ["a value that is null", statement({ Condition: { Bool: { k: null } } }), "Condition.Bool.k must be a string"],
    ["an element that is not played", statement({ NotAction: "x" }), "policy.Statement[0].NotAction is not played"],
  ])("with %s is refused, with the place", (_, value, message) => {
    expect(() => parse(value)).toThrow(message);
  });

  it("has booleans and numbers in its conditions, as IAM takes them", () => {
    const policy = parse(
      statement({
        Condition: { Bool: { "aws:MultiFactorAuthPresent": true }, StringEquals: { "aws:PrincipalAccount": [1, 2] } },
      }),
    );
    const asked = { caller: { accountId: "1", arn: "a" }, action: "s3:GetObject", resource: "r" };
    const context = { "aws:multifactorauthpresent": "true", "aws:principalaccount": "2" };
    expect(evaluateIdentity(policy, { ...asked, context })).toBe("allow");
    expect(evaluateIdentity(policy, { ...asked, context: { ...context, "aws:principalaccount": "3" } })).toBe("none");
  });

  it.each(["constructor", "__proto__", "toString", "aws:SourceIp", "aws:RequestTag/", "s3:sub", "sub"])(
    "may not ask for the key %s, which is not played",
    (key) => {
      const Condition = JSON.parse(`{"StringNotEquals":{"${key}":"x"}}`) as object;
      expect(() => parse(statement({ Condition }))).toThrow(`Condition.StringNotEquals.${key} is not played`);
    },
  );

  it("may hold any number of stars", () => {
    const pattern = `arn:${"*p".repeat(5000)}z`;
    const policy = parse(statement({ Resource: pattern }));
    const resource = `arn:${"p".repeat(20_000)}`;
    const asked = { caller: { accountId: "1", arn: "a" }, action: "s3:x", context: {} };
    expect(evaluateIdentity(policy, { ...asked, resource })).toBe("none");
    expect(evaluateIdentity(policy, { ...asked, resource: `${resource}z` })).toBe("allow");
  });
});

describe("a kind of policy", () => {
  const principal = { Principal: { AWS: "111111111111" } };
  const assume = { Action: "sts:AssumeRole", Resource: undefined, ...principal };
  it.each<[string, PolicyKind, object, string]>([
    ["of a caller, without resources", "caller", { Resource: undefined }, "Statement[0].Resource is missing"],
    ["of a caller, with a principal", "caller", principal, "Statement[0].Principal is not for this kind"],
    ["of a role, without a principal", "trust", { ...assume, Principal: undefined }, "Principal is missing"],
    ["of a role, with resources", "trust", { ...assume, Resource: "*" }, "Resource is not for a trust policy"],
    ["of a role, about S3", "trust", { ...assume, Action: "s3:*" }, "Action must be of sts in a trust policy"],
    ["of a role, about everything", "trust", { ...assume, Action: "*" }, "Action must be of sts in a trust policy"],
    ["of a bucket, without a principal", "resource", {}, "Statement[0].Principal is missing"],
    ["of a bucket, without resources", "resource", { ...principal, Resource: undefined }, "Resource is missing"],
    ["of an organization's resources, that allows", "resource-control", {}, "Effect must be Deny"],
    ["with no action's name", "caller", { Action: "getobject" }, 'Action has "getobject", which is no action'],
    ["with an action that is empty", "caller", { Action: "" }, 'Action has "", which is no action'],
    ["with a resource that is no ARN", "caller", { Resource: "bucket/*" }, 'Resource has "bucket/*", which is neither'],
    ["with a principal of nothing", "trust", { ...assume, Principal: {} }, "Principal must not be empty"],
    [
      "with a principal that holds a wildcard",
      "trust",
      { ...assume, Principal: { AWS: "arn:aws:iam::111111111111:role/*" } },
      'Principal.AWS has "arn:aws:iam::111111111111:role/*"',
    ],
    ["with a principal that is a name", "trust", { ...assume, Principal: { AWS: ["*", "alice"] } }, 'has "alice"'],
    [
      "with a condition on nothing",
      "caller",
      { Condition: { StringNotEquals: { "s3:prefix": [] } } },
      "StringNotEquals.s3:prefix must not be empty",
    ],
  ])("%s, is refused", (_, kind, more, message) => {
    expect(() => parse(JSON.parse(JSON.stringify(statement(more))), kind)).toThrow(message);
  });

  it("has no variables, which are not played, in the version that knows them", () => {
    const home = { Resource: "arn:aws:s3:::b/${aws:username}/*" };
    const prefix = { Condition: { StringLike: { "s3:prefix": ["x", "${aws:username}/*"] } } };
    for (const more of [home, prefix]) {
      expect(() => parse({ Version: "2012-10-17", ...statement(more) })).toThrow("has a policy variable");
      expect(parse({ Version: "2008-10-17", ...statement(more) })).toBeDefined();
      expect(parse(statement(more))).toBeDefined();
    }
  });
});
