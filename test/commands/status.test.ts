// `xrole status`: what a shell holds, told from the environment and from what is kept, asking nobody.
import { describe, expect, it } from "vitest";
import { assumeRoleReply, fakeAws, type FakeAws } from "../harness/fake-aws.ts";
import { makeHome } from "../harness/home.ts";
import { shell, xrole, type Run } from "../harness/run.ts";
import { secret } from "../harness/secrets.ts";

const ESCAPES = "x\u001b[31mred\u0007";
const role = (name: string): string =>
  `[${name}]\nrole_arn = arn:aws:iam::222222222222:role/r\ncredential_source = Environment\nregion = eu-west-1\n`;
const credentials = `${role("p")}${role(ESCAPES)}${role("my profile")}[keys]\naws_access_key_id = AKIAKEYS\naws_secret_access_key = secret-of-keys\n`;
const KEYS = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-env") };

/** Runs a script with roles that live for `minutes` and a half more. */
async function play(
  script: string,
  minutes = 42,
  more: Record<string, string> = {},
): Promise<Run & Pick<FakeAws, "asked">> {
  const expiration = new Date(Date.now() + (minutes + 0.5) * 60_000).toISOString();
  const { url, asked } = await fakeAws(
    (response, { body }) => void response.end(assumeRoleReply(body, { expiration })),
  );
  const HOME = makeHome({ ".aws/credentials": credentials });
  const env = { HOME, AWS_ENDPOINT_URL_STS: url, ...KEYS, ...more };
  return { ...(await shell(`set -e\n${script}`, { env })), asked };
}

