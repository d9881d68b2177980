import { describe, expect, it } from "vitest";
import {
  evaluateIdentity,
  evaluateResource,
  type Policy,
  type Request,
  type Statement,
} from "../../../../src/sandbox/iam/evaluate-policy.ts";

const request: Request = {
  caller: {
    accountId: "111111111111",
    arn: "arn:aws:sts::111111111111:assumed-role/app/s",
    roleArn: "arn:aws:iam::111111111111:role/app",
  },
  action: "sts:AssumeRole",
  resource: "arn:aws:iam::222222222222:role/team/r",
  context: { "sts:externalid": "x-1" },
};
const of = (...statements: Partial<Statement>[]): Policy => ({
  Statement: statements.map((one) => ({ Effect: "Allow", Action: "sts:AssumeRole", ...one })),
});

describe("an identity policy", () => {
  it.each([
    ["allows what it names", of({ Resource: request.resource }), "allow"],
    ["allows by wildcards", of({ Action: "STS:assume*", Resource: "arn:aws:iam::*:role/team/?" }), "allow"],
    ["allows one of several", of({ Action: ["s3:*", "sts:*"], Resource: ["x", "*"] }), "allow"],
    ["says nothing of other actions", of({ Action: "s3:*", Resource: "*" }), "none"],
    ["says nothing of other resources", of({ Resource: "arn:aws:iam::222222222222:role/team" }), "none"],
    ["denies before it allows", of({ Resource: "*" }, { Effect: "Deny", Resource: "*/r" }), "deny"],
    ["takes a dot for a dot", of({ Resource: "arn.aws:iam::222222222222:role/team/r" }), "none"],
  ] as const)("%s", (_, policy, verdict) => {
    expect(evaluateIdentity(policy, request)).toBe(verdict);
  });

  it("is none where there is none", () => {
    expect(evaluateIdentity(undefined, request)).toBe("none");
  });
});

describe("a trust policy", () => {
  it.each([
    ["names the role", "arn:aws:iam::111111111111:role/app", "direct"],
    ["names the session", "arn:aws:sts::111111111111:assumed-role/app/s", "itself"],
    ["names everybody", "*", "direct"],
    ["names the account", "111111111111", "account"],
    ["names the account's root", "arn:aws:iam::111111111111:root", "account"],
    ["names another role", "arn:aws:iam::111111111111:role/ap", "none"],
    ["names another account", "arn:aws:iam::222222222222:root", "none"],
  ])("that %s", (_, name, verdict) => {
    expect(evaluateResource(of({ Principal: { AWS: ["x", name] } }), request)).toBe(verdict);
  });

  it.each([
    [{ StringEquals: { "sts:ExternalId": "x-1" } }, "direct"],
    [{ StringEquals: { "STS:externalid": ["y", "x-1"] } }, "direct"],
    [{ StringEquals: { "sts:ExternalId": "x-2" } }, "none"],
    [{ StringLike: { "sts:ExternalId": "x-*" } }, "direct"],
    [{ StringNotEquals: { "sts:ExternalId": "x-1" } }, "none"],
    [{ StringNotEquals: { "sts:SourceIdentity": "x" } }, "direct"],
    [{ StringEquals: { "sts:SourceIdentity": "x" } }, "none"],
    [{ StringEqualsIfExists: { "sts:SourceIdentity": "x" } }, "direct"],
    [{ StringEquals: { "sts:ExternalId": "x-1" }, StringLike: { "sts:ExternalId": "y*" } }, "none"],
  ])("with the condition %j", (Condition, verdict) => {
    expect(evaluateResource(of({ Principal: "*", Condition }), request)).toBe(verdict);
  });

  it.each([
    ["arn:aws:sts::111111111111:assumed-role/app/*", "direct"],
    ["arn:*:sts::*:assumed-role/?pp/s", "direct"],
    ["*", "direct"],
    ["arn:aws:sts::1*", "none"],
    ["arn:aws:*app/s", "none"],
    ["arn:aws:*:111111111111:*", "none"],
    ["arn:aws:sts::111111111111:assumed-role/app", "none"],
  ])("looks at the parts of an ARN one by one: %s", (pattern, verdict) => {
    const asked = { ...request, context: { "aws:principalarn": request.caller.arn } };
    for (const operator of ["ArnLike", "ArnEquals"])
      expect(
        evaluateResource(of({ Principal: "*", Condition: { [operator]: { "aws:PrincipalArn": pattern } } }), asked),
      ).toBe(verdict);
  });

  it("denies before it allows, and a service is nobody here", () => {
    expect(
      evaluateResource(of({ Principal: "*" }, { Effect: "Deny", Principal: { AWS: "111111111111" } }), request),
    ).toBe("deny");
    expect(evaluateResource(of({ Principal: { Service: "ec2.amazonaws.com" } }), request)).toBe("none");
  });
});
