// `xrole serve`: roles for consumers that xrole does not start, one place and token a profile, until it is stopped.
import { existsSync, statSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { assumeRoleReply, awsError, fakeAws, hourly, sts, type Answer } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { shell, xrole } from "../../harness/run.ts";
import { send, serve } from "../../harness/serve.ts";
import { printedBefore, start } from "../../harness/start.ts";

const role = (name: string): string =>
  `[profile ${name}]\nrole_arn = arn:aws:iam::222222222222:role/r\ncredential_source = Environment\nregion = us-east-1\n`;
const CONFIG = ["p", '"my profile"'].map(role).join("");

async function environment(answer: Answer = hourly): Promise<Record<string, string>> {
  return {
    HOME: makeHome({ ".aws/config": CONFIG }),
    AWS_ACCESS_KEY_ID: "AKIAENV",
    AWS_SECRET_ACCESS_KEY: "secret-of-env",
    AWS_ENDPOINT_URL_STS: (await fakeAws(answer)).url,
  };
}

/** What is left of a role in the shell, but for what the test put there. */
const left = `env | grep -E '^(AWS|XROLE|BOTO|CPL)_' | grep -vE '^(AWS_ACCESS_KEY_ID|AWS_SECRET|AWS_ENDPOINT_URL_STS|XROLE_TEST)' | cut -d= -f1`;

/** Starts it, and gives what it prints. */
const printed = (words: readonly string[], env: Record<string, string>): Promise<string> =>
  printedBefore(start(["serve", ...words], env), "Serving");

describe("what a consumer sets is printed", () => {
  const ask = `node -e 'fetch(process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI,{headers:{authorization:require("fs").readFileSync(process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE,"utf8")}}).then(async r=>console.log(r.status,(await r.json()).AccessKeyId))'`;

  it("for a shell, which then holds the role and nothing that would win over it", async () => {
    const env = await environment();
    const stale = { AWS_PROFILE: "x", AWS_SESSION_TOKEN: "stale-token", AMAZON_ACCESS_KEY_ID: "AKIASTALE" };
    const statements = await printed(["p"], env);
    const script = `eval "$STATEMENTS"; ${ask}; env | grep -cE '^(AMAZON_|AWS_(PROFILE|ACCESS_KEY_ID|SESSION_TOKEN)=)'
eval "$(xrole env --unset)"; ${left}; echo let go`;
    const run = await shell(script, { env: { ...env, ...stale, STATEMENTS: statements } });
    expect(run.stdout).toBe("200 ASIAr\n0\nlet go\n");
  });

  it("for SDKs that do not read the token's file, without the token on stdout", async () => {
    const env = await environment();
    const statements = await printed(["p"], env);
    const script = `eval "$STATEMENTS"; test "$AWS_CONTAINER_AUTHORIZATION_TOKEN" = "$(cat "$AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")" && echo the same
case $STATEMENTS in *"$AWS_CONTAINER_AUTHORIZATION_TOKEN"*) echo printed;; esac`;
    const run = await shell(script, { env: { ...env, STATEMENTS: statements } });
    expect(run.stdout).toBe("the same\n");
  });

  it("so that env --unset puts back what the shell had, in whatever way it was led there", async () => {
    const signers: (string | undefined)[] = [];
    const env = await environment((response, one, count) => {
      signers.push(/Credential=([^/]+)/.exec(one.headers.authorization ?? "")?.[1]);
      (one.body.includes("GetCallerIdentity") ? sts : hourly)(response, one, count);
    });
    const own = {
      AWS_CONFIG_FILE: `${env.HOME ?? ""}/.aws/config`,
      AWS_SHARED_CREDENTIALS_FILE: "/my own/credentials",
      AWS_CREDENTIAL_PROFILES_FILE: "/mine",
      CPL_AWS_CREDENTIALS_FILE: "/mine",
      BOTO_CONFIG: "/mine",
      AWS_SDK_LOAD_CONFIG: "true",
      AWS_EC2_METADATA_DISABLED: "false",
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/pod",
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "/pod/token",
      AWS_ROLE_ARN: "arn:aws:iam::999999999999:role/pod",
    };
    const [statements, others] = [await printed(["p"], env), await printed(["my profile"], env)];
    const show = `env | grep -E '^(AWS|XROLE|BOTO|CPL)' | grep -vE '^(AWS_ACCESS_KEY_ID|AWS_SECRET|AWS_ENDPOINT_URL_STS|XROLE_TEST)' | sort`;
    const script = `before=$(${show}); is() { test "$(${show})" = "$before" && echo as before; }
eval "$STATEMENTS"; ${ask}; eval "$(xrole env --unset)"; is
eval "$STATEMENTS"; eval "$OTHERS"; ${ask}; eval "$(xrole env --unset)"; is
eval "$STATEMENTS"; xrole whoami > /dev/null || exit 1; eval "$(xrole env --unset)"; is`;
    const run = await shell(script, {
      env: {
        HOME: env.HOME ?? "",
        ...own,
        AWS_ENDPOINT_URL_STS: env.AWS_ENDPOINT_URL_STS ?? "",
        STATEMENTS: statements,
        OTHERS: others,
      },
    });
    expect(run.stdout).toBe("200 ASIAr\nas before\n200 ASIAr\nas before\nas before\n");
    expect(signers).toEqual(["AKIAENV", "ASIAr"]);
  });

  it("so that env --unset lets go of it after a later env too", async () => {
    const env = await environment();
    const statements = await printed(["p"], env);
    const script = `unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY; eval "$STATEMENTS"
eval "$(xrole env --role-arn arn:aws:iam::222222222222:role/second)"; echo "$AWS_ACCESS_KEY_ID"
eval "$(xrole env --unset)"; ${left}; echo let go`;
    const run = await shell(script, { env: { ...env, STATEMENTS: statements } });
    expect(run.stdout, run.stderr).toBe("ASIAsecond\nlet go\n");
  });

  it("for docker run", async () => {
    const words = await printed(["p", "--print", "docker"], await environment());
    expect(words).toMatch(
      /^--network host -v \S+\/token:\/run\/xrole-token:ro -e AWS_CONTAINER_CREDENTIALS_FULL_URI=http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32} -e AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=\/run\/xrole-token -e AWS_CONFIG_FILE=\/dev\/null -e AWS_SHARED_CREDENTIALS_FILE=\/dev\/null -e AWS_CREDENTIAL_PROFILES_FILE=\/dev\/null -e CPL_AWS_CREDENTIALS_FILE=\/dev\/null -e BOTO_CONFIG=\/dev\/null -e AWS_EC2_METADATA_DISABLED=true -e AWS_REGION=us-east-1 -e AWS_DEFAULT_REGION=us-east-1\n$/,
    );
  });

  it("for programs, of several profiles, each with a path and token of its own", async () => {
    const places = JSON.parse(await printed(["p", "my profile"], await environment())) as Record<string, unknown>[];
    expect(places.map(({ profile }) => profile)).toEqual(["p", "my profile"]);
    expect(new Set(places.map(({ uri }) => uri)).size).toBe(2);
    expect(new Set(places.map(({ tokenFile }) => tokenFile)).size).toBe(2);
  });
});

