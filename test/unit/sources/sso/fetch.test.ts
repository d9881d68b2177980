// What the two services of IAM Identity Center are asked, with which login, and which replies are taken.
import { describe, expect, it } from "vitest";
import type { Credentials } from "../../../../src/plan/aws/credentials.ts";
import type { Source } from "../../../../src/sources/kinds.ts";
import type { RenewalTools } from "../../../../src/sources/login-renewal.ts";
import { ssoCredentials } from "../../../../src/sources/sso/fetch.ts";
import type { Answer, Asked } from "../../../harness/fake-aws.ts";
import { passAtOnce } from "../../../harness/timers.ts";
import { digest, failure, inSeconds, json, loginWorld, NOW, type LoginWorld } from "../logins.ts";

type SsoSource = Extract<Source, { kind: "sso" }>;
const LEGACY = { session: undefined } as unknown as Partial<SsoSource>;
const START = "https://example.awsapps.com/start";
const FILE = `.aws/sso/cache/${digest("sha1", "co")}.json`;
const OLD_FILE = `.aws/sso/cache/${digest("sha1", START)}.json`;
const LOGIN = {
  startUrl: START,
  accessToken: "access-token",
  expiresAt: inSeconds(3600),
  clientId: "client-id",
  clientSecret: "client-secret",
  refreshToken: "refresh-token",
  registrationExpiresAt: inSeconds(7200),
};
const ENDED = { ...LOGIN, expiresAt: inSeconds(-60) };
const ROLE = {
  accessKeyId: "ASIASSO",
  secretAccessKey: "secret-of-sso",
  sessionToken: "token-of-sso",
  expiration: NOW + 1,
};
const RENEWED = { accessToken: "second-token", expiresIn: 3600, refreshToken: "second-refresh" };
const isPause = (ms: number): boolean => ms <= 1000;

const services =
  (portal: Answer, oidc: Answer = json(500, {})): Answer =>
  (response, one, count) =>
    (one.url.startsWith("/portal") ? portal : oidc)(response, one, count);
const portal = json(200, { roleCredentials: ROLE });
/** What a server was asked, which is something. */
const asked = (here: LoginWorld): [Asked, ...Asked[]] => [...here.asked] as [Asked, ...Asked[]];

interface World extends LoginWorld {
  readonly get: (more?: Partial<SsoSource>, tools?: RenewalTools) => Promise<Credentials>;
}
async function world(answer: Answer, login: unknown = LOGIN, file = FILE): Promise<World> {
  const here = await loginWorld(answer, file, login);
  const at = { endpoint: `${here.url}/portal/`, renewalEndpoint: `${here.url}/oidc/` };
  const names = { session: "co", startUrl: START, region: "eu-west-1", accountId: "111111111111", roleName: "A&B C" };
  const source: SsoSource = { kind: "sso", from: "config:1", profile: "p", ...names, ...at };
  return {
    ...here,
    get: (more = {}, tools = here.tools) => ssoCredentials(here.context, { ...source, ...more }, tools),
  };
}