describe("status --prompt", () => {
  it.each([
    [0, "p <1m"],
    [42, "p 42m"],
    [59, "p 59m"],
    [60, "p 1h00m"],
    [725, "p 12h05m"],
  ])("tells the profile and the time left, after %d min", async (minutes, text) => {
    const run = await play("eval $(xrole env p --min-ttl 0); xrole status --prompt", minutes);
    expect(run).toMatchObject({ status: 0, stdout: `${text}\n`, stderr: "" });
    expect(run.asked).toHaveLength(1);
  });

  it("tells that the time is over", async () => {
    const run = await play(
      "eval $(xrole env p); export AWS_CREDENTIAL_EXPIRATION=2001-01-01T00:00:00Z; xrole status --prompt",
    );
    expect(run).toMatchObject({ status: 0, stdout: "p expired\n" });
  });

  it("tells no time where xrole renews it", async () => {
    const run = await play(
      `xrole exec p --renew -- sh -c '"${process.execPath}" bin/xrole.js status --prompt; "${process.execPath}" bin/xrole.js status; "${process.execPath}" bin/xrole.js status --json'`,
    );
    expect(run.stdout).toMatch(
      /^p\nprofile {3}p\naccount {3}222222222222\nregion {4}eu-west-1\nexpires {3}never, while the `xrole serve` or `xrole exec --renew` that renews it runs\n\{\n {2}"keys": "endpoint",\n {2}"profile": "p",/,
    );
  });

  it("tells no time where there is none", async () => {
    expect(await play("eval $(xrole env keys); xrole status --prompt")).toMatchObject({ stdout: "keys\n", stderr: "" });
  });

  it("tells the account where the environment does not hold the name", async () => {
    const run = await play("eval $(xrole env 'my profile'); xrole status --prompt");
    expect(run.stdout).toBe("222222222222 42m\n");
  });

  it("shows the control characters of a name", async () => {
    const script = `xrole exec "$NAME" -- "${process.execPath}" bin/xrole.js status`;
    const run = await play(`${script} --prompt; ${script}; ${script} --json`, 42, { NAME: ESCAPES });
    for (const byte of ["\u001b", "\u0007"]) expect(run.stdout).not.toContain(byte);
    expect(run.stdout).toMatch(/^x\^\[\[31mred\^G 42m\nprofile {3}x\^\[\[31mred\^G\n/);
  });

  it.each([
    ["nothing", {}],
    ["keys that are not xrole's", KEYS],
    ["what xrole did not leave", { ...KEYS, XROLE_PROFILE: "p", XROLE_SESSION: "x.y" }],
    ["an older name", { XROLE_PROFILE: "p", AWS_CREDENTIAL_EXPIRATION: "2099-01-01T00:00:00Z" }],
  ])("says nothing of %s, and reads no file", async (_, env) => {
    const run = await xrole(["status", "--prompt"], {
      env: { AWS_CONFIG_FILE: "/dev/zero", XROLE_CACHE_DIR: "/dev/zero", ...env },
    });
    expect(run).toMatchObject({ status: 0, stdout: "", stderr: "" });
  });
});

describe("status", () => {
  it.each([
    ["p", "p"],
    ["my profile", "'my profile'"],
  ])("says how to renew a role that has expired: %s", async (name, word) => {
    const past = "export AWS_CREDENTIAL_EXPIRATION=2001-01-01T00:00:00Z";
    const run = await play(`eval $(xrole env '${name}'); ${past}; xrole status`);
    expect(run.stdout).toContain(`renew     eval $(xrole env ${word})\n`);
    expect((await play(`eval $(xrole env '${name}'); xrole status`)).stdout).not.toContain("renew ");
  });

  it("says nothing of the kind where no profile names the role", async () => {
    const past = "export AWS_CREDENTIAL_EXPIRATION=2001-01-01T00:00:00Z";
    const run = await play(`eval $(xrole env --role-arn arn:aws:iam::222222222222:role/x); ${past}; xrole status`);
    expect(run.stdout).toContain("expires");
    expect(run.stdout).not.toContain("renew ");
  });

  it("tells profile, account, role and expiry in words", async () => {
    const run = await play("eval $(xrole env p); xrole status");
    expect(run.stderr).toBe("");
    expect(run.stdout).toMatch(
      /^profile {3}p\naccount {3}222222222222\nrole {6}arn:aws:iam::222222222222:role\/r\nregion {4}eu-west-1\nexpires {3}20\S+Z \(42 min left\)\n$/,
    );
    expect(run.asked).toHaveLength(1);
  });

  it("finds a name that the environment does not hold where the credentials are kept", async () => {
    expect((await play("eval $(xrole env 'my profile'); xrole status")).stdout).toMatch(/^profile {3}my profile\n/);
    const run = await play("eval $(xrole env 'my profile' --no-cache); xrole status");
    expect(run.stdout).toMatch(/^profile {3}\(its name is not in the environment\)\naccount {3}222222222222\nregion/);
  });

  it("prints the promised JSON", async () => {
    const run = await play("eval $(xrole env p); xrole status --json");
    const told = JSON.parse(run.stdout) as { expiration: string; secondsLeft: number };
    expect(told).toEqual({
      keys: "xrole",
      profile: "p",
      accountId: "222222222222",
      roleArn: "arn:aws:iam::222222222222:role/r",
      region: "eu-west-1",
      expiration: expect.stringMatching(/^20.*Z$/) as string,
      secondsLeft: expect.any(Number) as number,
      notes: [],
    });
    expect(told.secondsLeft).toBeGreaterThan(42 * 60);
    expect(told.secondsLeft).toBeLessThanOrEqual(42.5 * 60);
    expect(JSON.parse((await xrole(["status", "--json"])).stdout)).toEqual({ keys: "none", notes: [] });
  });

  it.each([
    [{}, ["this shell holds no role of xrole's"]],
    [KEYS, ["this shell holds no role of xrole's", "the keys in the environment (AKIAENV) are not xrole's"]],
    [{ AWS_PROFILE: "x\u001b" }, ["this shell holds no role of xrole's", 'AWS_PROFILE is "x^["']],
    [
      { ...KEYS, XROLE_PROFILE: "p", XROLE_SESSION: "x.y" },
      [
        "this shell holds no role of xrole's",
        "the keys in the environment (AKIAENV) are not xrole's",
        'XROLE_PROFILE says "p", whose keys are gone',
      ],
    ],
  ])("tells what else is there: %j", async (env, lines) => {
    expect(await xrole(["status"], { env })).toMatchObject({ status: 0, stdout: `${lines.join("\n")}\n`, stderr: "" });
  });

  it("tells of AWS_PROFILE beside a role", async () => {
    const run = await play("eval $(xrole env p); AWS_PROFILE=other xrole status");
    expect(run.stdout).toContain('AWS_PROFILE is "other": some tools take it, others the keys in the environment\n');
  });

  it("takes one of --prompt and --json", async () => {
    expect(await xrole(["status", "--prompt", "--json"])).toMatchObject({ status: 64 });
  });
});
