// A line that was meant as a setting and is not one, misspelt or indented, never leads to another identity, and is named.
import { describe, expect, it } from "vitest";
import { awsError, fakeAws, imds } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { xrole, type Run } from "../../harness/run.ts";

const ARN = "arn:aws:iam::222222222222:role/R";
const KEYS = "aws_access_key_id = AKIAK\naws_secret_access_key = secret-of-k\n";
const SOURCE = `[profile k]\n${KEYS}`;

/** On a host whose instance has a role, which nobody here means. */
async function run(words: readonly string[], config: string, credentials = ""): Promise<Run> {
  const instance = await fakeAws(imds);
  const HOME = makeHome({ ".aws/config": config, ".aws/credentials": credentials });
  const env = { HOME, AWS_REGION: "us-east-1", AWS_EC2_METADATA_SERVICE_ENDPOINT: instance.url };
  return xrole(words, { env });
}

const indented = (name: string, above: string, line: number): string =>
  `${name} is indented, so it is part of ${above} in line ${String(line)}; remove the blanks before it`;
const misspelt = (name: string, meant: string): string => `${name} is not a setting that is read; write ${meant}`;

describe("a profile whose role cannot be used", () => {
  it.each<[string, string, number, string]>([
    ["is missing", "source_profile = k", 2, "has source_profile but no role_arn"],
    ["is missing beside an external id", "external_id = x1", 2, "has external_id but no role_arn"],
    [
      "is missing beside a device",
      "mfa_serial = arn:aws:iam::111111111111:mfa/me",
      2,
      "has mfa_serial but no role_arn",
    ],
    ["is empty", "source_profile = k\nrole_arn =", 2, "has source_profile but no role_arn"],
    ["is role-arn", `source_profile = k\nrole-arn = ${ARN}`, 3, misspelt("role-arn", "role_arn")],
    ["is rolearn", `rolearn = ${ARN}\nsource_profile = k`, 2, misspelt("rolearn", "role_arn")],
    ["is role_arm", `source_profile = k\nrole_arm = ${ARN}`, 3, misspelt("role_arm", "role_arn")],
    ["is role_anr", `source_profile = k\nrole_anr = ${ARN}`, 3, misspelt("role_anr", "role_arn")],
    ["is RoleArn", `source_profile = k\nRoleArn = ${ARN}`, 3, misspelt("rolearn", "role_arn")],
    ["is aws_role_arn", `source_profile = k\naws_role_arn = ${ARN}`, 3, misspelt("aws_role_arn", "role_arn")],
    [
      "and source are misspelt",
      `role-arn = ${ARN}\nsource-profile = k`,
      3,
      misspelt("source-profile", "source_profile"),
    ],
    ["is alone and misspelt", `role-arn = ${ARN}`, 2, misspelt("role-arn", "role_arn")],
    ["is indented", `source_profile = k\n  role_arn = ${ARN}`, 3, indented("role_arn", "source_profile", 2)],
    ["is below a region", `region = us-east-1\n\n # c\n role_arn = ${ARN}`, 5, indented("role_arn", "region", 2)],
    ["is below a nested block", `s3 =\n  role_arn = ${ARN}\nsource_profile = k`, 3, indented("role_arn", "s3", 2)],
    ["has no source", `role_arn = ${ARN}\n  source_profile = k`, 3, indented("source_profile", "role_arn", 2)],
    ["has a misspelt source", `role_arn = ${ARN}\nsource-profile = k`, 3, misspelt("source-profile", "source_profile")],
    [
      "has a misspelt host",
      `role_arn = ${ARN}\ncredential-source = Environment`,
      3,
      misspelt("credential-source", "credential_source"),
    ],
  ])("stops where the role %s", async (_, settings, line, text) => {
    for (const [header, words] of [
      ["[default]", ["credential-process"]],
      ["[profile p]", ["credential-process", "p"]],
    ] as const) {
      const { status, stdout, stderr } = await run(words, `${header}\n${settings}\n${SOURCE}`);
      expect({ status, stdout }, stderr).toEqual({ status: 78, stdout: "" });
      expect(stderr).toContain(`/config:${String(line)}: `);
      expect(stderr).toContain(text);
    }
  });

  it.each<[string, string, string]>([
    ["a process", "credential-process = true", misspelt("credential-process", "credential_process")],
    ["an account", "sso_acount_id = 333333333333", misspelt("sso_acount_id", "sso_account_id")],
    ["a session", "sso-session = my", misspelt("sso-session", "sso_session")],
    ["a token file", "web_identity_tokenfile = t", misspelt("web_identity_tokenfile", "web_identity_token_file")],
    ["a key", "aws_access_key = AKIAK\naws_secret_key = secret-of-k", misspelt("aws_access_key", "aws_access_key_id")],
    ["a login", "loginsession = x", misspelt("loginsession", "login_session")],
  ])("does not go on to the instance past %s that is misspelt", async (_, settings, text) => {
    const { status, stdout, stderr } = await run(["credential-process"], `[default]\n${settings}\n`);
    expect({ status, stdout }, stderr).toEqual({ status: 78, stdout: "" });
    expect(stderr).toContain(text);
  });

  it("does not go by its own keys where a role is misspelt", async () => {
    const settings = `role-arn = ${ARN}\nsource_profile = k\n`;
    const { status, stderr } = await run(
      ["credential-process"],
      `[default]\n${settings}${SOURCE}`,
      `[default]\n${KEYS}`,
    );
    expect(status).toBe(78);
    expect(stderr).toContain(misspelt("role-arn", "role_arn"));
  });

  it("says that it goes by its own keys where a source is named for no role", async () => {
    const { status, stderr } = await run(
      ["credential-process", "p"],
      `[profile p]\nsource_profile = k\n${KEYS}${SOURCE}`,
    );
    expect(status).toBe(0);
    expect(stderr).toMatch(
      /warning: profile "p" has source_profile \(.*config:2\) but no role_arn: its own credentials are used/,
    );
  });

  it("leaves alone what other tools keep in a profile", async () => {
    const others =
      "output = json\ncli_pager =\nsso_account_name = x\ngranted_sso_account_id = 1\ns3 =\n  use_dualstack_endpoint = true\n";
    const { stdout, stderr } = await run(["credential-process"], `[default]\n${others}`);
    expect(stderr).toBe("");
    expect(stdout).toContain("ASIAINSTANCE");
  });
});