describe("the portal", () => {
  it("is asked for the role with the login's token", async () => {
    const here = await world(services(portal));
    expect(await here.get()).toEqual({ ...ROLE, expiration: new Date(NOW + 1), accountId: "111111111111" });
    expect(here.asked).toHaveLength(1);
    const [{ method, url, headers, body }] = asked(here);
    expect([method, body]).toEqual(["GET", ""]);
    expect(url).toBe("/portal/federation/credentials?role_name=A%26B+C&account_id=111111111111");
    expect(headers["x-amz-sso_bearer_token"]).toBe("access-token");
    expect(here.debugged).toEqual([`GET ${here.url}/portal/federation/credentials: 200`]);
  });

  it("is asked with the legacy login, which is named for the start URL", async () => {
    const here = await world(services(portal), LOGIN, OLD_FILE);
    expect(await here.get(LEGACY)).toMatchObject({ accessKeyId: "ASIASSO" });
  });

  it.each(["accountId", "roleName"])("is not asked without %s", async (name) => {
    const here = await world(services(portal));
    expect(await failure(here.get({ [name]: undefined }))).toMatchObject({
      code: "setting-missing",
      details: {
        where: "config:1",
        profile: "p",
        setting: "sso_account_id and sso_role_name",
        because: "an sso_session, which alone is a token and no role,",
      },
    });
    expect(here.asked).toEqual([]);
  });

  it.each<[number, unknown, string, object, number]>([
    [
      401,
      { message: "no" },
      "sso-login-needed",
      { where: "config:1", profile: "p", problem: "the SSO login is no longer valid" },
      1,
    ],
    [
      403,
      { message: "no" },
      "sso-refused",
      { where: "config:1", role: "A&B C", account: "111111111111", detail: "no" },
      1,
    ],
    [404, { message: 1 }, "sso-refused", { detail: "" }, 1],
    [428, {}, "sso-refused", { detail: "" }, 1],
    [499, {}, "sso-refused", { detail: "" }, 1],
    [429, { message: "slow" }, "sso-failed", { status: 429, detail: "slow" }, 3],
    [500, "plain text", "sso-failed", { status: 500, detail: "" }, 3],
    [201, {}, "sso-reply", { problem: "it answered 201 instead of 200" }, 1],
    [302, {}, "sso-reply", { problem: "it redirects elsewhere" }, 1],
    [200, "[]", "sso-reply", { isForeign: true }, 1],
    [401, "<html>", "sso-reply", { isForeign: true }, 1],
  ])("that answers %i %j is told", async (status, body, code, details, times) => {
    passAtOnce(isPause);
    const here = await world(services(json(status, body)));
    expect(await failure(here.get())).toMatchObject({ code, details });
    expect(here.asked).toHaveLength(times);
  });

  it("that is out of order is told with its place", async () => {
    passAtOnce(isPause);
    const here = await world(services(json(500, {})));
    expect(await failure(here.get())).toMatchObject({ details: { endpoint: `${here.url}/portal/` } });
  });

  it.each<[string, unknown, string]>([
    ["no credentials", {}, "it holds no credentials"],
    ["no key id", { ...ROLE, accessKeyId: undefined }, "it holds no credentials"],
    ["a secret that a shell would run", { ...ROLE, secretAccessKey: "$(id)" }, "it holds no credentials"],
    ["no token", { ...ROLE, sessionToken: "" }, "it holds no credentials"],
    ["no end", { ...ROLE, expiration: undefined }, "its expiration is not a timestamp"],
    ["an end that is text", { ...ROLE, expiration: inSeconds(60) }, "its expiration is not a timestamp"],
    ["what has ended", { ...ROLE, expiration: NOW }, "the credentials it sent have expired already"],
  ])("that sends %s makes no sense", async (_, roleCredentials, problem) => {
    const here = await world(services(json(200, { roleCredentials })));
    expect(await failure(here.get())).toMatchObject({
      code: "sso-reply",
      details: { endpoint: `${here.url}/portal/`, problem },
    });
  });
});

