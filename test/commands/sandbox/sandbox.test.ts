// `xrole sandbox`: a command inside it, the exports without one, other worlds from a data file, and nothing left behind.
import { existsSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { makeHome } from "../../harness/home.ts";
import { shell, xrole } from "../../harness/run.ts";
import { printedBefore, start } from "../../harness/start.ts";

const world = {
  accounts: {
    "444444444444": {
      users: {
        bob: {
          accessKeyId: "AKIABOB",
          secretAccessKey: "secret-of-bob",
          policy: { Statement: { Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" } },
        },
      },
      roles: {
        "path/other": {
          trust: { Statement: { Effect: "Allow", Principal: { AWS: "444444444444" }, Action: "sts:AssumeRole" } },
          maxSessionDuration: 7200,
        },
      },
    },
  },
  files: {
    ".aws/config":
      "[profile other]\nrole_arn = arn:aws:iam::444444444444:role/path/other\nsource_profile = bob\nduration_seconds = 7200\nregion = us-east-1\n",
    ".aws/credentials": "[bob]\naws_access_key_id = AKIABOB\naws_secret_access_key = secret-of-bob\n",
  },
};

describe("a command in the sandbox", () => {
  it("plays the story: exec, env and credential-process from the instance", async () => {
    // A place of its own: others on this machine may be in a sandbox too.
    const TMPDIR = makeHome();
    const story = `xrole exec b-s3 -- printenv AWS_ACCOUNT_ID; xrole exec c-audit -- printenv AWS_ACCOUNT_ID
eval $(xrole env b-s3-alice); echo "$AWS_ACCOUNT_ID $XROLE_PROFILE"; eval $(xrole env --unset)
xrole credential-process b-s3 | cut -c 1-12
AWS_CONTAINER_CREDENTIALS_FULL_URI=$XROLE_SANDBOX_CONTAINER_URI AWS_CONTAINER_AUTHORIZATION_TOKEN=$XROLE_SANDBOX_CONTAINER_TOKEN \
xrole exec b-s3-container -- printenv AWS_ACCOUNT_ID
ls "$TMPDIR" | grep -c xrole-sandbox-
exit 9`;
    const run = await xrole(["sandbox", "--", "sh", "-ec", story], { env: { TMPDIR } });
    expect(run).toMatchObject({
      status: 9,
      stdout: '222222222222\n333333333333\n222222222222 b-s3-alice\n{"Version":1\n222222222222\n1\n',
      stderr: "",
    });
    expect(readdirSync(TMPDIR)).toEqual([]);
  });

  it("sees nothing of the caller's identity", async () => {
    const stale = {
      AWS_ACCESS_KEY_ID: "AKIAREAL",
      AWS_PROFILE: "real",
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://localhost/x",
    };
    const run = await xrole(["sandbox", "--", "sh", "-c", "env | grep -E 'AKIAREAL|=real|localhost/x' || echo none"], {
      env: stale,
    });
    expect(run.stdout).toBe("none\n");
  });

  it("is told in AWS's words why it is refused", async () => {
    const run = await xrole(["sandbox", "--", "xrole", "env", "b-s3", "--external-id", "not-asked-for"]);
    expect(run.status).toBe(0);
    const refused = await xrole(["sandbox", "--", "sh", "-c", "xrole exec c-audit --external-id wrong -- true"]);
    expect(refused.status).toBe(125);
    expect(refused.stderr).toContain(
      "arn:aws:iam::222222222222:role/role-b-s3 may not assume arn:aws:iam::333333333333:role/role-c-audit",
    );
    expect(refused.stderr).toContain("is not authorized to perform: sts:AssumeRole on resource");
  });

  it("may live in another world, from a data file", async () => {
    const HOME = makeHome({ "world.json": JSON.stringify(world) });
    const words = [
      "sandbox",
      "--data",
      "world.json",
      "--",
      "xrole",
      "exec",
      "other",
      "--",
      "printenv",
      "AWS_ACCOUNT_ID",
    ];
    expect(await xrole(words, { cwd: HOME })).toMatchObject({ status: 0, stdout: "444444444444\n" });
  });

  it("is looked for before anything is started", async () => {
    expect((await xrole(["sandbox", "--", "nosuch"])).status).toBe(127);
  });
});

describe("a data file that is wrong", () => {
  const role = world.accounts["444444444444"].roles["path/other"];
  it.each([
    ["no JSON", "{", "it is not JSON"],
    ["an unknown field", { account: {} }, "account is not known; known are accounts"],
    ["an account that is none", { accounts: { "12": {} } }, "accounts.12 is no account id"],
    [
      "a role without trust",
      { accounts: { "444444444444": { roles: { r: {} } } } },
      "accounts.444444444444.roles.r.trust must be an object",
    ],
    [
      "a condition that is not played",
      {
        accounts: {
          "444444444444": {
            roles: {
              r: { ...role, policy: { Statement: { Effect: "Allow", Action: "*", Condition: { IpAddress: {} } } } },
            },
          },
        },
      },
      "roles.r.policy.Statement[0].Condition.IpAddress is not played",
    ],
    [
      "an instance role that is not there",
      { accounts: {}, instance: { role: "arn:aws:iam::444444444444:role/x" } },
      "instance.role names",
    ],
    ["a file outside the home", { files: { "../x": "" } }, "files.../x must stay inside the home"],
  ])("is refused with its place: %s", async (_, data, text) => {
    const HOME = makeHome({ "world.json": typeof data === "string" ? data : JSON.stringify(data) });
    const run = await xrole(["sandbox", "--data", "world.json", "--", "true"], { cwd: HOME });
    expect(run.status).toBe(78);
    expect(run.stderr).toContain("xrole: world.json: ");
    expect(run.stderr).toContain(text);
  });

  it("or missing is said so", async () => {
    const run = await xrole(["sandbox", "--data", "/no/such.json", "--", "true"]);
    expect(run.status).toBe(78);
    expect(run.stderr).toContain("/no/such.json: there is no such file");
  });
});

describe("the sandbox without a command", () => {
  it.each(["SIGTERM", "SIGINT"] as const)(
    "prints its exports, works for other shells, and ends on %s",
    async (signal) => {
      const running = start(["sandbox"], { HOME: makeHome() });
      const exports_ = await printedBefore(running, "The sandbox is up");
      const run = await shell(
        `set -e\n${exports_}\nxrole exec b-s3 -- printenv AWS_ACCOUNT_ID; dirname "$(dirname "$AWS_CONFIG_FILE")"`,
      );
      const [account, home = ""] = run.stdout.split("\n");
      expect(account).toBe("222222222222");
      expect(existsSync(home)).toBe(true);
      running.child.kill(signal);
      expect((await running.ended).status).toBe(0);
      expect(existsSync(home)).toBe(false);
    },
  );
});
