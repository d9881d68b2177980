// How `xrole doctor` walks: what it asks, what it leaves alone, every profile at once, and what a terminal shows.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  assumeRoleReply,
  awsError,
  fakeAws,
  fakeProxy,
  imds,
  sts,
  type Answer,
  type Asked,
} from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { shell, xrole } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";
import { openTerminal, xroleWords } from "../../harness/terminal.ts";

const config = `[profile keys]
aws_access_key_id = AKIAKEYS
aws_secret_access_key = secret-of-keys
[profile p]
role_arn = arn:aws:iam::222222222222:role/team/r
source_profile = keys
region = us-east-1
[profile chain]
role_arn = arn:aws:iam::333333333333:role/deep
source_profile = p
region = us-east-1
[profile i]
role_arn = arn:aws:iam::222222222222:role/r
credential_source = Ec2InstanceMetadata
region = us-east-1
[profile lender]
credential_source = Environment
[profile by-code]
role_arn = arn:aws:iam::222222222222:role/r
source_profile = keys
mfa_serial = arn:aws:iam::111111111111:mfa/alice
region = us-east-1
[profile broken]
role_arn = arn:aws:iam::222222222222:role/r
[profile settings-only]
region = eu-west-1
`;
const KEYS = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-env") };

interface Report {
  readonly profile: string;
  readonly status: number;
  readonly error?: { readonly code: string };
  readonly steps: readonly ({ readonly step: string; readonly state: string; readonly text: string } & Readonly<
    Record<string, unknown>
  >)[];
}
const parse = (text: string): Report => JSON.parse(text) as Report;

async function environment(answer: Answer = sts): Promise<{ env: Record<string, string>; asked: readonly Asked[] }> {
  const { url, asked } = await fakeAws(answer);
  const HOME = makeHome({ ".aws/config": config });
  const nowhere = "http://127.0.0.1:1";
  const env = { AWS_EC2_METADATA_SERVICE_ENDPOINT: nowhere, AWS_ENDPOINT_URL_STS: url };
  return { env: { HOME, XROLE_CACHE_DIR: join(HOME, "cache"), ...env }, asked };
}

/** Sessions of an hour: of those that claim to live for decades nothing is kept. */
const anHour: Answer = (response, asked, count) => {
  const isRole = asked.body.includes("RoleArn");
  if (isRole) response.end(assumeRoleReply(asked.body, { expiration: new Date(Date.now() + 3_600_000).toISOString() }));
  else sts(response, asked, count);
};

