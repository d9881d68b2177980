// `xrole setup` on the built binary: what it prints is enough, and no more than that, and means what it says in every format.
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeHome } from "../harness/home.ts";
import { shell, xrole, type Run } from "../harness/run.ts";

const A = "111111111111";
const B = "222222222222";
const HOST = `arn:aws:iam::${A}:role/app-host`;
const ROLE = `arn:aws:iam::${B}:role/team/role-b-s3`;
const BASE = ["--from-role", HOST, "--role-arn", ROLE];
const BUCKET = ["--s3-bucket", "b-s3-bucket"];

const setup = (words: readonly string[], files: Readonly<Record<string, string>> = {}): Promise<Run> => {
  const home = makeHome(files);
  return xrole(["setup", ...words], { env: { HOME: home }, cwd: home });
};

interface Statement {
  readonly Action: string | string[];
  readonly Resource?: string | string[];
  readonly Principal?: object;
  readonly Condition?: object;
}
interface Answer {
  readonly role: {
    trustPolicy: { Statement: Statement[] };
    inlinePolicies: { name: string; document: { Statement: Statement[] } }[];
  };
  readonly caller: { policy: { name: string; document: { Statement: Statement[] } } };
  readonly config: string;
  readonly notes: string[];
}

async function json(words: readonly string[], files: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const run = await setup([...words, "--format", "json"], files);
  expect(run.status, run.stderr).toBe(0);
  return JSON.parse(run.stdout) as Answer;
}

describe("the sandbox, with what setup prints", () => {
  /** A world in which B's role and A's permission to assume it are those of an answer. */
  function world({ role, caller, config }: Answer): string {
    const [own] = role.inlinePolicies;
    const trust = { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" };
    const other = { Effect: "Allow", Action: "*", Resource: "*" };
    return JSON.stringify({
      accounts: {
        [A]: {
          roles: {
            "app-host": { trust: { Statement: trust }, policy: caller.policy.document },
            "someone-else": { trust: { Statement: trust }, policy: { Statement: other } },
          },
        },
        [B]: {
          roles: { "team/role-b-s3": { trust: role.trustPolicy, policy: own?.document } },
          buckets: {
            "b-s3-bucket": { objects: { "hello.txt": "hello" } },
            "other-bucket": { objects: { "hello.txt": "hello" } },
          },
        },
      },
      instance: { role: HOST, region: "us-east-1" },
      files: { ".aws/config": config },
    });
  }
  const inside = (data: string, script: string): Promise<Run> =>
    xrole(["sandbox", "--data", "world.json", "--", "sh", "-c", script], { cwd: makeHome({ "world.json": data }) });
  const LIST = `node ${join(import.meta.dirname, "../../examples/list-bucket.mjs")}`;

  it("lets the one role in, and to the one bucket", async () => {
    const data = world(await json(["b-s3", ...BASE, ...BUCKET]));
    const run = await inside(data, `xrole whoami b-s3 | head -1; xrole exec b-s3 -- ${LIST} b-s3-bucket`);
    expect(run.stdout, run.stderr).toContain(`account   ${B}\n`);
    expect(run.stdout).toContain("hello.txt");
    const other = await inside(data, `xrole exec b-s3 -- ${LIST} other-bucket`);
    expect(other.status).not.toBe(0);
    expect(other.stdout).not.toContain("hello.txt");
    const stranger = data.replace(
      `"instance":{"role":"${HOST}"`,
      `"instance":{"role":"arn:aws:iam::${A}:role/someone-else"`,
    );
    expect(stranger).not.toBe(data);
    expect((await inside(stranger, "xrole whoami b-s3")).status).toBe(77);
  });

  it("asks for the external id", async () => {
    const data = world(await json(["b-s3", ...BASE, ...BUCKET, "--external-id", "x-1"]));
    expect((await inside(data, "xrole whoami b-s3")).status).toBe(0);
    expect((await inside(data, "xrole whoami b-s3 --external-id x-2")).status).toBe(77);
  });

  it("lets tags and a source identity pass where it was asked to, and not elsewhere", async () => {
    const words = ["xrole", "whoami", "b-s3", "--tag", "team=blue", "--source-identity", "alice"].join(" ");
    const plain = world(await json(["b-s3", ...BASE, ...BUCKET]));
    expect((await inside(plain, words)).status).toBe(77);
    const more = ["--allow-tags", "--allow-source-identity", "--external-id", "x-1"];
    const allowed = await inside(world(await json(["b-s3", ...BASE, ...BUCKET, ...more])), words);
    expect(allowed.status, allowed.stderr).toBe(0);
  });
});

describe("the policies", () => {
  it("trust one role, under every condition that is asked for", async () => {
    const more = ["--external-id", "x-1", "--org-id", "o-a1b2c3d4e5", "--allow-tags"];
    const { role, caller } = await json(["b-s3", ...BASE, ...BUCKET, ...more]);
    const own = { Effect: "Allow", Principal: { AWS: HOST } };
    const org = { "aws:PrincipalOrgID": "o-a1b2c3d4e5" };
    expect(role.trustPolicy).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "AssumeRole",
          ...own,
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { ...org, "sts:ExternalId": "x-1" } },
        },
        { Sid: "Session", ...own, Action: "sts:TagSession", Condition: { StringEquals: org } },
      ],
    });
    expect(caller.policy).toMatchObject({
      name: `xrole-assume-${B}-role-b-s3`,
      document: { Statement: [{ Action: ["sts:AssumeRole", "sts:TagSession"], Resource: ROLE }] },
    });
  });

  it("give a bucket's actions on the bucket, and its objects' on them", async () => {
    const buckets = ["one", "two:read", "two:write", "three:write"].map((name) => [
      "--s3-bucket",
      name.replace(/^\w+/, "$&-b"),
    ]);
    const { role } = await json(["b-s3", ...BASE, ...buckets.flat()]);
    const [own] = role.inlinePolicies;
    expect(own?.document.Statement.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [["s3:ListBucket", "s3:GetBucketLocation"], "arn:aws:s3:::one-b"],
      ["s3:GetObject", "arn:aws:s3:::one-b/*"],
      [
        ["s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"],
        ["arn:aws:s3:::two-b", "arn:aws:s3:::three-b"],
      ],
      [
        ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
        ["arn:aws:s3:::two-b/*", "arn:aws:s3:::three-b/*"],
      ],
    ]);
  });

  it.each(["aws-cn", "aws-us-gov"])("are of partition %s where the roles are", async (partition) => {
    const words = ["--from-role", HOST, "--role-arn", ROLE].map((word) =>
      word.replace("arn:aws:", `arn:${partition}:`),
    );
    for (const format of ["text", "json", "cli", "cloudformation", "terraform"]) {
      const run = await setup(["b-s3", ...words, ...BUCKET, "--format", format]);
      expect(run.status, run.stderr).toBe(0);
      expect(run.stdout).toContain(`arn:${partition}:s3:::b-s3-bucket/*`);
      expect(run.stdout).not.toContain("arn:aws:");
    }
  });

  it("take the user's own file as it is", async () => {
    const document = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "dynamodb:*", Resource: "*" } };
    const { role } = await json(["b-s3", ...BASE, "--policy", "own.json"], { "own.json": JSON.stringify(document) });
    expect(role.inlinePolicies).toEqual([{ name: "xrole-policy", document }]);
  });
});

