// What a message says to do next: a command that can be pasted, for the profile and the options that were meant.
import { describe, expect, it } from "vitest";
import { awsError, fakeAws, hourly, imds, sts, type Answer } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { BINARY, shell, xrole, type Run } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";

const role = (name: string, source: string): string =>
  `[profile ${name}]\nrole_arn = arn:aws:iam::222222222222:role/${name.at(-1) ?? ""}\n${source}\nregion = us-east-1\n`;
const CONFIG =
  role("p", "credential_source = Environment") +
  role("my q", "source_profile = p").replace("my q", '"my q"') +
  role("i", "credential_source = Ec2InstanceMetadata");
const KEYS = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-env") };
const ROLE = "arn:aws:iam::333333333333:role/r";

/** Denies one role, and gives the others. */
const denying =
  (denied: string): Answer =>
  (response, asked, count) => {
    if (!asked.body.includes(encodeURIComponent(denied))) hourly(response, asked, count);
    else awsError(response, 403, "AccessDenied", "no");
  };

async function run(words: readonly string[], { answer = hourly, env = KEYS } = {}): Promise<Run> {
  const { url } = await fakeAws(answer);
  const HOME = makeHome({ ".aws/config": CONFIG, "p.json": "{" });
  return xrole(words, { env: { HOME, AWS_ENDPOINT_URL_STS: url, ...env }, cwd: HOME });
}

describe("where AWS refuses a role, the hint is the call of doctor", () => {
  it.each([
    ["the profile", ["exec", "p", "--", "true"], "role/p", "xrole doctor p, with the same options"],
    ["one on the way", ["exec", "my q", "--", "true"], "role/p", "xrole doctor p, with the same options"],
    ["the last, as a word of a shell", ["whoami", "my q"], "role/q", "xrole doctor 'my q', with the same options"],
    ["none", ["whoami", "--role-arn", ROLE], ROLE, "xrole doctor, with the same profile and options"],
  ])("%s", async (_, words, denied, hint) => {
    const { stderr } = await run(words, { answer: denying(denied) });
    expect(stderr).toContain(`  hint: AWS says: no; to find out why: ${hint}\n`);
  });
});

describe("a value of the command line", () => {
  it("that is too long for a role from a role is told as the command line's", async () => {
    const { stderr } = await run(["exec", "my q", "--duration", "2h", "--", "true"]);
    expect(stderr).toContain("warning: the command line asks for 7200 s");
  });

  it("that is no duration is told with the forms there are", async () => {
    const { stderr } = await run(["whoami", "p", "--duration", "1d"]);
    expect(stderr).toContain(
      "--duration = 1d is not a whole number of seconds from 900 to 43200, or the same with a unit, such as 45m or 1h",
    );
  });

  it("that names a file without JSON is told with the file", async () => {
    const { status, stderr } = await run(["whoami", "p", "--policy", "p.json"]);
    expect([status, stderr]).toEqual([78, "xrole: --policy p.json: it is not JSON\n"]);
  });

  it("that leads to another account is told with where to look", async () => {
    const { errors } = await run(["whoami", "p", "--expect-account", "333333333333"]);
    expect(errors.at(-1)?.code).toBe("account-unexpected");
  });

  it("that asks for the help of a command that does not exist is told so", async () => {
    const { status, stderr } = await run(["help", "exce"]);
    expect([status, stderr]).toEqual([64, "xrole: unknown command 'exce'\n  hint: Did you mean exec?\n"]);
    expect((await run(["help", "exec"])).stdout).toContain("Usage: xrole exec");
  });
});

it("explain without a profile names none", async () => {
  const { stdout } = await run(["explain"]);
  expect(stdout).toContain("profile   none: the default chain\n");
});

describe("a source that cannot be used is an error, whatever is kept of it", () => {
  it.each([
    ["half a key", "p", { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: "" }, "AWS_SECRET_ACCESS_KEY is not"],
    ["an instance that must not be asked", "i", { AWS_EC2_METADATA_DISABLED: "true" }, "AWS_EC2_METADATA_DISABLED"],
  ])("%s", async (_, profile, unusable, words) => {
    const { url } = await fakeAws(hourly);
    const instance = await fakeAws(imds);
    const HOME = makeHome({ ".aws/config": CONFIG });
    const env = { HOME, AWS_ENDPOINT_URL_STS: url, AWS_EC2_METADATA_SERVICE_ENDPOINT: instance.url, ...KEYS };
    expect((await xrole(["env", profile], { env })).status).toBe(0);
    const { status, stderr } = await xrole(["env", profile], { env: { ...env, ...unusable } });
    expect(status).toBe(78);
    expect(stderr).toContain(words);
  });
});

