// A profile that is not there: the error says where xrole looked, what is hidden, and which header was meant.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fakeAws, hourly } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { BINARY, xrole } from "../../harness/run.ts";

const ROLE = "role_arn = arn:aws:iam::222222222222:role/r\ncredential_source = Environment\nregion = us-east-1\n";

describe("without any file", () => {
  it("both paths are named, by explain and list", async () => {
    const HOME = makeHome();
    const neither = `neither ${HOME}/.aws/config nor ${HOME}/.aws/credentials exists`;
    expect(await xrole(["explain", "b-s3"], { env: { HOME } })).toMatchObject({
      status: 78,
      stderr: `xrole: there is no profile "b-s3"\n  hint: ${neither}; to write the profile: xrole configure b-s3\n`,
    });
    const { stderr } = await xrole(["list"], { env: { HOME } });
    expect(stderr).toBe(`xrole: warning: there are no profiles: ${neither}; to write one: xrole configure NAME\n`);
  });

  it.each([
    [{ AWS_CONFIG_FILE: "gone" }, "gone (AWS_CONFIG_FILE) does not exist"],
    [
      { AWS_CONFIG_FILE: "$HOME/config" },
      "$HOME/config (AWS_CONFIG_FILE) does not exist; xrole expands a leading ~/ in these variables, and no $NAME",
    ],
  ])("of a variable's path, the variable is named: %j", async (named, hint) => {
    const HOME = makeHome({ ".aws/credentials": "[other]\naws_access_key_id = AKIAKEYS\n" });
    const { stderr } = await xrole(["explain", "b-s3"], { env: { HOME, ...named }, cwd: HOME });
    expect(stderr).toContain(`  hint: ${hint}\n`);
  });
});

it("with one file missing, the profiles of the other are named", async () => {
  const HOME = makeHome({ ".aws/config": "[profile other]\nregion = us-east-1\n" });
  const env = { HOME, AWS_SHARED_CREDENTIALS_FILE: "gone" };
  const { stderr } = await xrole(["explain", "b-s3"], { env, cwd: HOME });
  expect(stderr).toContain(
    `  hint: gone (AWS_SHARED_CREDENTIALS_FILE) does not exist; \`xrole list\` shows the profiles there are\n`,
  );
});

describe("a header that was meant for it", () => {
  const CASES = [
    ["config", "[profile my space]", "my space", '[profile "my space"]'],
    ["config", "[profile my space]", "my", '[profile "my space"]'],
    ["config", '[profile say "hi" there]', 'say "hi" there', '[profile "say \\"hi\\" there"]'],
    ["config", "[Profile x]", "x", "[profile x]"],
    ["config", "[PROFILE x]", "x", "[profile x]"],
    ["config", "[profiles x]", "x", "[profile x]"],
    ["config", "[profil x]", "x", "[profile x]"],
    ["config", "[profile: x]", "x", "[profile x]"],
    ["config", "[x]", "x", "[profile x]"],
    ["config", "[X]", "x", "[profile X]"],
    ["config", "[Default]", "default", "[default]"],
    ["credentials", "[profile x]", "x", "[x]"],
  ] as const;

  it.each(CASES)("in the %s file, %s for %s", async (file, header, name, instead) => {
    const HOME = makeHome({ [`.aws/${file}`]: `# first\n${header}\n${ROLE}` });
    const run = await xrole(["explain", name], { env: { HOME } });
    const hint = `${HOME}/.aws/${file}:2 has ${header}, which is not read as a profile; write ${instead}`;
    expect(run.stderr).toBe(`xrole: there is no profile "${name}"\n  hint: ${hint}\n`);
    // What it says works.
    const changed = makeHome({ [`.aws/${file}`]: `${instead}\n${ROLE}` });
    const profiles = JSON.parse((await xrole(["list", "--json"], { env: { HOME: changed } })).stdout) as object[];
    expect(profiles).toHaveLength(1);
  });

  it("is named for a source_profile, and by list", async () => {
    const config = `[Profile base]\n${ROLE}[profile x]\nrole_arn = arn:aws:iam::222222222222:role/r\nsource_profile = base\n`;
    const env = { HOME: makeHome({ ".aws/config": config }) };
    const said = `${env.HOME}/.aws/config:1 has [Profile base], which is not read as a profile; write [profile base]`;
    expect((await xrole(["explain", "x"], { env })).stderr).toContain(`hint: ${said}`);
    expect((await xrole(["list"], { env })).stderr).toBe(`xrole: warning: ${said}\n`);
  });
});

it("a profile that --renew hides is not called absent", async () => {
  const HOME = makeHome({ ".aws/config": `[profile p]\n${ROLE}[profile other]\n${ROLE}` });
  const keys = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: "secret-of-env" };
  const env = { HOME, ...keys, AWS_ENDPOINT_URL_STS: (await fakeAws(hourly)).url };
  const inside = (...words: string[]): ReturnType<typeof xrole> =>
    xrole(["exec", "p", "--renew", "--", process.execPath, BINARY, ...words], { env });
  const run = await inside("explain", "other");
  expect(run.stderr).toContain(
    'profile "other" is hidden by --renew or serve: AWS_CONFIG_FILE is a file of xrole\'s here',
  );
  expect(run.stderr).toContain("hint: start the command with plain `xrole exec`");
  expect((await inside("list")).stderr).toContain("profiles are hidden by --renew or serve");
  // With the user's own file in its place, nothing is hidden.
  const own = join(HOME, ".aws/config");
  const words = ["env", `AWS_CONFIG_FILE=${own}`, process.execPath, BINARY, "explain", "nope"];
  const absent = await xrole(["exec", "p", "--renew", "--", ...words], { env });
  expect(absent.stderr).toContain('there is no profile "nope"');
});
