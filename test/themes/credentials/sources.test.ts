// The sources beside keys, instance and container: web identity, SSO, login and processes, alone and as the base of a chain.
import { createHash, generateKeyPairSync } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { awsError, fakeAws, sts, type Answer, type FakeAws } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { xrole, type Run } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";

const ROLE = "arn:aws:iam::222222222222:role/r";
const hop = (source: string): string =>
  `[profile p]\nrole_arn = ${ROLE}\nsource_profile = ${source}\nregion = us-east-1\n`;
const form = (body: string | undefined): Record<string, string> => Object.fromEntries(new URLSearchParams(body));

describe("web identity", () => {
  const token = secret("header.claims.signature");
  const config = `[profile ci]\nrole_arn = arn:aws:iam::111111111111:role/ci\nweb_identity_token_file = token.jwt\nregion = us-east-1\n${hop("ci")}`;
  const run = async (words: string[], files: Record<string, string>, answer: Answer = sts): Promise<Run & FakeAws> => {
    const { url, asked } = await fakeAws(answer);
    const home = makeHome({ ".aws/config": config, ...files });
    return { ...(await xrole(words, { cwd: home, env: { HOME: home, AWS_ENDPOINT_URL_STS: url } })), url, asked };
  };

  it("is sent unsigned, its newline trimmed, and starts a chain", async () => {
    const { status, stdout, asked } = await run(["credential-process", "p"], { "token.jwt": `${token}\n` });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ AccessKeyId: "ASIAr", AccountId: "222222222222" });
    expect(form(asked[0]?.body)).toMatchObject({ Action: "AssumeRoleWithWebIdentity", WebIdentityToken: token });
    expect(asked[0]?.headers.authorization).toBeUndefined();
    expect(asked[1]?.headers.authorization).toContain("ASIAci");
  });

  it("takes the options that its call has", async () => {
    const words = ["credential-process", "ci", "--session-name", "build-7", "--duration", "15m", "--read-only"];
    const { asked } = await run(words, { "token.jwt": token });
    expect(form(asked[0]?.body)).toMatchObject({
      RoleSessionName: "build-7",
      DurationSeconds: "900",
      "PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
    });
  });

  it.each<[string, Record<string, string>, string]>([
    ["a file that is not there", {}, "there is no such file"],
    ["an empty file", { "token.jwt": "\n" }, "it is empty"],
  ])("with %s is refused before anything is sent", async (_, files, text) => {
    const { status, stderr, asked } = await run(["env", "ci"], files);
    expect(status).toBe(78);
    expect(stderr).toContain(text);
    expect(asked).toHaveLength(0);
  });

  it("whose token AWS does not take is refused, without showing it", async () => {
    const answer: Answer = (response) => awsError(response, 400, "InvalidIdentityToken", `no provider for ${token}`);
    const { status, stderr, asked } = await run(["env", "ci"], { "token.jwt": token }, answer);
    expect(status).toBe(77);
    expect(stderr).toContain("InvalidIdentityToken");
    expect(asked).toHaveLength(3);
  });

  it.each([
    ["InvalidIdentityToken", "Couldn't retrieve verification key from your identity provider,  please reference", 75],
    ["IDPCommunicationError", "The identity provider could not be reached", 75],
    ["InvalidIdentityToken", "Incorrect token audience", 77],
    ["InvalidIdentityToken", "No OpenIDConnect provider found in your account for https://token.example.com", 77],
    ["IDPRejectedClaim", "The identity provider rejected the claim", 77],
  ])("that AWS answers with %s: %s", async (code, message, wanted) => {
    const refusal: Answer = (response) => awsError(response, 400, code, message);
    const { status, stderr, asked } = await run(["env", "ci"], { "token.jwt": token }, refusal);
    expect(status).toBe(wanted);
    expect(stderr).toContain(message.slice(0, 24));
    expect(asked).toHaveLength(code === "IDPRejectedClaim" ? 1 : 3);
    if (code === "IDPRejectedClaim") return;
    const answer: Answer = (response, one, count) => (count < 3 ? refusal : sts)(response, one, count);
    expect((await run(["env", "ci"], { "token.jwt": token }, answer)).status).toBe(0);
  });

  it("whose token has expired is read once more, and no more", async () => {
    const answer: Answer = (response) => awsError(response, 400, "ExpiredTokenException", "Token expired");
    const { status, errors } = await run(["env", "ci"], { "token.jwt": token }, answer);
    expect(status).toBe(77);
    expect(errors.at(-1)?.code).toBe("token-expired");
  });
});

