// For a table of configurations, `aws --profile P sts get-caller-identity` and `xrole whoami P` name the same account and role.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { containerReply, fakeAws, imds } from "../harness/fake-aws.ts";
import { makeHome } from "../harness/home.ts";
import { xrole } from "../harness/run.ts";
import { secret } from "../harness/secrets.ts";
import { AWS, PEER_PATH, startMoto, type Moto } from "./peers.ts";

interface Row {
  readonly says: string;
  readonly config: string;
  readonly credentials?: string;
  /** Without one, none is named on either command line. */
  readonly profile?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const PROCESS_JSON = '{"Version":1,"AccessKeyId":"AKIAPROC","SecretAccessKey":"secret-of-process"}';
const KEYS = "aws_access_key_id = AKIAFILE\naws_secret_access_key = secret-of-the-file\n";
const ENV = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-env") };
const role = (account: number, name: string): string =>
  `role_arn = arn:aws:iam::${String(account).repeat(12)}:role/${name}\n`;
const to = (name: string, settings: string): string => `[profile ${name}]\nregion = us-east-1\n${settings}\n`;

const AGREED: readonly Row[] = [
  { says: "keys in the config file", config: to("p", KEYS) },
  { says: "keys in the credentials file", config: to("p", ""), credentials: `[p]\n${KEYS}` },
  {
    says: "a role from another profile's keys",
    config: to("p", `${role(2, "r")}source_profile = base`),
    credentials: `[base]\n${KEYS}`,
  },
  {
    says: "a role in the credentials file",
    config: to("base", KEYS),
    credentials: `[p]\n${role(2, "r")}source_profile = base\nregion = us-east-1\n`,
  },
  { says: "a role from the profile's own keys", config: to("p", `${role(2, "r")}source_profile = p\n${KEYS}`) },
  { says: "a role with a path", config: to("p", `${role(2, "team/app/r")}source_profile = b`) + to("b", KEYS) },
  {
    says: "a chain of three",
    config:
      to("p", `${role(4, "last")}source_profile = q`) +
      to("q", `${role(3, "middle")}source_profile = s`) +
      to("s", `${role(2, "first")}source_profile = base`) +
      to("base", KEYS),
  },
  {
    says: "a source profile with keys and a role",
    config: to("p", `${role(3, "r")}source_profile = q`) + to("q", `${role(2, "unused")}source_profile = b\n${KEYS}`),
  },
  {
    says: "session name, duration and external id",
    config:
      to(
        "p",
        `${role(2, "r")}source_profile = b\nrole_session_name = alice\nduration_seconds = 900\nexternal_id = x-1`,
      ) + to("b", KEYS),
  },
  {
    says: "a name with spaces, in quotes",
    config: `[profile "my role"]\nregion = us-east-1\n${role(2, "r")}source_profile = my keys\n[profile "my keys"]\n${KEYS}`,
    profile: "my role",
  },
  { says: "keys in the environment", config: to("p", `${role(2, "r")}credential_source = Environment`), env: ENV },
  { says: "the instance", config: to("p", `${role(2, "r")}credential_source = Ec2InstanceMetadata`) },
  { says: "the container", config: to("p", `${role(2, "r")}credential_source = EcsContainer`) },
  {
    says: "a chain from the container",
    config: to("p", `${role(3, "r")}source_profile = q`) + to("q", `${role(2, "r")}credential_source = EcsContainer`),
  },
  { says: "a process", config: to("p", `credential_process = printf %s '${PROCESS_JSON}'`) },
  {
    says: "a role from a process",
    config: to("p", `${role(2, "r")}source_profile = q`) + to("q", `credential_process = printf %s '${PROCESS_JSON}'`),
  },
  { says: "web identity", config: to("p", `${role(2, "web")}web_identity_token_file = token.jwt`) },
  {
    says: "a role from web identity",
    config:
      to("p", `${role(3, "r")}source_profile = q`) + to("q", `${role(2, "web")}web_identity_token_file = token.jwt`),
  },
  {
    says: "web identity from the environment",
    config: "",
    profile: "",
    env: {
      AWS_WEB_IDENTITY_TOKEN_FILE: "token.jwt",
      AWS_ROLE_ARN: "arn:aws:iam::222222222222:role/web",
      AWS_ROLE_SESSION_NAME: "job",
    },
  },
  { says: "no profile, keys in the environment", config: to("p", KEYS), profile: "", env: ENV },
  {
    says: "no profile, [default]",
    config: `[default]\n${role(2, "r")}source_profile = b\n${to("b", KEYS)}`,
    profile: "",
  },
  {
    says: "AWS_PROFILE",
    config: to("p", `${role(2, "r")}source_profile = b`) + to("b", KEYS),
    profile: "",
    env: { AWS_PROFILE: "p" },
  },
  {
    says: "keys in the environment beside a named profile",
    config: to("p", `${role(2, "r")}source_profile = b`) + to("b", KEYS),
    env: ENV,
  },
  {
    says: "comments, case and nested settings",
    config: `# c\n; d\n[profile p]\nREGION = us-east-1\nRole_Arn=arn:aws:iam::222222222222:role/r\nsource_profile = b\ns3 =\n  max_concurrent_requests = 2\n[profile b]\n${KEYS}`,
  },
];

const REFUSED: readonly Row[] = [
  { says: "a profile that is not there", config: to("q", KEYS) },
  { says: "a source profile that is not there", config: to("p", `${role(2, "r")}source_profile = nope`) },
  { says: "a role without a source", config: to("p", role(2, "r")) },
  {
    says: "two sources",
    config: to("p", `${role(2, "r")}source_profile = b\ncredential_source = Environment`) + to("b", KEYS),
    env: ENV,
  },
  {
    says: "a cycle",
    config: to("p", `${role(2, "r")}source_profile = q`) + to("q", `${role(3, "r")}source_profile = p`),
  },
  { says: "a source that is misspelt", config: to("p", `${role(2, "r")}credential_source = environment`), env: ENV },
  { says: "an environment without keys", config: to("p", `${role(2, "r")}credential_source = Environment`) },
  { says: "a process that fails", config: to("p", "credential_process = false") },
  { says: "a token file that is not there", config: to("p", `${role(2, "web")}web_identity_token_file = no.jwt`) },
];

let moto: Moto;
beforeAll(async () => {
  moto = await startMoto();
}, 60_000);
afterAll(() => moto.stop());

/** What both say: each `account role`, or undefined where it fails. */
async function ask({
  config,
  credentials,
  profile = "p",
  env,
}: Row): Promise<{ aws?: string; xrole?: string; errors: string }> {
  const instance = await fakeAws(imds);
  const container = await fakeAws((response) => response.end(containerReply("CONTAINER")));
  const files = {
    ".aws/config": config,
    "token.jwt": secret("header.claims.signature"),
    ...(credentials && { ".aws/credentials": credentials }),
  };
  const HOME = makeHome(files);
  const common = {
    PATH: PEER_PATH,
    HOME,
    AWS_ENDPOINT_URL: moto.url,
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_EC2_METADATA_SERVICE_ENDPOINT: `${instance.url}/`,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: container.url,
    ...env,
  };
  const words = ["sts", "get-caller-identity", "--output", "json", ...(profile === "" ? [] : ["--profile", profile])];
  const judge = await xrole(words, { command: AWS, cwd: HOME, env: common });
  const own = await xrole(["whoami", "--json", ...(profile === "" ? [] : [profile])], { cwd: HOME, env: common });
  const name = ({ status, stdout }: { status: number | null; stdout: string }): string | undefined => {
    if (status !== 0) return undefined;
    const answer = JSON.parse(stdout) as Record<string, string>;
    const arn = (answer.Arn ?? answer.arn ?? "").split("/").slice(0, 2).join("/");
    return `${answer.Account ?? answer.accountId ?? ""} ${arn}`;
  };
  const [aws, xrole_] = [name(judge), name(own)];
  return { ...(aws && { aws }), ...(xrole_ && { xrole: xrole_ }), errors: `${judge.stderr}\n${own.stderr}` };
}

describe("the AWS CLI and xrole agree on account and role", () => {
  it.each(AGREED)("$says", async (row) => {
    const { aws, xrole: own, errors } = await ask(row);
    expect(aws, errors).toBeDefined();
    expect(own, errors).toBe(aws);
  });
});

describe("the AWS CLI and xrole both refuse", () => {
  it.each(REFUSED)("$says", async (row) => {
    const { aws, xrole: own } = await ask(row);
    expect({ aws, own }).toEqual({ aws: undefined, own: undefined });
  });
});
