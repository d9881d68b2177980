// What the Sign-In service is asked to renew a login of `aws login`, with which proof, and which replies and files are taken.
import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Credentials } from "../../../../src/plan/aws/credentials.ts";
import type { Source } from "../../../../src/sources/kinds.ts";
import { loginCredentials } from "../../../../src/sources/login/fetch.ts";
import type { Answer } from "../../../harness/fake-aws.ts";
import { passAtOnce } from "../../../harness/timers.ts";
import { digest, failure, inSeconds, json, loginWorld, NOW, type LoginWorld } from "../logins.ts";

type LoginSource = Extract<Source, { kind: "login" }>;
const SESSION = "arn:aws:iam::111111111111:user/alice";
const NAME = `${digest("sha256", SESSION)}.json`;
const FILE = `.aws/login/cache/${NAME}`;
const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const KEYS = { accessKeyId: "ASIALOGIN", secretAccessKey: "secret-of-login", sessionToken: "token-of-login" };
const ACCESS = { ...KEYS, accountId: "111111111111", expiresAt: inSeconds(3600) };
const LOGIN = {
  accessToken: ACCESS,
  clientId: "client-id",
  refreshToken: "refresh-token",
  dpopKey: privateKey.export({ format: "pem", type: "sec1" }),
  more: "kept",
};
const ENDED = { ...LOGIN, accessToken: { ...ACCESS, expiresAt: inSeconds(-60) } };
const NEXT = { accessKeyId: "ASIANEXT", secretAccessKey: "secret-of-next", sessionToken: "token-of-next" };
const RENEWED = { accessToken: NEXT, expiresIn: 900, refreshToken: "second-refresh" };
const isPause = (ms: number): boolean => ms <= 1000;

interface World extends LoginWorld {
  readonly get: (
    more?: Partial<LoginSource>,
    region?: string | null,
    env?: Record<string, string>,
  ) => Promise<Credentials>;
}
async function world(answer: Answer, login: unknown = LOGIN, file = FILE): Promise<World> {
  const here = await loginWorld(answer, file, login);
  const source: LoginSource = {
    kind: "login",
    from: "config:1",
    profile: "p",
    session: SESSION,
    endpoint: `${here.url}/in/`,
  };
  return {
    ...here,
    get: (more = {}, region = "eu-west-1", env = {}) => {
      const context = { ...here.context, env: { ...here.context.env, ...env } };
      return loginCredentials(context, { ...source, ...more }, region ?? undefined, here.tools);
    },
  };
}
const needed = (problem: string): object => ({
  code: "login-needed",
  details: { where: "config:1", profile: "p", problem },
});
/** The parts of a signed token. */
const parts = (token: string): unknown[] =>
  token
    .split(".")
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, "base64url").toString()) as unknown);

describe("a login", () => {
  it("gives its keys without a request", async () => {
    const here = await world(json(500, {}));
    expect(await here.get()).toEqual({ ...KEYS, accountId: "111111111111", expiration: new Date(inSeconds(3600)) });
    expect(here.asked).toEqual([]);
  });

  it.each([
    [{ AWS_LOGIN_CACHE_DIRECTORY: "named" }, "named"],
    [{ AWS_LOGIN_CACHE_DIRECTORY: "~/named" }, "named"],
    [{}, ".aws/login/cache"],
  ])("is looked for by %j", async (env, folder) => {
    const here = await world(json(500, {}), LOGIN, `${folder}/${NAME}`);
    expect(await here.get({}, "", env)).toMatchObject({ accessKeyId: "ASIALOGIN" });
  });

  it("that is not there is needed", async () => {
    const here = await world(json(500, {}), LOGIN, "other");
    expect(await failure(here.get())).toMatchObject(needed(`there is no login for ${SESSION}`));
  });

  it.each<[string, unknown]>([
    ["no JSON", "{"],
    ["no keys", { ...LOGIN, accessToken: undefined }],
    ["no key id", { ...LOGIN, accessToken: { ...ACCESS, accessKeyId: "a b" } }],
    ["no secret", { ...LOGIN, accessToken: { ...ACCESS, secretAccessKey: "a b" } }],
    ["no session token", { ...LOGIN, accessToken: { ...ACCESS, sessionToken: "a b" } }],
    ["no end", { ...LOGIN, accessToken: { ...ACCESS, expiresAt: undefined } }],
    ["an end that is no time", { ...LOGIN, accessToken: { ...ACCESS, expiresAt: "soon" } }],
    ["no account", { ...LOGIN, accessToken: { ...ACCESS, accountId: undefined } }],
    ["an account that is longer", { ...LOGIN, accessToken: { ...ACCESS, accountId: "1111111111110" } }],
    ["an account with letters", { ...LOGIN, accessToken: { ...ACCESS, accountId: "x11111111111" } }],
    ["no client", { ...LOGIN, clientId: undefined }],
    ["a client with a space", { ...LOGIN, clientId: "a b" }],
    ["no refresh token", { ...LOGIN, refreshToken: "a b" }],
    ["no key", { ...LOGIN, dpopKey: undefined }],
    ["a key that is none", { ...LOGIN, dpopKey: "x" }],
    ["a key of another curve", { ...LOGIN, dpopKey: pem("P-384") }],
    [
      "a key of another kind",
      { ...LOGIN, dpopKey: generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }) },
    ],
  ])("with %s is damaged", async (_, login) => {
    const here = await world(json(200, RENEWED), login);
    expect(await failure(here.get())).toMatchObject(
      needed(`the file of the login of ${SESSION} is damaged: ${here.home}/${FILE}`),
    );
  });

  it.each(["accessKeyId", "secretAccessKey", "sessionToken", "clientId", "refreshToken"])(
    "whose %s cannot be sent is malformed",
    async (name) => {
      const isKey = name in KEYS;
      const login = {
        ...LOGIN,
        accessToken: { ...ACCESS, ...(isKey && { [name]: "a\nb" }) },
        ...(!isKey && { [name]: "a\nb" }),
      };
      const here = await world(json(200, RENEWED), login);
      expect(await failure(here.get())).toMatchObject({
        code: "credentials-malformed",
        details: { name, problem: "holds a line break", where: `${here.home}/${FILE}:1` },
      });
    },
  );

  it("may have a key in PKCS #8", async () => {
    const dpopKey = privateKey.export({ format: "pem", type: "pkcs8" });
    expect(await (await world(json(200, RENEWED), { ...LOGIN, dpopKey })).get()).toMatchObject(KEYS);
  });
});

