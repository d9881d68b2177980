// The forms of `xrole env` that need no shell to be tested: json, dotenv, github; and which form a failure takes.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fakeAws, sts } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { xrole, type Run } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";

const HOSTILE = "x\u001b[31m$(touch pwned)`touch pwned`\"'";
const role = (name: string): string =>
  `[${name}]\nrole_arn = arn:aws:iam::222222222222:role/r\ncredential_source = Environment\nregion = eu-west-1\n`;
const credentials =
  role("p") +
  role(HOSTILE) +
  "[keys]\naws_access_key_id = AKIAKEYS\naws_secret_access_key = secret%of'keys\n" +
  "[bundle]\naws_access_key_id = AKIAKEYS\naws_secret_access_key = secret-of-keys\nca_bundle = /etc/my certificates/ca.pem\n";
const KEYS = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-env") };
const ROLE = {
  AWS_ACCESS_KEY_ID: "ASIAr",
  AWS_SECRET_ACCESS_KEY: "secret-of-r",
  AWS_SESSION_TOKEN: "token-of-r",
  AWS_CREDENTIAL_EXPIRATION: "2099-01-01T00:00:00Z",
  AWS_ACCOUNT_ID: "222222222222",
  AWS_REGION: "eu-west-1",
  AWS_DEFAULT_REGION: "eu-west-1",
  XROLE_REGION: "eu-west-1",
  XROLE_SESSION: expect.stringMatching(/^[0-9a-f]{16}\.[0-9a-f]{16}$/) as string,
};

async function env(words: readonly string[], more: Record<string, string> = {}): Promise<Run & { asked: number }> {
  const { url, asked } = await fakeAws(sts);
  const HOME = makeHome({ ".aws/credentials": credentials });
  const run = await xrole(["env", ...words], { env: { HOME, AWS_ENDPOINT_URL_STS: url, ...KEYS, ...more } });
  return { ...run, asked: asked.length };
}

describe("--format json", () => {
  it("is an object in which null is what must go", async () => {
    const host = { AWS_PROFILE: "stale", AWS_CONTAINER_AUTHORIZATION_TOKEN: secret("Basic container-token") };
    const run = await env([HOSTILE, "--format", "json"], host);
    expect(run).toMatchObject({ status: 0, stderr: "" });
    const all = JSON.parse(run.stdout) as Record<string, string | null>;
    const set = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
    expect(set).toEqual({
      ...ROLE,
      XROLE_PROFILE: HOSTILE,
      XROLE_HOST_AWS_CONTAINER_AUTHORIZATION_TOKEN: "Basic container-token",
    });
    expect(all).toMatchObject({ AWS_PROFILE: null, AWS_CONTAINER_AUTHORIZATION_TOKEN: null, AWS_ROLE_ARN: null });
    expect(run.stdout).not.toContain("\u001b");
  });

  it("goes back with --unset", async () => {
    const run = await env(["--unset", "--format=json"], { XROLE_HOST_AWS_ROLE_ARN: "arn" });
    expect(JSON.parse(run.stdout)).toMatchObject({ AWS_ROLE_ARN: "arn", XROLE_PROFILE: null });
  });
});

describe("--format dotenv", () => {
  /** As `docker run --env-file` reads it: the value as it stands, no space in a name. */
  const docker = (text: string): Record<string, string> =>
    Object.fromEntries(
      text.split("\n").flatMap((line) => {
        const [name = "", ...value] = line.split("=");
        if (/[ \t]/.test(name)) throw new Error(`variable '${name}' contains whitespaces`);
        return name === "" || name.startsWith("#") ? [] : [[name, value.join("=")]];
      }),
    );

  it("holds the role, and nothing of the host", async () => {
    const run = await env(["p", "--format", "dotenv"], {
      AWS_CONTAINER_AUTHORIZATION_TOKEN: secret("Basic container-token"),
    });
    expect(run.status).toBe(0);
    expect(docker(run.stdout)).toEqual({ ...ROLE, XROLE_PROFILE: "p" });
  });

  it("leaves out a name that readers would read differently", async () => {
    expect(docker((await env([HOSTILE, "--format", "dotenv"])).stdout)).toEqual(ROLE);
  });

  it.each([["bundle"], ["keys"]])("refuses a value that readers would read differently: %s", async (profile) => {
    const run = await env([profile, "--format", "dotenv"]);
    expect(run).toMatchObject({ status: 78, stdout: "(exit 78);\n" });
    expect(run.stderr).toMatch(/(AWS_CA_BUNDLE|AWS_SECRET_ACCESS_KEY) holds a character that --format dotenv cannot/);
    expect(() => docker(run.stdout)).toThrow("contains whitespaces");
  });

  it("cannot remove", async () => {
    const run = await env(["--unset", "--format", "dotenv"]);
    expect(run).toMatchObject({ status: 64, stdout: "(exit 64);\n" });
    expect(run.stderr).toContain("--format dotenv cannot remove variables");
  });
});