describe("where such a line is told", () => {
  const config = `[profile p]\nrole_arn = ${ARN}\nsource_profile = k\nexternal-id = x1\nregion = us-east-1\n${SOURCE}`;

  it("in what AWS refuses, with what AWS says", async () => {
    const { url } = await fakeAws((response) => {
      awsError(response, 403, "AccessDenied", "User is not authorized to perform: sts:AssumeRole");
    });
    const HOME = makeHome({ ".aws/config": config });
    const env = { HOME, AWS_ENDPOINT_URL_STS: url };
    const own = await xrole(["env", "p"], { env });
    expect(own.status).toBe(77);
    expect(own.stderr).toMatch(
      /config:4: external-id is not a setting that is read; write external_id; AWS says: User is not/,
    );
    const doctor = await xrole(["doctor", "p"], { env });
    expect(doctor.status).toBe(77);
    expect(doctor.stdout).toMatch(
      /^warning +not used +external-id = x1: it is not a setting that is read: write external_id .*config:4\)$/m,
    );
  });

  it("in explain and list", async () => {
    const explained = await run(["explain", "p", "--json"], config);
    expect(JSON.parse(explained.stdout)).toMatchObject({
      unused: [{ setting: "external-id", because: "it is not a setting that is read: write external_id" }],
    });
    const listed = await run(["list", "p", "--json"], `[profile p]\nsource-profile = k\nrole_arn = ${ARN}\n`);
    expect(JSON.parse(listed.stdout)).toMatchObject([
      { error: { code: "source-missing", hint: expect.stringContaining("source-profile is not a setting") as string } },
    ]);
  });

  it("in a source profile too", async () => {
    const { stderr } = await run(
      ["env", "p"],
      `[profile p]\nrole_arn = ${ARN}\nsource_profile = q\n[profile q]\ncredential-process = true\n`,
    );
    expect(stderr).toMatch(/config:5: credential-process is not a setting that is read; write credential_process/);
  });
});
