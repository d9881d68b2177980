// The main path: from a profile to a command, a shell or an SDK with the role, from each source and along a chain.
import { describe, expect, it } from "vitest";
import { containerReply, fakeAws, imds, sts } from "../harness/fake-aws.ts";
import { makeHome } from "../harness/home.ts";
import { shell, xrole } from "../harness/run.ts";
import { secret } from "../harness/secrets.ts";

const KEYS = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-env") };
const config = `
[profile b-s3]
credential_source = Environment
role_arn = arn:aws:iam::222222222222:role/role-b-s3
region = us-east-1

[profile on-instance]
credential_source = Ec2InstanceMetadata
role_arn = arn:aws:iam::222222222222:role/role-b-s3

[profile in-container]
credential_source = EcsContainer
role_arn = arn:aws:iam::222222222222:role/role-b-s3
region = us-east-1

[profile deep]
source_profile = b-s3
role_arn = arn:aws:iam::333333333333:role/deep
external_id = ext-1
role_session_name = auditor
duration_seconds = 1800
region = eu-west-1
`;

async function world(): Promise<{ env: Record<string, string>; asked: Awaited<ReturnType<typeof fakeAws>>["asked"] }> {
  const { url, asked } = await fakeAws(sts);
  return { env: { HOME: makeHome({ ".aws/config": config }), AWS_ENDPOINT_URL_STS: url }, asked };
}