describe("SSO", () => {
  const sha1 = (text: string): string => createHash("sha1").update(text).digest("hex");
  const START = "https://example.awsapps.com/start";
  const config = `[sso-session "my co"]
sso_start_url = ${START}
sso_region = eu-west-1
[profile "my profile"]
sso_session = my co
sso_account_id = 111111111111
sso_role_name = Reader
region = us-east-1
[profile legacy]
sso_start_url = ${START}
sso_region = eu-west-1
sso_account_id = 111111111111
sso_role_name = Reader
region = us-east-1
[profile token-only]
sso_session = my co
${hop("my profile")}`;
  const in_ = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+/, "");
  const login = (more: object = {}): string =>
    JSON.stringify({ accessToken: secret("sso-access-token"), expiresAt: in_(3600), startUrl: START, ...more });
  const renewable = {
    clientId: "client",
    clientSecret: secret("sso-client-secret"),
    refreshToken: secret("sso-refresh-token"),
    registrationExpiresAt: in_(7200),
  };
  const portal: Answer = (response, asked, count) => {
    if (asked.url.startsWith("/federation/credentials"))
      return void response.end(
        JSON.stringify({
          roleCredentials: {
            accessKeyId: "ASIASSO",
            secretAccessKey: secret("secret-of-sso"),
            sessionToken: secret("token-of-sso"),
            expiration: Date.now() + 3_600_000,
          },
        }),
      );
    if (asked.url === "/token")
      return void response.end(
        JSON.stringify({
          accessToken: secret("renewed-access-token"),
          expiresIn: 28800,
          refreshToken: secret("renewed-refresh-token"),
        }),
      );
    sts(response, asked, count);
  };
  const run = async (
    words: string[],
    file: string,
    content: string | undefined,
    answer = portal,
  ): Promise<Run & FakeAws & { path: string }> => {
    const { url, asked } = await fakeAws(answer);
    const name = `.aws/sso/cache/${sha1(file)}.json`;
    const home = makeHome({ ".aws/config": config, ...(content !== undefined && { [name]: content }) });
    const result = await xrole(words, { env: { HOME: home, AWS_ENDPOINT_URL: url } });
    return { ...result, url, asked, path: join(home, name) };
  };

  it("uses the login of a session, names with spaces included, and starts a chain", async () => {
    const { status, stdout, stderr, asked } = await run(["credential-process", "p"], "my co", login());
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ AccessKeyId: "ASIAr", AccountId: "222222222222" });
    expect(asked[0]).toMatchObject({
      method: "GET",
      url: "/federation/credentials?role_name=Reader&account_id=111111111111",
    });
    expect(asked[0]?.headers["x-amz-sso_bearer_token"]).toBe("sso-access-token");
    expect(asked[1]?.headers.authorization).toContain("ASIASSO");
  });

  it("uses the login of a legacy start URL", async () => {
    const { stdout } = await run(["credential-process", "legacy"], START, login());
    expect(JSON.parse(stdout)).toMatchObject({ AccessKeyId: "ASIASSO", AccountId: "111111111111" });
  });

  it("renews a login that is about to end, and keeps it for everybody", async () => {
    const { status, asked, path } = await run(
      ["credential-process", "my profile"],
      "my co",
      login({ expiresAt: in_(60), ...renewable }),
    );
    expect(status).toBe(0);
    expect(asked.map(({ url }) => url.split("?")[0])).toEqual(["/token", "/federation/credentials"]);
    expect(JSON.parse(asked[0]?.body ?? "")).toEqual({
      clientId: "client",
      clientSecret: "sso-client-secret",
      grantType: "refresh_token",
      refreshToken: "sso-refresh-token",
    });
    expect(asked[1]?.headers["x-amz-sso_bearer_token"]).toBe("renewed-access-token");
    const kept = JSON.parse(readFileSync(path, "utf8")) as Record<string, string>;
    expect(kept).toMatchObject({
      accessToken: "renewed-access-token",
      refreshToken: "renewed-refresh-token",
      clientId: "client",
      startUrl: START,
    });
    expect(Date.parse(kept.expiresAt ?? "")).toBeGreaterThan(Date.now() + 28_000_000);
    expect(statSync(path).mode & 0o777).toBe(0o644);
  });

  it("goes on with a login that lives while its renewal fails", async () => {
    const answer: Answer = (response, asked, count) =>
      asked.url === "/token" ? void response.writeHead(400).end("{}") : portal(response, asked, count);
    const { status, asked } = await run(
      ["credential-process", "my profile"],
      "my co",
      login({ expiresAt: in_(60), ...renewable }),
      answer,
    );
    expect(status).toBe(0);
    expect(asked[1]?.headers["x-amz-sso_bearer_token"]).toBe("sso-access-token");
  });

  it.each<[string, string, string, string | undefined]>([
    ["that is not there", "my profile", "my co", undefined],
    ["that has expired", "legacy", START, login({ expiresAt: in_(-60) })],
    ["that is damaged", "legacy", START, "{"],
  ])("with a login %s says which command renews it", async (_, profile, file, content) => {
    const { status, stdout, stderr, asked, errors } = await run(["env", profile], file, content);
    expect({ status, stdout }).toEqual({ status: 77, stdout: "(exit 77);\n" });
    expect(errors.at(-1)?.code).toBe("sso-login-needed");
    expect(stderr).toContain(profile.includes(" ") ? `'${profile}'` : profile);
    expect(asked).toHaveLength(0);
  });

  it.each([
    [401, 77, "aws sso login", 1],
    [403, 77, "SSO does not give the role Reader in account 111111111111", 1],
    [429, 75, "trying later may help", 3],
    [302, 70, "it redirects elsewhere", 1],
  ])("that answers %i ends with %i", async (answered, status, text, requests) => {
    const answer: Answer = (response) =>
      void response.writeHead(answered, { location: "http://127.0.0.1:1/" }).end('{"message":"No access"}');
    const result = await run(["env", "legacy"], START, login(), answer);
    expect(result.status).toBe(status);
    expect(result.stderr).toContain(text);
    expect(result.asked).toHaveLength(requests);
  });

  it("without account and role is a token, and no role", async () => {
    const { status, stderr } = await run(["env", "token-only"], "my co", login());
    expect(status).toBe(78);
    expect(stderr).toContain("sso_account_id and sso_role_name");
  });
});

