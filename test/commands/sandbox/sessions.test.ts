// What sessions carry in `xrole sandbox`: MFA, web identity, tags, source identity, session policies; and faults on demand.
import { describe, expect, it } from "vitest";
import { makeHome } from "../../harness/home.ts";
import { xrole, type Run } from "../../harness/run.ts";

/** Lists the example's bucket with the SDK's own S3 client, as the demo does. */
const LIST = `node "$REPO/examples/list-bucket.mjs" b-s3-bucket`;

function inside(script: string, ...options: string[]): Promise<Run> {
  const env = { REPO: process.cwd() };
  return xrole(["sandbox", ...options, "--", "sh", "-c", script], { env });
}

const allow = (Action: string | string[], Condition?: object): object => ({
  Statement: { Effect: "Allow", Action, Resource: "*", ...(Condition && { Condition }) },
});
const trust = (AWS: string, Action: string | string[], Condition?: object): object => ({
  Statement: { Effect: "Allow", Principal: { AWS }, Action, ...(Condition && { Condition }) },
});

/** Alice, and roles that look at what a session brings. */
const world = {
  accounts: {
    "444444444444": {
      users: { alice: { accessKeyId: "AKIAALICE", secretAccessKey: "secret-of-alice", policy: allow("sts:*") } },
      roles: {
        tagged: {
          trust: trust("444444444444", ["sts:AssumeRole", "sts:TagSession"], {
            StringEquals: { "aws:RequestTag/team": "blue" },
          }),
          policy: allow("sts:*"),
        },
        middle: {
          trust: trust("444444444444", ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]),
          policy: allow("sts:*"),
        },
        untagged: { trust: trust("444444444444", "sts:AssumeRole"), policy: allow("sts:*") },
        named: {
          trust: trust("444444444444", ["sts:AssumeRole", "sts:SetSourceIdentity"], {
            StringLike: { "sts:SourceIdentity": "alice*" },
          }),
        },
        inner: {
          trust: trust("444444444444", ["sts:AssumeRole", "sts:TagSession"], {
            StringEquals: { "aws:PrincipalTag/team": "blue" },
          }),
        },
      },
      policies: { "no-sts": { Statement: { Effect: "Allow", Action: "s3:*", Resource: "*" } } },
    },
  },
  files: {
    ".aws/credentials": "[alice]\naws_access_key_id = AKIAALICE\naws_secret_access_key = secret-of-alice\n",
    ".aws/config": ["tagged", "untagged", "named", "inner"]
      .map((name) => `[profile ${name}]\nrole_arn = arn:aws:iam::444444444444:role/${name}\nregion = us-east-1\n`)
      .map((profile, index) => `${profile}source_profile = ${index === 3 ? "tagged" : "alice"}\n`)
      .join(""),
  },
};

async function played(...words: string[]): Promise<Run> {
  const cwd = makeHome({ "world.json": JSON.stringify(world), "narrow.json": JSON.stringify(allow("s3:ListBucket")) });
  return xrole(["sandbox", "--data", "world.json", "--", "xrole", ...words], { cwd });
}

describe("the example", () => {
  it("lists the bucket with an MFA code, and refuses without one", async () => {
    const run = await inside(`xrole exec b-s3-mfa -- ${LIST}`);
    expect(run.status, run.stderr).toBe(0);
    expect(run.stdout).toContain("reports/2026-11.csv");
    const refused = await inside(
      "xrole exec alice --role-arn arn:aws:iam::222222222222:role/role-b-s3-mfa -- true; echo $?",
    );
    expect(refused.stdout).toBe("125\n");
    expect(refused.stderr).toContain("(access-denied, 77)");
  });

  it("takes a code once", async () => {
    const code = "$(sandbox-mfa-code arn:aws:iam::111111111111:mfa/alice)";
    const run = await inside(
      `c=${code}; xrole exec b-s3-mfa --mfa-code $c -- true && xrole exec b-s3-mfa --fresh --mfa-code $c -- true`,
    );
    expect(run.status).toBe(125);
    expect(run.stderr).toContain("a code works once");
    expect(run.stderr).toContain("(mfa-refused, 77)");
  });

  it("lists the bucket with a CI job's token", async () => {
    const run = await inside(`xrole exec b-s3-ci -- ${LIST}`);
    expect(run.status, run.stderr).toBe(0);
    expect(run.stdout).toContain("hello.txt");
    const whoami = await inside("xrole whoami b-s3-ci --json");
    expect(JSON.parse(whoami.stdout)).toMatchObject({ accountId: "222222222222" });
  });

  it("refuses a token that it did not issue", async () => {
    const run = await inside("printf x.y.z >~/ci-token.jwt; xrole env b-s3-ci");
    expect(run.status).toBe(77);
    expect(run.stderr).toContain("InvalidIdentityToken");
  });

  it("is narrowed by a session policy and by --read-only", async () => {
    const policy = `{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}`;
    const run = await inside(
      `echo '${policy}' >p.json; xrole exec b-s3 --policy p.json -- ${LIST}; echo $?; rm p.json`,
    );
    expect(run.stdout).not.toContain("hello.txt");
    expect(run.stdout).toMatch(/\b1\n$/);
    const reading = await inside(`xrole exec b-s3 --read-only -- ${LIST}`);
    expect(reading.stdout).toContain("hello.txt");
  });
});

