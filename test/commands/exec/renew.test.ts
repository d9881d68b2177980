// `exec --renew`: a command that outlives its credentials, and finds no others than the role's.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { fakeAws, awsError, assumeRoleReply, hourly, type Answer, type FakeAws } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { xrole, type Run } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";
import { start } from "../../harness/start.ts";

const CONFIG = `[profile p]
role_arn = arn:aws:iam::222222222222:role/p
credential_source = Environment
region = eu-west-1
output = text
retry_mode = standard
external_id = not-for-the-child
s3 =
  addressing_style = path
  max_concurrent_requests = 3
services = local

[profile q]
role_arn = arn:aws:iam::222222222222:role/q
source_profile = p
xrole_renew = true

[services local]
s3 =
  endpoint_url = http://127.0.0.1:1
dynamodb =
  endpoint_url = http://127.0.0.1:2

[default]
aws_access_key_id = AKIADEFAULT
aws_secret_access_key = secret-of-default
region = ap-south-1
`;

async function host(answer: Answer): Promise<FakeAws & { env: Record<string, string> }> {
  const { url, asked } = await fakeAws(answer);
  const home = makeHome({
    ".aws/config": CONFIG,
    ".aws/credentials": "[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key = secret-of-default\n",
  });
  const env = {
    HOME: home,
    AWS_ACCESS_KEY_ID: "AKIAENV",
    AWS_SECRET_ACCESS_KEY: secret("secret-of-env"),
    AWS_ENDPOINT_URL_STS: url,
  };
  return { url, asked, env };
}

/** Sessions of 65 s, in whole seconds as AWS's: none is handed out in its last minute, so they are renewed after five seconds. */
const short: Answer = (response, { body }) => {
  const end = new Date(Math.ceil(Date.now() / 1000) * 1000 + 65_000);
  response.end(assumeRoleReply(body, { expiration: end.toISOString() }));
};

/** The first two sessions are short, the third is not. */
const twoShort: Answer = (response, one, count) => (count < 3 ? short : hourly)(response, one, count);

/** Prints what the endpoint says, as JSON. */
const FETCH = `fetch(process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI,{headers:{authorization:process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN}}).then(async r=>console.log(r.status,(await r.json()).AccessKeyId))`;
const node = (script: string): string[] => [process.execPath, "-e", script];

