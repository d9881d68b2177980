// xrole against moto, with the AWS CLI and boto3 as its children: a role in another account, and a bucket only it has.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeHome } from "../harness/home.ts";
import { BINARY, shell, xrole, type Run } from "../harness/run.ts";
import { secret } from "../harness/secrets.ts";
import { AWS, PEER_PATH, PYTHON, startMoto, type Moto } from "./peers.ts";

const B = "222222222222";
const C = "333333333333";
const KEYS = { AWS_ACCESS_KEY_ID: "AKIAHOST", AWS_SECRET_ACCESS_KEY: secret("secret-of-the-host") };
const CONFIG = `[profile b-s3]
credential_source = Environment
role_arn = arn:aws:iam::${B}:role/role-b-s3
region = us-east-1

[profile c-audit]
source_profile = b-s3
role_arn = arn:aws:iam::${C}:role/role-c-audit
region = us-east-1

[profile by-process]
credential_process = ${process.execPath} ${BINARY} credential-process b-s3
region = us-east-1
`;

let moto: Moto;
let base: Record<string, string>;

beforeAll(async () => {
  moto = await startMoto();
  // PyPI's AWS CLI is version 1, which does not know AWS_REGION.
  base = {
    PATH: PEER_PATH,
    AWS_ENDPOINT_URL: moto.url,
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  const created = await inside(["exec", "b-s3", "--", AWS, "s3api", "create-bucket", "--bucket", "b-s3-bucket"]);
  expect(created.stderr).toBe("");
}, 60_000);
afterAll(() => moto.stop());

const environment = (): Record<string, string> => ({ ...base, ...KEYS, HOME: makeHome({ ".aws/config": CONFIG }) });
const inside = (words: readonly string[]): Promise<Run> => xrole(words, { env: environment() });

describe("the AWS CLI under exec", () => {
  it("is in the other account, and sees the bucket only that one has", async () => {
    const identity = await inside(["exec", "b-s3", "--", AWS, "sts", "get-caller-identity", "--output", "json"]);
    expect(JSON.parse(identity.stdout)).toMatchObject({ Account: B });
    expect(identity.stdout).toContain(":assumed-role/role-b-s3/");
    expect((await inside(["exec", "b-s3", "--", AWS, "s3", "ls"])).stdout).toContain("b-s3-bucket");
    expect((await inside(["exec", "c-audit", "--", AWS, "s3", "ls"])).stdout).not.toContain("b-s3-bucket");
    const without = await shell(`${AWS} s3 ls`, { env: environment() });
    expect(without).toMatchObject({ status: 0, stdout: "" });
  });

  it("is one hop further along a chain", async () => {
    const run = await inside([
      "exec",
      "c-audit",
      "--",
      AWS,
      "sts",
      "get-caller-identity",
      "--query",
      "Account",
      "--output",
      "text",
    ]);
    expect(run).toMatchObject({ status: 0, stdout: `${C}\n` });
  });

  it("reaches the account that it reaches by itself", async () => {
    for (const [profile, account] of [
      ["b-s3", B],
      ["c-audit", C],
    ] as const) {
      const words = "sts get-caller-identity --query Account --output text";
      const own = await shell(`${AWS} --profile ${profile} ${words}`, { env: environment() });
      const through = await inside(["exec", profile, "--", AWS, ...words.split(" ")]);
      expect(own.stdout, own.stderr).toBe(`${account}\n`);
      expect(through.stdout).toBe(own.stdout);
    }
  });
});

describe("credential_process = xrole credential-process", () => {
  it("gives the role to the AWS CLI", async () => {
    const run = await shell(`${AWS} --profile by-process sts get-caller-identity --query Account --output text`, {
      env: environment(),
    });
    expect(run.stdout, run.stderr).toBe(`${B}\n`);
  });

  it("gives the role to boto3", async () => {
    const program = `import boto3; s = boto3.Session(profile_name="by-process")
print(s.client("sts").get_caller_identity()["Account"], [b["Name"] for b in s.client("s3").list_buckets()["Buckets"]])`;
    const run = await xrole(["-c", program], { command: PYTHON, env: environment() });
    expect(run.stdout, run.stderr).toBe(`${B} ['b-s3-bucket']\n`);
  });

  // It renews credentials from 15 minutes before they end: such are renewed at each request, once they are loaded.
  it.each([
    ["15m", 1 + 3],
    ["1h", 1],
  ])("is asked for %s by boto3 as docs/sdks.md says", async (duration, times) => {
    // Each run writes a line.
    const line = `sh -c 'echo run >> "$0"; exec "$@"' RUNS ${process.execPath} ${BINARY} credential-process b-s3 --duration ${duration}`;
    const home = makeHome({ runs: "" });
    const config = CONFIG.replace(
      /credential_process = .*/,
      `credential_process = ${line.replace("RUNS", join(home, "runs"))}`,
    );
    const env = { ...environment(), HOME: makeHome({ ".aws/config": config }) };
    const program = `import boto3
sts = boto3.Session(profile_name="by-process").client("sts")
for _ in range(3): print(sts.get_caller_identity()["Account"])`;
    const run = await xrole(["-c", program], { command: PYTHON, env });
    expect(run.stdout, run.stderr).toBe(`${B}\n`.repeat(3));
    expect(readFileSync(join(home, "runs"), "utf8")).toBe("run\n".repeat(times));
  });

  it("fails in boto3 when xrole fails", async () => {
    const config = CONFIG.replace("credential-process b-s3", "credential-process nope");
    const env = { ...environment(), HOME: makeHome({ ".aws/config": config }) };
    const program = `import boto3
try: boto3.Session(profile_name="by-process").client("sts").get_caller_identity()
except Exception as error: print(type(error).__name__, "there is no profile" in str(error))`;
    const run = await xrole(["-c", program], { command: PYTHON, env });
    expect(run.stdout).toBe("CredentialRetrievalError True\n");
  });
});

describe.each([["bash"], ["dash"], ["busybox", "sh"]])("eval in %s %s", (...words) => {
  const inShell = (script: string): Promise<Run> =>
    shell(script, { shell: words.filter((word) => word !== ""), env: environment() });

  it.each(["eval $(xrole env b-s3)", 'eval "$(xrole env b-s3)"', 'c=$(xrole env b-s3) && eval "$c"'])(
    "takes the role and lets go of it: %s",
    async (take) => {
      const who = `${AWS} sts get-caller-identity --query Account --output text`;
      const run = await inShell(
        `set -eu; ${take}; ${who}; echo "$XROLE_PROFILE"; eval $(xrole env --unset); echo "\${AWS_SESSION_TOKEN-gone}"`,
      );
      expect(run.stdout, run.stderr).toBe(`${B}\nb-s3\ngone\n`);
    },
  );

  it.each(["eval $(xrole env nope)", 'eval "$(xrole env nope)"'])(
    "stops a script when xrole fails: %s",
    async (take) => {
      expect(await inShell(`set -e; ${take}; echo went on`)).toMatchObject({ status: 78, stdout: "" });
      expect(await inShell(`${take}; echo $?`)).toMatchObject({ status: 0, stdout: "78\n" });
    },
  );
});