describe("a renewal", () => {
  it("is asked for with a proof, and what comes of it is kept", async () => {
    const here = await world(json(200, RENEWED), ENDED);
    const expiration = new Date(inSeconds(900));
    expect(await here.get()).toEqual({ ...NEXT, accountId: "111111111111", expiration });
    expect(here.asked).toHaveLength(1);
    const { method, url, headers, body } = here.asked[0] ?? { headers: {}, body: "" };
    expect([method, url, headers["content-type"]]).toEqual(["POST", "/in/v1/token", "application/json"]);
    expect(JSON.parse(body)).toEqual({
      clientId: "client-id",
      grantType: "refresh_token",
      refreshToken: "refresh-token",
    });
    expect(here.kept()).toEqual({
      ...LOGIN,
      accessToken: { ...NEXT, accountId: "111111111111", expiresAt: expiration.toISOString() },
      refreshToken: "second-refresh",
    });
    expect(here.warnings).toEqual([]);
  });

  it("proves by a signature that it has the key", async () => {
    const here = await world(json(200, RENEWED), ENDED);
    await here.get();
    const proof = String(here.asked[0]?.headers.dpop);
    const { x, y } = publicKey.export({ format: "jwk" });
    const [head, claims] = parts(proof);
    expect(head).toEqual({ typ: "dpop+jwt", alg: "ES256", jwk: { kty: "EC", crv: "P-256", x, y } });
    const jti = expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/) as string;
    expect(claims).toEqual({ jti, htm: "POST", htu: `${here.url}/in/v1/token`, iat: NOW / 1000 });
    const [signed = "", signature = ""] = proof.split(/\.(?=[^.]*$)/);
    const key = { key: createPublicKey(privateKey), dsaEncoding: "ieee-p1363" } as const;
    expect(verify("sha256", Buffer.from(signed), key, Buffer.from(signature, "base64url"))).toBe(true);
    const again = await world(json(200, RENEWED), ENDED);
    await again.get();
    expect(parts(String(again.asked[0]?.headers.dpop))[1]).not.toMatchObject({ jti: (claims as { jti: string }).jti });
  });

  it.each<[unknown, string | null, object, string]>([
    [undefined, "eu-west-1", {}, "https://eu-west-1.signin.aws.amazon.com/"],
    [undefined, null, {}, "https://us-east-1.signin.aws.amazon.com/"],
    ["eu-west-2", "eu-west-1", {}, "https://eu-west-2.signin.aws.amazon.com/"],
    ["x@evil", "eu-west-1", {}, "https://eu-west-1.signin.aws.amazon.com/"],
    ["EU", "eu-west-1", {}, "https://eu-west-1.signin.aws.amazon.com/"],
    ["a/b", "eu-west-1", {}, "https://eu-west-1.signin.aws.amazon.com/"],
    [1, "eu-west-1", {}, "https://eu-west-1.signin.aws.amazon.com/"],
    ["eu-west-2", "eu-west-1", { fips: true }, "https://signin-fips.eu-west-2.amazonaws.com/"],
  ])("of a login of %j in %j goes to AWS where nothing else is said", async (signInRegion, region, flags, place) => {
    passAtOnce(isPause);
    const here = await world(json(500, {}), { ...ENDED, signInRegion });
    const env = { https_proxy: "http://127.0.0.1:1" };
    const more = { endpoint: undefined, ...flags } as unknown as Partial<LoginSource>;
    expect(await failure(here.get(more, region, env))).toMatchObject({
      code: "sts-unreachable",
      details: { endpoint: `${place}v1/token` },
    });
  });

  it.each<[number, unknown, string, object, number]>([
    [
      400,
      { error: "TOKEN_EXPIRED" },
      "login-needed",
      { problem: `the login of ${SESSION} has ended: its session has expired` },
      1,
    ],
    [
      401,
      { error: "USER_CREDENTIALS_CHANGED" },
      "login-needed",
      { problem: `the login of ${SESSION} has ended: its password has been changed` },
      1,
    ],
    [
      403,
      { error: "INSUFFICIENT_PERMISSIONS" },
      "login-needed",
      {
        problem: `the login of ${SESSION} has ended: it is not allowed signin:CreateOAuth2Token; attach the policy SignInLocalDevelopmentAccess`,
      },
      1,
    ],
    [400, { error: "OTHER-1" }, "login-needed", { problem: `the login of ${SESSION} has ended: OTHER-1` }, 1],
    [
      400,
      { error: "a b" },
      "login-needed",
      { problem: `the login of ${SESSION} has ended: AWS Sign-In answered 400` },
      1,
    ],
    [401, { error: 1 }, "login-needed", { problem: `the login of ${SESSION} has ended: AWS Sign-In answered 401` }, 1],
    [429, { error: "SLOW" }, "login-failed", { status: 429, detail: "SLOW" }, 3],
    [500, {}, "login-failed", { status: 500, detail: "" }, 3],
    [404, {}, "login-reply", { problem: "it answered 404" }, 1],
    [428, {}, "login-reply", { problem: "it answered 428" }, 1],
    [499, {}, "login-reply", { problem: "it answered 499" }, 1],
    [201, RENEWED, "login-reply", { problem: "it answered 201" }, 1],
    ...[43_201, 0, "900", undefined].map((expiresIn): [number, unknown, string, object, number] => [
      200,
      { ...RENEWED, expiresIn },
      "login-reply",
      { problem: "expiresIn is not a number of seconds that credentials can live" },
      1,
    ]),
    ...[
      { ...RENEWED, accessToken: undefined },
      { ...RENEWED, accessToken: { ...NEXT, secretAccessKey: "a b" } },
      { ...RENEWED, refreshToken: undefined },
    ].map((body): [number, unknown, string, object, number] => [
      200,
      body,
      "login-reply",
      { problem: "it holds no credentials, or no refresh token" },
      1,
    ]),
    [200, "<html>", "login-reply", { isForeign: true }, 1],
    [503, "plain text", "login-failed", { status: 503, detail: "" }, 3],
    // What would be an answer of STS's.
    [200, "<Response>", "login-reply", { isForeign: true }, 1],
  ])("that answers %i %j is told, and the login stays", async (status, body, code, details, times) => {
    passAtOnce(isPause);
    const here = await world(json(status, body), ENDED);
    const error = await failure(here.get());
    expect(error).toMatchObject({ code, details });
    expect(here.asked).toHaveLength(times);
    if (code !== "login-needed") expect((error as Error).message).toContain(`${here.url}/in/`);
    expect(here.kept()).toEqual(ENDED);
  });

  it("may give the longest session that there is", async () => {
    const here = await world(json(200, { ...RENEWED, expiresIn: 43_200 }), ENDED);
    expect(await here.get()).toMatchObject({ expiration: new Date(inSeconds(43_200)) });
  });

  it("is one by its place: who asks at another has an answer of their own", async () => {
    passAtOnce(isPause);
    const here = await world((...all) => json(all[1].url.startsWith("/b/") ? 200 : 500, RENEWED)(...all), ENDED);
    const places = ["a", "b"].map((name) => here.get({ endpoint: `${here.url}/${name}/` }));
    expect((await Promise.allSettled(places)).map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
    const env = { https_proxy: "http://127.0.0.1:1" };
    const away = await world(json(500, {}), ENDED);
    const regions = ["eu-west-1", "eu-west-2"].map((region) =>
      failure(away.get({ endpoint: undefined } as unknown as Partial<LoginSource>, region, env)),
    );
    expect(await Promise.all(regions)).toMatchObject(
      ["eu-west-1", "eu-west-2"].map((region) => ({
        details: { endpoint: `https://${region}.signin.aws.amazon.com/v1/token` },
      })),
    );
  });

  it("is waited for three times five seconds", async () => {
    const passed = passAtOnce((ms) => ms === 5000 || isPause(ms));
    const here = await world(() => undefined, ENDED);
    expect(await failure(here.get())).toMatchObject({ code: "sts-unreachable" });
    expect(passed.filter((ms) => ms === 5000)).toHaveLength(3);
  });
});

it("checks certificates against the bundle alone", async () => {
  const here = await loginWorld(json(200, RENEWED), FILE, ENDED);
  const source: LoginSource = { kind: "login", from: "config:1", profile: "p", session: SESSION, endpoint: here.url };
  const tools = { ...here.tools, caBundle: { file: "/nonexistent.pem", from: "config:1" } };
  expect(await failure(loginCredentials(here.context, source, undefined, tools))).toMatchObject({ code: "ca-bundle" });
  expect(here.asked).toEqual([]);
});

function pem(namedCurve: string): string | Buffer {
  return generateKeyPairSync("ec", { namedCurve }).privateKey.export({ format: "pem", type: "sec1" });
}
