// Who may do what, where more than one policy has to be asked. Source: "Policy evaluation for requests within a single account" and
// "Cross-account policy evaluation logic" of the IAM User Guide.
import { describe, expect, it } from "vitest";
import { whyDenied, whyTokenDenied } from "../../../../src/sandbox/iam/authorize.ts";
import type { Identity } from "../../../../src/sandbox/world/identity.ts";
import type { Policy, Statement } from "../../../../src/sandbox/iam/evaluate-policy.ts";
import type { Account, FoundRole, World } from "../../../../src/sandbox/world/world.ts";

const [A, B] = ["111111111111", "222222222222"];
const ROLE = `arn:aws:iam::${A}:role/app`;
const SESSION = `arn:aws:sts::${A}:assumed-role/app/s`;
const USER = `arn:aws:iam::${A}:user/alice`;

const of = (Effect: "Allow" | "Deny", Action: string, more: Partial<Statement> = {}): Policy => ({
  Statement: { Effect, Action, Resource: "*", ...more },
});
const [reads, writes, denies] = [of("Allow", "s3:Get*"), of("Allow", "s3:Put*"), of("Deny", "s3:Get*")];
const by = (AWS: string, effect: "Allow" | "Deny" = "Allow"): Policy => of(effect, "s3:Get*", { Principal: { AWS } });

const keys = { accessKeyId: "k", secretAccessKey: "s", accountId: A, userId: "u" };
const session = (more: Partial<Identity>): Identity => ({
  ...keys,
  arn: SESSION,
  roleArn: ROLE,
  sessionToken: "t",
  policy: undefined,
  ...more,
});
const user = (more: Partial<Identity>): Identity => ({ ...keys, arn: USER, policy: undefined, ...more });

const account = (more: Partial<Account> = {}): Account => ({ roles: {}, users: {}, buckets: {}, ...more });
const world = (a: Partial<Account> = {}, b: Partial<Account> = {}, more: Partial<World> = {}): World => ({
  accounts: { [A]: account(a), [B]: account(b) },
  files: {},
  ...more,
});

