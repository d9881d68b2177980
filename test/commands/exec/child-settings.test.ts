// The settings of a profile that reach the command as variables, so that it reaches the same endpoints as with `aws --profile`; and the
// profile's say in how the instance is asked.
import { describe, expect, it } from "vitest";
import { VARIABLES_OF_SETTINGS } from "../../../src/config/setting-variables.ts";
import { fakeAws, hourly, imds, sts, type Asked } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { shell, xrole, type Run } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";

const KEYS = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-env") };
const role = (name: string, more: string): string =>
  `[profile ${name}]\nrole_arn = arn:aws:iam::222222222222:role/${name}\ncredential_source = Environment\n${more}\n`;
const services = `[services local]
s3 =
  endpoint_url = https://s3.example.com
elastic_beanstalk =
  endpoint_url = https://eb.example.com
kms =
  other = x
dynamodb =
  endpoint_url =
not-a-service =
  endpoint_url = https://x.example.com
`;

/** Runs a script where \`left\` prints what xrole left there of AWS's variables. */
async function play(script: string, config: string, more: Record<string, string> = {}): Promise<Run> {
  const { url } = await fakeAws(hourly);
  const HOME = makeHome({ ".aws/config": config });
  const left = `left() { env | grep -E '^AWS_' | grep -vE '^AWS_(ACCESS|SECRET|SESSION|CREDENTIAL|ACCOUNT_ID=|REGION|DEFAULT_REGION|ENDPOINT_URL_STS=)' | sort; }`;
  return shell(`set -e\n${left}\n${script}`, { env: { HOME, AWS_ENDPOINT_URL_STS: url, ...KEYS, ...more } });
}
const exec = `xrole exec p -- env | grep -E '^AWS_' | grep -vE '^AWS_(ACCESS|SECRET|SESSION|CREDENTIAL|ACCOUNT_ID=|REGION|DEFAULT_REGION|ENDPOINT_URL_STS=)' | sort`;

describe("a setting of the profile", () => {
  // Endpoints of one's own exclude these (rule 36), and certificates are read.
  const all = VARIABLES_OF_SETTINGS.filter(({ key }) => !/^(use_|endpoint_url|ca_bundle|ignore_)/.test(key));
  const value = (key: string, isBoolean: boolean | undefined): string => (isBoolean === true ? "True" : `x-${key}`);

  it("reaches the command, under each name that an SDK reads", async () => {
    const config = role("p", all.map(({ key, isBoolean }) => `${key} = ${value(key, isBoolean)}\n`).join(""));
    const expected = all.flatMap(({ key, names, isBoolean }) =>
      names.map((name) => `${name}=${value(key, isBoolean).replace("True", "true")}`),
    );
    expect(expected).toContain("AWS_ENDPOINT_DISCOVERY_ENABLED=x-endpoint_discovery_enabled");
    const run = await play(exec, config);
    expect(run).toMatchObject({ status: 0, stderr: "" });
    expect(run.stdout.trim().split("\n")).toEqual(expected.sort());
  });

  it("is not the source profile's, nor [default]'s", async () => {
    const config = `${role("base", "retry_mode = legacy\nservices = local")}${services}[profile p]\nrole_arn = arn:aws:iam::222222222222:role/p\nsource_profile = base\n[default]\nmax_attempts = 9\n`;
    expect(await play(exec.replace(/$/, " || true"), config)).toMatchObject({ stdout: "" });
  });

  it("gives way to the user's own environment, whichever name that uses", async () => {
    const config = role("p", "retry_mode = legacy\nmax_attempts = 3\nendpoint_discovery_enabled = true");
    const run = await play(exec, config, { AWS_RETRY_MODE: "adaptive", AWS_ENDPOINT_DISCOVERY_ENABLED: "false" });
    expect(run.stdout).toBe("AWS_ENDPOINT_DISCOVERY_ENABLED=false\nAWS_MAX_ATTEMPTS=3\nAWS_RETRY_MODE=adaptive\n");
  });

  it("is read from the nested block s3 too, after the plain one", async () => {
    const config = role(
      "p",
      "s3_use_arn_region = false\ns3 =\n  use_arn_region = true\n  us_east_1_regional_endpoint = regional",
    );
    const run = await play(exec, config);
    expect(run.stdout).toBe("AWS_S3_USE_ARN_REGION=false\nAWS_S3_US_EAST_1_REGIONAL_ENDPOINT=regional\n");
  });

  it("goes with the role: with another profile, and with --unset", async () => {
    const config = role("p", "retry_mode = legacy\nservices = local") + role("q", "max_attempts = 2") + services;
    const run = await play(
      "eval $(xrole env p); left; echo; eval $(xrole env q) 2>/dev/null; left; echo; eval $(xrole env --unset); left || true",
      config,
    );
    expect(run.stdout).toBe(
      "AWS_ENDPOINT_URL_ELASTIC_BEANSTALK=https://eb.example.com\nAWS_ENDPOINT_URL_S3=https://s3.example.com\nAWS_RETRY_MODE=legacy\n\nAWS_MAX_ATTEMPTS=2\n\n",
    );
  });
});