describe("the profile", () => {
  const CONFIG = `[profile b-s3]
role_arn = ${ROLE}
source_profile = base
external_id = x-9
region = eu-west-1
session_tags = team=blue
source_identity = alice
[profile base]
credential_source = EcsContainer
`;

  it("that is there says what need not be said again", async () => {
    const answer = await json(["b-s3", "--from-role", HOST, ...BUCKET], { ".aws/config": CONFIG });
    expect(answer.config).toBe(
      `[profile b-s3]\nrole_arn = ${ROLE}\nsource_profile = base\nregion = eu-west-1\nexternal_id = x-9\n`,
    );
    expect(JSON.stringify(answer.role.trustPolicy)).toContain('"sts:ExternalId":"x-9"');
    expect(answer.caller.policy.document.Statement[0]?.Action).toEqual([
      "sts:AssumeRole",
      "sts:TagSession",
      "sts:SetSourceIdentity",
    ]);
    const other = await json(["b-s3", ...BASE, ...BUCKET, "--credential-source", "Environment"], {
      ".aws/config": CONFIG,
    });
    expect(other.config).toContain("credential_source = Environment\n");
    expect(other.config).not.toContain("source_profile");
  });

  it("starts from the instance where nothing else is said, and can be followed", async () => {
    const { config } = await json(["my profile", ...BASE, ...BUCKET]);
    expect(config).toBe(`[profile "my profile"]\nrole_arn = ${ROLE}\ncredential_source = Ec2InstanceMetadata\n`);
    const HOME = makeHome({ ".aws/config": config });
    const run = await xrole(["explain", "my profile", "--json"], { env: { HOME } });
    expect(JSON.parse(run.stdout)).toMatchObject({ source: { kind: "instance" }, hops: [{ roleArn: ROLE }] });
  });

  it("on a container comes with a word about the tags of EKS", async () => {
    const words = ["b-s3", ...BASE, ...BUCKET, "--credential-source", "EcsContainer"];
    expect((await json(words)).notes.join()).toContain("--allow-tags");
    expect((await json([...words, "--allow-tags"])).notes.join()).not.toContain("--allow-tags");
  });
});