describe("the command", () => {
  it("finds the endpoint, and no keys, files or instance beside it", async () => {
    const { env } = await host(hourly);
    const stale = {
      AWS_SESSION_TOKEN: secret("stale-token"),
      AWS_PROFILE: "p",
      AWS_WEB_IDENTITY_TOKEN_FILE: "/x",
      AWS_CREDENTIAL_FILE: "/x",
      AWS_CREDENTIAL_PROFILES_FILE: "/x",
      CPL_AWS_CREDENTIALS_FILE: "/x",
      AWS_SDK_LOAD_CONFIG: "0",
      AMAZON_ACCESS_KEY_ID: "AKIASTALE",
      AMAZON_SECRET_ACCESS_KEY: secret("stale-amazon-key"),
      EC2_ACCESS_KEY: "AKIASTALE",
      AWSACCESSKEYID: "AKIASTALE",
    };
    const script = `env | grep -E '^(AWS|AMAZON|EC2|CPL|XROLE|BOTO)' | sed 's/=.*TOKEN.*/=.../' | sort; stat -c '%a %s' "$AWS_CONFIG_FILE" "$AWS_SHARED_CREDENTIALS_FILE"
      for file in "$AWS_CREDENTIAL_PROFILES_FILE" "$CPL_AWS_CREDENTIALS_FILE" "$BOTO_CONFIG"; do test "$file" = "$AWS_SHARED_CREDENTIALS_FILE" || exit 9; done
      test "$(cat "$AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")" = "$AWS_CONTAINER_AUTHORIZATION_TOKEN" || exit 8; cat "$AWS_CONFIG_FILE"`;
    const run = await xrole(["exec", "p", "--renew", "--", "sh", "-c", script], { env: { ...env, ...stale } });
    expect(run.status, run.stderr).toBe(0);
    const [variables = "", file = ""] = run.stdout.split(/(?=^600 )/m).map((part) => part);
    const names = variables.split("\n").map((line) => line.split("=")[0]);
    expect(names.filter((name) => name !== "" && name !== "XROLE_TEST_GUARD")).toEqual([
      "AWS_ACCOUNT_ID",
      "AWS_CONFIG_FILE",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
      "AWS_CONTAINER_CREDENTIALS_FULL_URI",
      "AWS_CREDENTIAL_PROFILES_FILE",
      "AWS_DEFAULT_REGION",
      "AWS_EC2_METADATA_DISABLED",
      "AWS_ENDPOINT_URL_DYNAMODB",
      "AWS_ENDPOINT_URL_S3",
      "AWS_ENDPOINT_URL_STS",
      "AWS_REGION",
      "AWS_RETRY_MODE",
      "AWS_SDK_LOAD_CONFIG",
      "AWS_SHARED_CREDENTIALS_FILE",
      "BOTO_CONFIG",
      "CPL_AWS_CREDENTIALS_FILE",
      "XROLE_ENDPOINT",
      "XROLE_PROFILE",
      "XROLE_REGION",
      "XROLE_SETTINGS",
    ]);
    expect(variables).toContain("AWS_REGION=eu-west-1\n");
    expect(variables).toContain("AWS_SDK_LOAD_CONFIG=1\n");
    expect(file).toMatch(/^600 \d+\n$/);
    expect(run.stdout).toMatch(/^600 0$/m);
    expect(run.stdout.slice(run.stdout.indexOf("[default]"))).toBe(
      `[default]
region = eu-west-1
output = text
retry_mode = standard
s3 =${" "}
  addressing_style = path
  max_concurrent_requests = 3
services = local
[services local]
s3 =${" "}
  endpoint_url = http://127.0.0.1:1
dynamodb =${" "}
  endpoint_url = http://127.0.0.1:2
`,
    );
  });

  it("gets new credentials before the old ones end, in the SDK's own way", async () => {
    const { env, asked } = await host(twoShort);
    const sdk = resolve("node_modules/@aws-sdk/credential-providers/dist-cjs/index.js");
    // Asks for credentials every quarter of a second until the session that is not short. None has less than a minute when it is asked for.
    const script = `
      process.emitWarning = () => {};
      const { fromNodeProviderChain } = require(${JSON.stringify(sdk)});
      (async () => {
        for (let left = 0; left < 1800000; await new Promise((done) => setTimeout(done, 250))) {
          const asked = Date.now();
          const { expiration, accessKeyId } = await fromNodeProviderChain()();
          left = expiration - asked;
          if (accessKeyId !== "ASIAp") throw new Error(accessKeyId);
          if (left < 60000) throw new Error("too late: " + left);
        }
        console.log("three sessions");
      })();`;
    const run = await xrole(["exec", "p", "--renew", "--", ...node(script)], { env });
    expect(run.stdout, run.stderr).toBe("three sessions\n");
    expect(asked).toHaveLength(3);
  });

  it("is told nothing new, and gets the old ones, while STS is away", async () => {
    let isAway = false;
    const { env, asked } = await host((response, one, count) => {
      if (isAway) awsError(response, 503, "ServiceUnavailable", "away");
      else short(response, one, count);
      isAway = true;
    });
    const script = `setTimeout(()=>{${FETCH}},6100)`;
    const run = await xrole(["exec", "p", "--renew", "--", ...node(script)], { env, limit: 40 });
    // 59 s are left: too little to hand out, so it is an error, which the SDK tells.
    expect(run.stdout).toBe("503 undefined\n");
    expect(run.stderr).toMatch(/^xrole: warning: .*(could not be renewed|kept from before)/m);
    expect(asked.length).toBeGreaterThan(1);
  });

  it("shares its calls with other commands", async () => {
    const { env, asked } = await host(hourly);
    await xrole(["env", "p"], { env });
    const run = await xrole(["exec", "p", "--renew", "--", ...node(FETCH)], { env });
    expect(run.stdout).toBe("200 ASIAp\n");
    expect(asked).toHaveLength(1);
  });
});