describe("a login session", () => {
  const SESSION = "arn:aws:iam::111111111111:user/alice";
  const file = `.aws/login/cache/${createHash("sha256").update(SESSION).digest("hex")}.json`;
  const config = `[profile "my login"]\nlogin_session = ${SESSION}\nregion = us-east-1\n${hop("my login")}`;
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const cached = (expiresAt: string): string =>
    JSON.stringify({
      accessToken: {
        accessKeyId: "ASIALOGIN",
        secretAccessKey: secret("secret-of-login"),
        sessionToken: secret("token-of-login"),
        accountId: "111111111111",
        expiresAt,
      },
      tokenType: "aws_sigv4",
      clientId: "arn:aws:signin:::devtools/same-device",
      refreshToken: secret("login-refresh-token"),
      dpopKey: privateKey.export({ format: "pem", type: "sec1" }),
    });
  const run = async (words: string[], files: Record<string, string>): Promise<Run & FakeAws> => {
    const { url, asked } = await fakeAws((response, one, count) => {
      if (one.url.includes("token"))
        response
          .writeHead(403, { "content-type": "application/json", "x-amzn-errortype": "AccessDeniedException" })
          .end('{"error":"TOKEN_EXPIRED","message":"expired"}');
      else sts(response, one, count);
    });
    const env = { HOME: makeHome({ ".aws/config": config, ...files }), AWS_ENDPOINT_URL: url };
    return { ...(await xrole(words, { env })), url, asked };
  };

  it("gives the credentials that `aws login` keeps, alone and to a chain", async () => {
    const files = { [file]: cached(new Date(Date.now() + 3_600_000).toISOString()) };
    const alone = await run(["credential-process", "my login"], files);
    expect(alone.status, alone.stderr).toBe(0);
    expect(JSON.parse(alone.stdout)).toMatchObject({ AccessKeyId: "ASIALOGIN", AccountId: "111111111111" });
    expect(alone.asked).toHaveLength(0);
    const chained = await run(["credential-process", "p"], files);
    expect(chained.asked[0]?.headers.authorization).toContain("ASIALOGIN");
  });

  it.each<[string, Record<string, string>, string]>([
    ["is not there", {}, "there is no login"],
    ["has expired", { [file]: cached("2020-01-01T00:00:00Z") }, "its session has expired"],
  ])("that %s says which command renews it", async (_, files, text) => {
    const { status, stderr } = await run(["env", "my login"], files);
    expect(status).toBe(77);
    expect(stderr).toContain(text);
    expect(stderr).toContain("hint: aws login --profile 'my login'");
  });
});

