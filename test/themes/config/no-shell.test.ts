// What a user wrote as for a shell where there is none, and a shell whose role is over: the error says what to write instead.
import { describe, expect, it } from "vitest";
import { fakeAws, hourly } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { shell, xrole } from "../../harness/run.ts";

const ROLE = "role_arn = arn:aws:iam::222222222222:role/r\nregion = us-east-1\n";

describe("shell syntax in a command that no shell runs", () => {
  it.each([
    ["~/bin/keys", 78, "~", "write the whole path"],
    ["$HOME/bin/keys", 78, "$HOME", "write it out, or run it by sh -c '...'"],
    ["cat no-such-file | jq .", 78, "|", "write it out, or run it by sh -c '...'"],
    ["echo $(id -un)", 70, "$(...)", "write it out, or run it by sh -c '...'"],
    ["AWS_PROFILE=x keys", 78, "AWS_PROFILE=", "write it out, or run it by sh -c '...'"],
  ])("credential_process = %s", async (command, status, syntax, advice) => {
    const HOME = makeHome({ ".aws/config": `[profile p]\nregion = us-east-1\ncredential_process = ${command}\n` });
    const run = await xrole(["credential-process", "p"], { env: { HOME }, cwd: HOME });
    expect(run.status).toBe(status);
    expect(run.stderr).toContain(
      `  hint: no shell runs this command (the AWS CLI uses none either), so ${syntax} has no meaning; ${advice}\n`,
    );
  });

  it("is not blamed where there is none", async () => {
    const HOME = makeHome({
      ".aws/config": "[profile p]\nregion = us-east-1\ncredential_process = /no/such 'a | b'\n",
    });
    const run = await xrole(["credential-process", "p"], { env: { HOME } });
    expect(run.errors).toMatchObject([{ code: "process-failed", details: { where: `${HOME}/.aws/config:3` } }]);
    expect(run.stderr).not.toContain("no shell runs this command");
  });

  it("mfa_process", async () => {
    const { url } = await fakeAws(hourly);
    const config = `[profile p]\n${ROLE}source_profile = keys\nmfa_serial = arn:aws:iam::111111111111:mfa/me\nmfa_process = ~/bin/code\n`;
    const keys = "[keys]\naws_access_key_id = AKIAKEYS\naws_secret_access_key = secret-of-keys\n";
    const HOME = makeHome({ ".aws/config": config, ".aws/credentials": keys });
    const run = await xrole(["whoami", "p"], { env: { HOME, AWS_ENDPOINT_URL_STS: url } });
    expect(run.status).toBe(78);
    expect(run.stderr).toContain("no shell runs this command (the AWS CLI uses none either), so ~ has no meaning");
  });

  it.each(["~/token", "$HOME/token", "${HOME}/token"])("web_identity_token_file = %s", async (file) => {
    const HOME = makeHome({ ".aws/config": `[profile p]\n${ROLE}web_identity_token_file = ${file}\n`, token: "t" });
    const run = await xrole(["whoami", "p"], { env: { HOME }, cwd: HOME });
    expect(run.status).toBe(78);
    expect(run.stderr).toContain(`the web identity token file ${file}: there is no such file`);
    expect(run.stderr).toContain("hint: ~ and $NAME are not expanded in this path (nor by the AWS CLI)");
  });

  it("ca_bundle", async () => {
    const { url } = await fakeAws(hourly);
    const HOME = makeHome({
      ".aws/config": `[profile p]\n${ROLE}credential_source = Environment\nca_bundle = ~/ca.pem\n`,
    });
    const env = {
      HOME,
      AWS_ACCESS_KEY_ID: "AKIAENV",
      AWS_SECRET_ACCESS_KEY: "secret-of-env",
      AWS_ENDPOINT_URL_STS: url,
    };
    const run = await xrole(["whoami", "p"], { env });
    expect(run.status).toBe(78);
    expect(run.stderr).toContain("hint: ~ and $NAME are not expanded in this path (nor by the AWS CLI)");
  });
});

describe("in a shell whose role is over", () => {
  it.each([
    ["b-s3", "get new ones: eval $(xrole env b-s3)"],
    ["my space", "get new ones: eval $(xrole env 'my space')"],
    ["it's $(id)", String.raw`get new ones: eval $(xrole env 'it'\''s $(id)')`],
  ])("the hint has the line that gets new credentials for %j", async (name, hint) => {
    const HOME = makeHome({ ".aws/credentials": `[${name}]\n${ROLE}credential_source = Environment\n` });
    const keys = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: "secret-of-env" };
    const env = { HOME, NAME: name, ...keys, AWS_ENDPOINT_URL_STS: (await fakeAws(hourly)).url };
    const script = `eval "$(xrole env "$NAME")"; export XROLE_PROFILE="$NAME" AWS_CREDENTIAL_EXPIRATION=2020-01-01T00:00:00Z`;
    for (const words of ["whoami", "exec -- true", "env"]) {
      const run = await shell(`${script}; xrole ${words}`, { env });
      expect(run.status, words).not.toBe(0);
      expect(run.stderr, words).toContain(`  hint: ${hint}\n`);
    }
  });

  it("a role without a profile leads back to the host's own credentials first", async () => {
    const keys = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: "secret-of-env", AWS_REGION: "us-east-1" };
    const env = { HOME: makeHome(), ...keys, AWS_ENDPOINT_URL_STS: (await fakeAws(hourly)).url };
    const script = `eval "$(xrole env --role-arn arn:aws:iam::222222222222:role/r)"; export AWS_CREDENTIAL_EXPIRATION=2020-01-01T00:00:00Z`;
    const run = await shell(`${script}; xrole whoami`, { env });
    expect(run.status).toBe(77);
    expect(run.stderr).toContain("hint: an earlier xrole put them there: `eval $(xrole env --unset)`");
  });
});
