// `xrole list`: a row a profile, an error in its row, and the promised JSON.
import { describe, expect, it } from "vitest";
import { xrole } from "../harness/run.ts";
import { home } from "../harness/listed-profiles.ts";

describe("list", () => {
  it("shows each profile's account, role, source and chain, and an error in its row", async () => {
    const env = home();
    const run = await xrole(["list"], { env });
    expect(run).toMatchObject({ status: 0, stderr: "" });
    const rows = run.stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/ {2,}/));
    expect(rows).toEqual([
      ["PROFILE", "ACCOUNT", "ROLE", "SOURCE", "CHAIN"],
      [
        "default",
        `error: ${env.HOME}/.aws/config:1: profile "default" holds no credentials and names no source for them`,
      ],
      ["b-s3", "222222222222", "role-b-s3", "the instance's role"],
      ["deep", "333333333333", "path/deep", "the instance's role", "b-s3 -> deep"],
      ["keys", "444444444444", 'the keys of profile "keys" (AKIAKEYS)'],
      ["lender", "the container's role", "source only"],
      ["broken", expect.stringContaining("credential_source = ec2instancemetadata is not one of") as string],
    ]);
  });

  it.each([
    ["b-", ["b-s3"]],
    ["*e*", ["default", "deep", "keys", "lender", "broken"]],
    ["?eep", ["deep"]],
    ["none-such", []],
  ])("takes the pattern %s", async (pattern, names) => {
    const run = await xrole(["list", pattern, "--json"], { env: home() });
    expect((JSON.parse(run.stdout) as { profile: string }[]).map(({ profile }) => profile)).toEqual(names);
  });

  it("prints the promised JSON", async () => {
    const env = home();
    const run = await xrole(["list", "--json"], { env });
    const [, b, , keys, lender, broken] = JSON.parse(run.stdout) as Record<string, unknown>[];
    const from = (line: number): string => `${env.HOME}/.aws/config:${line}`;
    expect(b).toMatchObject({
      profile: "b-s3",
      region: "us-east-1",
      accountId: "222222222222",
      roleArn: "arn:aws:iam::222222222222:role/role-b-s3",
      source: { kind: "instance", from: from(5) },
      hops: [{ profile: "b-s3", roleArn: "arn:aws:iam::222222222222:role/role-b-s3", from: from(6) }],
      from: from(6),
    });
    expect(keys).toMatchObject({
      accountId: "444444444444",
      source: { kind: "static", accessKeyId: "AKIAKEYS" },
      hops: [],
    });
    expect(lender).toMatchObject({ source: { kind: "container" }, hops: [] });
    expect(broken).toEqual({
      profile: "broken",
      from: from(24),
      error: {
        code: "credential-source-invalid",
        message: expect.stringContaining("is not one of") as string,
        hint: "write credential_source = Ec2InstanceMetadata",
      },
    });
    expect(run.stdout).not.toContain("secret-of-keys");
  });
});
