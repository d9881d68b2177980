// Without a profile argument: the first that is there, in the AWS CLI's order (rule 20), and what is said about the rest.
// Who is picked in some eighty situations: test/conformance/default-chain.json.
import { describe, expect, it } from "vitest";
import { containerReply, fakeAws, imds, sts } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { shell, xrole, type Run } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";

const KEYS = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-env") };
const DEFAULT = "[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key = secret-of-default\n";
const NAMED = "[named]\naws_access_key_id = AKIANAMED\naws_secret_access_key = secret-of-named\n";

async function pick(files: Record<string, string>, env: Record<string, string> = {}): Promise<Run & { keyId: string }> {
  const instance = await fakeAws(imds);
  const aws = await fakeAws(sts);
  const container = await fakeAws((response) => void response.end(containerReply("TASK")));
  const variables = Object.entries(env).map(([name, value]) => [name, value.replace("CONTAINER", container.url)]);
  const HOME = makeHome({ token: "token-of-web", ...files });
  const run = await xrole(["credential-process"], {
    cwd: HOME,
    env: {
      HOME,
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL_STS: aws.url,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: instance.url,
      ...(Object.fromEntries(variables) as Record<string, string>),
    },
  });
  return { ...run, keyId: run.stdout === "" ? "" : (JSON.parse(run.stdout) as { AccessKeyId: string }).AccessKeyId };
}

const both = { ".aws/credentials": DEFAULT + NAMED };
const CONTAINER = { AWS_CONTAINER_CREDENTIALS_FULL_URI: "CONTAINER/creds" };
const WEB = { AWS_WEB_IDENTITY_TOKEN_FILE: "token", AWS_ROLE_ARN: "arn:aws:iam::111111111111:role/WEB" };
const ROLE = "role_arn = arn:aws:iam::222222222222:role/R\n";
const SOURCE = "[profile k]\naws_access_key_id = AKIAK\naws_secret_access_key = secret-of-k\n";
const config = (text: string): Record<string, string> => ({ ".aws/config": text });

