// Logins that end, of `aws sso login` and `aws login`: renewed once for all who want them, checked before they are kept, and not
// mistaken for ended where only the service is away.
import { execFileSync } from "node:child_process";
import { createHash, createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { fakeAws, type Answer, type Asked, type FakeAws } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { xrole, type Run } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";
import { start } from "../../harness/start.ts";

const SESSION = "arn:aws:iam::111111111111:user/alice";
const hash = (kind: string, text: string): string => createHash(kind).update(text).digest("hex");
const later = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+/, "");
const CONFIG = `[sso-session co]\nsso_start_url = https://example.awsapps.com/start\nsso_region = eu-west-1\n${[
  "a",
  "b",
  "c",
  "d",
]
  .map(
    (name, index) => `[profile ${name}]\nsso_session = co\nsso_account_id = 11111111111${index}\nsso_role_name = R\n`,
  )
  .join("")}${["la", "lb", "lc", "ld"].map((name) => `[profile ${name}]\nlogin_session = ${SESSION}\n`).join("")}`;
const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

/** A kind of login: its profiles, its file, what renews it, and what a renewal answers. */
interface Kind {
  readonly profiles: readonly string[];
  readonly file: string;
  readonly path: string;
  readonly kept: (seconds: number) => Record<string, unknown>;
  readonly reply: (number: number) => Record<string, unknown>;
  /** What is in the file after renewal `number`. */
  readonly token: (record: Record<string, unknown>) => unknown;
  readonly command: string;
}

const SSO: Kind = {
  profiles: ["a", "b", "c", "d"],
  file: `.aws/sso/cache/${hash("sha1", "co")}.json`,
  path: "/token",
  kept: (seconds) => ({
    accessToken: secret("sso-token-0"),
    expiresAt: later(seconds),
    clientId: "client",
    clientSecret: secret("sso-client-secret"),
    refreshToken: secret("sso-refresh-0"),
  }),
  reply: (number) => ({
    accessToken: secret(`sso-token-${number}`),
    expiresIn: 3600,
    refreshToken: secret(`sso-refresh-${number}`),
  }),
  token: ({ accessToken }) => accessToken,
  command: "aws sso login",
};
const keysOf = (number: number): Record<string, string> => ({
  accessKeyId: `ASIALOGIN${number}`,
  secretAccessKey: secret(`secret-of-login-${number}`),
  sessionToken: secret(`token-of-login-${number}`),
});
const LOGIN: Kind = {
  profiles: ["la", "lb", "lc", "ld"],
  file: `.aws/login/cache/${hash("sha256", SESSION)}.json`,
  path: "/v1/token",
  kept: (seconds) => ({
    accessToken: { ...keysOf(0), accountId: "111111111111", expiresAt: later(seconds) },
    clientId: "arn:aws:signin:::devtools/same-device",
    refreshToken: secret("login-refresh-0"),
    dpopKey: privateKey.export({ format: "pem", type: "sec1" }),
  }),
  reply: (number) => ({ accessToken: keysOf(number), expiresIn: 900, refreshToken: secret(`login-refresh-${number}`) }),
  token: ({ accessToken }) => (accessToken as Record<string, string>).accessKeyId,
  command: "aws login",
};
const KINDS: [string, Kind][] = [
  ["an SSO login", SSO],
  ["a login of aws login", LOGIN],
];

/** Gives role credentials to whoever has the token that is good. */
const portal: Answer = (response, { url, headers }) => {
  if (!url.startsWith("/federation")) return void response.writeHead(404).end();
  const id = new URL(url, "http://aws").searchParams.get("account_id") ?? "";
  const token = String(headers["x-amz-sso_bearer_token"]);
  if (!token.startsWith("sso-token-")) return void response.writeHead(401).end("{}");
  const keys = { secretAccessKey: secret(`secret-of-sso-${id}`), sessionToken: secret(`token-of-sso-${id}`) };
  const roleCredentials = { accessKeyId: `ASIASSO${id}`, ...keys, expiration: Date.now() + 3_600_000 };
  response.end(JSON.stringify({ roleCredentials }));
};

/** A service whose refresh tokens work once. */
function once(kind: Kind): Answer {
  let count = 0;
  return (response, asked, number) => {
    if (asked.url !== kind.path) {
      portal(response, asked, number);
      return;
    }
    const { refreshToken } = JSON.parse(asked.body) as { refreshToken: string };
    const isGood = refreshToken.endsWith(`-${count}`);
    if (isGood) count++;
    const body = isGood ? kind.reply(count) : { error: "invalid_grant" };
    setTimeout(() => response.writeHead(isGood ? 200 : 400).end(JSON.stringify(body)), 100);
  };
}

interface World extends FakeAws {
  readonly home: string;
  readonly file: string;
  readonly env: Record<string, string>;
  readonly read: () => Record<string, unknown>;
  readonly renewals: () => readonly Asked[];
}