describe("a session", () => {
  it.each<[string, string[], number]>([
    ["with the tag that a role asks for", ["tagged", "--tag", "team=blue"], 0],
    ["with another", ["tagged", "--tag", "team=red"], 77],
    ["without tags", ["tagged"], 77],
    ["with tags that the role does not let in", ["untagged", "--tag", "team=blue"], 77],
    ["with the source identity that a role asks for", ["named", "--source-identity", "alice-1"], 0],
    ["with another source identity", ["named", "--source-identity", "mallory"], 77],
    ["that is not tagged on the way", ["inner"], 77],
  ])("%s", async (_, words, status) => {
    const run = await played("env", ...words);
    expect(run.status, run.stderr).toBe(status);
    if (status === 77) expect(run.stderr).toContain("may not assume");
  });

  it("hands a transitive tag on through a chain, and a plain one not", async () => {
    const cwd = makeHome({ "world.json": JSON.stringify(world) });
    const to = (role: string): string => `--role-arn arn:aws:iam::444444444444:role/${role}`;
    const go = (option: string): Promise<Run> => {
      const script = `eval "$(xrole env tagged --tag team=blue ${option})" && eval "$(xrole env ${to("middle")})" && xrole exec ${to("inner")} -- printenv AWS_ACCOUNT_ID`;
      return xrole(["sandbox", "--data", "world.json", "--", "sh", "-c", script], { cwd });
    };
    const passed = await go("--transitive-tag team");
    expect(passed.status, passed.stderr).toBe(0);
    expect(passed.stdout).toBe("444444444444\n");
    expect((await go("")).status).toBe(125);
  });

  it.each([
    ["a transitive tag", "--tag team=blue --transitive-tag team", "sts:TagSession"],
    ["a source identity", "--source-identity alice-1", "sts:SetSourceIdentity"],
  ])("carries %s to no role that does not let it in", async (_, options, action) => {
    const cwd = makeHome({ "world.json": JSON.stringify(world) });
    const to = (role: string): string => `--role-arn arn:aws:iam::444444444444:role/${role}`;
    const script = `eval "$(xrole env alice ${to("middle")} ${options})" && xrole exec ${to("untagged")} -- true`;
    const run = await xrole(["sandbox", "--data", "world.json", "--", "sh", "-c", script], { cwd });
    expect(run.status).toBe(125);
    expect(run.stderr).toContain(`no role trust policy allows the ${action} action`);
  });

  it.each([
    ["--policy", "narrow.json"],
    ["--policy-arn", "arn:aws:iam::444444444444:policy/no-sts"],
  ])("narrowed by %s may not go on", async (option, value) => {
    const cwd = makeHome({
      "world.json": JSON.stringify(world),
      "narrow.json": JSON.stringify(allow("s3:ListBucket")),
    });
    const script = `eval "$(xrole env untagged ${option} ${value})" && xrole exec --role-arn arn:aws:iam::444444444444:role/untagged -- true`;
    const run = await xrole(["sandbox", "--data", "world.json", "--", "sh", "-c", script], { cwd });
    expect(run.status).toBe(125);
    expect(run.stderr).toContain("no session policy allows the sts:AssumeRole action");
  });
});

describe("a fault on demand", () => {
  it.each([
    ["throttle", 75, "Rate exceeded"],
    ["unavailable", 75, "503 Service is unable to handle request."],
    ["denied", 77, "The sandbox was told to deny this."],
    ["instance.unavailable", 69, "answered 503"],
    ["throttle:2", 0, ""],
    ["unavailable:1", 0, ""],
    ["instance.unavailable:1", 0, ""],
    ["slow:1", 0, ""],
  ])("%s ends with %i", async (fault, status, text) => {
    const run = await inside("xrole env b-s3 >/dev/null", "--fault", fault);
    expect(run.status, run.stderr).toBe(status);
    expect(run.stderr).toContain(text);
  });

  it("may be several", async () => {
    const run = await inside("xrole env b-s3", "--fault", "unavailable:1", "--fault", "denied:1");
    expect(run.status).toBe(77);
  });

  it.each([
    [["--fault", "nonsense"], "--fault nonsense is not known"],
    [["--clock-offset", "soon"], "--clock-offset soon is not a time"],
    [["--clock-offset", "99999999999999999999h"], "--clock-offset 99999999999999999999h is out of range"],
    [["--longest-session", "-5m"], "--longest-session -5m is out of range"],
    [["--longest-session", "0"], "--longest-session 0 is out of range"],
  ])("that is not known is wrong usage: %j", async (options, text) => {
    const run = await inside("true", ...options);
    expect(run.status).toBe(64);
    expect(run.stderr).toContain(text);
  });
});

describe("a data file", () => {
  it.each<[string, object, string]>([
    [
      "an MFA secret that is none",
      {
        accounts: {
          "444444444444": { users: { a: { accessKeyId: "AKIAX", secretAccessKey: "secret-of-a", mfaSecret: "no" } } },
        },
      },
      "mfaSecret must be base32",
    ],
    ["a fault that is none", { faults: ["slow", "odd"] }, 'faults has "odd", which is not one of throttle'],
    ["a clock that is none", { clockOffset: "20m" }, "clockOffset must be a number of seconds"],
    [
      "a token outside the home",
      { webIdentity: { issuer: "x", subject: "y", file: "../t" } },
      "files.../t must stay inside the home",
    ],
  ])("with %s is refused with its place", async (_, data, text) => {
    const cwd = makeHome({ "world.json": JSON.stringify(data) });
    const run = await xrole(["sandbox", "--data", "world.json", "--", "true"], { cwd });
    expect(run.status).toBe(78);
    expect(run.stderr).toContain(text);
  });
});