describe("the text", () => {
  it("names the account of each step, in the order to do them", async () => {
    const run = await setup(["b-s3", ...BASE, ...BUCKET, "--policy-arn", `arn:aws:iam::${B}:policy/more`]);
    const steps = [...run.stdout.matchAll(/^\d\. (?:In account (\d+)|On the host|Try it)/gm)].map(
      ([, account]) => account,
    );
    expect(steps).toEqual([B, B, A, undefined, undefined]);
    expect(run.stdout).toContain(`xrole configure b-s3 --role-arn ${ROLE} --credential-source Ec2InstanceMetadata\n`);
    expect(run.stdout).toContain("xrole exec b-s3 -- aws s3 ls s3://b-s3-bucket/\n");
    expect(run.stdout).toContain(`arn:aws:iam::${B}:policy/more`);
    expect(run.stdout).toContain("app-host must exist first");
  });

  it("has a line that writes the profile it shows", async () => {
    const run = await setup([
      "my 'profile'",
      ...BASE,
      ...BUCKET,
      "--external-id",
      "x-1",
      "--source-profile",
      "the base",
      "--region",
      "us-east-1",
    ]);
    const [, line = ""] = /^(xrole configure .*)$/m.exec(run.stdout) ?? [];
    const base = '[profile "the base"]\ncredential_source = EcsContainer\n';
    const HOME = makeHome({ ".aws/config": base });
    const written = await shell(line, { env: { HOME } });
    expect(written.status, written.stderr).toBe(0);
    const [, shown = ""] = /^(\[profile .*?\n)\n/ms.exec(run.stdout) ?? [];
    expect(readFileSync(join(HOME, ".aws/config"), "utf8")).toBe(`${base}\n${shown}`);
  });
});

describe("the script", () => {
  /** An `aws` that writes its words down, and answers as an account without any role of that name. */
  const FAKE = `#!${process.execPath}
const { appendFileSync } = require("node:fs");
const words = process.argv.slice(2);
appendFileSync(process.env.CALLS, JSON.stringify(words) + "\\n");
if (words[1] === "get-caller-identity") console.log(process.env.ACCOUNT);
else if (words[1] === "get-role" && words.includes("Role.Arn")) console.log(process.env.HOST_ARN);
else if (words[1] === "get-role") { if (!process.env.FOUND) process.exit(254); console.log(process.env.FOUND); }
`;

  async function runScript(
    script: string,
    env: Readonly<Record<string, string>>,
  ): Promise<{ run: Run; calls: string[][]; home: string }> {
    const home = makeHome({ "bin/aws": FAKE, "setup.sh": script, calls: "" });
    chmodSync(join(home, "bin/aws"), 0o755);
    const PATH = `${join(home, "bin")}:${process.env.PATH ?? ""}`;
    const run = await xrole(["setup.sh"], {
      command: "sh",
      cwd: home,
      env: { PATH, CALLS: join(home, "calls"), HOST_ARN: HOST, ...env },
    });
    const lines = readFileSync(join(home, "calls"), "utf8")
      .split("\n")
      .filter((line) => line !== "");
    return {
      run,
      home,
      calls: lines.map((line) => JSON.parse(line) as string[]).filter(([, verb]) => verb !== "get-caller-identity"),
    };
  }
  const verbs = (calls: readonly string[][]): (string | undefined)[] => calls.map(([, verb]) => verb);

  it("does in each account what belongs there, and nothing in another", async () => {
    const { stdout } = await setup([
      "b-s3",
      ...BASE,
      ...BUCKET,
      "--policy-arn",
      `arn:aws:iam::${B}:policy/more`,
      "--format",
      "cli",
    ]);
    const inB = await runScript(stdout, { ACCOUNT: B });
    expect(inB.run.status, inB.run.stderr).toBe(0);
    expect(verbs(inB.calls)).toEqual(["get-role", "create-role", "put-role-policy", "attach-role-policy"]);
    const inA = await runScript(stdout, { ACCOUNT: A });
    expect(inA.run.status, inA.run.stderr).toBe(0);
    expect(verbs(inA.calls)).toEqual(["get-role", "put-role-policy"]);
    const elsewhere = await runScript(stdout, { ACCOUNT: "333333333333" });
    expect(elsewhere.run.status).toBe(1);
    expect(elsewhere.run.stderr).toContain("account 333333333333, and nothing is to be done there");
    expect(elsewhere.calls).toEqual([]);
  });

  it("stops where the credentials are none, where somebody else made the role, and where A's role is another", async () => {
    const { stdout } = await setup(["b-s3", ...BASE, ...BUCKET, "--format", "cli"]);
    expect((await runScript(stdout.replaceAll("aws sts", "false sts"), {})).run.status).not.toBe(0);
    for (const FOUND of [`${ROLE}\tNone`, `${ROLE.replace("team/", "")}\tMade by xrole setup`]) {
      const theirs = await runScript(stdout, { ACCOUNT: B, FOUND });
      expect(theirs.run.status).toBe(1);
      expect(theirs.run.stderr).toContain("was not made by this script");
      expect(verbs(theirs.calls)).toEqual(["get-role"]);
    }
    const own = await runScript(stdout, { ACCOUNT: B, FOUND: `${ROLE}\tMade by xrole setup` });
    expect(verbs(own.calls)).toEqual(["get-role", "update-assume-role-policy", "put-role-policy"]);
    const moved = await runScript(stdout, { ACCOUNT: A, HOST_ARN: `arn:aws:iam::${A}:role/elsewhere/app-host` });
    expect(moved.run.status).toBe(1);
    expect(verbs(moved.calls)).toEqual(["get-role"]);
  });

  it("hands over every word as it was given, whatever a shell would make of it", async () => {
    const path = `/it's"$(touch\\pwned)\`touch.pwned\`&&;|<>#!/`.replaceAll("$", "");
    const role = `arn:aws:iam::${B}:role${path}-rf`;
    const document = {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "s",
          Effect: "Allow",
          Action: "s3:*",
          Resource: "arn:aws:s3:::x/${aws:username}/it's $(touch pwned) `touch pwned` \\n \"é",
        },
      ],
    };
    const words = [
      "$(touch pwned)'`x",
      "--from-role",
      HOST,
      "--role-arn",
      role,
      "--policy",
      "own.json",
      "--format",
      "cli",
    ];
    const { stdout, stderr, status } = await setup(words, { "own.json": JSON.stringify(document) });
    expect(status, stderr).toBe(0);
    const { run, calls, home } = await runScript(stdout, { ACCOUNT: B });
    expect(run.status, run.stderr).toBe(0);
    const value = (call: string[] | undefined, option: string): string | undefined =>
      call?.[call.indexOf(option) + 1] ?? undefined;
    const [, create, put] = calls;
    expect(create).toContain("--role-name=-rf");
    expect(value(create, "--path")).toBe(path);
    expect(JSON.parse(value(put, "--policy-document") ?? "")).toEqual(document);
    expect(existsSync(join(home, "pwned"))).toBe(false);
    const inA = await runScript(stdout, { ACCOUNT: A });
    const policy = JSON.parse(value(inA.calls[1], "--policy-document") ?? "") as { Statement: Statement[] };
    expect(policy.Statement[0]?.Resource).toBe(role);
  });
});

