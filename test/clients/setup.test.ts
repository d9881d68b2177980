// What `xrole setup` prints, run by those it is for: the AWS CLI, CloudFormation's linter, moto's CloudFormation, Terraform.
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeHome } from "../harness/home.ts";
import { xrole, type Run } from "../harness/run.ts";
import { secret } from "../harness/secrets.ts";
import { AWS, PEER_PATH, PYTHON, VENV, startMoto, type Moto } from "./peers.ts";

const A = "111111111111";
const B = "222222222222";
const HOST = `arn:aws:iam::${A}:role/app-host`;
const MANAGED = `arn:aws:iam::${B}:policy/more`;
/** Variables of a policy, and what a shell, YAML, HCL and a template of each would make something of. */
const HOSTILE = {
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "Own",
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: ["arn:aws:s3:::x/${aws:username}/*", "arn:aws:s3:::y/$${a}%{b}$"],
    },
    {
      Effect: "Allow",
      Action: "dynamodb:*",
      Resource: "*",
      Condition: {
        StringEquals: { "aws:RequestTag/it's": `$(id) \`id\` "no" \\n \u00e9`, "aws:PrincipalTag/no": "yes" },
        Bool: { "aws:SecureTransport": "true" },
      },
    },
  ],
};
const POLICY = { "own.json": JSON.stringify(HOSTILE) };

let moto: Moto;
let base: Record<string, string>;
beforeAll(async () => {
  moto = await startMoto();
  base = {
    PATH: PEER_PATH,
    AWS_ENDPOINT_URL: moto.url,
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ACCESS_KEY_ID: "AKIAADMIN",
    AWS_SECRET_ACCESS_KEY: secret("secret-of-the-admin"),
  };
  const trust =
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}';
  await aws(
    await credentials(`arn:aws:iam::${A}:role/admin`),
    "iam",
    "create-role",
    "--role-name",
    "app-host",
    "--assume-role-policy-document",
    trust,
  );
  const more = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:Describe*","Resource":"*"}]}';
  await aws(await admin(B), "iam", "create-policy", "--policy-name", "more", "--policy-document", more);
}, 60_000);
afterAll(() => moto.stop());

/** What the AWS CLI answers. */
async function aws(env: Readonly<Record<string, string>>, ...words: string[]): Promise<unknown> {
  const run = await xrole([...words, "--output", "json"], { command: AWS, env: { ...env, HOME: makeHome() } });
  expect(run.status, run.stderr).toBe(0);
  return run.stdout === "" ? undefined : (JSON.parse(run.stdout) as unknown);
}

/** An environment with credentials of a role; moto makes the account of whatever role is asked for. */
async function credentials(role: string): Promise<Record<string, string>> {
  const answer = await aws(base, "sts", "assume-role", "--role-arn", role, "--role-session-name", "test");
  const { Credentials } = answer as { Credentials: Record<string, string> };
  return {
    ...base,
    AWS_ACCESS_KEY_ID: Credentials.AccessKeyId ?? "",
    AWS_SECRET_ACCESS_KEY: secret(Credentials.SecretAccessKey ?? ""),
    AWS_SESSION_TOKEN: secret(Credentials.SessionToken ?? ""),
  };
}
const admin = (account: string): Promise<Record<string, string>> => credentials(`arn:aws:iam::${account}:role/admin`);

async function setup(role: string, format: string, ...words: string[]): Promise<string> {
  const cwd = makeHome(POLICY);
  const all = [
    "--from-role",
    HOST,
    "--role-arn",
    role,
    "--s3-bucket",
    "b-s3-bucket:write",
    "--external-id",
    "x-1",
    "--policy",
    "own.json",
    "--policy-arn",
    MANAGED,
  ];
  const run = await xrole(["setup", "b-s3", ...all, ...words, "--format", format], { cwd });
  expect(run.status, run.stderr).toBe(0);
  return run.stdout;
}

interface Answer {
  readonly role: { trustPolicy: object; inlinePolicies: { name: string; document: object }[] };
  readonly caller: { policy: { name: string; document: object } };
  readonly config: string;
}
const answer = async (role: string, ...words: string[]): Promise<Answer> =>
  JSON.parse(await setup(role, "json", ...words)) as Answer;

