// `xrole doctor` against a moto that asks IAM: what it says where the caller's policy and the role's trust policy both lack
// something, and that the statements it prints, put there with the AWS CLI, let the caller through.
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Cause } from "../../src/doctor/types.ts";
import { makeHome } from "../harness/home.ts";
import { xrole } from "../harness/run.ts";
import { AWS, PEER_PATH, startMoto, type Moto } from "./peers.ts";

/** Moto's one account. */
const ACCOUNT = "123456789012";
const READER = `arn:aws:iam::${ACCOUNT}:role/reader`;
const policy = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

interface Keys {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
}

let moto: Moto;
let admin: Keys;
let alice: Keys;

/** Runs `aws iam ...` and gives what it prints. */
async function iam(words: readonly string[], keys?: Keys): Promise<string> {
  const env = {
    PATH: PEER_PATH,
    AWS_ENDPOINT_URL: moto.url,
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ACCESS_KEY_ID: keys?.AccessKeyId ?? "unchecked",
    AWS_SECRET_ACCESS_KEY: keys?.SecretAccessKey ?? "unchecked-secret",
  };
  const run = await xrole(["iam", ...words, "--output", "json"], { command: AWS, env });
  expect(run.status, run.stderr).toBe(0);
  return run.stdout;
}

async function user(name: string, own: string): Promise<Keys> {
  await iam(["create-user", "--user-name", name]);
  await iam(["put-user-policy", "--user-name", name, "--policy-name", "own", "--policy-document", own]);
  const made = JSON.parse(await iam(["create-access-key", "--user-name", name])) as { AccessKey: Keys };
  return made.AccessKey;
}

beforeAll(async () => {
  // As many as the calls below.
  moto = await startMoto(7);
  admin = await user("admin", policy({ Effect: "Allow", Action: "*", Resource: "*" }));
  alice = await user("alice", policy({ Effect: "Allow", Action: "s3:*", Resource: "*" }));
  const trust = policy({
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/admin` },
    Action: "sts:AssumeRole",
  });
  await iam(["create-role", "--role-name", "reader", "--assume-role-policy-document", trust]);
}, 60_000);
afterAll(() => moto.stop());

it("both sides that refuse are among the likely causes, and the statements mend it", async () => {
  const HOME = makeHome({
    ".aws/config": `[profile p]\nrole_arn = ${READER}\nsource_profile = alice\nregion = us-east-1\n`,
    ".aws/credentials": `[alice]\naws_access_key_id = ${alice.AccessKeyId}\naws_secret_access_key = ${alice.SecretAccessKey}\n`,
  });
  const env = { HOME, AWS_ENDPOINT_URL: moto.url };
  const run = await xrole(["doctor", "p", "--json"], { env });
  expect(run.status, run.stdout).toBe(77);
  const { steps } = JSON.parse(run.stdout) as { steps: { step: string; state: string; causes?: Cause[] }[] };
  const failed = steps.find(({ state }) => state === "failed");
  expect(failed?.step).toBe("hop 1");
  const likely = failed?.causes?.filter(({ likelihood }) => likelihood === "likely") ?? [];
  const statement = (name: string, where: string): object => {
    const fix = likely.find(({ cause }) => cause === name)?.fixes[0];
    if (fix?.do !== "add") throw new Error(`no statement for ${name}`);
    expect(fix).toMatchObject({ account: ACCOUNT, where });
    return fix.statement;
  };
  const own = policy(statement("caller-policy", "a policy of user alice"));
  const trust = policy(statement("trust", "the trust policy of role reader"));

  await iam(["put-user-policy", "--user-name", "alice", "--policy-name", "doctor", "--policy-document", own], admin);
  expect((await xrole(["doctor", "p"], { env })).status).toBe(77);
  await iam(["update-assume-role-policy", "--role-name", "reader", "--policy-document", trust], admin);
  const healed = await xrole(["doctor", "p"], { env });
  expect(healed.status, healed.stdout).toBe(0);
  expect(healed.stdout).toMatch(new RegExp(`^ok +identity +arn:aws:sts::${ACCOUNT}:assumed-role/reader/`, "m"));
});