describe("a process", () => {
  it.each(["1\n2", 5, "é"])("whose account id is %j is refused", async (AccountId) => {
    const json = JSON.stringify({
      Version: 1,
      AccessKeyId: "AKIA",
      SecretAccessKey: secret("secret-of-process"),
      AccountId,
    });
    const HOME = makeHome({ ".aws/config": `[profile proc]\ncredential_process = printenv OUT\n` });
    const run = await xrole(["env", "proc"], { env: { HOME, OUT: json } });
    expect(run).toMatchObject({ status: 70, stdout: "(exit 70);\n" });
    expect(run.stderr).toContain("AccountId is not the id of an account");
  });

  it("that prints no account has the profile's", async () => {
    const json = JSON.stringify({ Version: 1, AccessKeyId: "AKIAPROC", SecretAccessKey: secret("secret-of-process") });
    const config = `[profile proc]\ncredential_process = printf %s '${json}'\naws_account_id = 123456789012\n`;
    const run = await xrole(["credential-process", "proc"], { env: { HOME: makeHome({ ".aws/config": config }) } });
    expect(JSON.parse(run.stdout)).toMatchObject({ AccessKeyId: "AKIAPROC", AccountId: "123456789012" });
  });
});

describe("a source whose credentials STS calls expired", () => {
  it("is asked once more", async () => {
    const config = `${hop("proc")}[profile proc]\ncredential_process = sh -c 'echo x >>calls; printf %s "$JSON"'\n`;
    const json = JSON.stringify({
      Version: 1,
      AccessKeyId: "ASIAPROC",
      SecretAccessKey: secret("secret-of-process"),
      SessionToken: secret("token-of-process"),
    });
    const home = makeHome({ ".aws/config": config });
    const expired: Answer = (response) =>
      awsError(response, 403, "ExpiredToken", "The security token included in the request is expired");
    const mended = await fakeAws((response, asked, count) => (count === 1 ? expired : sts)(response, asked, count));
    const run = await xrole(["credential-process", "p"], {
      cwd: home,
      env: { HOME: home, JSON: json, AWS_ENDPOINT_URL_STS: mended.url },
    });
    expect(run.status, run.stderr).toBe(0);
    expect(readFileSync(join(home, "calls"), "utf8")).toBe("x\nx\n");

    const never = await fakeAws(expired);
    const failed = await xrole(["env", "p"], {
      cwd: home,
      env: { HOME: home, JSON: json, AWS_ENDPOINT_URL_STS: never.url },
    });
    expect(failed).toMatchObject({ status: 77, stdout: "(exit 77);\n" });
    expect(never.asked).toHaveLength(2);
  });
});