describe("what the configuration names and is not there", () => {
  const alone = (config: string) => ({ HOME: makeHome({ ".aws/config": config }), ...KEYS });
  const SSO = "sso_account_id = 111111111111\nsso_role_name = Reader\n";
  it.each([
    [
      "a source profile",
      role("p", "source_profile = ghost"),
      'config:3: profile "p" takes its credentials from "ghost" (source_profile), which does not exist',
      "add [profile ghost] with credentials, or name another profile; `xrole list` shows those there are",
    ],
    [
      "a source profile, misspelt",
      `${role("p", "source_profile = bose")}[profile base]\ncredential_process = true\n`,
      'takes its credentials from "bose" (source_profile), which does not exist',
      'did you mean "base"?',
    ],
    [
      "a program in PATH",
      "[profile p]\ncredential_process = no-such-helper --for hunter2\n",
      "config:2: credential_process no-such-helper: command not found",
      "install the program, or write its whole path: it is in none of the folders of PATH",
    ],
    [
      "a program at a path",
      "[profile p]\ncredential_process = /nowhere/helper\n",
      "config:2: credential_process /nowhere/helper: command not found",
      "install the program there, or correct the path",
    ],
    [
      "a program below a file",
      "[profile p]\ncredential_process = /etc/passwd/helper\n",
      "config:2: credential_process /etc/passwd/helper: command not found",
      "install the program there, or correct the path",
    ],
    [
      "a program that may not be run",
      "[profile p]\ncredential_process = /etc/passwd\n",
      "config:2: credential_process /etc/passwd: permission denied",
      "make it executable: chmod +x /etc/passwd",
    ],
    [
      "a program for MFA codes",
      role(
        "p",
        "credential_source = Environment\nmfa_serial = arn:aws:iam::111111111111:mfa/a\nmfa_process = ykmann x",
      ),
      "mfa_process ykmann: command not found",
      "install the program, or write its whole path: it is in none of the folders of PATH",
    ],
    [
      "an SSO session, misspelt",
      `[sso-session company]\nsso_region = us-east-1\nsso_start_url = https://x\n[profile p]\nsso_session = compnay\n${SSO}`,
      "config:5: there is no section [sso-session compnay]",
      'did you mean "company"?',
    ],
    [
      "a services section",
      role("p", "credential_source = Environment\nservices = local"),
      "config:4: there is no section [services local]",
      "add the section to the config file, or correct the name",
    ],
  ])("%s: says where, and what to do", async (_, config, message, hint) => {
    const { status, stderr } = await xrole(["env", "p"], { env: alone(config) });
    expect(status).toBe(78);
    expect(stderr).toContain(`${message}\n`);
    expect(stderr).toContain(`  hint: ${hint}\n`);
    expect(stderr).not.toContain("hunter2");
  });
});

it("doctor advises options, and no line of a profile, for a role that the command line names", async () => {
  const { url } = await fakeAws((response, asked, count) => {
    if (asked.body.includes("GetCallerIdentity")) sts(response, asked, count);
    else awsError(response, 403, "AccessDenied", "no");
  });
  const HOME = makeHome({ ".aws/config": CONFIG });
  for (const words of [
    ["--role-arn", ROLE],
    ["p", "--role-arn", ROLE],
  ]) {
    const { stdout } = await xrole(["doctor", ...words], { env: { HOME, ...KEYS, AWS_ENDPOINT_URL_STS: url } });
    expect(stdout).toContain("add --external-id '<");
    expect(stdout).toContain("add --session-name '<a name that the condition takes>'");
    expect(stdout).not.toMatch(/in profile|external_id = |role_arn at --role-arn/);
  }
});

describe("what an instance's metadata service says when it refuses", () => {
  it.each([
    [
      "XML",
      "<?xml version='1.0'?><Error><Code>Forbidden</Code><Message>no role for this pod</Message></Error>",
      "403: Forbidden: no role for this pod",
    ],
    ["XML without a message", "<?xml version='1.0'?><a><b>secret-of-proxy</b></a>", "403"],
    ["a page", "<html><body><h1>403 - Forbidden</h1></body></html>", "403"],
    [
      "JSON",
      '{"code":"Forbidden","message":"no\\u001b[2J role","trace":"secret-of-proxy"}',
      "403: Forbidden: no^[[2J role",
    ],
    ["JSON without a message", '{"trace":"secret-of-proxy"}', "403"],
    ["plain text", "no role\n for \u200bthis\u001b[31m pod", "403: no role for \\u200bthis^[[31m pod"],
    ["bytes", "\ufffd\ufffd", "403"],
    ["long text", "x".repeat(5000), `403: ${"x".repeat(200)}`],
  ])("in %s is shown as far as it is for people", async (_, body, shown) => {
    const { url } = await fakeAws((response) => void response.writeHead(403).end(body));
    const HOME = makeHome({ ".aws/config": CONFIG });
    const { status, stderr } = await xrole(["env", "i"], { env: { HOME, AWS_EC2_METADATA_SERVICE_ENDPOINT: url } });
    expect(status).toBe(69);
    expect(stderr.split("\n")[0]).toBe(`xrole: the instance metadata service at ${url} answered ${shown}`);
  });
});

it("a shell whose serve has ended is told so", async () => {
  const { url } = await fakeAws(hourly);
  const HOME = makeHome({ ".aws/config": CONFIG });
  const script = `mkfifo pipe; "${process.execPath}" "${BINARY}" serve p --directory kept > pipe & eval "$(cat pipe)"; kill $!; wait $!; xrole status; xrole whoami; rm kept/p/token; xrole whoami`;
  const { stdout, stderr } = await shell(script, { env: { HOME, AWS_ENDPOINT_URL_STS: url, ...KEYS }, cwd: HOME });
  expect(stdout).toContain("expires   never, while the `xrole serve` or `xrole exec --renew` that renews it runs\n");
  const hint =
    "  hint: the `xrole serve` or `xrole exec --renew` that set these variables has ended: start it again, after eval $(xrole env --unset)\n";
  expect(stderr.split(hint), stderr).toHaveLength(3);
});
