// Without a profile argument: the first of environment, profile, container, instance that is there (rule 20).
import { describe, expect, it } from "vitest";
import { containerReply, fakeAws, imds, sts } from "../harness/fake-aws.ts";
import { makeHome } from "../harness/home.ts";
import { xrole, type Run } from "../harness/run.ts";
import { secret } from "../harness/secrets.ts";

const KEYS = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-env") };
const DEFAULT = "[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key = secret-of-default\n";
const NAMED = "[named]\naws_access_key_id = AKIANAMED\naws_secret_access_key = secret-of-named\n";

async function pick(files: Record<string, string>, env: Record<string, string> = {}): Promise<Run & { keyId: string }> {
  const instance = await fakeAws(imds);
  const container = await fakeAws((response) => void response.end(containerReply("TASK")));
  const variables = Object.entries(env).map(([name, value]) => [name, value.replace("CONTAINER", container.url)]);
  const run = await xrole(["credential-process"], {
    env: {
      HOME: makeHome(files),
      AWS_EC2_METADATA_SERVICE_ENDPOINT: instance.url,
      ...(Object.fromEntries(variables) as Record<string, string>),
    },
  });
  return { ...run, keyId: run.stdout === "" ? "" : (JSON.parse(run.stdout) as { AccessKeyId: string }).AccessKeyId };
}

const both = { ".aws/credentials": DEFAULT + NAMED };
const CONTAINER = { AWS_CONTAINER_CREDENTIALS_FULL_URI: "CONTAINER/creds" };

describe("the default chain", () => {
  it.each([
    ["the environment before all", both, { ...KEYS, ...CONTAINER }, "AKIAENV"],
    ["default before the container", both, CONTAINER, "AKIADEFAULT"],
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

  it("warns when keys in the environment win over AWS_PROFILE", async () => {
    const run = await pick(both, { ...KEYS, AWS_PROFILE: "named" });
    expect(run.keyId).toBe("AKIAENV");
    expect(run.stderr).toBe("xrole: warning: the keys in the environment win over AWS_PROFILE=named\n");
  });

  it.each([
    ["a profile that does not exist", both, { AWS_PROFILE: "nope" }, 78, "(named by AWS_PROFILE)"],
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
    expect(run.stderr).toContain("nothing to assume it with");
    expect(asked).toHaveLength(0);
  });
});