/** Holds the roles of both accounts to what the JSON form says. */
async function expectMade(arn: string, words: readonly string[] = []): Promise<void> {
  const { role, caller } = await answer(arn, ...words);
  const name = arn.split("/").at(-1) ?? "";
  const inB = await admin(B);
  expect(await aws(inB, "iam", "get-role", "--role-name", name)).toMatchObject({
    Role: { Arn: arn, AssumeRolePolicyDocument: role.trustPolicy, Description: "Made by xrole setup" },
  });
  for (const { name: policy, document } of role.inlinePolicies) {
    const found = await aws(inB, "iam", "get-role-policy", "--role-name", name, "--policy-name", policy);
    expect(found).toMatchObject({ PolicyDocument: document });
  }
  const own = await aws(
    await admin(A),
    "iam",
    "get-role-policy",
    "--role-name",
    "app-host",
    "--policy-name",
    caller.policy.name,
  );
  expect(own).toMatchObject({ PolicyDocument: caller.policy.document });
}

async function expectAttached(arn: string): Promise<void> {
  const name = arn.split("/").at(-1) ?? "";
  expect(await aws(await admin(B), "iam", "list-attached-role-policies", "--role-name", name)).toMatchObject({
    AttachedPolicies: [{ PolicyArn: MANAGED }],
  });
}

/** The host, which has A's role, uses the profile. */
async function expectUsable(role: string, words: readonly string[] = []): Promise<void> {
  const { config } = await answer(role, "--credential-source", "Environment", ...words);
  const env = { ...(await credentials(HOST)), HOME: makeHome({ ".aws/config": config }) };
  const run = await xrole(
    ["exec", "b-s3", "--", AWS, "sts", "get-caller-identity", "--query", "Arn", "--output", "text"],
    { env },
  );
  expect(run.stdout, run.stderr).toContain(`arn:aws:sts::${B}:assumed-role/${role.split("/").at(-1) ?? ""}/`);
}

describe("the script", () => {
  const runScript = async (script: string, env: Readonly<Record<string, string>>): Promise<Run> => {
    const HOME = makeHome({ "setup.sh": script });
    return xrole(["setup.sh"], { command: "sh", cwd: HOME, env: { ...env, HOME } });
  };

  it.each([
    [`arn:aws:iam::${B}:role/role-b-s3`, []],
    [
      `arn:aws:iam::${B}:role/team/role-tagged`,
      ["--allow-tags", "--allow-source-identity", "--org-id", "o-a1b2c3d4e5"],
    ],
  ])("makes %s, run twice in either order, and xrole exec assumes it", async (role, words) => {
    const script = await setup(role, "cli", ...words);
    for (const account of [B, A, A, B]) {
      const run = await runScript(script, await admin(account));
      expect(run.status, run.stderr).toBe(0);
      expect(run.stderr).toBe("");
    }
    await expectMade(role, words);
    await expectAttached(role);
    await expectUsable(role, words);
  });

  it("does nothing in another account, and leaves a role of somebody else's as it is", async () => {
    const role = `arn:aws:iam::${B}:role/theirs`;
    const script = await setup(role, "cli");
    expect((await runScript(script, await admin("333333333333"))).status).toBe(1);
    const inB = await admin(B);
    const trust = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { AWS: "444444444444" }, Action: "sts:AssumeRole" }],
    };
    await aws(
      inB,
      "iam",
      "create-role",
      "--role-name",
      "theirs",
      "--assume-role-policy-document",
      JSON.stringify(trust),
    );
    const run = await runScript(script, inB);
    expect(run.status).toBe(1);
    expect(run.stderr).toContain("was not made by this script");
    expect(await aws(inB, "iam", "get-role", "--role-name", "theirs")).toMatchObject({
      Role: { AssumeRolePolicyDocument: trust },
    });
    expect(await aws(inB, "iam", "list-role-policies", "--role-name", "theirs")).toEqual({ PolicyNames: [] });
  });
});

describe("the CloudFormation template", () => {
  it.each([[[]], [["--allow-tags", "--org-id", "o-a1b2c3d4e5"]]])(
    "has nothing that cfn-lint minds: %j",
    async (words) => {
      const folder = makeHome({
        "template.yaml": await setup(`arn:aws:iam::${B}:role/team/by-stack`, "cloudformation", ...words),
      });
      const run = await xrole(["--include-checks", "I", "--", "template.yaml"], {
        command: join(VENV, "cfn-lint"),
        cwd: folder,
        env: { PATH: PEER_PATH },
      });
      expect(run, run.stdout).toMatchObject({ status: 0, stdout: "" });
    },
  );

  it("makes in each account what belongs there", async () => {
    const role = `arn:aws:iam::${B}:role/team/by-stack`;
    const folder = makeHome({ "template.yaml": await setup(role, "cloudformation") });
    for (const account of [B, A]) {
      const env = await admin(account);
      const words = [
        "cloudformation",
        "create-stack",
        "--stack-name",
        "xrole",
        "--template-body",
        `file://${folder}/template.yaml`,
      ];
      await aws(env, ...words, "--capabilities", "CAPABILITY_NAMED_IAM");
      expect(await aws(env, "cloudformation", "describe-stacks", "--stack-name", "xrole")).toMatchObject({
        Stacks: [{ StackStatus: "CREATE_COMPLETE" }],
      });
      const found = await aws(env, "cloudformation", "list-stack-resources", "--stack-name", "xrole");
      const { StackResourceSummaries } = found as { StackResourceSummaries: { LogicalResourceId: string }[] };
      // Of a resource whose condition does not hold, moto shows an empty name.
      expect(StackResourceSummaries.map((one) => one.LogicalResourceId).filter(Boolean)).toEqual(
        account === B ? ["Role", "Policy1", "Policy2"] : ["CallerPolicy"],
      );
    }
    // Moto makes nothing of ManagedPolicyArns; cfn-lint has judged it.
    await expectMade(role);
    await expectUsable(role);
  });
});