describe("exec", () => {
  it("runs the command with the role, its words and streams untouched", async () => {
    const { env, asked } = await world();
    const script = 'printf "%s|" "$AWS_ACCESS_KEY_ID" "$AWS_REGION" "$1" "$2"; cat; echo err >&2; exit 7';
    const run = await xrole(["exec", "b-s3", "--", "sh", "-c", script, "sh", "a  b", "--*"], {
      env: { ...env, ...KEYS },
      stdin: "from stdin",
    });
    expect(run).toMatchObject({
      status: 7,
      stdout: "ASIAroleb|us-east-1|a  b|--*|from stdin".replace("roleb", "rolebs3"),
    });
    expect(run.stderr).toBe("err\n");
    expect(asked).toHaveLength(1);
    expect(asked[0]?.headers.authorization).toContain("Credential=AKIAENV/");
    expect(asked[0]?.headers.authorization).toContain("/us-east-1/sts/");
  });

  it("takes the command without -- too, and keeps its options", async () => {
    const { env } = await world();
    const run = await xrole(["exec", "--region", "eu-west-3", "b-s3", "printenv", "AWS_REGION"], {
      env: { ...env, ...KEYS },
    });
    expect(run).toMatchObject({ status: 0, stdout: "eu-west-3\n" });
  });

  it("starts from the instance, in the instance's own region when none is set", async () => {
    const { env, asked } = await world();
    const instance = await fakeAws(imds);
    const run = await xrole(["exec", "on-instance", "--", "sh", "-c", 'echo "$AWS_ACCESS_KEY_ID $AWS_REGION"'], {
      env: { ...env, AWS_EC2_METADATA_SERVICE_ENDPOINT: `${instance.url}/prefix/` },
    });
    expect(run).toMatchObject({ status: 0, stdout: "ASIArolebs3 \n", stderr: "" });
    expect(instance.asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "PUT /prefix/latest/api/token",
      "GET /prefix/latest/meta-data/iam/security-credentials/",
      "GET /prefix/latest/meta-data/iam/security-credentials/myrole",
      "GET /prefix/latest/meta-data/placement/region",
    ]);
    expect(instance.asked[0]?.headers["x-aws-ec2-metadata-token-ttl-seconds"]).toBe("21600");
    expect(asked[0]?.headers.authorization).toMatch(/Credential=ASIAINSTANCE\/\d+\/eu-central-1\/sts\//);
    expect(asked[0]?.headers["x-amz-security-token"]).toBe("token-of-INSTANCE");
  });

  it("starts from the container, with its token", async () => {
    const { env, asked } = await world();
    const container = await fakeAws((response) => void response.end(containerReply("TASK")));
    const run = await xrole(["exec", "in-container", "--", "printenv", "AWS_ACCESS_KEY_ID"], {
      env: {
        ...env,
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `${container.url}/creds?a=1`,
        AWS_CONTAINER_AUTHORIZATION_TOKEN: secret("Basic container-token"),
      },
    });
    expect(run).toMatchObject({ status: 0, stdout: "ASIArolebs3\n" });
    expect(container.asked[0]).toMatchObject({
      url: "/creds?a=1",
      headers: { authorization: "Basic container-token" },
    });
    expect(asked[0]?.headers.authorization).toContain("Credential=ASIATASK/");
  });

  it("walks a chain in one region, each hop with its own settings", async () => {
    const { env, asked } = await world();
    const run = await xrole(["exec", "deep", "--", "printenv", "AWS_ACCOUNT_ID"], { env: { ...env, ...KEYS } });
    expect(run).toMatchObject({ status: 0, stdout: "333333333333\n" });
    const calls = asked.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
    expect(calls[0]).toMatchObject({ Action: "AssumeRole", RoleArn: "arn:aws:iam::222222222222:role/role-b-s3" });
    expect(calls[0]?.RoleSessionName).toMatch(/^xrole-[\w+=,.@-]+@[\w+=,.@-]+$/);
    expect(calls[0]).not.toHaveProperty("DurationSeconds");
    expect(calls[1]).toMatchObject({ ExternalId: "ext-1", RoleSessionName: "auditor", DurationSeconds: "1800" });
    expect(asked[1]?.headers.authorization).toMatch(/Credential=ASIArolebs3\/\d+\/eu-west-1\//);
  });
});

describe("credential-process", () => {
  it("prints the form that SDKs read", async () => {
    const { env } = await world();
    const run = await xrole(["credential-process", "b-s3"], { env: { ...env, ...KEYS } });
    expect(JSON.parse(run.stdout)).toEqual({
      Version: 1,
      AccessKeyId: "ASIArolebs3",
      SecretAccessKey: "secret-of-role-b-s3",
      SessionToken: "token-of-role-b-s3",
      Expiration: "2099-01-01T00:00:00Z",
      AccountId: "222222222222",
    });
  });

  it("hands out a profile's own keys without asking anybody", async () => {
    const HOME = makeHome({
      ".aws/credentials": "[own]\naws_access_key_id = AKIAOWN\naws_secret_access_key = secret-of-own\n",
    });
    const run = await xrole(["credential-process", "own"], { env: { HOME, ...KEYS } });
    expect(JSON.parse(run.stdout)).toEqual({ Version: 1, AccessKeyId: "AKIAOWN", SecretAccessKey: "secret-of-own" });
  });
});

describe("env", () => {
  it.each([["sh"], ["bash"], ["dash"]])("survives an unquoted eval in %s", async (name) => {
    const { env } = await world();
    const script = 'set -e; eval $(xrole env b-s3); echo "$AWS_ACCESS_KEY_ID $AWS_DEFAULT_REGION $XROLE_PROFILE"';
    const run = await shell(script, { shell: [name], env: { ...env, ...KEYS } });
    expect(run).toMatchObject({ status: 0, stdout: "ASIArolebs3 us-east-1 b-s3\n", stderr: "" });
  });

  it("stops a script when it fails, with its own status", async () => {
    const { env } = await world();
    for (const words of ["env nope", "env --nonsense", "env b-s3 surplus"]) {
      const run = await shell(`set -e; eval $(xrole ${words}); echo went on`, { env: { ...env, ...KEYS } });
      expect(run.status).toBe(words === "env nope" ? 78 : 64);
      expect(run.stdout).toBe("");
    }
    const failed = await xrole(["env", "nope"], { env });
    expect(failed).toMatchObject({ status: 78, stdout: "(exit 78);\n" });
  });
});

describe("the environment source", () => {
  it.each([
    ["nothing", {}, 78, "holds no keys"],
    ["half a pair", { AWS_ACCESS_KEY_ID: "AKIAENV" }, 78, "AWS_SECRET_ACCESS_KEY is not"],
    ["a blank key", { AWS_ACCESS_KEY_ID: " ", AWS_SECRET_ACCESS_KEY: "x" }, 78, "holds no keys"],
    [
      "expired keys",
      { ...KEYS, AWS_CREDENTIAL_EXPIRATION: "2001-01-01T00:00:00Z" },
      77,
      "expired at 2001-01-01T00:00:00Z",
    ],
    [
      "an expiry that is no time",
      { ...KEYS, AWS_CREDENTIAL_EXPIRATION: "2099-01-01T00:00:60Z" },
      78,
      "is not a timestamp",
    ],
  ])("is an error with %s, and asks nobody", async (_, keys, status, text) => {
    const { env, asked } = await world();
    const run = await xrole(["env", "b-s3"], { env: { ...env, ...keys } });
    expect(run).toMatchObject({ status, stdout: `(exit ${status});\n` });
    expect(run.stderr).toContain(text);
    expect(asked).toHaveLength(0);
  });
});
