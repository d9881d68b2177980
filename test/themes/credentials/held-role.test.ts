// A shell that holds a role: what is done in it without naming a profile keeps the role's name, region and settings, and what is done
// with another role never shows the first one's name.
import { describe, expect, it } from "vitest";
import { fakeAws, hourly, type FakeAws } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { BINARY, shell, type Run } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";

const config = `[default]
region = ap-south-1
endpoint_url = https://default.example.com
retry_mode = adaptive

[profile b-s3]
role_arn = arn:aws:iam::222222222222:role/role-b-s3
credential_source = Environment
region = eu-west-1
max_attempts = 7

[profile bare]
role_arn = arn:aws:iam::333333333333:role/team/bare
credential_source = Environment

[profile gov]
role_arn = arn:aws:iam::222222222222:role/gov
credential_source = Environment
region = us-east-1-fips

[profile "my profile"]
role_arn = arn:aws:iam::222222222222:role/spaced
credential_source = Environment
region = eu-west-1
`;
const KEYS = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-env") };
const OTHER = "arn:aws:iam::444444444444:role/path/other";
/** What a shell is told of the role, on one line. */
const SHOW = `show() { echo "\${AWS_ACCESS_KEY_ID-none} \${XROLE_PROFILE-none} \${AWS_REGION-none} \${AWS_DEFAULT_REGION-none} \${XROLE_REGION-none} \${AWS_MAX_ATTEMPTS-none} \${AWS_RETRY_MODE-none} \${AWS_ENDPOINT_URL-none} \${XROLE_SETTINGS-none}"; }`;
/** xrole as a command that another xrole can run. */
const NESTED = `"${process.execPath}" "${BINARY}"`;

async function play(
  script: string,
  env: Record<string, string> = KEYS,
  text = config,
): Promise<Run & Pick<FakeAws, "asked">> {
  const { url, asked } = await fakeAws(hourly);
  const HOME = makeHome({ ".aws/config": text });
  const run = await shell(`set -e\n${SHOW}\n${script}`, { env: { HOME, AWS_ENDPOINT_URL_STS: url, ...env } });
  return { ...run, asked };
}