describe("a login", () => {
  const needed = (problem: string): object => ({
    code: "sso-login-needed",
    details: { where: "config:1", profile: "p", problem },
  });

  it("that is not there is needed", async () => {
    const none = await world(services(portal), null, "other");
    expect(await failure(none.get())).toMatchObject(needed('there is no SSO login for the session "co"'));
    expect(await failure(none.get(LEGACY))).toMatchObject(needed("there is no SSO login"));
    expect(none.asked).toEqual([]);
  });

  it.each<[string, unknown]>([
    ["no JSON", "{"],
    ["no token", { ...LOGIN, accessToken: undefined }],
    ["a token with a space", { ...LOGIN, accessToken: "a b" }],
    ["no end", { ...LOGIN, expiresAt: undefined }],
    ["an end that is no time", { ...LOGIN, expiresAt: "soon" }],
  ])("with %s is damaged", async (_, login) => {
    const here = await world(services(portal), login);
    expect(await failure(here.get())).toMatchObject(
      needed(`the file of the SSO login is damaged: ${here.home}/${FILE}`),
    );
  });

  it("whose token cannot be sent is malformed, with its line", async () => {
    const here = await world(services(portal), JSON.stringify({ ...LOGIN, accessToken: "a\nb" }, null, 2));
    expect(await failure(here.get())).toMatchObject({
      code: "credentials-malformed",
      details: { where: `${here.home}/${FILE}:3`, name: "accessToken", problem: "holds a line break" },
    });
  });

  it("of an older AWS CLI ends in UTC", async () => {
    const here = await world(services(portal), { ...LOGIN, expiresAt: "2030-01-01T01:00:00UTC" });
    expect(await here.get()).toMatchObject({ accessKeyId: "ASIASSO" });
  });

  it("is used as it is up to five minutes before its end", async () => {
    const here = await world(services(portal, json(200, RENEWED)), { ...LOGIN, expiresAt: inSeconds(301) });
    await here.get();
    expect(here.asked).toHaveLength(1);
    const ending = await world(services(portal, json(200, RENEWED)), { ...LOGIN, expiresAt: inSeconds(300) });
    await ending.get();
    expect(ending.asked).toHaveLength(2);
  });

  it("that has ended is renewed and kept", async () => {
    const here = await world(services(portal, json(200, RENEWED)), { ...ENDED, more: "kept" });
    await here.get();
    const [{ method, url, headers, body }, role] = asked(here);
    expect([method, url, headers["content-type"]]).toEqual(["POST", "/oidc/token", "application/json"]);
    expect(JSON.parse(body)).toEqual({
      clientId: "client-id",
      clientSecret: "client-secret",
      grantType: "refresh_token",
      refreshToken: "refresh-token",
    });
    expect(role?.headers["x-amz-sso_bearer_token"]).toBe("second-token");
    const { accessToken, refreshToken } = RENEWED;
    expect(here.kept()).toEqual({ ...ENDED, more: "kept", accessToken, refreshToken, expiresAt: inSeconds(3600) });
    expect(here.warnings).toEqual([]);
  });

  it("keeps its refresh token where there is no other", async () => {
    const here = await world(services(portal, json(200, { ...RENEWED, refreshToken: undefined })), ENDED);
    await here.get();
    expect(here.kept()).toMatchObject({ accessToken: "second-token", refreshToken: "refresh-token" });
  });

  it.each<[string, object, string, boolean]>([
    ["that is legacy", ENDED, OLD_FILE, false],
    ["without a client", { ...ENDED, clientId: undefined }, FILE, false],
    ["without a client's secret", { ...ENDED, clientSecret: undefined }, FILE, false],
    ["without a refresh token", { ...ENDED, refreshToken: undefined }, FILE, false],
    ["whose client has ended", { ...ENDED, registrationExpiresAt: inSeconds(0) }, FILE, false],
    ["whose client is about to end", { ...ENDED, registrationExpiresAt: inSeconds(1) }, FILE, true],
    ["whose client does not end", { ...ENDED, registrationExpiresAt: undefined }, FILE, true],
    ["whose client ends when nobody knows", { ...ENDED, registrationExpiresAt: "soon" }, FILE, true],
  ])("%s is renewed: %5$s", async (_, login, file, isRenewed) => {
    const here = await world(services(portal, json(200, RENEWED)), login, file);
    const got = here.get(file === FILE ? {} : LEGACY);
    if (isRenewed) expect(await got).toMatchObject({ accessKeyId: "ASIASSO" });
    else expect(await failure(got)).toMatchObject(needed("the SSO login has expired"));
    expect(here.asked).toHaveLength(isRenewed ? 2 : 0);
  });

  it("is renewed by its place: who asks at another has an answer of their own", async () => {
    passAtOnce(isPause);
    const here = await world(services(portal, json(200, RENEWED)), ENDED);
    const both = [here.get({ renewalEndpoint: "http://127.0.0.1:1/" }), here.get()];
    expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  });

  it("that cannot be renewed is used to its end", async () => {
    for (const [seconds, isUsed] of [
      [1, true],
      [0, false],
    ] as const) {
      const here = await world(services(portal), { ...LOGIN, clientId: undefined, expiresAt: inSeconds(seconds) });
      if (isUsed) expect(await here.get()).toMatchObject({ accessKeyId: "ASIASSO" });
      else expect(await failure(here.get())).toMatchObject(needed("the SSO login has expired"));
    }
  });

  it("that cannot be renewed since it is damaged says so", async () => {
    for (const name of ["clientId", "clientSecret", "refreshToken"]) {
      const here = await world(services(portal), { ...ENDED, [name]: "a\nb" });
      expect(await failure(here.get())).toMatchObject({ code: "credentials-malformed", details: { name } });
      const legacy = await world(services(portal), { ...ENDED, [name]: "a\nb" }, OLD_FILE);
      expect(await failure(legacy.get(LEGACY))).toMatchObject(needed("the SSO login has expired"));
    }
  });
});