describe("the default chain", () => {
  it.each([
    ["the environment", {}, KEYS, "AKIAENV"],
    ["the keys of default", both, {}, "AKIADEFAULT"],
    ["web identity of the environment", {}, WEB, "ASIAWEB"],
    ["the profile of AWS_PROFILE", both, { AWS_PROFILE: "named" }, "AKIANAMED"],
    ["the profile of AWS_DEFAULT_PROFILE", both, { AWS_DEFAULT_PROFILE: "named" }, "AKIANAMED"],
    ["an empty AWS_PROFILE as none", both, { AWS_PROFILE: "" }, "AKIADEFAULT"],
    ["the container before the instance", {}, CONTAINER, "ASIATASK"],
    [
      "the container past a default without credentials",
      { ".aws/config": "[default]\nregion = eu-west-1\n" },
      CONTAINER,
      "ASIATASK",
    ],
    ["the instance last", {}, {}, "ASIAINSTANCE"],
  ])("takes %s", async (_, files, env, keyId) => {
    expect(await pick(files, env)).toMatchObject({ status: 0, keyId, stderr: "" });
  });

  it.each([
    ["the keys in the environment win over AWS_PROFILE=named", both, { ...KEYS, AWS_PROFILE: "named" }, "AKIAENV"],
    [
      'the keys in the environment win over profile "default", AWS_WEB_IDENTITY_TOKEN_FILE and AWS_CONTAINER_CREDENTIALS_FULL_URI',
      both,
      { ...KEYS, ...WEB, ...CONTAINER },
      "AKIAENV",
    ],
    ['AWS_WEB_IDENTITY_TOKEN_FILE wins over profile "default"', both, WEB, "ASIAWEB"],
    ["AWS_WEB_IDENTITY_TOKEN_FILE wins over AWS_PROFILE=named", both, { ...WEB, AWS_PROFILE: "named" }, "ASIAWEB"],
    [
      'profile "default" wins over AWS_WEB_IDENTITY_TOKEN_FILE and AWS_CONTAINER_CREDENTIALS_FULL_URI',
      config(`[default]\n${ROLE}source_profile = k\n${SOURCE}`),
      { ...WEB, ...CONTAINER },
      "ASIAR",
    ],
    ['profile "default" wins over AWS_CONTAINER_CREDENTIALS_FULL_URI', both, CONTAINER, "AKIADEFAULT"],
    [
      "AWS_PROFILE=named wins over AWS_DEFAULT_PROFILE=default",
      both,
      { AWS_PROFILE: "named", AWS_DEFAULT_PROFILE: "default" },
      "AKIANAMED",
    ],
    [
      "AWS_CONTAINER_AUTHORIZATION_TOKEN is set without AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or AWS_CONTAINER_CREDENTIALS_FULL_URI, and is not used",
      {},
      { AWS_CONTAINER_AUTHORIZATION_TOKEN: secret("token-of-container") },
      "ASIAINSTANCE",
    ],
    [
      "AWS_ROLE_ARN is set without AWS_WEB_IDENTITY_TOKEN_FILE, and is not used",
      {},
      { AWS_ROLE_ARN: WEB.AWS_ROLE_ARN },
      "ASIAINSTANCE",
    ],
    [
      "AWS_SECRET_ACCESS_KEY is set without AWS_ACCESS_KEY_ID, and is not used",
      both,
      { AWS_SECRET_ACCESS_KEY: KEYS.AWS_SECRET_ACCESS_KEY },
      "AKIADEFAULT",
    ],
    [
      "AWS_CREDENTIAL_FILE is not read; put its keys into ~/.aws/credentials",
      {},
      { AWS_CREDENTIAL_FILE: "legacy" },
      "ASIAINSTANCE",
    ],
  ])("says once: %s", async (text, files, env, keyId) => {
    expect(await pick(files, env)).toMatchObject({ status: 0, keyId, stderr: `xrole: warning: ${text}\n` });
  });

  it("says which of its own settings a profile goes by", async () => {
    const process = `credential_process = printf '{"Version":1,"AccessKeyId":"AKIAPROC","SecretAccessKey":"s"}'`;
    const run = await pick({ ...config(`[default]\n${process}\n`), ...both });
    expect(run.keyId).toBe("AKIADEFAULT");
    expect(run.stderr).toMatch(
      /profile "default": its keys \(.*credentials:2\) comes before its credential_process \(.*config:2\)/,
    );
  });

  it("says that [profile default] hides [default], whose keys would be used elsewhere", async () => {
    const run = await pick(config(`${DEFAULT}[profile default]\nregion = us-east-1\n`));
    expect(run.keyId).toBe("ASIAINSTANCE");
    expect(run.stderr).toMatch(/\[profile default\] hides \[default\] \(\S*config:1\)/);
    expect((await pick(config(DEFAULT))).stderr).toBe("");
  });

  it("takes the account's id from the file that the keys are from", async () => {
    const run = await pick({
      ".aws/config": "[default]\naws_account_id = 111111111111\n",
      ".aws/credentials": DEFAULT,
    });
    expect(run.keyId).toBe("AKIADEFAULT");
    expect(run.stdout).not.toContain("111111111111");
  });

  it("says nothing of what else is there in a shell that holds a role", async () => {
    const { url } = await fakeAws(sts);
    const HOME = makeHome({ ...both, ...config(`[profile r]\n${ROLE}source_profile = default\n`) });
    const script = `eval "$(xrole env r)" && xrole credential-process`;
    const run = await shell(script, { env: { HOME, ...CONTAINER, AWS_ENDPOINT_URL_STS: url } });
    expect(run).toMatchObject({ status: 0, stderr: "" });
    expect(run.stdout).toContain("ASIAR");
  });

  it.each([
    ["a profile that does not exist", both, { AWS_PROFILE: "nope" }, 78, "(named by AWS_PROFILE)"],
    [
      "a profile that does not exist beside keys in the environment",
      both,
      { ...KEYS, AWS_PROFILE: "nope" },
      78,
      "(named by AWS_PROFILE)",
    ],
    [
      "a profile of AWS_PROFILE that holds nothing",
      config("[profile e]\nregion = us-east-1\n"),
      { AWS_PROFILE: "e" },
      78,
      "or unset AWS_PROFILE to use the container's or the instance's role",
    ],
    [
      "a token file without a role",
      both,
      { AWS_WEB_IDENTITY_TOKEN_FILE: "token" },
      78,
      "environment: AWS_WEB_IDENTITY_TOKEN_FILE is set but AWS_ROLE_ARN is not",
    ],
    [
      "a token of the profile and a role of the environment",
      config(`[default]\nweb_identity_token_file = own\n${ROLE}`),
      { AWS_ROLE_ARN: WEB.AWS_ROLE_ARN },
      78,
      "unset AWS_ROLE_ARN to use the profile, or set AWS_WEB_IDENTITY_TOKEN_FILE too to use the environment",
    ],
    [
      "a token of the environment and a role of the profile",
      config(`[default]\nweb_identity_token_file = own\n${ROLE}`),
      { AWS_WEB_IDENTITY_TOKEN_FILE: "token" },
      78,
      "unset AWS_WEB_IDENTITY_TOKEN_FILE to use the profile",
    ],
    ["half a key pair in the environment", both, { AWS_ACCESS_KEY_ID: "A" }, 78, "AWS_SECRET_ACCESS_KEY is not"],
    [
      "half a key pair in default",
      { ".aws/credentials": "[default]\naws_access_key_id = A\n" },
      CONTAINER,
      78,
      "half a key pair",
    ],
    ["a container address that is none", {}, { AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://evil/" }, 78, "plain http"],
    [
      "nothing, where the instance may not be asked",
      {},
      { AWS_EC2_METADATA_DISABLED: "true" },
      78,
      "there are no credentials",
    ],
  ])("stops at %s", async (_, files, env, status, text) => {
    const run = await pick(files, env);
    expect(run).toMatchObject({ status, stdout: "" });
    expect(run.stderr).toContain(text);
  });

  it("asks an instance that may not exist once only", async () => {
    const { url, asked } = await fakeAws((response) => void response.writeHead(500).end());
    const run = await xrole(["env"], { env: { HOME: makeHome(), AWS_EC2_METADATA_SERVICE_ENDPOINT: url } });
    expect(run.status).toBe(69);
    expect(asked).toHaveLength(1);
  });

  it("is not for a named profile, which ignores keys in the environment", async () => {
    const { url, asked } = await fakeAws(sts);
    const HOME = makeHome({
      ".aws/config": "[profile p]\nrole_arn = arn:aws:iam::222222222222:role/r\nregion = eu-west-1\n",
    });
    const run = await xrole(["env", "p"], { env: { HOME, ...KEYS, AWS_ENDPOINT_URL_STS: url } });
    expect(run.status).toBe(78);
    expect(run.errors.at(-1)?.code).toBe("source-missing");
    expect(asked).toHaveLength(0);
  });
});