const signers = ({ asked }: Pick<FakeAws, "asked">): (string | undefined)[] =>
  asked.map(({ headers }) => /Credential=([^/]+)\//.exec(headers.authorization ?? "")?.[1]);

const HELD = "ASIArolebs3 b-s3 eu-west-1 eu-west-1 eu-west-1 7 none none AWS_MAX_ATTEMPTS\n";

describe("without a profile, the role that the shell holds", () => {
  it.each([
    ["env", 'eval "$(xrole env)"; show'],
    ["env, twice", "eval $(xrole env); eval $(xrole env); show"],
    ["exec", `xrole exec -- sh -c '${SHOW}; show'`],
    ["exec inside exec", `xrole exec -- ${NESTED} exec -- sh -c '${SHOW}; show'`],
  ])("%s keeps name, region and settings", async (_, script) => {
    const run = await play(`eval $(xrole env b-s3); ${script}`);
    expect(run).toMatchObject({ status: 0, stdout: HELD, stderr: "" });
    expect(signers(run)).toEqual(["AKIAENV"]);
  });

  it("is held by the command of exec just as well", async () => {
    const run = await play(`xrole exec b-s3 -- ${NESTED} exec -- ${NESTED} exec b-s3 -- sh -c '${SHOW}; show'`);
    expect(run).toMatchObject({ status: 0, stdout: HELD, stderr: "" });
    expect(signers(run)).toEqual(["AKIAENV"]);
  });

  it("has no region where its profile has none, whatever [default] says", async () => {
    const run = await play("eval $(xrole env bare); eval $(xrole env); show");
    expect(run).toMatchObject({ stdout: "ASIAbare bare none none none none none none none\n", stderr: "" });
  });

  it("leaves the region that the user set theirs", async () => {
    const run = await play("eval $(xrole env b-s3); eval $(xrole env); show; eval $(xrole env --unset); show", {
      ...KEYS,
      AWS_REGION: "ca-central-1",
    });
    expect(run.stdout).toBe(
      `${HELD.replace("eu-west-1 eu-west-1 eu-west-1", "ca-central-1 ca-central-1 none")}none none ca-central-1 ca-central-1 none none none none none\n`,
    );
  });

  it("takes the region that the user chose since", async () => {
    const run = await play("eval $(xrole env b-s3); export AWS_REGION=us-west-1; eval $(xrole env); show");
    expect(run.stdout).toBe(HELD.replace("eu-west-1 eu-west-1 eu-west-1", "us-west-1 us-west-1 none"));
    const given = await play("eval $(xrole env b-s3); eval $(xrole env --region us-west-1); eval $(xrole env); show");
    expect(given.stdout).toBe(HELD.replaceAll("eu-west-1", "us-west-1"));
  });

  it("is not taken for another profile that AWS_PROFILE names", async () => {
    const run = await play("eval $(xrole env b-s3); export AWS_PROFILE=bare; eval $(xrole env); show");
    expect(run.stdout).toBe(HELD);
    expect(run.stderr).toContain("AWS_PROFILE");
  });

  it("is told by status and explain", async () => {
    const run = await play(
      "eval $(xrole env b-s3); xrole explain --json | grep -E '^  \"(profile|region)\"'; xrole status | head -3; xrole status --prompt",
    );
    expect(run.stdout).toMatch(
      /^ {2}"profile": "b-s3",\n {2}"region": "eu-west-1",\nprofile {3}b-s3\naccount {3}222222222222\nrole {6}arn:aws:iam::222222222222:role\/role-b-s3\nb-s3( \S+)?\n$/,
    );
  });

  it.each([
    ["json", (text: string) => (JSON.parse(text) as Record<string, string>).XROLE_PROFILE],
    ["dotenv", (text: string) => /^XROLE_PROFILE=(.*)$/m.exec(text)?.[1]],
    ["fish", (text: string) => /XROLE_PROFILE '?([\w-]+)'?/.exec(text)?.[1]],
    ["powershell", (text: string) => /XROLE_PROFILE\W+([\w-]+)/.exec(text)?.[1]],
  ])("keeps its name in the %s form", async (form, nameIn) => {
    const run = await play(`eval $(xrole env b-s3); xrole env --format ${form}`);
    expect(run.status, run.stderr).toBe(0);
    expect(nameIn(run.stdout)).toBe("b-s3");
  });

  it("gets no other name where the environment could not hold it", async () => {
    const run = await play("eval $(xrole env 'my profile'); eval $(xrole env); show; xrole status --prompt");
    expect(run.stdout).toMatch(/^ASIAspaced none eu-west-1 .*\n222222222222( \S+)?\n$/);
  });

  it("is followed by another profile, and by --unset", async () => {
    const run = await play(
      "eval $(xrole env b-s3); eval $(xrole env); eval $(xrole env bare) 2>/dev/null; show; eval $(xrole env --unset); show",
    );
    expect(run.stdout).toBe(
      "ASIAbare bare none none none none none none none\nnone none none none none none none none none\n",
    );
  });

  it("is an error once it has expired", async () => {
    const run = await play("eval $(xrole env b-s3); export AWS_CREDENTIAL_EXPIRATION=2001-01-01T00:00:00Z; xrole env");
    expect(run).toMatchObject({ status: 77, stdout: "(exit 77);\n" });
    expect(run.stderr).toContain("eval $(xrole env b-s3)");
  });

  it("keeps its name where exec --renew holds it", async () => {
    const run = await play(`xrole exec b-s3 --renew --region us-west-2 -- ${NESTED} exec -- sh -c '${SHOW}; show'`);
    expect(run).toMatchObject({ status: 0, stderr: "" });
    expect(run.stdout).toBe("ASIArolebs3 b-s3 us-west-2 us-west-2 us-west-2 7 none none AWS_MAX_ATTEMPTS\n");
  });
});

describe("keys that are not xrole's", () => {
  const forged = { XROLE_PROFILE: "b-s3", XROLE_REGION: "eu-west-1", AWS_REGION: "eu-west-1" };
  it.each([
    ["never had a name", KEYS],
    ["beside what an earlier xrole left", { ...KEYS, ...forged, XROLE_SESSION: "0123456789abcdef.0123456789abcdef" }],
    ["beside a forged name", { ...KEYS, ...forged }],
  ])("%s: they get none", async (_, env) => {
    const run = await play('eval "$(xrole env)"; show', env);
    expect(run.status, run.stderr).toBe(0);
    expect(run.stdout).toMatch(/^AKIAENV none ap-south-1 /);
  });

  it("that took the place of a role's do not keep its name or region", async () => {
    const run = await play(
      "eval $(xrole env b-s3); export AWS_ACCESS_KEY_ID=AKIANEW; unset AWS_CREDENTIAL_EXPIRATION AWS_SESSION_TOKEN; eval $(xrole env); show",
    );
    expect(run.stdout).toMatch(/^AKIANEW none ap-south-1 /);
  });

  it("are not called by the profile that AWS_PROFILE names", async () => {
    const run = await play('AWS_PROFILE=bare; export AWS_PROFILE; eval "$(xrole env)"; show');
    expect(run.stdout).toMatch(/^AKIAENV none /);
  });

  it("do not have unknown variables removed for them", async () => {
    const run = await play('eval "$(xrole env b-s3)"; echo "$PRIVATE $AWS_PAGER"', {
      ...KEYS,
      PRIVATE: "kept",
      AWS_PAGER: "less",
      XROLE_SETTINGS: "PRIVATE,AWS_PAGER,PATH,AWS_ENDPOINT_URL_,AWS_ENDPOINT_URL_s3",
    });
    expect(run).toMatchObject({ status: 0, stdout: "kept less\n" });
  });
});

describe("a role that only the command line names", () => {
  it("is called by its role and account", async () => {
    const run = await play(
      `eval $(xrole env --role-arn ${OTHER}); show; xrole status --prompt; xrole cache list | tail -1`,
    );
    expect(run.stdout).toMatch(
      /^ASIAother other@444444444444 ap-south-1 .*\nother@444444444444( \S+)?\nother@444444444444 +444444444444 +arn:aws:iam::444444444444:role\/path\/other /,
    );
  });

  it("never shows the name of a profile that was held before, and keeps the region of the shell", async () => {
    const run = await play(
      `eval $(xrole env b-s3); eval $(xrole env --role-arn ${OTHER} 2>/dev/null); show; xrole status --prompt; xrole status | grep profile`,
    );
    expect(run.stdout).toMatch(
      /^ASIAother other@444444444444 eu-west-1 eu-west-1 eu-west-1 7 none none AWS_MAX_ATTEMPTS\nother@444444444444( \S+)?\nprofile {3}other@444444444444\n$/,
    );
    expect(signers(run).slice(0, 2)).toEqual(["AKIAENV", "ASIArolebs3"]);
  });

  it("is handed out again, never assumed from itself", async () => {
    const keys = `\n[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key = secret-of-default\n`;
    const script = `eval $(xrole env --role-arn ${OTHER}); eval $(xrole env --role-arn ${OTHER}); eval $(xrole env); show`;
    for (const [env, signer] of [
      [KEYS, "AKIAENV"],
      [{}, "AKIADEFAULT"],
    ] as const) {
      const run = await play(script, env, config + keys);
      // Beside keys of the user's own, those of [default] are passed by, which is said the first time.
      const warning =
        signer === "AKIAENV" ? `xrole: warning: the keys in the environment win over profile "default"\n` : "";
      expect(run).toMatchObject({ status: 0, stderr: warning });
      expect(run.stdout).toMatch(/^ASIAother other@444444444444 ap-south-1 ap-south-1 ap-south-1 /);
      expect(signers(run)).toEqual([signer]);
    }
  });

  it("has the name of a profile that is named beside it", async () => {
    const run = await play(`eval $(xrole env bare --role-arn ${OTHER}); show`);
    expect(run.stdout).toMatch(/^ASIAother bare none /);
  });

  it("replaces the role of [default], and its name", async () => {
    const text = `[default]\nrole_arn = arn:aws:iam::222222222222:role/usual\nsource_profile = k\nregion = eu-west-1\n[profile k]\naws_access_key_id = AKIAK\naws_secret_access_key = secret-of-k\n`;
    const run = await play(`eval $(xrole env --role-arn ${OTHER}); show; xrole cache list | tail -1`, {}, text);
    expect(run.stdout).toMatch(/^ASIAother other@444444444444 eu-west-1 .*\nother@444444444444 /);
  });
});

describe("a pseudo-region of FIPS", () => {
  const FIPS = `fips() { echo "\${XROLE_PROFILE-none} \${AWS_REGION-none} \${AWS_USE_FIPS_ENDPOINT-none} \${XROLE_REGION-none} \${XROLE_SETTINGS-none}"; }`;
  const GOV = "gov us-east-1 true us-east-1-fips AWS_USE_FIPS_ENDPOINT\n";

  it("of a profile is kept by the same profile and by none, and goes with another", async () => {
    const run = await play(
      `${FIPS}; eval $(xrole env gov); fips; eval $(xrole env gov); fips; eval $(xrole env); fips; eval $(xrole env bare) 2>/dev/null; fips; eval $(xrole env --unset); fips`,
    );
    expect(run.stdout).toBe(`${GOV}${GOV}${GOV}bare none none none none\nnone none none none none\n`);
    expect(signers(run)[0]).toBe("AKIAENV");
  });

  it("of the user's own environment stays theirs", async () => {
    const run = await play(
      `${FIPS}; eval $(xrole env b-s3); fips; eval $(xrole env bare) 2>/dev/null; fips; eval $(xrole env --unset); fips`,
      { ...KEYS, AWS_REGION: "fips-us-west-2" },
    );
    expect(run.stdout).toBe(
      "b-s3 us-west-2 true none AWS_MAX_ATTEMPTS,AWS_USE_FIPS_ENDPOINT\nbare us-west-2 true none AWS_USE_FIPS_ENDPOINT\nnone fips-us-west-2 none none none\n",
    );
  });
});
