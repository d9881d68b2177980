// The role options: what is sent for each, and what is refused before anything is sent.
import { describe, expect, it } from "vitest";
import { awsError, fakeAws, sts } from "../../harness/fake-aws.ts";
import { xrole } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";
import { call, ROLE, type Sent } from "../../harness/option-world.ts";
import { home } from "../../harness/listed-profiles.ts";

describe("a role option", () => {
  it.each<[string, string[], Sent]>([
    ["--external-id", ["--external-id", "x-1"], { ExternalId: "x-1" }],
    ["--duration in hours", ["--duration", "2h"], { DurationSeconds: "7200" }],
    ["--source-identity", ["--source-identity", "alice"], { SourceIdentity: "alice" }],
    [
      "--tag, repeated, with = in the value",
      ["--tag", "team=blue", "--tag", "eq=a=b", "--transitive-tag", "team"],
      {
        "Tags.member.1.Key": "team",
        "Tags.member.1.Value": "blue",
        "Tags.member.2.Key": "eq",
        "Tags.member.2.Value": "a=b",
        "TransitiveTagKeys.member.1": "team",
      },
    ],
    ["--policy, without its white space", ["--policy", "policy.json"], { Policy: '{"Statement":[]}' }],
    [
      "--policy-arn and --read-only",
      ["--policy-arn", "arn:aws:iam::222222222222:policy/mine", "--read-only"],
      {
        "PolicyArns.member.1.arn": "arn:aws:iam::222222222222:policy/mine",
        "PolicyArns.member.2.arn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
      },
    ],
    [
      "--mfa-serial with --mfa-code",
      ["--mfa-serial", "arn:aws:iam::1:mfa/u", "--mfa-code", "123456"],
      { SerialNumber: "arn:aws:iam::1:mfa/u", TokenCode: "123456" },
    ],
    [
      "--role-arn instead of the profile's",
      ["--role-arn", "arn:aws:iam::444444444444:role/other"],
      { RoleArn: "arn:aws:iam::444444444444:role/other" },
    ],
  ])("%s is sent", async (_, options, expected) => {
    const run = await call(["credential-process", "p", ...options]);
    expect(run.status, run.stderr).toBe(0);
    expect(run.sent).toEqual([{ Action: "AssumeRole", RoleArn: ROLE, ...expected }]);
  });

  it("changes the last hop only", async () => {
    const run = await call(["credential-process", "chain", "--external-id", "x-1", "--tag", "a=b", "--read-only"]);
    expect(run.status, run.stderr).toBe(0);
    expect(run.sent[0]).toEqual({ Action: "AssumeRole", RoleArn: ROLE });
    expect(run.sent[1]).toMatchObject({ ExternalId: "x-1", "Tags.member.1.Key": "a" });
  });

  it("reads tags and source identity from the profile, as aws-vault spells them", async () => {
    const run = await call(["credential-process", "tagged"]);
    expect(run.sent).toEqual([
      {
        Action: "AssumeRole",
        RoleArn: ROLE,
        SourceIdentity: "alice",
        "Tags.member.1.Key": "team",
        "Tags.member.1.Value": "blue",
        "Tags.member.2.Key": "cost center",
        "Tags.member.2.Value": "42",
        "TransitiveTagKeys.member.1": "team",
      },
    ]);
  });

  it("--role-arn without a profile assumes it from the default chain", async () => {
    const { url, asked } = await fakeAws(sts);
    const keys = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-env") };
    const run = await xrole(["credential-process", "--role-arn", ROLE], {
      env: { ...keys, AWS_ENDPOINT_URL_STS: url },
    });
    expect(run.status, run.stderr).toBe(0);
    expect(asked[0]?.headers.authorization).toContain("AKIAENV");
    expect(JSON.parse(run.stdout)).toMatchObject({ AccountId: "222222222222" });
  });

  it("--role-arn gives a profile with keys alone a hop", async () => {
    const run = await call(["credential-process", "keys", "--role-arn", ROLE]);
    expect(run.sent).toEqual([{ Action: "AssumeRole", RoleArn: ROLE }]);
  });
});