describe("a renewal", () => {
  it.each<[number, unknown, string, object, number]>([
    [400, { error: "invalid_grant" }, "sso-login-needed", { problem: "the SSO login has expired (invalid_grant)" }, 1],
    [401, { error: "invalid client" }, "sso-login-needed", { problem: "the SSO login has expired" }, 1],
    [403, {}, "sso-login-needed", { problem: "the SSO login has expired" }, 1],
    [400, { error: "slow_down" }, "sso-failed", { status: 400, detail: "slow_down" }, 1],
    [429, { error: "x" }, "sso-failed", { status: 429, detail: "x" }, 3],
    [500, { error: 1 }, "sso-failed", { status: 500, detail: "" }, 3],
    [404, {}, "sso-reply", { problem: "it answered 404" }, 1],
    [428, {}, "sso-reply", { problem: "it answered 428" }, 1],
    [499, {}, "sso-reply", { problem: "it answered 499" }, 1],
    [201, RENEWED, "sso-reply", { problem: "it answered 201" }, 1],
    [200, { ...RENEWED, accessToken: "a b" }, "sso-reply", { problem: "accessToken is missing or malformed" }, 1],
    [200, { ...RENEWED, refreshToken: "a b" }, "sso-reply", { problem: "refreshToken is malformed" }, 1],
    [
      200,
      { ...RENEWED, expiresIn: 90 * 86_400 + 1 },
      "sso-reply",
      { problem: "expiresIn is not a number of seconds that a login can live" },
      1,
    ],
    [
      200,
      { ...RENEWED, expiresIn: 0 },
      "sso-reply",
      { problem: "expiresIn is not a number of seconds that a login can live" },
      1,
    ],
    [200, "<html>", "sso-reply", { isForeign: true }, 1],
    [503, "plain text", "sso-failed", { status: 503, detail: "" }, 3],
    // What would be an answer of STS's.
    [200, "<Response>", "sso-reply", { isForeign: true }, 1],
  ])("that answers %i %j is told, and the login stays", async (status, body, code, details, times) => {
    passAtOnce(isPause);
    const here = await world(services(portal, json(status, body)), ENDED);
    expect(await failure(here.get())).toMatchObject({ code, details });
    if (code !== "sso-login-needed" && !("isForeign" in details))
      expect(await failure(here.get())).toMatchObject({ details: { endpoint: `${here.url}/oidc/` } });
    expect(here.asked.length % times).toBe(0);
    expect(here.kept()).toEqual(ENDED);
  });

  it("may give the longest session that there is", async () => {
    const here = await world(services(portal, json(200, { ...RENEWED, expiresIn: 90 * 86_400 })), ENDED);
    await here.get();
    expect(here.kept()).toMatchObject({ expiresAt: inSeconds(90 * 86_400) });
  });

  it("is waited for three times five seconds", async () => {
    const passed = passAtOnce((ms) => ms === 5000 || isPause(ms));
    const here = await world(
      services(portal, () => undefined),
      ENDED,
    );
    expect(await failure(here.get())).toMatchObject({ code: "sts-unreachable" });
    expect(passed.filter((ms) => ms === 5000)).toHaveLength(3);
  });
});

it("checks certificates against the bundle alone, at both services", async () => {
  const caBundle = { file: "/nonexistent.pem", from: "config:1" };
  for (const login of [LOGIN, ENDED]) {
    const here = await world(services(portal, json(200, RENEWED)), login);
    const got = here.get({}, { ...here.tools, caBundle });
    expect(await failure(got)).toMatchObject({ code: "ca-bundle", details: { file: "/nonexistent.pem" } });
    expect(here.asked).toEqual([]);
  }
});