describe("keys that have no end", () => {
  it("are the command's as they are, with a warning", async () => {
    const { env } = await host(hourly);
    const run = await xrole(["exec", "default", "--renew", "--", "sh", "-c", 'echo "$AWS_ACCESS_KEY_ID"'], { env });
    expect(run).toMatchObject({ status: 0, stdout: "AKIADEFAULT\n" });
    expect(run.stderr).toBe(
      "xrole: warning: these credentials have no end that is known: the command gets them as they are\n",
    );
  });
});

describe("xrole_renew = true", () => {
  it("makes it the profile's default, which explain shows and --no-renew undoes", async () => {
    const { env } = await host(hourly);
    const show = ["--", "sh", "-c", 'echo "${AWS_ACCESS_KEY_ID-none} ${AWS_CONTAINER_CREDENTIALS_FULL_URI+endpoint}"'];
    expect((await xrole(["exec", "q", ...show], { env })).stdout).toBe("none endpoint\n");
    expect((await xrole(["exec", "q", "--no-renew", ...show], { env })).stdout).toBe("ASIAq \n");
    expect((await xrole(["exec", "p", ...show], { env })).stdout).toBe("ASIAp \n");
    const { stdout } = await xrole(["explain", "q", "--json"], { env });
    expect(JSON.parse(stdout)).toMatchObject({ renewFrom: `${join(env.HOME ?? "", ".aws/config")}:16` });
  });

  it("is true or false", async () => {
    const { env } = await host(hourly);
    const config = CONFIG.replace("xrole_renew = true", "xrole_renew = yes");
    const run = await xrole(["exec", "q", "--", "true"], {
      env: { ...env, HOME: makeHome({ ".aws/config": config }) },
    });
    expect(run).toMatchObject({ status: 125, stdout: "" });
    expect(run.stderr).toContain("xrole_renew = yes is not true or false");
  });
});

describe("the endpoint of exec --renew", () => {
  const ended = async (run: Promise<Run>): Promise<[Run, string, string]> => {
    const done = await run;
    const [, uri = "", file = ""] = /^(\S+) (\S+)$/m.exec(done.stdout) ?? [];
    return [done, uri, file];
  };
  const show = 'echo "$AWS_CONTAINER_CREDENTIALS_FULL_URI $AWS_CONFIG_FILE"';

  it.each([
    ["returns", `${show}; exit 7`, { status: 7, signal: null }],
    ["is killed", `${show}; kill -KILL $$`, { status: null, signal: "SIGKILL" }],
  ])("is gone, and its files, when the command %s", async (_, script, how) => {
    const { env } = await host(hourly);
    const [run, uri, file] = await ended(xrole(["exec", "p", "--renew", "--", "sh", "-c", script], { env }));
    expect(run).toMatchObject(how);
    await expect(fetch(uri)).rejects.toThrow();
    expect(() => readFileSync(file)).toThrow("ENOENT");
  });

  it("is not begun for a command that is not there, or a role that is refused", async () => {
    const { env } = await host((response) => awsError(response, 403, "AccessDenied", "no"));
    expect((await xrole(["exec", "p", "--renew", "--", "nosuch"], { env })).status).toBe(127);
    const refused = await xrole(["exec", "p", "--renew", "--", "echo", "ran"], { env });
    expect(refused).toMatchObject({ status: 125, stdout: "" });
    expect(refused.stderr).toContain("(access-denied, 77)");
  });

  it("leaves SIGUSR1 to the command", async () => {
    const { env } = await host(hourly);
    const script = "trap 'echo got it; exit 9' USR1; echo ready; while :; do sleep 0.05; done";
    const { child, ended } = start(["exec", "p", "--renew", "--", "sh", "-c", script], env);
    child.stdout?.once("data", () => child.kill("SIGUSR1"));
    expect(await ended).toMatchObject({ status: 9, stdout: "ready\ngot it\n", stderr: "" });
  });
});