describe("before anything is sent", () => {
  const long = "x".repeat(2000);
  it.each<[string, string[], string]>([
    ["a duration under 15 minutes", ["--duration", "14m"], "900 to 43200"],
    ["a session name with a space", ["--session-name", "a b"], "2 to 64"],
    ["a source identity of one letter", ["--source-identity", "a"], "2 to 64"],
    ["an external id with a space", ["--external-id", "a b"], "2 to 1224"],
    ["a tag without =", ["--tag", "team"], "key=value"],
    ["a tag key that is too long", ["--tag", `${long}=x`], "128"],
    ["a tag given twice, in another case", ["--tag", "a=1", "--tag", "A=2"], "given once"],
    ["51 tags", Array.from({ length: 51 }, (_, at) => ["--tag", `k${at}=v`]).flat(), "50 tags"],
    ["a policy that is no JSON", ["--policy", "not.json"], "JSON"],
    ["a policy that is not there", ["--policy", "none.json"], "no such file"],
    ["a policy ARN that is none", ["--policy-arn", "ReadOnlyAccess"], "ARN of a policy"],
    [
      "11 policies",
      Array.from({ length: 11 }, (_, at) => ["--policy-arn", `arn:aws:iam::1:policy/p${at}`]).flat(),
      "10 policies",
    ],
    ["an MFA code of five digits", ["--mfa-serial", "arn:aws:iam::1:mfa/u", "--mfa-code", "12345"], "six digits"],
    ["an MFA code without a device", ["--mfa-code", "123456"], "no mfa_serial"],
    ["a role ARN that is none", ["--role-arn", "role/r"], "ARN of a role"],
    ["an account id that is none", ["--expect-account", "12345"], "twelve digits"],
    [
      "another account than expected",
      ["--expect-account", "111111111111"],
      "account 222222222222, not to 111111111111",
    ],
  ])("%s is refused", async (_, options, text) => {
    const run = await call(["env", "p", ...options]);
    expect(run).toMatchObject({ status: 78, stdout: "(exit 78);\n", sent: [] });
    expect(run.stderr).toContain(text);
  });

  it.each(["--external-id=x-1", "--tag=a=b", "--read-only", "--duration=1h", "--mfa-session"])(
    "%s is wrong usage where no role is assumed",
    async (option) => {
      const run = await call(["env", "keys", option]);
      expect(run).toMatchObject({ status: 64, sent: [] });
      expect(run.stderr).toContain('profile "keys" assumes none');
    },
  );

  it("a profile's bad tags are refused with their place", async () => {
    const run = await call(["env", "bad-tags"]);
    expect(run.status).toBe(78);
    expect(run.stderr).toMatch(/config:\d+: session_tags = team is not key=value/);
  });
});

describe("--expect-account", () => {
  it("without a role asks STS", async () => {
    const right = await call(["credential-process", "keys", "--expect-account", "999999999999"]);
    expect(right.status, right.stderr).toBe(0);
    const wrong = await call(["env", "keys", "--expect-account", "111111111111"]);
    expect(wrong).toMatchObject({ status: 78, stdout: "(exit 78);\n", sent: [{ Action: "GetCallerIdentity" }] });
  });
});

describe("a duration beyond the role's maximum", () => {
  it("is refused with what raises it", async () => {
    const limit = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    const run = await call(["env", "p", "--duration", "2h"], (response) =>
      awsError(response, 400, "ValidationError", limit),
    );
    expect(run).toMatchObject({ status: 77, stdout: "(exit 77);\n" });
    expect(run.stderr).toContain("shorter than the 7200 s asked for");
    expect(run.stderr).toContain("aws iam update-role --role-name r --max-session-duration 7200");
    expect(run.sent).toHaveLength(1);
  });

  it("is planned at an hour for a role assumed from a role", async () => {
    const run = await call(["credential-process", "chain", "--duration", "2h"]);
    expect(run.sent.map(({ DurationSeconds }) => DurationSeconds)).toEqual([undefined, "3600"]);
    expect(run.stderr).toContain("at most 3600 s");
  });
});

describe("options of a role", () => {
  it.each([
    [["--duration", "45m"], { durationSeconds: 2700 }],
    [["--duration", "1h"], { durationSeconds: 3600 }],
    [["--external-id=x-1"], { externalId: "x-1" }],
  ])("change the last hop: %j", async (words, hop) => {
    const run = await xrole(["explain", "b-s3", "--json", ...words], { env: home() });
    expect((JSON.parse(run.stdout) as { hops: unknown[] }).hops).toMatchObject([hop]);
  });

  it.each([
    [["--duration", "60"], 78, "900 to 43200"],
    [["--duration", "13h"], 78, "900 to 43200"],
    [["--session-name", "a b"], 78, "2 to 64"],
    [["--external-id", "x\ny"], 78, "2 to 1224"],
    [["--duration"], 64, "argument missing"],
    [["--durations", "900"], 64, "unknown option"],
  ])("are checked before anything is sent: %j", async (words, status, text) => {
    const run = await xrole(["env", "b-s3", ...words], { env: home() });
    expect(run).toMatchObject({ status, stdout: `(exit ${status});\n` });
    expect(run.stderr).toContain(text);
  });

  it("are wrong usage where there is no role", async () => {
    const run = await xrole(["env", "keys", "--duration", "900"], { env: home() });
    expect(run).toMatchObject({ status: 64, stdout: "(exit 64);\n" });
    expect(run.stderr).toContain("--duration changes a role");
  });
});