/** The calls of STS, with a mark for those that nobody signed. */
const calls = (asked: readonly Asked[]): string[] =>
  asked.map(({ body, headers }) => {
    const form = new URLSearchParams(body);
    const what = form.get("RoleArn")?.replace(/^.*\//, "") ?? form.get("Action") ?? "";
    return headers.authorization === undefined ? `${what} unsigned` : what;
  });

const deny =
  (role: string): Answer =>
  (response, asked, count) => {
    if (new URLSearchParams(asked.body).get("RoleArn")?.endsWith(role))
      awsError(response, 403, "AccessDenied", `User: someone\u001b[31m is not authorized`);
    else sts(response, asked, count);
  };

describe("the walk", () => {
  it("asks each thing once, in order", async () => {
    const { env, asked } = await environment();
    const run = await xrole(["doctor", "chain", "--json"], { env });
    expect(run).toMatchObject({ status: 0, stderr: "" });
    expect(calls(asked)).toEqual(["GetCallerIdentity unsigned", "GetCallerIdentity", "r", "deep", "GetCallerIdentity"]);
    const { status, error, steps } = parse(run.stdout);
    expect([status, error]).toEqual([0, undefined]);
    expect(steps.map(({ step }) => step)).toEqual(
      ["files", "profile", "region", "endpoint", "not used", "source", "sts", "clock"]
        .concat(["caller", "hop 1", "hop 2", "identity", "time left", "cache"])
        .filter((step) => step !== "not used"),
    );
    expect(steps.find(({ step }) => step === "hop 2")).toMatchObject({
      roleArn: "arn:aws:iam::333333333333:role/deep",
      accountId: "333333333333",
      from: `${env.HOME ?? ""}/.aws/config:9`,
    });
    expect(steps.find(({ step }) => step === "time left")).toMatchObject({ expiration: "2099-01-01T00:00:00Z" });
  });

  it("names the caller of a later hop by its role, path and all", async () => {
    const { env } = await environment(deny("deep"));
    const run = await xrole(["doctor", "chain"], { env });
    expect(run.status).toBe(77);
    expect(run.stdout).toContain('"AWS": "arn:aws:iam::222222222222:role/team/r"');
    expect(run.stdout).toContain("AWS says: User: someone^[[31m is not authorized");
    expect(run.stdout).not.toContain("\u001b");
  });

  it("neither reads what is kept nor keeps anything, and says what other commands would find", async () => {
    const { env, asked } = await environment(anHour);
    expect((await xrole(["doctor", "p"], { env })).stdout).toContain("nothing of this profile is kept yet");
    expect(existsSync(env.XROLE_CACHE_DIR ?? "")).toBe(false);
    await xrole(["env", "p"], { env });
    const kept = (): string[] =>
      readdirSync(env.XROLE_CACHE_DIR ?? "").map((name) => readFileSync(join(env.XROLE_CACHE_DIR ?? "", name), "utf8"));
    const keptBefore = kept();
    expect(keptBefore).toHaveLength(1);
    const before = asked.length;
    const run = await xrole(["doctor", "p"], { env });
    expect(calls(asked.slice(before))).toContain("r");
    expect(run.stdout).toMatch(/^ok +cache +kept until .* min left, /m);
    expect(kept()).toEqual(keptBefore);
  });

  it("says where a failure is hidden by what is kept", async () => {
    let isDenied = false;
    const { env } = await environment((...at) => (isDenied ? deny("r") : anHour)(...at));
    await xrole(["env", "p"], { env });
    isDenied = true;
    expect((await xrole(["env", "p"], { env })).status).toBe(0);
    const run = await xrole(["doctor", "p"], { env });
    expect(run.status).toBe(77);
    expect(run.stdout).toMatch(/^warning +cache /m);
    expect(run.stdout).toContain("do not meet this failure");
  });

  it("does not assume a role from itself where the shell holds it", async () => {
    const { env, asked } = await environment();
    const script = `eval "$(xrole env --role-arn arn:aws:iam::222222222222:role/r)"; xrole doctor --role-arn arn:aws:iam::222222222222:role/r --json`;
    const run = await shell(script, { env: { ...env, ...KEYS } });
    expect(run.status, run.stderr).toBe(0);
    expect(calls(asked)).toEqual(["r", "GetCallerIdentity unsigned", "GetCallerIdentity"]);
    expect(parse(run.stdout).steps.find(({ step }) => step === "source")?.text).toContain("an earlier xrole put there");
  });

  it("takes other credentials of a renewable source once, as other commands do", async () => {
    const instance = await fakeAws(imds);
    let identities = 0;
    const { env, asked } = await environment((response, one, count) => {
      const isSigned = one.headers.authorization !== undefined;
      if (isSigned && one.body.includes("GetCallerIdentity") && ++identities === 1)
        awsError(response, 403, "ExpiredToken", "The security token included in the request is expired");
      else sts(response, one, count);
    });
    const run = await xrole(["doctor", "i"], { env: { ...env, AWS_EC2_METADATA_SERVICE_ENDPOINT: instance.url } });
    expect(run.status, run.stdout).toBe(0);
    expect(calls(asked)).toEqual([
      "GetCallerIdentity unsigned",
      "GetCallerIdentity",
      "GetCallerIdentity",
      "r",
      "GetCallerIdentity",
    ]);
  });

  it("accepts a profile that is only a source, and none at all", async () => {
    const { env } = await environment();
    for (const words of [["doctor", "lender"], ["doctor"]]) {
      const run = await xrole(words, { env: { ...env, ...KEYS } });
      expect(run.status, run.stdout).toBe(0);
      expect(run.stdout).toMatch(/^ok +identity +arn:aws:iam::999999999999:user\/somebody, account 999999999999/m);
    }
  });

  it("goes through the proxy to ask whether STS answers, and says which", async () => {
    const { env } = await environment();
    const proxied = { ...env, AWS_ENDPOINT_URL_STS: "https://sts.example.com", https_proxy: "http://127.0.0.1:1" };
    const run = await xrole(["doctor", "p"], { env: proxied });
    expect(run.status).toBe(69);
    expect(run.stdout).toMatch(
      /^failed +sts +https:\/\/sts\.example\.com\/ could not be reached: the proxy 127\.0\.0\.1:1: connection refused/m,
    );
  });

  it("says that the proxy wants a password, and shows none", async () => {
    const { env } = await environment();
    const proxy = await fakeProxy("http://127.0.0.1:1", "user:right");
    const https_proxy = proxy.url.replace("//", `//user:${secret("wrong-password")}@`);
    const run = await xrole(["doctor", "p"], {
      env: { ...env, AWS_ENDPOINT_URL_STS: "https://sts.example.com", https_proxy },
    });
    expect(run.status).toBe(69);
    expect(run.stdout).toMatch(/^failed +sts +the proxy 127\S+ does not connect to .*: it answered 407/m);
    expect(run.stdout).not.toContain("wrong-password");
  });

  it("does not take a web page or a redirect for STS", async () => {
    for (const answer of [
      ((response) => void response.end("<!doctype html><HTML>sign in</HTML>")) satisfies Answer,
      ((response) => void response.writeHead(302, { location: "/login" }).end()) satisfies Answer,
    ]) {
      const { env } = await environment(answer);
      const run = await xrole(["doctor", "p"], { env });
      expect(run.status).toBe(70);
      expect(run.stdout).toMatch(/^failed +sts +http:.* sent a reply that makes no sense/m);
    }
  });

  it("has wrong usage and output that cannot be written as every command", async () => {
    const { env } = await environment();
    expect((await xrole(["doctor", "keys", "--duration", "900"], { env })).status).toBe(64);
    expect((await xrole(["doctor", "p", "q"], { env })).status).toBe(64);
    expect((await shell("xrole doctor p >/dev/full", { env })).status).toBe(74);
  });

  it("fails at the files where they cannot be read", async () => {
    const HOME = makeHome({ ".aws/config": "a line\n" });
    const run = await xrole(["doctor", "p", "--json"], { env: { HOME } });
    expect(run.status).toBe(78);
    const { error, steps } = parse(run.stdout);
    expect(error?.code).toBe("config-syntax");
    expect(steps.map(({ state }) => state)).toEqual(["failed", ...Array<string>(6).fill("not reached")]);
  });
});

describe("--all", () => {
  it("has a line a profile, with the step that failed", async () => {
    const { env } = await environment(deny("deep"));
    const run = await xrole(["doctor", "--all"], { env });
    const rows = run.stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/ {2,}/));
    const somebody = "arn:aws:iam::999999999999:user/somebody, account 999999999999";
    expect(rows.map((row) => row.slice(0, 3))).toEqual([
      ["PROFILE", "STATE", "STEP"],
      ["keys", "ok", somebody],
      ["p", "ok", somebody],
      ["chain", "failed", "hop 2"],
      ["i", "failed", "source"],
      ["lender", "failed", "source"],
      ["by-code", "failed", "hop 1"],
      ["broken", "failed", "profile"],
    ]);
    // That of the first that failed.
    expect(run.status).toBe(77);
  });

  it("takes a pattern, and prints JSON", async () => {
    const { env } = await environment();
    const run = await xrole(["doctor", "--all", "--json", "[kp]*"], { env });
    expect(run).toMatchObject({ status: 0, stdout: "[]\n" });
    const some = await xrole(["doctor", "--all", "--json", "?e*"], { env });
    const reports = JSON.parse(some.stdout) as Report[];
    expect(reports.map(({ profile, status }) => [profile, status])).toEqual([
      ["keys", 0],
      ["lender", 78],
    ]);
    expect(some.status).toBe(78);
  });
});

describe("on a terminal", () => {
  it.each([
    ["in colours, which only repeat the words", {}, "\u001b[32mok         \u001b[39m  files"],
    ["without them where NO_COLOR is set", { NO_COLOR: "1" }, "ok           files"],
  ])("the report is %s", async (_, more, text) => {
    const { env } = await environment();
    const terminal = openTerminal(xroleWords("doctor", "p"), { ...env, ...more });
    await terminal.see(text);
    expect(await terminal.ended).toEqual({ status: 0, signal: undefined });
  });

  it("a code is asked for, but not with --all", async () => {
    const { env, asked } = await environment();
    const one = openTerminal(xroleWords("doctor", "by-code"), env);
    await one.see("MFA code for arn:aws:iam::111111111111:mfa/alice");
    one.type("123456\r");
    expect((await one.ended).status).toBe(0);
    expect(asked.map(({ body }) => new URLSearchParams(body).get("TokenCode"))).toContain("123456");
    const all = openTerminal(xroleWords("doctor", "--all", "by-code"), env);
    await all.see("an MFA code of arn:aws:iam::111111111111:mfa/alice is needed");
    expect((await all.ended).status).toBe(77);
    expect(all.text()).not.toContain("MFA code for arn");
  });
});
