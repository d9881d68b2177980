// Each profile gets its own identity, however many are resolved at once: by one program, or by one `xrole serve`.
import { createHash, generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { containerReply, fakeAws, imds, sts, type Answer, type FakeAws } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { xrole } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";
import { start } from "../../harness/start.ts";

const hash = (kind: string, text: string): string => createHash(kind).update(text).digest("hex");
const later = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
/** An account of its own for each, which begins with the number of its kind. */
const account = (kind: number, index: number): string => `${kind}${String(index).padStart(11, "0")}`;

interface Expected {
  readonly profile: string;
  readonly keyId: string;
  readonly accountId: string;
  readonly text: string;
}

const role = (name: string, accountId: string, source: string): Expected => ({
  profile: name,
  keyId: `ASIA${name}`,
  accountId,
  text: `[profile ${name}]\nrole_arn = arn:aws:iam::${accountId}:role/${name}\nregion = us-east-1\n${source}\n`,
});
const loginOf = (index: number): string => `arn:aws:iam::${account(4, index)}:user/user${index}`;
const processOf = (index: number): string =>
  JSON.stringify({
    Version: 1,
    AccessKeyId: `ASIAPROCESS${index}`,
    SecretAccessKey: secret(`secret-of-process-${index}`),
    SessionToken: secret(`token-of-process-${index}`),
    Expiration: later(7200),
    AccountId: account(5, index),
  });

/** Profiles whose credentials have an end, of each kind of source, alone and below a role. */
const PROFILES: readonly Expected[] = [
  ...range(3).map((index) => role(`web${index}`, account(2, index), `web_identity_token_file = token${index}`)),
  ...range(3).map((index) => ({
    profile: `sso${index}`,
    keyId: `ASIASSO${account(3, index)}`,
    accountId: account(3, index),
    text: `[profile sso${index}]\nsso_session = session${index % 2}\nsso_account_id = ${account(3, index)}\nsso_role_name = R${index}\nregion = us-east-1\n`,
  })),
  ...range(6).map((index) => ({
    profile: `login${index}`,
    keyId: `ASIALOGIN${index}`,
    accountId: account(4, index),
    text: `[profile login${index}]\nlogin_session = ${loginOf(index)}\nregion = us-east-1\n`,
  })),
  ...range(3).map((index) => ({
    profile: `process${index}`,
    keyId: `ASIAPROCESS${index}`,
    accountId: account(5, index),
    text: `[profile process${index}]\ncredential_process = printf %s '${processOf(index)}'\nregion = us-east-1\n`,
  })),
  ...["key1", "key2", "login1", "login4", "sso2", "process2"].map((source, index) =>
    role(`of-${source}`, account(6, index), `source_profile = ${source}`),
  ),
  ...["Environment", "Ec2InstanceMetadata", "EcsContainer"].map((source, index) =>
    role(`of-${source}`, account(7, index), `credential_source = ${source}`),
  ),
].map((one) => ({ ...one, keyId: one.keyId.replace(/-/g, "") }));
const KEYS = range(2).map((index) => ({
  profile: `key${index}`,
  keyId: `AKIAKEY${index}`,
  accountId: account(1, index),
  text: `[profile key${index}]\naws_access_key_id = AKIAKEY${index}\naws_secret_access_key = secret-of-key${index}\naws_account_id = ${account(1, index)}\nregion = us-east-1\n`,
}));
/** With whose key each role is asked for. */
const CALLERS: Readonly<Record<string, string>> = {
  "of-key1": "AKIAKEY1",
  "of-key2": "AKIAKEY2",
  "of-login1": "ASIALOGIN1",
  "of-login4": "ASIALOGIN4",
  "of-sso2": `ASIASSO${account(3, 2)}`,
  "of-process2": "ASIAPROCESS2",
  "of-Environment": "AKIAENV",
  "of-Ec2InstanceMetadata": "ASIAINSTANCE",
  "of-EcsContainer": "ASIACONTAINER",
};

/** Every service at one address. Answers come in no order. */
const everything: Answer = (response, asked, count) => {
  const answer = (): void => {
    const { pathname, searchParams } = new URL(asked.url, "http://aws");
    if (pathname.startsWith("/latest/")) {
      imds(response, asked, count);
      return;
    }
    if (pathname === "/container") return void response.end(containerReply("CONTAINER"));
    if (pathname === "/federation/credentials") {
      const id = searchParams.get("account_id") ?? "";
      const roleCredentials = {
        accessKeyId: `ASIASSO${id}`,
        secretAccessKey: secret(`secret-of-sso-${id}`),
        sessionToken: secret(`token-of-sso-${id}`),
        expiration: Date.now() + 7_200_000,
      };
      const token = `token-of-session${Number(id.slice(-1)) % 2}`;
      if (asked.headers["x-amz-sso_bearer_token"] !== token) return void response.writeHead(401).end("{}");
      return void response.end(JSON.stringify({ roleCredentials }));
    }
    if (pathname === "/v1/token") {
      const { refreshToken } = JSON.parse(asked.body) as { refreshToken: string };
      const index = refreshToken.slice("refresh-token-of-login".length);
      const accessToken = {
        accessKeyId: `ASIALOGIN${index}`,
        secretAccessKey: secret(`secret-of-login-${index}`),
        sessionToken: secret(`token-of-login-${index}`),
      };
      return void response.end(JSON.stringify({ accessToken, tokenType: "aws_sigv4", expiresIn: 900, refreshToken }));
    }
    sts(response, asked, count);
  };
  setTimeout(answer, Math.random() * 30);
};

function files(): Record<string, string> {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const logins = range(6).map((index) => [
    `.aws/login/cache/${hash("sha256", loginOf(index))}.json`,
    JSON.stringify({
      accessToken: {
        accessKeyId: `ASIALOGIN${index}`,
        secretAccessKey: secret(`secret-of-login-${index}`),
        sessionToken: secret(`token-of-login-${index}`),
        accountId: account(4, index),
        // Half of them are renewed.
        expiresAt: later(index % 2 === 0 ? -60 : 3600),
      },
      clientId: "arn:aws:signin:::devtools/same-device",
      refreshToken: secret(`refresh-token-of-login${index}`),
      dpopKey: privateKey.export({ format: "pem", type: "sec1" }),
    }),
  ]);
  const sessions = [0, 1].map((index) => [
    `.aws/sso/cache/${hash("sha1", `session${index}`)}.json`,
    JSON.stringify({ accessToken: secret(`token-of-session${index}`), expiresAt: later(7200) }),
  ]);
  const tokens = range(3).map((index) => [`token${index}`, secret(`header.claims.signature${index}`)]);
  const session = (index: number): string =>
    `[sso-session session${index}]\nsso_start_url = https://example.awsapps.com/start\nsso_region = eu-west-1\n`;
  const config = [...KEYS, ...PROFILES].map(({ text }) => text).join("") + session(0) + session(1);
  const all = [...logins, ...sessions, ...tokens] as [string, string][];
  return { ...Object.fromEntries(all), ".aws/config": config };
}

async function world(): Promise<FakeAws & { env: Record<string, string>; cwd: string }> {
  const aws = await fakeAws(everything);
  const HOME = makeHome(files());
  const env = {
    HOME,
    AWS_ENDPOINT_URL: aws.url,
    AWS_EC2_METADATA_SERVICE_ENDPOINT: aws.url,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${aws.url}/container`,
    AWS_ACCESS_KEY_ID: "AKIAENV",
    AWS_SECRET_ACCESS_KEY: secret("secret-of-environment"),
  };
  return { ...aws, env, cwd: HOME };
}

const shuffled = <One>(all: readonly One[]): One[] =>
  all
    .map((one) => ({ one, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
const identityOf = ({ profile, keyId, accountId }: Expected): object => ({ profile, keyId, accountId });
const byProfile = (a: { profile: string }, b: { profile: string }): number => (a.profile < b.profile ? -1 : 1);

/** Each role was asked for with the key of its own source. */
function expectCallers(asked: FakeAws["asked"]): void {
  const signed = asked.flatMap(({ body, headers }) => {
    const name = new URLSearchParams(body).get("RoleArn")?.split("/").at(-1);
    const [, keyId] = /Credential=([^/]+)/.exec(headers.authorization ?? "") ?? [];
    return name !== undefined && keyId !== undefined ? [[name, keyId] as const] : [];
  });
  expect(Object.fromEntries(signed)).toEqual(CALLERS);
  for (const [name, keyId] of signed) expect([name, keyId]).toEqual([name, CALLERS[name]]);
}

describe("twenty profiles and more at once get each its own identity", () => {
  it.each([
    ["without the cache", "cache: false"],
    ["with the cache", ""],
  ])("in one program, %s", async (_, option) => {
    const { env, cwd, asked } = await world();
    const all = [...KEYS, ...PROFILES];
    expect(all.length).toBeGreaterThan(20);
    const rounds = range(4).map(() => shuffled(all).map(({ profile }) => profile));
    const script = `const { fromXrole } = require(${JSON.stringify(process.cwd())});
      (async () => {
        const rounds = [];
        for (const names of ${JSON.stringify(rounds)})
          rounds.push(await Promise.all(names.map(async (profile) => {
            const { accessKeyId: keyId, accountId, secretAccessKey } = await fromXrole({ profile, ${option} })();
            return { profile, keyId, accountId };
          })));
        console.log(JSON.stringify(rounds));
      })();`;
    const run = await xrole(["-e", script], { command: process.execPath, env, cwd });
    expect(run).toMatchObject({ status: 0, stderr: "" });
    const expected = all.map(identityOf).sort(byProfile as never);
    for (const found of JSON.parse(run.stdout) as Expected[][]) expect(found.sort(byProfile)).toEqual(expected);
    expectCallers(asked);
  });

  it("from one serve, in any order", async () => {
    const { env, cwd, asked } = await world();
    const names = shuffled(PROFILES).map(({ profile }) => profile);
    const { child } = start(
      ["serve", ...names, "--print", "json"],
      { ...env, AWS_CONFIG_FILE: `${cwd}/.aws/config` },
      cwd,
    );
    let printed = "";
    const places = await new Promise<{ profile: string; uri: string; tokenFile: string }[]>((resolve, reject) => {
      child.stdout?.on("data", (chunk: Buffer) => {
        printed += chunk.toString();
        if (printed.endsWith("]\n")) resolve(JSON.parse(printed) as never);
      });
      child.on("close", () => reject(new Error(`it ended: ${printed}`)));
    });
    const found = await Promise.all(
      places.map(async ({ profile, uri, tokenFile }) => {
        const reply = await fetch(uri, { headers: { authorization: readFileSync(tokenFile, "utf8") } });
        const { AccessKeyId: keyId, AccountId: accountId } = (await reply.json()) as Record<string, string>;
        return { profile, keyId, accountId };
      }),
    );
    expect(found.sort(byProfile)).toEqual(PROFILES.map(identityOf).sort(byProfile as never));
    expectCallers(asked);
  });
});