describe("what is refused:", () => {
  const POLICY = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
  const long = { ...POLICY, Statement: [{ ...POLICY.Statement[0], Sid: "x".repeat(10_300) }] };
  const files = {
    "list.json": "[]",
    "principal.json": JSON.stringify({ Statement: { Effect: "Allow", Principal: "*", Action: "*" } }),
    "empty.json": JSON.stringify({ ...POLICY, Statement: [] }),
    "more.json": JSON.stringify({ ...POLICY, Comment: "x" }),
    "emoji.json": JSON.stringify({ ...POLICY, Id: "\u{1f600}" }),
    "long.json": JSON.stringify(long),
    "resolve.json": JSON.stringify({ ...POLICY, Id: "{{resolve:ssm:x}}" }),
    "function.json": JSON.stringify({ Statement: { Effect: "Allow", Action: "*", Resource: { "Fn::Sub": "x" } } }),
  };
  it.each([
    [[...BASE], 64, "nothing says what the role may do"],
    [["--role-arn", ROLE, ...BUCKET], 64, "--from-role is missing"],
    [["--from-role", HOST, ...BUCKET], 64, "--role-arn is missing"],
    [[...BASE, ...BUCKET, "--format", "yaml"], 64, "Allowed choices are text, json, cli, cloudformation, terraform"],
    [
      ["--from-role", `arn:aws:sts::${A}:assumed-role/app-host/i-1`, "--role-arn", ROLE, ...BUCKET],
      78,
      `it names a session of a role\n  hint: write ${HOST}; if the role has a path`,
    ],
    [["--from-role", `arn:aws:iam::${A}:root`, "--role-arn", ROLE, ...BUCKET], 78, "it names a whole account"],
    [["--from-role", `arn:aws:iam::${A}:role/*`, "--role-arn", ROLE, ...BUCKET], 78, "up to 64 of A-Z"],
    [["--from-role", HOST, "--role-arn", `arn:aws:iam::${B}:role/x*/y`, ...BUCKET], 78, "the ARN of one role"],
    [
      ["--from-role", HOST, "--role-arn", `arn:aws:iam::${B}:role/\${aws:username}/y`, ...BUCKET],
      78,
      "the ARN of one role",
    ],
    [["--from-role", HOST, "--role-arn", `arn:aws:iam::${B}:role/a b`, ...BUCKET], 78, "up to 64 of A-Z"],
    [["--from-role", HOST, "--role-arn", `${ROLE}\n`, ...BUCKET], 78, "it begins or ends with a blank"],
    [["--from-role", HOST, "--role-arn", HOST, ...BUCKET], 78, "another role"],
    [
      ["--from-role", HOST.replace("aws", "aws-cn"), "--role-arn", ROLE, ...BUCKET],
      78,
      "no role is assumed across partitions",
    ],
    [["--from-role", HOST.replace("aws", "aws-x"), "--role-arn", ROLE, ...BUCKET], 78, "partition that there is"],
    [[...BASE, "--s3-bucket", "B-upper"], 78, "the name of a bucket"],
    [[...BASE, "--s3-bucket", "b-s3-bucket:delete"], 78, "the name of a bucket"],
    [[...BASE, "--s3-bucket", "*"], 78, "the name of a bucket"],
    [[...BASE, "--s3-bucket", "192.168.1.1"], 78, "the name of a bucket"],
    [[...BASE, "--policy-arn", `arn:aws:iam::${A}:policy/x`], 78, `a policy of AWS's or of account ${B}`],
    [[...BASE, "--policy-arn", "arn:aws-cn:iam::aws:policy/x"], 78, "in partition aws"],
    [[...BASE, ...BUCKET, "--external-id", "a b"], 78, "2 to 1224"],
    [[...BASE, ...BUCKET, "--org-id", "acme"], 78, "o-a1b2c3d4e5"],
    [[...BASE, ...BUCKET, "--region", "x;y"], 78, "the name of a region"],
    [[...BASE, ...BUCKET, "--credential-source", "ec2"], 78, "is not one of Environment, Ec2InstanceMetadata"],
    [[...BASE, ...BUCKET, "--credential-source", "Environment", "--source-profile", "x"], 78, "has both"],
    [[...BASE, ...BUCKET, "--source-profile", "x\ny"], 78, "on one line"],
    [[...BASE, ...BUCKET, "--source-profile", "x\u2028y"], 78, "on one line"],
    [[...BASE, ...BUCKET, "--source-profile", "x\u0085y"], 78, "on one line"],
    [[...BASE, "--policy", "nope.json"], 78, "there is no such file"],
    [[...BASE, "--policy", "list.json"], 78, "it is no JSON object"],
    [[...BASE, "--policy", "principal.json"], 78, "names no Principal"],
    [[...BASE, "--policy", "empty.json"], 78, "Statement is not one statement"],
    [[...BASE, "--policy", "more.json"], 78, "Comment is no part of a policy"],
    [[...BASE, "--policy", "emoji.json"], 78, "U+00FF"],
    [[...BASE, "--policy", "long.json"], 64, "at most 10240"],
    [[...BASE, "--policy", "resolve.json", "--format", "cloudformation"], 64, "would replace {{resolve:"],
    [[...BASE, "--policy", "function.json", "--format", "cloudformation"], 64, "would replace Fn::Sub"],
  ])("%j", async (words, status, text) => {
    const run = await setup(["b-s3", ...words], files);
    expect(run, run.stderr).toMatchObject({ status, stdout: "" });
    expect(run.stderr).toContain(text);
  });

  it.each(["a\nb", "\u001b[31m", "a\u2028b", "a\u202eb", "a]b", ""])("a profile named %j", async (name) => {
    const run = await setup([name, ...BASE, ...BUCKET]);
    expect(run).toMatchObject({ status: 78, stdout: "" });
    expect(run.stderr).toContain("a name on one line, without ]");
  });
});
