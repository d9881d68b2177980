// What a message says to do next: a command that can be pasted, for the profile and the options that were meant.
import { describe, expect, it } from "vitest";
import { awsError, fakeAws, hourly, imds, type Answer } from "../harness/fake-aws.ts";
import { makeHome } from "../harness/home.ts";
import { BINARY, shell, xrole, type Run } from "../harness/run.ts";
import { secret } from "../harness/secrets.ts";

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
    const { stderr } = await run(["whoami", "p", "--expect-account", "333333333333"]);
    expect(stderr).toContain("  hint: check the profile and its role_arn (`xrole explain` shows the line)");
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
