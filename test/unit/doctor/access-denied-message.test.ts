// What AWS says when it denies, read: the forms of "Troubleshoot access denied error messages" of the IAM User Guide, and those
// that STS has been seen to use.
import { describe, expect, it } from "vitest";
import { readDenial, type Denial } from "../../../src/doctor/access-denied-message.ts";

const JOHN = "arn:aws:iam::123456789012:user/John";
const ROLE = "arn:aws:iam::777788889999:role/R";
const said = (rest: string): string => `User: ${JOHN} is not authorized to perform: sts:AssumeRole ${rest}`;
const on = (rest: string): string => said(`on resource: ${ROLE} ${rest}`);

describe("AWS's words", () => {
  it.each<[string, Denial["by"]]>([
    [
      said("because no service control policy allows the sts:AssumeRole action"),
      { kind: "service-control", isExplicit: false },
    ],
    [said("with an explicit deny in a service control policy"), { kind: "service-control", isExplicit: true }],
    [on("with an explicit deny in a resource control policy"), { kind: "resource-control", isExplicit: true }],
    [
      said("because no VPC endpoint policy allows the sts:AssumeRole action"),
      { kind: "vpc-endpoint", isExplicit: false },
    ],
    [on("with an explicit deny in a VPC endpoint policy"), { kind: "vpc-endpoint", isExplicit: true }],
    [on("because no permissions boundary allows the sts:AssumeRole action"), { kind: "boundary", isExplicit: false }],
    [said("with an explicit deny in a permissions boundary"), { kind: "boundary", isExplicit: true }],
    [said("because no session policy allows the sts:AssumeRole action"), { kind: "session", isExplicit: false }],
    [on("with an explicit deny in a session policy"), { kind: "session", isExplicit: true }],
    [on("with an explicit deny in a sessions policy"), { kind: "session", isExplicit: true }],
    [
      said("because no resource-based policy allows the sts:AssumeRole action"),
      { kind: "resource", isExplicit: false },
    ],
    [on("with an explicit deny in a resource-based policy"), { kind: "resource", isExplicit: true }],
    [said("because no role trust policy allows the sts:AssumeRole action"), { kind: "trust", isExplicit: false }],
    [said("with an explicit deny in the role trust policy"), { kind: "trust", isExplicit: true }],
    [
      said("because no identity-based policy allows the sts:AssumeRole action"),
      { kind: "identity", isExplicit: false },
    ],
    [on("with an explicit deny in an identity-based policy"), { kind: "identity", isExplicit: true }],
    [
      on("with an explicit deny in a VPC endpoint policy transitively through a service control policy"),
      { kind: "service-control", isExplicit: true },
    ],
    [on("with an explicit deny"), undefined],
    [on("because the moon is full"), undefined],
    [on("with an explicit deny in a policy of some other kind"), undefined],
    [on(""), undefined],
    ["The sandbox was told to deny this.", undefined],
  ])("%s", (words, by) => {
    expect(readDenial(words).by).toEqual(by);
  });

  it.each([
    ["arn:aws:organizations::987654321098:policy/o-qv5af4abcd/service_control_policy/p-2kgnabcd", ": "],
    ["arn:aws:iam::123456789012:policy/team/Example", ": "],
    ["arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess", ", with policy ARN: "],
    ["arn:aws:iam::123456789012:policy/Example.With.Dots", ": "],
  ])("with the policy's ARN at the end: %s", (arn, before) => {
    for (const end of ["", ".", " "])
      expect(readDenial(on(`with an explicit deny in an identity-based policy${before}${arn}${end}`)).by).toEqual({
        kind: "identity",
        isExplicit: true,
        policyArn: arn,
      });
  });

  it("name the caller, the action and the role", () => {
    expect(readDenial(on(""))).toEqual({ principal: JOHN, action: "sts:AssumeRole", resource: ROLE });
    expect(readDenial(`User: ${JOHN} is not authorized to perform: sts:TagSession on resource: ${ROLE}`).action).toBe(
      "sts:TagSession",
    );
    expect(readDenial("Not authorized to perform sts:AssumeRoleWithWebIdentity")).toEqual({
      action: "sts:AssumeRoleWithWebIdentity",
    });
    expect(readDenial("Roles may not be assumed by root accounts.")).toEqual({});
  });
});
