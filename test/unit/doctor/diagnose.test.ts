// The doctor's reasoning on evidence that no sandbox plays: roles of Identity Center, root, other partitions, regions to opt in.
import { describe, expect, it } from "vitest";
import type { Hop } from "../../../src/plan/sts-calls.ts";
import type { Plan } from "../../../src/plan/types.ts";
import type { Source } from "../../../src/sources/kinds.ts";
import { diagnose } from "../../../src/doctor/diagnose.ts";
import { principalOf } from "../../../src/doctor/principal.ts";
import { EXTERNAL_ID } from "../../../src/doctor/statements.ts";
import type { Cause, Evidence } from "../../../src/doctor/types.ts";

const ROLE = "arn:aws:iam::222222222222:role/reader";
const hop = (more: Partial<Hop> = {}): Hop => ({
  profile: "p",
  roleArn: ROLE,
  sessionName: "me",
  sessionNameGenerated: false,
  from: "config:1",
  ...more,
});
const source: Source = { kind: "environment", from: "config:2" };

/** The causes of a denial without a reason, but for what is given. */
function causes(more: Partial<Evidence> & { words?: string; at?: Hop } = {}): readonly Cause[] {
  const { words, at = hop(), ...evidence } = more;
  const plan: Plan = {
    profile: "p",
    region: "us-east-1",
    regionOrigin: "profile",
    source,
    hops: [at],
    childSettings: {},
    warnings: [],
  };
  const said = words ?? `User: x is not authorized to perform: sts:AssumeRole on resource: ${at.roleArn}`;
  const failure = { code: "access-denied", message: "", awsCode: "AccessDenied", awsSays: said } as const;
  const caller = "arn:aws:iam::111111111111:user/alice";
  return diagnose({ failure, plan, call: at, caller, region: "us-east-1", ...evidence });
}
const first = (all: readonly Cause[]): string[] => all.slice(0, 1).map(({ cause }) => cause);
const statements = (all: readonly Cause[], name: string): unknown[] =>
  all
    .filter(({ cause }) => cause === name)
    .flatMap(({ fixes }) => fixes)
    .flatMap((fix) => (fix.do === "add" ? [fix.statement] : []));

describe("who a statement names", () => {
  it.each([
    ["arn:aws:iam::1:user/alice", undefined],
    ["arn:aws:iam::111111111111:user/team/alice", "arn:aws:iam::111111111111:user/team/alice"],
    ["arn:aws:iam::111111111111:root", "arn:aws:iam::111111111111:root"],
    ["arn:aws:sts::111111111111:federated-user/bob", "arn:aws:sts::111111111111:federated-user/bob"],
    ["arn:aws:sts::111111111111:assumed-role/app/i-1", "arn:aws:iam::111111111111:role/app"],
    ["arn:aws-cn:sts::111111111111:assumed-role/app/i-1", "arn:aws-cn:iam::111111111111:role/app"],
    ["arn:aws:sts::111111111111:assumed-role/known/x", "arn:aws:iam::111111111111:role/deep/path/known"],
    ["arn:aws:sts::222222222222:assumed-role/known/x", "arn:aws:iam::222222222222:role/known"],
    ["someone", undefined],
  ])("for %s is %s", (arn, principal) => {
    expect(principalOf(arn, ["arn:aws:iam::111111111111:role/deep/path/known"])?.arn).toBe(principal);
  });

  it("is the account with a pattern, for a role of Identity Center", () => {
    const caller = "arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/alice";
    expect(statements(causes({ caller }), "trust")).toEqual([
      {
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111111111111:root" },
        Action: "sts:AssumeRole",
        Condition: {
          ArnLike: {
            "aws:PrincipalArn":
              "arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Admin_0123456789abcdef",
          },
        },
      },
    ]);
  });

  it("comes with a note where a session does not show its role's path", () => {
    const caller = "arn:aws:sts::111111111111:assumed-role/app/i-1";
    const [trust] = causes({ caller });
    expect(JSON.stringify(trust?.fixes)).toContain("aws iam get-role --role-name app --query Role.Arn");
  });

  it("is whom AWS names, where nobody asked who the caller is", () => {
    const words = `User: arn:aws:iam::333333333333:user/bob is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`;
    expect(statements(causes({ caller: undefined, words }), "trust")).toMatchObject([
      { Principal: { AWS: "arn:aws:iam::333333333333:user/bob" } },
    ]);
    expect(statements(causes({ caller: undefined }), "trust")).toEqual([]);
  });
});

describe("what is known of the call", () => {
  it("puts another partition first", () => {
    expect(first(causes({ at: hop({ roleArn: "arn:aws-cn:iam::222222222222:role/reader" }) }))).toEqual(["partition"]);
  });

  it("makes a region to opt in to more likely, and leaves out what is impossible", () => {
    const rank = (region: string | undefined): number =>
      causes({ region }).findIndex(({ cause }) => cause === "region-disabled");
    expect(rank("ap-east-1")).toBeLessThan(rank("us-east-1"));
    expect(rank(undefined)).toBe(-1);
    const withCode = causes({ at: hop({ mfaSerial: "arn:aws:iam::111111111111:mfa/alice" }) });
    expect(withCode.map(({ cause }) => cause)).not.toContain("mfa");
  });

  it("is in the statements: tags and source identity that are sent, but not the external id, which was refused", () => {
    const at = hop({ externalId: "e-1", tags: { a: "b" }, sourceIdentity: "me" });
    const actions = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];
    expect(statements(causes({ at }), "trust")).toMatchObject([
      { Action: actions, Condition: { StringEquals: { "sts:ExternalId": EXTERNAL_ID } } },
    ]);
    expect(JSON.stringify(causes({ at }).map(({ fixes }) => fixes))).not.toContain("e-1");
    expect(statements(causes({ at }), "caller-policy")).toMatchObject([{ Action: actions, Resource: ROLE }]);
  });

  it("says that tags came with the session before, where none are sent", () => {
    const words = `User: x is not authorized to perform: sts:TagSession on resource: ${ROLE}`;
    const [tags] = causes({ words });
    expect(tags).toMatchObject({ cause: "tag-session", likelihood: "named" });
    expect(tags?.text).toContain("came with the session before, and stay");
    expect(statements(causes({ words }), "tag-session")).toMatchObject([
      { Action: ["sts:AssumeRole", "sts:TagSession"] },
      { Action: ["sts:AssumeRole", "sts:TagSession"] },
    ]);
  });

  it("stops at root, who can assume nothing", () => {
    const all = causes({
      caller: "arn:aws:iam::111111111111:root",
      words: "Roles may not be assumed by root accounts.",
    });
    expect(all.map(({ cause }) => cause)).toEqual(["root-caller"]);
  });

  it("shows the other side too, where AWS names the caller's across accounts", () => {
    const words = `User: x is not authorized to perform: sts:AssumeRole on resource: ${ROLE} because no identity-based policy allows the sts:AssumeRole action`;
    expect(causes({ words }).map(({ cause, likelihood }) => [cause, likelihood])).toEqual([
      ["caller-policy", "named"],
      ["trust", "possible"],
    ]);
    const own = causes({ words, caller: "arn:aws:iam::222222222222:user/alice" });
    expect(own.map(({ cause }) => cause)).toEqual(["caller-policy"]);
  });
});