describe("the services section", () => {
  const config = role("p", "services = local") + services;
  const both =
    "AWS_ENDPOINT_URL_ELASTIC_BEANSTALK=https://eb.example.com\nAWS_ENDPOINT_URL_S3=https://s3.example.com\n";

  it("reaches the command, by the names that SDKs read", async () => {
    expect(await play(exec, config)).toMatchObject({ status: 0, stdout: both, stderr: "" });
  });

  it("gives way to the user's own environment", async () => {
    const own = await play(exec, config, { AWS_ENDPOINT_URL_S3: "https://own.example.com" });
    expect(own.stdout).toBe(both.replace("s3.example", "own.example"));
    const all = await play(exec, config, { AWS_ENDPOINT_URL: "https://all.example.com" });
    expect(all.stdout).toBe("AWS_ENDPOINT_URL=https://all.example.com\n");
  });

  it("is left out where endpoints are ignored", async () => {
    const { url } = await fakeAws(sts);
    const HOME = makeHome({
      ".aws/config": `${role("p", "services = local\nendpoint_url = https://x.example.com\nignore_configured_endpoint_urls = true")}${services}`,
    });
    // A role would be asked of AWS itself.
    const run = await xrole(["explain", "p", "--json"], { env: { HOME, AWS_ENDPOINT_URL_STS: url, ...KEYS } });
    expect(JSON.parse(run.stdout)).toMatchObject({
      endpoint: "https://sts.amazonaws.com/".replace("sts.", "sts.us-east-1."),
    });
    const keys = `[profile p]\naws_access_key_id = AKIAKEYS\naws_secret_access_key = secret-of-keys\nservices = local\nendpoint_url = https://x.example.com\nignore_configured_endpoint_urls = TRUE\n${services}`;
    expect((await play(exec, keys)).stdout).toBe("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true\n");
  });

  it("that is named and not there is an error with its place", async () => {
    const run = await play("xrole exec p -- true", role("p", "services = nope"));
    expect(run.status).toBe(125);
    expect(run.stderr).toMatch(/config:4: there is no section \[services nope\]/);
  });
});