describe("an object of a bucket", () => {
  const read = (caller: Identity, owner: string, policy?: Policy, where = world()): string => {
    const request = { caller, action: "s3:GetObject", resource: "arn:aws:s3:::b/x", context: {} };
    return whyDenied(where, caller, { accountId: owner, policy, kind: "resource-based policy" }, request) ?? "allowed";
  };
  const NO = (kind: string): string => ` because no ${kind} allows the s3:GetObject action`;
  const DENY = (kind: string): string => ` with an explicit deny in a${kind.startsWith("i") ? "n" : ""} ${kind}`;

  it.each<[string, Identity, string, Policy | undefined, string]>([
    ["the caller's policy", session({ policy: reads }), A, undefined, "allowed"],
    ["the bucket's policy, by the role", session({}), A, by(ROLE), "allowed"],
    ["the bucket's policy, by the account alone", session({}), A, by(A), NO("identity-based policy")],
    ["nobody", session({}), A, undefined, NO("identity-based policy")],
    ["the caller's policy, in another account", session({ policy: reads }), B, undefined, NO("resource-based policy")],
    ["the bucket's policy, in another account", session({}), B, by(ROLE), NO("identity-based policy")],
    ["both, in another account", session({ policy: reads }), B, by(A), "allowed"],

    [
      "the role's policy, a session policy not",
      session({ policy: reads, sessionPolicies: [writes] }),
      A,
      undefined,
      NO("session policy"),
    ],
    [
      "the bucket's by the role, a session policy not",
      session({ sessionPolicies: [writes] }),
      A,
      by(ROLE),
      NO("session policy"),
    ],
    [
      "the bucket's by the role, a session policy denies",
      session({ sessionPolicies: [reads, denies] }),
      A,
      by(ROLE),
      DENY("session policy"),
    ],
    [
      "the bucket's by the session, a session policy denies",
      session({ sessionPolicies: [denies] }),
      A,
      by(SESSION),
      DENY("session policy"),
    ],
    [
      "the bucket's by the session, a session policy not",
      session({ sessionPolicies: [writes] }),
      A,
      by(SESSION),
      "allowed",
    ],
    [
      "the bucket's by everybody, a session policy not",
      session({ sessionPolicies: [writes] }),
      A,
      by("*"),
      NO("session policy"),
    ],

    [
      "the role's policy, its boundary not",
      session({ policy: reads, boundary: writes }),
      A,
      undefined,
      NO("permissions boundary"),
    ],
    [
      "the role's policy, its boundary denies",
      session({ policy: reads, boundary: denies }),
      A,
      undefined,
      DENY("permissions boundary"),
    ],
    [
      "the bucket's by the role, its boundary not",
      session({ boundary: writes }),
      A,
      by(ROLE),
      NO("permissions boundary"),
    ],
    ["the bucket's by the user, its boundary not", user({ boundary: writes }), A, by(USER), "allowed"],
    [
      "the bucket's by the user, its boundary denies",
      user({ boundary: denies }),
      A,
      by(USER),
      DENY("permissions boundary"),
    ],
    [
      "both, the boundary not, in another account",
      user({ policy: reads, boundary: writes }),
      B,
      by(USER),
      NO("permissions boundary"),
    ],
    [
      "the caller's, and the bucket's denies",
      session({ policy: reads }),
      A,
      by(A, "Deny"),
      DENY("resource-based policy"),
    ],
    [
      "the bucket's, and the caller's denies",
      session({ policy: denies }),
      A,
      by(SESSION),
      DENY("identity-based policy"),
    ],
  ])("allowed by %s", (_, caller, owner, policy, expected) => {
    expect(read(caller, owner, policy)).toBe(expected);
  });

  it("is out of reach where an organization says so", () => {
    const caller = session({ policy: reads });
    expect(read(caller, A, undefined, world({ serviceControlPolicy: writes }))).toBe(NO("service control policy"));
    expect(read(caller, A, by(SESSION), world({ serviceControlPolicy: writes }))).toBe(NO("service control policy"));
    expect(read(caller, B, by(A), world({}, { serviceControlPolicy: writes }))).toBe("allowed");
    expect(read(caller, B, by(A), world({}, { resourceControlPolicy: denies }))).toBe(DENY("resource control policy"));
    // What an endpoint on the way to STS lets through says nothing about S3.
    expect(read(caller, A, undefined, world({}, {}, { endpointPolicy: of("Allow", "sts:*") }))).toBe("allowed");
  });
});

describe("a role for a token", () => {
  const provider = `arn:aws:iam::${B}:oidc-provider/ci.example.com`;
  const action = "sts:AssumeRoleWithWebIdentity";
  const role: FoundRole = {
    arn: `arn:aws:iam::${B}:role/ci`,
    accountId: B,
    name: "ci",
    trust: { Statement: { Effect: "Allow", Principal: { Federated: provider }, Action: action } },
  };
  const denied = (where: World): string | undefined => {
    const caller = { accountId: B, arn: "", federated: provider };
    return whyTokenDenied(where, role, { caller, action, resource: role.arn, context: {} });
  };

  it("is given as the role's trust policy says", () => {
    expect(denied(world())).toBeUndefined();
    expect(
      whyTokenDenied(
        world(),
        { ...role, trust: { Statement: [] } },
        {
          caller: { accountId: B, arn: "", federated: provider },
          action,
          resource: role.arn,
          context: {},
        },
      ),
    ).toBe("");
  });

  it.each([
    ["the organization denies it", world({}, { resourceControlPolicy: of("Deny", action, { Principal: "*" }) })],
    ["the endpoint does not let it through", world({}, {}, { endpointPolicy: of("Allow", "sts:AssumeRole") })],
  ])("is not where %s", (_, where) => {
    expect(denied(where)).toContain("policy");
  });
});