describe("a key that cannot be sent", () => {
  const JSON_OUT = (more: object): string =>
    JSON.stringify({ Version: 1, AccessKeyId: "AKIAPROC", SecretAccessKey: secret("secret-of-process"), ...more });
  const keys = (id: string, key: string, token = ""): string =>
    `aws_access_key_id = ${id}\naws_secret_access_key = ${key}\n${token && `aws_session_token = ${token}\n`}`;
  const START = "https://example.awsapps.com/start";
  const ssoFile = `.aws/sso/cache/${createHash("sha1").update(START).digest("hex")}.json`;
  const sso = `[profile s]\nsso_start_url = ${START}\nsso_region = eu-west-1\nsso_account_id = 111111111111\nsso_role_name = Reader\nregion = us-east-1\n`;
  const sessionFile = `.aws/sso/cache/${createHash("sha1").update("co").digest("hex")}.json`;
  const renewable = `[sso-session co]\nsso_start_url = ${START}\nsso_region = eu-west-1\n[profile renewable]\nsso_session = co\nsso_account_id = 111111111111\nsso_role_name = Reader\nregion = us-east-1\n`;
  const bad = secret("secret\u00e9of-somebody");
  const ENVIRONMENT = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-environment") };

  it.each<[string, Record<string, string>, Record<string, string>, string]>([
    [
      "environment",
      {},
      { ...ENVIRONMENT, AWS_SECRET_ACCESS_KEY: bad },
      "environment: AWS_SECRET_ACCESS_KEY holds a character",
    ],
    [
      "environment",
      {},
      { ...ENVIRONMENT, AWS_ACCESS_KEY_ID: "AKIA\nENV" },
      "environment: AWS_ACCESS_KEY_ID holds a line break",
    ],
    [
      "environment",
      {},
      { ...ENVIRONMENT, AWS_SECRET_ACCESS_KEY: "secret-with-a-return\r" },
      "AWS_SECRET_ACCESS_KEY holds a line break",
    ],
    [
      "environment",
      {},
      { ...ENVIRONMENT, AWS_SESSION_TOKEN: "a-session-token\u200b" },
      "AWS_SESSION_TOKEN holds a character",
    ],
    [
      "source",
      { ".aws/credentials": `[source]\n${keys("AKIASRC", bad)}` },
      {},
      ".aws/credentials:3: aws_secret_access_key holds a character",
    ],
    [
      "source",
      { ".aws/credentials": `[source]\n${keys("AKIASRC", "secret-of-source\n  second-line")}` },
      {},
      ".aws/credentials:3: aws_secret_access_key holds a line break",
    ],
    [
      "source",
      { ".aws/credentials": `[source]\n${keys("AKIA\u2013SRC", "secret-of-source")}` },
      {},
      ".aws/credentials:2: aws_access_key_id holds a character",
    ],
    [
      "source",
      { ".aws/credentials": `[source]\n${keys("AKIASRC", "secret-of-source", "token\u00a0of-source")}` },
      {},
      ".aws/credentials:4: aws_session_token holds a character",
    ],
    [
      "process",
      {},
      { OUT: JSON_OUT({ SecretAccessKey: `${bad}\n` }) },
      "config:9: credential_process sh: SecretAccessKey holds a line break",
    ],
    [
      "process",
      {},
      { OUT: JSON_OUT({ SessionToken: "t\u00f6ken-of-process" }) },
      "credential_process sh: SessionToken holds a character",
    ],
    [
      "s",
      { [ssoFile]: `{\n "expiresAt": "2099-01-01T00:00:00Z",\n "accessToken": "sso-access-token\\n"\n}` },
      {},
      ".json:3: accessToken holds a line break",
    ],
    ...Object.entries({ clientId: "clien\n", clientSecret: "t\u00f6ken-of-s", refreshToken: "a-of-s\r\n" }).map(
      ([name, value]): [string, Record<string, string>, Record<string, string>, string] => [
        "renewable",
        {
          [sessionFile]: JSON.stringify(
            {
              expiresAt: "2001-01-01T00:00:00Z",
              accessToken: "sso-access-token",
              ...{ clientId: "client", clientSecret: "secret-of-s", refreshToken: "refresh-of-s" },
              [name]: value,
            },
            undefined,
            1,
          ),
        },
        {},
        `: ${name} holds a`,
      ],
    ),
  ])("of %s is 78 at once, with its place", async (profile, files, env, place) => {
    const { url, asked } = await fakeAws(sts);
    const role = `role_arn = ${ROLE}\nregion = us-east-1\n`;
    const config = `[profile environment]\n${role}credential_source = Environment\n[profile source]\n[profile process]\nregion = us-east-1
# a comment
credential_process = sh -c 'printf %s "$OUT"'\n${sso}${renewable}`;
    const HOME = makeHome({ ".aws/config": config, ...files });
    for (const words of [
      ["env", profile],
      ["doctor", profile],
    ]) {
      const run = await xrole(words, { env: { HOME, AWS_ENDPOINT_URL: url, ...env } });
      expect(run.status, run.stderr).toBe(78);
      expect(run.stdout + run.stderr).toContain(place);
      expect(run.stdout + run.stderr).not.toMatch(/network|secret-of|-of-s|-of-p/);
    }
    expect(asked).toEqual([]);
  });
});
