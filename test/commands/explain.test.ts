// `xrole explain`: the chain, its places and what is not used, as text and as JSON; nobody is asked.
import { describe, expect, it } from "vitest";
import { makeHome } from "../harness/home.ts";
import { xrole } from "../harness/run.ts";
import { home } from "../harness/listed-profiles.ts";
import { call } from "../harness/option-world.ts";

describe("explain", () => {
  it("prints the promised JSON, asking nobody", async () => {
    const env = home();
    const run = await xrole(["explain", "deep", "--json", "--session-name", "me", "--region", "eu-west-1"], { env });
    const from = (line: number): string => `${env.HOME}/.aws/config:${line}`;
    expect(run).toMatchObject({ status: 0, stderr: "" });
    expect(JSON.parse(run.stdout)).toEqual({
      profile: "deep",
      region: "eu-west-1",
      endpoint: "https://sts.eu-west-1.amazonaws.com/",
      source: { kind: "instance", endpoint: "http://169.254.169.254", from: from(5) },
      hops: [
        {
          profile: "b-s3",
          roleArn: "arn:aws:iam::222222222222:role/role-b-s3",
          sessionName: expect.stringMatching(/^xrole-.+@.+/) as string,
          from: from(6),
        },
        {
          profile: "deep",
          roleArn: "arn:aws:iam::333333333333:role/path/deep",
          sessionName: "me",
          externalId: "ext-1",
          durationSeconds: 3600,
          from: from(10),
        },
      ],
      warnings: [
        expect.stringContaining("at most 3600 s") as string,
        expect.stringContaining('the mfa_serial of profile "deep" is not used') as string,
      ],
      regionFrom: "--region",
      unused: [
        {
          setting: "region",
          value: "us-east-1",
          from: from(7),
          because: 'only profile "deep", which is selected, may say it',
          isOverridden: false,
        },
        {
          setting: "region",
          value: "eu-central-1",
          from: from(2),
          because: 'only profile "deep", which is selected, may say it',
          isOverridden: false,
        },
      ],
    });
  });

  it("draws the chain: source, call, role and account, and what is set in vain", async () => {
    const env = home();
    const run = await xrole(["explain", "deep", "--session-name", "me"], { env: { ...env, AWS_PROFILE: "b-s3" } });
    const at = (line: number): string => `(${env.HOME}/.aws/config:${line})`;
    expect(run.stdout.replace(/session xrole-\S+/, "session xrole-u@h")).toBe(`profile   deep   ${at(9)}
region    the instance's own, asked when needed

  the instance's role   ${at(5)}
  |
  | sts:AssumeRole   session xrole-u@h
  v
  role role-b-s3 in account 222222222222   profile "b-s3"
  arn:aws:iam::222222222222:role/role-b-s3   ${at(6)}
  |
  | sts:AssumeRole   session me, for 3600 s, external id ext-1
  v
  role path/deep in account 333333333333   profile "deep"
  arn:aws:iam::333333333333:role/path/deep   ${at(10)}

not used
  AWS_PROFILE = b-s3   (environment)   the command line names the profile
  region = us-east-1   ${at(7)}   only profile "deep", which is selected, may say it
  region = eu-central-1   ${at(2)}   only profile "deep", which is selected, may say it
`);
  });

  it("says it in words, with file and line", async () => {
    const env = home();
    const run = await xrole(["explain", "b-s3"], { env });
    expect(run.stdout).toContain(`the instance's role   (${env.HOME}/.aws/config:5)`);
    expect(run.stdout).toContain(`arn:aws:iam::222222222222:role/role-b-s3   (${env.HOME}/.aws/config:6)`);
  });

  it("prints an error as JSON where JSON was asked for", async () => {
    const run = await xrole(["explain", "nope", "--json"], { env: home() });
    expect(run.status).toBe(78);
    expect(JSON.parse(run.stdout)).toMatchObject({
      error: { code: "profile-not-found", message: 'there is no profile "nope"' },
    });
  });

  it.each([
    ["b-s4", 'did you mean "b-s3"?'],
    ["B-S3", 'did you mean "b-s3"?'],
    ["dep", 'did you mean "deep"?'],
    ["wholly-other", "`xrole list` shows the profiles"],
  ])("suggests what was meant: %s", async (name, hint) => {
    expect((await xrole(["explain", name], { env: home() })).stderr).toContain(`hint: ${hint}`);
  });

  it("points at a section that lacks the word profile", async () => {
    const HOME = makeHome({ ".aws/config": "\n[b-s3]\nregion = eu-west-1\n" });
    const run = await xrole(["explain", "b-s3"], { env: { HOME } });
    expect(run.stderr).toContain(
      `${HOME}/.aws/config:2 has [b-s3], which is not read as a profile; write [profile b-s3]`,
    );
  });
});

describe("explain", () => {
  it("shows the options that will be sent", async () => {
    const options = ["--tag", "a=b", "--transitive-tag", "a", "--read-only", "--expect-account", "222222222222"];
    const run = await call(["explain", "p", "--json", ...options]);
    expect(JSON.parse(run.stdout)).toMatchObject({
      expectAccount: "222222222222",
      hops: [{ tags: { a: "b" }, transitiveTagKeys: ["a"], policyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] }],
    });
    const words = await call(["explain", "p", ...options]);
    expect(words.stdout).toContain("tags a=b, transitive a, narrowed by arn:aws:iam::aws:policy/ReadOnlyAccess");
    expect(run.sent).toEqual([]);
  });
});