describe("--format github", () => {
  /** The variables in a file, as GitHub's documentation says: `NAME=VALUE`, or `NAME<<END`, lines and `END`. */
  function job(text: string): { variables: Record<string, string>; ends: string[] } {
    const variables: Record<string, string> = {};
    const ends: string[] = [];
    const lines = text.split("\n");
    expect(lines.pop(), "an unfinished line").toBe("");
    while (lines.length > 0) {
      const line = lines.shift() ?? "";
      const [, name, end] = /^([^=]*?)<<(.*)$/.exec(line) ?? [];
      if (name === undefined || end === undefined) {
        const [plain = "", ...value] = line.split("=");
        variables[plain] = value.join("=");
        continue;
      }
      const at = lines.indexOf(end);
      expect(at).toBeGreaterThan(-1);
      variables[name] = lines
        .splice(0, at + 1)
        .slice(0, -1)
        .join("\n");
      ends.push(end);
    }
    return { variables, ends };
  }

  const play = async (
    words: readonly string[],
    { before = "", ...more }: Record<string, string> = {},
  ): Promise<Run & { asked: number; file: string }> => {
    const file = join(makeHome(), "env");
    writeFileSync(file, before);
    const run = await env([...words, "--format", "github"], { GITHUB_ACTIONS: "true", GITHUB_ENV: file, ...more });
    return { ...run, file: readFileSync(file, "utf8") };
  };

  it("masks the secrets, and hands the role to the steps that follow", async () => {
    const run = await play([HOSTILE]);
    expect(run).toMatchObject({
      status: 0,
      stderr: "",
      stdout: "::add-mask::ASIAr\n::add-mask::secret-of-r\n::add-mask::token-of-r\n",
    });
    const { variables, ends } = job(run.file);
    expect(variables).toEqual({ ...ROLE, XROLE_PROFILE: HOSTILE });
    expect(new Set(ends).size).toBe(Object.keys(variables).length);
    expect(ends.every((end) => /^xrole_[0-9a-f-]{36}$/.test(end))).toBe(true);
  });

  it("escapes a mask as the runner reads it, and adds to what is there", async () => {
    const run = await play(["keys"], { before: "FIRST=1\nLAST=2" });
    expect(run.stdout).toBe("::add-mask::AKIAKEYS\n::add-mask::secret%25of'keys\n");
    expect(job(run.file).variables).toMatchObject({ FIRST: "1", LAST: "2", AWS_SECRET_ACCESS_KEY: "secret%of'keys" });
  });

  it("has masked before it writes", async () => {
    const run = await play(["p"], { GITHUB_ENV: "/dev/null/env" });
    expect(run).toMatchObject({ status: 74, stdout: expect.stringMatching(/^(::add-mask::\S+\n){3}$/) as string });
  });

  it("is an error where a variable is set that must go", async () => {
    const run = await play(["p"], { AWS_PROFILE: "stale", AWS_WEB_IDENTITY_TOKEN_FILE: "/token" });
    expect(run).toMatchObject({ status: 78, stdout: "", file: "" });
    expect(run.stderr).toContain(
      "cannot remove what would win over the role: AWS_PROFILE, AWS_WEB_IDENTITY_TOKEN_FILE",
    );
  });

  it.each([[{ GITHUB_ACTIONS: "" }], [{ GITHUB_ACTIONS: "false" }], [{ GITHUB_ENV: "" }]])(
    "is refused outside a job, before anybody is asked: %j",
    async (more) => {
      const run = await play(["p"], more);
      expect(run).toMatchObject({ status: 64, stdout: "", file: "", asked: 0 });
      expect(run.stderr).toContain("--format github is for a step of a GitHub Actions job");
    },
  );

  it("cannot remove", async () => {
    expect(await play(["--unset"])).toMatchObject({ status: 64, stdout: "", file: "" });
  });
});

describe("a failure is told in the form that was asked for", () => {
  const FAILED: Readonly<Record<string, (status: number) => string>> = {
    sh: (status) => `(exit ${status});\n`,
    fish: (status) => `function __xrole_failed; functions -e __xrole_failed; return ${status}; end; __xrole_failed;\n`,
    powershell: (status) => `throw 'xrole env failed with status ${status}';\n`,
    cmd: (status) => `cmd /d /c exit ${status}\r\n`,
    dotenv: (status) => `(exit ${status});\n`,
    github: () => "",
  };

  it.each(Object.keys(FAILED))("%s", async (format) => {
    const failed = FAILED[format]!;
    for (const [words, status] of [
      [["nope", "--format", format], 78],
      [["--format", format, "p", "--nonsense"], 64],
      [["p", "surplus", `--format=${format}`], 64],
      [["p", "--format=json", `--format=${format}`, "--duration"], 64],
    ] as const) {
      const run = await env(words, { GITHUB_ACTIONS: "true", GITHUB_ENV: "/nonexistent" });
      expect(run).toMatchObject({ status, stdout: failed(status) });
      expect(run.stderr).toMatch(/^xrole: /);
    }
  });

  it("json", async () => {
    const run = await env(["nope", "--format", "json"]);
    expect(run.status).toBe(78);
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: "profile-not-found" } });
  });

  it.each([["tcsh"], ["toString"], [""]])("as sh, when it is none: %j", async (format) => {
    const run = await env(["p", "--format", format]);
    expect(run).toMatchObject({ status: 64, stdout: "(exit 64);\n", asked: 0 });
    expect(run.stderr).toContain("sh, fish, powershell, cmd, json, dotenv, github");
  });
});