async function world(kind: Kind, answer: Answer = once(kind), seconds = -60): Promise<World> {
  const aws = await fakeAws(answer);
  const home = makeHome({ ".aws/config": CONFIG, [kind.file]: JSON.stringify(kind.kept(seconds)) });
  const file = join(home, kind.file);
  return {
    ...aws,
    home,
    file,
    env: { HOME: home, AWS_ENDPOINT_URL: aws.url },
    read: () => JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>,
    renewals: () => aws.asked.filter(({ url }) => url === kind.path),
  };
}

const answering =
  (kind: Kind, status: number, body: unknown): Answer =>
  (response, asked, count) => {
    if (asked.url !== kind.path) {
      portal(response, asked, count);
      return;
    }
    response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
  };
/** Permissions do not hold root back; an attribute that not every file system has does. */
function forbidWriting(folder: string, isForbidden = true): void {
  if (process.getuid?.() === 0) execFileSync("chattr", [isForbidden ? "+i" : "-i", folder], { stdio: "ignore" });
  else chmodSync(folder, isForbidden ? 0o500 : 0o700);
}
const canForbid = ((): boolean => {
  const folder = mkdtempSync(join(tmpdir(), "xrole-test-"));
  try {
    forbidWriting(folder);
    forbidWriting(folder, false);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
})();

const first = ({ profiles }: Kind): string[] => ["credential-process", profiles[0] ?? ""];
const renewed = (kind: Kind, number: number): unknown => kind.token(kind.reply(number));

describe.each(KINDS)("%s that has expired", (_, kind) => {
  it("is renewed once for four commands, and all four succeed", async () => {
    const { env, renewals, read, file } = await world(kind);
    const all = kind.profiles.map((profile) => start(["credential-process", profile], env).ended);
    const runs = await Promise.all(all);
    expect(runs.map(({ status, stderr }) => [status, stderr])).toEqual(kind.profiles.map(() => [0, ""]));
    expect(renewals()).toHaveLength(1);
    expect(kind.token(read())).toBe(renewed(kind, 1));
    expect(readdirSync(join(file, ".."))).toEqual([file.split("/").at(-1)]);
  });

  it("is renewed once in one program", async () => {
    const { env, renewals } = await world(kind);
    const script = `const { fromXrole } = require(${JSON.stringify(process.cwd())});
      Promise.all(${JSON.stringify(kind.profiles)}.map((profile) => fromXrole({ profile })())).then((all) => console.log(all.length));`;
    const run = await xrole(["-e", script], { command: process.execPath, env });
    expect(run).toMatchObject({ status: 0, stdout: "4\n", stderr: "" });
    expect(renewals()).toHaveLength(1);
  });

  it("is not a reason to log in where another program has renewed it and this one is refused", async () => {
    let isRenewed = false;
    const { env, file, renewals } = await world(kind, (response, asked, count) => {
      if (asked.url !== kind.path) {
        portal(response, asked, count);
        return;
      }
      // It writes its answer a moment after xrole is told.
      response.writeHead(400).end('{"error":"invalid_grant"}');
      response.on("close", () => {
        if (!isRenewed) writeFileSync(file, JSON.stringify({ ...kind.kept(3600) }));
        isRenewed = true;
      });
    });
    const run = await xrole(first(kind), { env });
    expect(run, run.stderr).toMatchObject({ status: 0, stderr: "" });
    expect(renewals()).toHaveLength(1);
  });

  it("names the command that logs in where it is refused", async () => {
    const { env, read } = await world(kind, answering(kind, 400, { error: "invalid_grant" }));
    const before = read();
    const run = await xrole(first(kind), { env });
    expect(run.status).toBe(77);
    expect(run.stderr).toContain(`hint: ${kind.command} --profile`);
    expect(read()).toEqual(before);
  });

  it.each<[string, number, unknown, number]>([
    ["is out of order", 500, "oops", 75],
    ["throttles", 429, "{}", 75],
    ["sends what is no JSON", 200, "<html>", 70],
  ])("is not a reason to log in where the service %s", async (__, status, body, expected) => {
    const { env, read } = await world(kind, answering(kind, status, body));
    const before = read();
    const run = await xrole(first(kind), { env });
    expect(run.status).toBe(expected);
    expect(run.stderr).not.toMatch(/expired|login --profile/);
    expect(read()).toEqual(before);
  });

  it("is not a reason to log in where the service is not there", async () => {
    const { env } = await world(kind);
    const run = await xrole(first(kind), { env: { ...env, AWS_ENDPOINT_URL: "http://127.0.0.1:1" } });
    expect(run.status).toBe(69);
    expect(run.stderr).not.toMatch(/expired|login --profile/);
  });

  const bad = (change: Record<string, unknown>): Record<string, unknown> => ({ ...kind.reply(1), ...change });
  it.each<[string, Record<string, unknown>]>([
    ...["a\nb", "a\u001b[2Jb", "a b", "", "\u00e4"].map((text): [string, Record<string, unknown>] => [
      JSON.stringify(text),
      bad(kind === SSO ? { accessToken: text } : { accessToken: { ...keysOf(1), sessionToken: text } }),
    ]),
    ["an object as token", bad({ accessToken: { a: { b: 1 } } })],
    ["no token", bad({ accessToken: undefined })],
    ...[1e13, -1, 0, 1.5, "3600", null, undefined, {}].map((expiresIn): [string, Record<string, unknown>] => [
      `expiresIn ${JSON.stringify(expiresIn)}`,
      bad({ expiresIn }),
    ]),
    ...["a\nb", "", {}, 5].map((refreshToken): [string, Record<string, unknown>] => [
      `refreshToken ${JSON.stringify(refreshToken)}`,
      bad({ refreshToken }),
    ]),
  ])("is not replaced by a senseless answer: %s", async (__, body) => {
    const { env, read } = await world(kind, answering(kind, 200, body));
    const before = read();
    const run = await xrole(first(kind), { env });
    expect(run).toMatchObject({ status: 70, stdout: "" });
    expect(run.stderr).toContain("makes no sense");
    expect(read()).toEqual(before);
  });

  it("is renewed behind a symbolic link, which stays one, with the file's permissions", async () => {
    const { env, file, read, home } = await world(kind);
    const elsewhere = join(home, "elsewhere/login");
    mkdirSync(join(home, "elsewhere"));
    renameSync(file, elsewhere);
    chmodSync(elsewhere, 0o640);
    symlinkSync("../../../elsewhere/login", file);
    expect((await xrole(first(kind), { env })).status).toBe(0);
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(kind.token(read())).toBe(renewed(kind, 1));
    expect(statSync(elsewhere).mode & 0o777).toBe(0o640);
  });

  it.skipIf(!canForbid)("in a folder that cannot be written serves the run, with a warning", async () => {
    const { env, file, read } = await world(kind);
    const folder = join(file, "..");
    forbidWriting(folder);
    onTestFinished(() => forbidWriting(folder, false));
    const before = read();
    const run = await xrole(first(kind), { env });
    expect(run.status).toBe(0);
    expect(run.stderr).toContain("the renewed login is used but not kept");
    expect(read()).toEqual(before);
  });
});

describe.each(KINDS)("%s that is about to end", (_, kind) => {
  it.each([400, 429, 500])("is used where renewing it answers %i", async (status) => {
    const { env, read } = await world(kind, answering(kind, status, { error: "invalid_grant" }), 120);
    const before = read();
    const run = await xrole(first(kind), { env });
    expect(run, run.stderr).toMatchObject({ status: 0, stderr: "" });
    expect(read()).toEqual(before);
  });
});

describe.each(KINDS)("in the place of the file of %s", (_, kind) => {
  const odd: [string, (file: string) => unknown, number][] = [
    ["a FIFO", (file) => void execFileSync("mkfifo", [file]), 78],
    ["a folder", (file) => mkdirSync(file), 78],
    ["/dev/zero", (file) => symlinkSync("/dev/zero", file), 78],
    ["a link to itself", (file) => symlinkSync(file, file), 78],
    ["a dangling link", (file) => symlinkSync("/nowhere/at/all", file), 77],
    ["an empty file", (file) => writeFileSync(file, ""), 77],
    ["a list", (file) => writeFileSync(file, "[]"), 77],
  ];
  it.each(odd)("%s is an error at once", async (__, make, status) => {
    const { env, file, asked } = await world(kind);
    rmSync(file);
    make(file);
    const run = await xrole(first(kind), { env, limit: 5 });
    expect(run).toMatchObject({ status, stdout: "" });
    expect(asked).toEqual([]);
    if (status === 78) expect(run.stderr).toContain(file);
  });
});

it("a renewal of aws login proves possession of its key", async () => {
  const { env, renewals, url } = await world(LOGIN);
  const run: Run = await xrole(first(LOGIN), { env });
  expect(JSON.parse(run.stdout)).toMatchObject({ AccessKeyId: "ASIALOGIN1", AccountId: "111111111111" });
  const [{ headers, body } = { headers: {} as Asked["headers"], body: "" }] = renewals();
  expect(JSON.parse(body)).toEqual({
    clientId: "arn:aws:signin:::devtools/same-device",
    grantType: "refresh_token",
    refreshToken: "login-refresh-0",
  });
  const [head = "", claims = "", signature = ""] = String(headers.dpop).split(".");
  const parse = (part: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
  const { x, y } = createPublicKey(publicKey.export({ format: "pem", type: "spki" })).export({ format: "jwk" });
  expect(parse(head)).toEqual({ typ: "dpop+jwt", alg: "ES256", jwk: { kty: "EC", crv: "P-256", x, y } });
  expect(parse(claims)).toMatchObject({ htm: "POST", htu: `${url}/v1/token` });
  const key = { key: publicKey, dsaEncoding: "ieee-p1363" as const };
  expect(verify("sha256", Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, "base64url"))).toBe(true);
});