describe("the Terraform module", () => {
  it("is HCL that says what the JSON form says", async () => {
    const role = `arn:aws:iam::${B}:role/team/by-module`;
    const folder = makeHome({ "main.tf": await setup(role, "terraform") });
    const program = `import hcl2, json; print(json.dumps(hcl2.load(open("main.tf"))))`;
    const run = await xrole(["-c", program], { command: PYTHON, cwd: folder, env: { PATH: PEER_PATH } });
    expect(run.status, run.stderr).toBe(0);
    const { resource } = JSON.parse(run.stdout) as { resource: Record<string, Record<string, object>>[] };
    expect(
      resource
        .map((one) =>
          Object.entries(one).map(([type, named]) => [type, ...Object.keys(named)].join(" ").replaceAll('"', "")),
        )
        .flat(),
    ).toEqual([
      "aws_iam_role this",
      "aws_iam_role_policy s3",
      "aws_iam_role_policy policy",
      "aws_iam_role_policy_attachment managed_1",
      "aws_iam_role_policy caller",
    ]);
  });

  const plugins = terraformPlugins();
  it.skipIf(plugins === undefined)(
    "is applied by Terraform, twice, where that and its AWS provider are installed",
    async () => {
      const role = `arn:aws:iam::${B}:role/team/by-module`;
      const home = makeHome({ "main.tf": await setup(role, "terraform") });
      const profile = (name: string, env: Readonly<Record<string, string>>): string =>
        `[${name}]\naws_access_key_id = ${env.AWS_ACCESS_KEY_ID ?? ""}\naws_secret_access_key = ${env.AWS_SECRET_ACCESS_KEY ?? ""}\naws_session_token = ${env.AWS_SESSION_TOKEN ?? ""}\n`;
      writeFileSync(join(home, "credentials"), profile("a", await admin(A)) + profile("b", await admin(B)));
      // Whatever Terraform would ask of the world ends at a port that nobody listens on.
      const nowhere = "http://127.0.0.1:9";
      const env = {
        PATH: PEER_PATH,
        HOME: home,
        AWS_SHARED_CREDENTIALS_FILE: join(home, "credentials"),
        AWS_ENDPOINT_URL: moto.url,
        AWS_EC2_METADATA_DISABLED: "true",
        CHECKPOINT_DISABLE: "1",
        HTTPS_PROXY: nowhere,
        HTTP_PROXY: nowhere,
        NO_PROXY: "127.0.0.1",
        TF_VAR_trusting_profile: "b",
        TF_VAR_trusted_profile: "a",
      };
      const terraform = async (...words: string[]): Promise<void> => {
        const run = await xrole([...words, "-no-color"], { command: "terraform", cwd: home, env, limit: 100 });
        expect(run.status, `${run.stdout}${run.stderr}`).toBe(0);
      };
      await terraform("init", "-backend=false", `-plugin-dir=${plugins ?? ""}`);
      await terraform("fmt", "-check");
      await terraform("validate");
      await terraform("apply", "-auto-approve", "-input=false");
      await expectMade(role);
      await expectAttached(role);
      // Nothing is left to do: 2 would be a difference.
      await terraform("plan", "-detailed-exitcode", "-input=false");
      await expectUsable(role);
    },
  );
});

/** The folder of XROLE_TEST_TERRAFORM_PLUGINS, where it has Terraform's AWS provider, and Terraform is there. */
function terraformPlugins(): string | undefined {
  const folder = process.env.XROLE_TEST_TERRAFORM_PLUGINS;
  if (folder === undefined || !existsSync(join(folder, "registry.terraform.io/hashicorp/aws"))) return undefined;
  const { status } = spawnSync("terraform", ["-help"], { env: { PATH: PEER_PATH, CHECKPOINT_DISABLE: "1" } });
  return status === 0 ? folder : undefined;
}