describe("the endpoint", () => {
  it("tells on stderr who asked for what, and nothing secret", async () => {
    const { port, request, child, ended } = await serve(["my profile"], await environment());
    await send(port, request());
    await send(port, request({ token: "wrong" }));
    child.kill("SIGTERM");
    const { stderr, status } = await ended;
    const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`;
    expect(stderr).toMatch(new RegExp(`^${time} my profile SIAr 200\n${time} - - 403\n$`, "m"));
    expect(status).toBe(0);
  });

  it.each(["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"] as const)("ends at %s, and its files with it", async (signal) => {
    const { child, ended, tokenFile, port, request } = await serve(["p"], await environment());
    expect(statSync(tokenFile).mode & 0o777).toBe(0o600);
    expect(statSync(join(tokenFile, "..")).mode & 0o777).toBe(0o700);
    child.kill(signal);
    expect(await ended).toMatchObject({ status: 0, signal: null });
    expect(existsSync(tokenFile)).toBe(false);
    await expect(send(port, request())).rejects.toThrow("ECONNREFUSED");
  });

  it("answers what is under way when it is stopped", async () => {
    let reached = (): void => undefined;
    const isReached = new Promise<void>((resolve) => (reached = resolve));
    const env = await environment((response, one, count) => {
      // The first session has less than a minute, so that the first request asks for another, which takes its time.
      const expiration = new Date(Date.now() + 59_000).toISOString();
      if (count === 1) return void response.end(assumeRoleReply(one.body, { expiration }));
      setTimeout(() => hourly(response, one, count), 500);
      reached();
    });
    const { port, request, child, ended } = await serve(["p"], env);
    const reply = send(port, request());
    await isReached;
    child.kill("SIGTERM");
    expect((await reply).status).toBe(200);
    expect((await ended).status).toBe(0);
  });

  it("serves on when nobody reads its stdout any more, and lets its reader see the end", async () => {
    const { child, port, request } = await serve(["p"], await environment());
    await new Promise((resolve) => child.stdout?.once("end", resolve).resume());
    expect((await send(port, request())).status).toBe(200);
  });

  it("fails in the form of a shell when it is stopped before it is ready", async () => {
    let reached = (): void => undefined;
    const isReached = new Promise<void>((resolve) => (reached = resolve));
    const { child, ended } = start(["serve", "p"], await environment(() => reached()));
    await isReached;
    child.kill("SIGTERM");
    expect(await ended).toMatchObject({ signal: "SIGTERM", stdout: "(exit 143);\n" });
  });

  it("warns once that credentials are not cached, however many profiles and renewals there are", async () => {
    let sessions = 0;
    // Nothing that ends within a minute is handed out: these are renewed after two seconds at most.
    const env = await environment((response, { body }) => {
      sessions++;
      response.end(assumeRoleReply(body, { expiration: new Date(Date.now() + 62_000).toISOString() }));
    });
    const { port, request, child, ended } = await serve(["p", "my profile"], {
      ...env,
      XROLE_CACHE_DIR: "/proc/xrole/cache",
    });
    while (sessions < 4) {
      await send(port, request());
      await wait(100);
    }
    child.kill("SIGTERM");
    const { stderr, status } = await ended;
    expect(status).toBe(0);
    expect(stderr.match(/warning: credentials are not kept between calls/g)).toHaveLength(1);
  });

  it("keeps path and token in a folder, for the next start at the same port", async () => {
    const env = await environment();
    const folder = join(env.HOME ?? "", "served");
    const first = await serve(["p", "--directory", folder], env);
    first.child.kill("SIGTERM");
    await first.ended;
    const second = await serve(["p", "--directory", folder, "--port", String(first.port)], env);
    expect([second.port, second.path, second.token]).toEqual([first.port, first.path, first.token]);
    expect((await send(second.port, first.request())).status).toBe(200);
  });
});

describe("wrong usage", () => {
  it.each([
    [["p", "--host", "0.0.0.0"], 64, "--host 0.0.0.0 is not a loopback address"],
    [["p", "--port", "99999"], 64, "--port 99999 is not a port number"],
    [["p", "--port", ""], 64, "--port  is not a port number"],
    [["p", "--directory", ""], 64, "--directory needs the path of a folder"],
    [["p", "--print", "yaml"], 64, "Allowed choices are sh, docker, json"],
    [["p", "my profile", "--print", "sh"], 64, "--print sh is for one profile"],
    [["nope"], 78, 'there is no profile "nope"'],
    [["p", "--json"], 64, "unknown option '--json'"],
    [["p", "--directory", "/proc"], 78, "/proc/p cannot hold the token"],
  ])("%j", async (words, status, text) => {
    const run = await xrole(["serve", ...words], { env: await environment() });
    expect(run.status).toBe(status);
    expect(run.stdout).toBe(`(exit ${String(status)});\n`);
    expect(run.stderr).toContain(text);
  });

  it("is told in the form of several profiles, where several are named", async () => {
    for (const wrong of [["--port", "99999"], ["--nonsense"], ["--region"]]) {
      const run = await xrole(["serve", "p", "my profile", ...wrong], { env: await environment() });
      expect(run.status).toBe(64);
      expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: "usage" } });
    }
  });

  it("a port that is taken", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void other.close());
    const port = String((other.address() as AddressInfo).port);
    const run = await xrole(["serve", "p", "--port", port], { env: await environment() });
    expect(run).toMatchObject({ status: 78, stdout: "(exit 78);\n" });
    expect(run.stderr).toContain(`cannot listen on 127.0.0.1:${port}: something else listens there`);
  });

  it("keys that have no end", async () => {
    const keys = "[keys]\naws_access_key_id = AKIAKEYS\naws_secret_access_key = secret-of-keys\n";
    const run = await xrole(["serve", "keys"], { env: { HOME: makeHome({ ".aws/credentials": keys }) } });
    expect(run).toMatchObject({ status: 78, stdout: "(exit 78);\n" });
    expect(run.stderr).toContain('the credentials of profile "keys" do not expire');
  });

  it("a role that is refused", async () => {
    const refusing: Answer = (response) => awsError(response, 403, "AccessDenied", "no");
    const run = await xrole(["serve", "p"], { env: await environment(refusing) });
    expect(run).toMatchObject({ status: 77, stdout: "(exit 77);\n" });
  });

  it.each([
    [["p", "nope"]],
    [["nope", "--print", "json"]],
    [["p", "nope", "--print=json"]],
    [["nope", "--print", "docker", "--print", "json"]],
  ])("%j is told as JSON to who reads JSON", async (words) => {
    const run = await xrole(["serve", ...words], { env: await environment() });
    expect(run.status).toBe(78);
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: "profile-not-found" } });
  });

  it("is told to docker by what it refuses, and every shell or no shell", async () => {
    const run = await xrole(["serve", "nope", "--print", "docker"], { env: await environment() });
    expect(run).toMatchObject({ status: 78, stdout: "--xrole-failed (exit 78)\n" });
  });
});