describe("how the instance is asked", () => {
  const config = (more: string): string =>
    `[profile p]\nrole_arn = arn:aws:iam::222222222222:role/p\ncredential_source = Ec2InstanceMetadata\nregion = us-east-1\n${more}\n`;

  it.each([
    ["the profile's attempts", "metadata_service_num_attempts = 2", {}, 2],
    [
      "the environment's, before them",
      "metadata_service_num_attempts = 2",
      { AWS_METADATA_SERVICE_NUM_ATTEMPTS: "3" },
      3,
    ],
    ["one", "metadata_service_num_attempts = 1", {}, 1],
  ])("%s", async (_, more, env, count) => {
    const { url, asked } = await fakeAws((response) => void response.writeHead(503).end());
    const HOME = makeHome({ ".aws/config": config(more) });
    const run = await xrole(["env", "p"], { env: { HOME, AWS_EC2_METADATA_SERVICE_ENDPOINT: url, ...env } });
    expect(run.status).toBe(69);
    expect(asked).toHaveLength(count);
  });

  it("the profile's timeout is waited for: an answer that takes longer than the usual second is taken", async () => {
    const slow = await fakeAws((response, asked, count) => void setTimeout(() => imds(response, asked, count), 1300));
    const { url } = await fakeAws(hourly);
    const HOME = makeHome({
      ".aws/config": config("metadata_service_timeout = 8\nmetadata_service_num_attempts = 1"),
    });
    const env = { HOME, AWS_EC2_METADATA_SERVICE_ENDPOINT: slow.url, AWS_ENDPOINT_URL_STS: url };
    expect(await xrole(["exec", "p", "--", "true"], { env })).toMatchObject({ status: 0, stderr: "" });
    const plain = await xrole(["exec", "p", "--no-cache", "--", "true"], {
      env: { ...env, AWS_METADATA_SERVICE_TIMEOUT: "1" },
    });
    expect(plain.status).toBe(125);
    expect(plain.stderr).toContain("(instance-unreachable, 69)");
  });

  it.each(["0", "-1", "1.5", "1e3", "0x10", "five", "9999999"])("%s is no number of them", async (value) => {
    for (const key of ["metadata_service_timeout", "metadata_service_num_attempts"]) {
      const HOME = makeHome({ ".aws/config": config(`${key} = ${value}`) });
      const run = await xrole(["env", "p"], { env: { HOME, AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://127.0.0.1:1" } });
      expect(run).toMatchObject({ status: 78, stdout: "(exit 78);\n" });
      expect(run.stderr).toMatch(new RegExp(`config:5: ${key} = ${value.replace(".", "\\.")} is not a whole number`));
    }
  });

  it("is told by explain, and not the source profile's to say", async () => {
    const text =
      config("metadata_service_timeout = 4") +
      "[profile q]\nrole_arn = arn:aws:iam::222222222222:role/q\nsource_profile = p\nregion = us-east-1\n";
    const HOME = makeHome({ ".aws/config": text });
    const told = async (name: string): Promise<{ source: object; unused?: { setting: string }[] }> =>
      JSON.parse((await xrole(["explain", name, "--json"], { env: { HOME } })).stdout) as never;
    expect((await told("p")).source).toMatchObject({ kind: "instance", timeoutSeconds: 4 });
    const q = await told("q");
    expect(q.source).not.toHaveProperty("timeoutSeconds");
    expect(q.unused?.map(({ setting }) => setting)).toContain("metadata_service_timeout");
  });
});

describe("a pseudo-region of FIPS", () => {
  const plain = role("p", "");
  const shown = `xrole exec p $OPTION -- sh -c 'echo "$AWS_REGION $AWS_DEFAULT_REGION $AWS_USE_FIPS_ENDPOINT"'`;
  it.each<[string, string, Record<string, string>, string]>([
    ["of the profile", role("p", "region = us-gov-west-1-fips"), {}, "us-gov-west-1 us-gov-west-1 true"],
    ["of AWS_REGION", plain, { AWS_REGION: "fips-us-east-1" }, "us-east-1 us-east-1 true"],
    ["of AWS_DEFAULT_REGION", plain, { AWS_DEFAULT_REGION: "us-east-2-fips" }, "us-east-2 us-east-2 true"],
    ["of --region", plain, { OPTION: "--region us-west-2-fips" }, "us-west-2 us-west-2 true"],
    [
      "whatever the profile says",
      role("p", "region = us-east-1-fips\nuse_fips_endpoint = false"),
      {},
      "us-east-1 us-east-1 true",
    ],
    [
      "whatever the environment says",
      role("p", "region = us-east-1-fips"),
      { AWS_USE_FIPS_ENDPOINT: "false" },
      "us-east-1 us-east-1 true",
    ],
    ["which none is", role("p", "region = us-east-1"), {}, "us-east-1 us-east-1 "],
  ])("%s becomes region and FIPS", async (_, config, env, text) => {
    const run = await play(shown, config, { OPTION: "", ...env });
    expect(run).toMatchObject({ status: 0, stdout: `${text}\n`, stderr: "" });
  });

  it.each([
    ["us-east-1-fips", "https://sts-fips.us-east-1.amazonaws.com/"],
    ["fips-ca-central-1", "https://sts-fips.ca-central-1.amazonaws.com/"],
    ["us-gov-west-1-fips", "https://sts.us-gov-west-1.amazonaws.com/"],
  ])("%s chooses the endpoint of STS", async (region, endpoint) => {
    const HOME = makeHome({ ".aws/config": role("p", `region = ${region}`) });
    const run = await xrole(["explain", "p", "--json"], { env: { HOME } });
    const plainName = region.replace(/-?fips-?/, "");
    expect(JSON.parse(run.stdout)).toMatchObject({ region: plainName, regionAsGiven: region, endpoint });
  });

  it("of an SSO session chooses its endpoints", async () => {
    const config = `[profile p]\nsso_session = s\nsso_account_id = 111111111111\nsso_role_name = r\nregion = eu-west-1\n[sso-session s]\nsso_region = us-east-1-fips\nsso_start_url = https://x.example.com/start\n`;
    const HOME = makeHome({ ".aws/config": config });
    const run = await xrole(["explain", "p", "--json"], { env: { HOME } });
    expect(JSON.parse(run.stdout)).toMatchObject({
      region: "eu-west-1",
      source: { region: "us-east-1", endpoint: "https://portal.sso-fips.us-east-1.amazonaws.com/" },
    });
  });
});

describe("before anything is sent", () => {
  const session = "arn:aws:sts::222222222222:assumed-role/r/s";
  const hint = "hint: write arn:aws:iam::222222222222:role/r; if the role has a path";
  const refused = async (
    words: string[],
    config: string,
    env: Record<string, string> = {},
  ): Promise<Run & { asked: readonly Asked[] }> => {
    const { url, asked } = await fakeAws(sts);
    const home = makeHome({ ".aws/config": config, tok: "token" });
    const all = { HOME: home, AWS_ENDPOINT_URL: url, ...env };
    return { ...(await xrole(words, { cwd: home, env: all })), asked };
  };

  it.each<[string, string[], string, Record<string, string>, RegExp]>([
    [
      "role_arn",
      ["env", "p"],
      role("p", "").replace(/role_arn = \S+/, `role_arn = ${session}`),
      KEYS,
      /config:2: role_arn = /,
    ],
    ["--role-arn", ["env", "--role-arn", session], "", KEYS, /command line: --role-arn = /],
    [
      "AWS_ROLE_ARN",
      ["env"],
      "",
      { AWS_ROLE_ARN: session, AWS_WEB_IDENTITY_TOKEN_FILE: "tok" },
      /environment: AWS_ROLE_ARN = /,
    ],
    [
      "web identity",
      ["env", "p"],
      `[profile p]\nweb_identity_token_file = tok\nrole_arn = ${session}\n`,
      {},
      /config:3: role_arn = /,
    ],
    [
      "a source profile",
      ["env", "p"],
      `[profile p]\nrole_arn = arn:aws:iam::222222222222:role/p\nsource_profile = q\n[profile q]\ncredential_source = Environment\nrole_arn = ${session}\n`,
      KEYS,
      /config:6: role_arn = /,
    ],
    [
      "configure",
      ["configure", "p", "--role-arn", session, "--credential-source", "Environment"],
      "",
      {},
      /role_arn = /,
    ],
    [
      "setup --from-role",
      ["setup", "p", "--from-role", session, "--role-arn", "arn:aws:iam::222222222222:role/p", "--s3-bucket", "b-s3"],
      "",
      {},
      /--from-role = /,
    ],
    [
      "setup --role-arn",
      ["setup", "p", "--from-role", "arn:aws:iam::111111111111:role/p", "--role-arn", session, "--s3-bucket", "b-s3"],
      "",
      {},
      /--role-arn = /,
    ],
  ])("%s that is the ARN of a session is answered with the role's", async (_, words, config, env, place) => {
    const run = await refused(words, config, env);
    expect(run).toMatchObject({ status: 78, asked: [] });
    expect(run.stderr).toMatch(place);
    expect(run.stderr).toContain(hint);
  });

  it.each<[string, string, RegExp]>([
    [
      "sso_account_id",
      `[profile p]\nsso_start_url = https://x.example.com\nsso_region = us-east-1\nsso_account_id = 12345678901\nsso_role_name = r\n`,
      /config:4: sso_account_id = 12345678901 is not an account id of twelve digits/,
    ],
    [
      "aws_account_id",
      `[profile p]\naws_access_key_id = AKIAKEYS\naws_secret_access_key = secret-of-keys\naws_account_id = 1111-2222-3333\n`,
      /config:4: aws_account_id = 1111-2222-3333 is not an account id/,
    ],
    [
      "mfa_serial",
      role("p", "mfa_serial = arn:aws:iam::111111111111:user/alice"),
      /config:4: mfa_serial = arn:aws:iam::111111111111:user\/alice is not the ARN of an MFA device/,
    ],
  ])("%s is checked", async (_, config, text) => {
    const run = await refused(["env", "p"], config, KEYS);
    expect(run).toMatchObject({ status: 78, stdout: "(exit 78);\n", asked: [] });
    expect(run.stderr).toMatch(text);
  });
});
