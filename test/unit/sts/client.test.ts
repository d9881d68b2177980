// What goes to STS, parameter by parameter, and which replies are taken. The server is on loopback, the clock and the rest are given.
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Hop } from "../../../src/plan/sts-calls.ts";
import type { Credentials } from "../../../src/plan/aws/credentials.ts";
import type { Source } from "../../../src/sources/kinds.ts";
import type { Context } from "../../../src/context/types.ts";
import { openSts } from "../../../src/sts/client.ts";
import type { Sts } from "../../../src/sts/types.ts";
import {
  assumeRoleReply,
  awsError,
  fakeAws,
  sts as answering,
  type Answer,
  type FakeAws,
} from "../../harness/fake-aws.ts";

const NOW = Date.parse("2030-01-01T00:00:00Z");
const CALLER = { credentials: { accessKeyId: "AKIACALLER", secretAccessKey: "caller-secret" }, name: "the caller" };
const ROLE = "arn:aws:iam::222222222222:role/r";
const HOP: Hop = { profile: "p", roleArn: ROLE, sessionName: "alice", sessionNameGenerated: false, from: "config:1" };
const WEB: Extract<Source, { kind: "web-identity" }> = {
  kind: "web-identity",
  from: "config:1",
  roleArn: ROLE,
  tokenFile: "token",
  sessionName: "build",
  sessionNameGenerated: false,
};
const MFA = { serial: "arn:aws:iam::111111111111:mfa/alice", code: "123456" };

interface World extends FakeAws {
  readonly sts: Sts;
  readonly warnings: readonly string[];
  readonly debugged: readonly string[];
}

/** STS at a server of this test. The clock, which is the server's too, says what the credentials of a reply are judged by. */
async function world(answer: Answer = answering, region = "eu-west-1", now = Date.now): Promise<World> {
  const { url, asked } = await fakeAws((response, ...more) => {
    response.setHeader("date", new Date(now()).toUTCString());
    answer(response, ...more);
  });
  const [warnings, debugged]: string[][] = [[], []];
  const context = { env: {}, cwd: "/", now, debug: (line: string) => void debugged?.push(line) } as unknown as Context;
  const sts = await openSts(context, { endpoint: url, region, warn: (text) => void warnings?.push(text) });
  return { url, asked, sts, warnings: warnings ?? [], debugged: debugged ?? [] };
}
const form = ({ asked }: FakeAws, at = 0): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(asked[at]?.body));
const VERSION = "2011-06-15";

describe("AssumeRole", () => {
  it("sends the role and the session's name, and nothing that was not asked for", async () => {
    const here = await world();
    const got = await here.sts.assumeRole(CALLER, HOP);
    expect(here.asked).toHaveLength(1);
    expect(form(here)).toEqual({ Action: "AssumeRole", Version: VERSION, RoleArn: ROLE, RoleSessionName: "alice" });
    expect(got).toEqual({
      accessKeyId: "ASIAr",
      secretAccessKey: "secret-of-r",
      sessionToken: "token-of-r",
      expiration: new Date("2099-01-01T00:00:00Z"),
      accountId: "222222222222",
    });
    expect(here.debugged).toEqual([`POST ${here.url} AssumeRole ${ROLE} as alice`]);
  });

  it("sends everything that was", async () => {
    const here = await world();
    const hop: Hop = {
      ...HOP,
      durationSeconds: 900,
      externalId: "external",
      sourceIdentity: "alice.smith",
      tags: { team: "a", cost: "" },
      transitiveTagKeys: ["team", "cost"],
      policy: '{"Statement":[]}',
      policyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/Other"],
    };
    await here.sts.assumeRole(CALLER, hop, MFA);
    expect(form(here)).toEqual({
      Action: "AssumeRole",
      Version: VERSION,
      RoleArn: ROLE,
      RoleSessionName: "alice",
      DurationSeconds: "900",
      ExternalId: "external",
      SourceIdentity: "alice.smith",
      "Tags.member.1.Key": "team",
      "Tags.member.1.Value": "a",
      "Tags.member.2.Key": "cost",
      "Tags.member.2.Value": "",
      "TransitiveTagKeys.member.1": "team",
      "TransitiveTagKeys.member.2": "cost",
      SerialNumber: MFA.serial,
      TokenCode: MFA.code,
      Policy: '{"Statement":[]}',
      "PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
      "PolicyArns.member.2.arn": "arn:aws:iam::aws:policy/Other",
    });
  });

  it.each([
    ["eu-west-1", "eu-west-1"],
    ["aws-global", "us-east-1"],
  ])("is signed by the caller's keys for %s", async (region, signed) => {
    const here = await world(answering, region);
    await here.sts.assumeRole(CALLER, HOP);
    const { authorization = "", "x-amz-security-token": token, ...headers } = here.asked[0]?.headers ?? {};
    expect(authorization).toMatch(
      new RegExp(`^AWS4-HMAC-SHA256 Credential=AKIACALLER/\\d{8}/${signed}/sts/aws4_request, `),
    );
    expect(token).toBeUndefined();
    expect(headers["user-agent"]).toMatch(/\bxrole\/\d+\.\d+\.\d+/);
    expect(headers["user-agent"]).not.toContain(" app/");
  });

  it("is signed with the session token that the caller has", async () => {
    const here = await world();
    const credentials = { ...CALLER.credentials, sessionToken: "caller-token" };
    await here.sts.assumeRole({ ...CALLER, credentials }, HOP);
    expect(here.asked[0]?.headers["x-amz-security-token"]).toBe("caller-token");
  });
});

it("takes nothing from the settings that the SDK reads in this process", async () => {
  const settings = {
    AWS_MAX_ATTEMPTS: "1",
    AWS_RETRY_MODE: "adaptive",
    AWS_DEFAULTS_MODE: "nonsense",
    AWS_USE_FIPS_ENDPOINT: "true",
    AWS_USE_DUALSTACK_ENDPOINT: "true",
    AWS_SDK_UA_APP_ID: "theirs",
    AWS_AUTH_SCHEME_PREFERENCE: "sigv4a",
    AWS_ENDPOINT_URL_STS: "http://127.0.0.1:1",
    AWS_REGION: "us-west-2",
    AWS_ACCESS_KEY_ID: "AKIATHEIRS",
    AWS_SECRET_ACCESS_KEY: "their-secret",
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const here = await world((response, one, count) => {
    if (count < 3) response.writeHead(503).end();
    else answering(response, one, count);
  });
  await here.sts.assumeRole(CALLER, HOP);
  expect(here.asked).toHaveLength(3);
  const { authorization, "user-agent": agent } = here.asked[2]?.headers ?? {};
  expect(authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIACALLER\/\d{8}\/eu-west-1\//);
  expect(agent).not.toContain("theirs");
});

describe("a duration that a chained role cannot have", () => {
  const refusing =
    (code: string, message: string): Answer =>
    (response, one, count) =>
      count === 1 ? awsError(response, 400, code, message) : answering(response, one, count);
  const CHAINED = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining";

  it("is asked for once more as an hour, with a warning", async () => {
    const here = await world(refusing("ValidationError", CHAINED));
    await here.sts.assumeRole(CALLER, { ...HOP, durationSeconds: 7200, externalId: "external" }, MFA);
    expect(here.asked).toHaveLength(2);
    expect(form(here, 1)).toEqual({ ...form(here, 0), DurationSeconds: "3600" });
    expect(form(here, 0)).toMatchObject({ DurationSeconds: "7200", ExternalId: "external" });
    expect(here.warnings).toEqual([
      `STS gives ${ROLE} at most 3600 s, because the caller is a role itself: asking for that`,
    ]);
  });

  it.each<[string, number | undefined, string, string]>([
    ["an hour", 3600, "ValidationError", CHAINED],
    ["none", undefined, "ValidationError", CHAINED],
    ["more, for another reason", 7200, "AccessDenied", "no"],
  ])("is not asked for once more where it was %s", async (_, durationSeconds, code, message) => {
    const here = await world(refusing(code, message));
    await expect(
      here.sts.assumeRole(CALLER, { ...HOP, ...(durationSeconds !== undefined && { durationSeconds }) }),
    ).rejects.toThrow();
    expect(here.asked).toHaveLength(1);
    expect(here.warnings).toEqual([]);
  });
});

describe("AssumeRoleWithWebIdentity", () => {
  it("sends the token unsigned, and nothing that was not asked for", async () => {
    const here = await world();
    const got = await here.sts.assumeRoleWithWebIdentity(WEB, "web-token");
    expect(form(here)).toEqual({
      Action: "AssumeRoleWithWebIdentity",
      Version: VERSION,
      RoleArn: ROLE,
      RoleSessionName: "build",
      WebIdentityToken: "web-token",
    });
    expect(here.asked[0]?.headers.authorization).toBeUndefined();
    expect(got).toMatchObject({ accessKeyId: "ASIAr", accountId: "222222222222" });
    expect(here.debugged.join("\n")).toBe(`POST ${here.url} AssumeRoleWithWebIdentity ${ROLE} as build`);
  });

  it("sends everything that was", async () => {
    const here = await world();
    const policyArns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"];
    await here.sts.assumeRoleWithWebIdentity({ ...WEB, durationSeconds: 900, policy: "{}", policyArns }, "web-token");
    expect(form(here)).toMatchObject({
      DurationSeconds: "900",
      Policy: "{}",
      "PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
    });
  });
});

describe("the other calls", () => {
  it("GetSessionToken sends the code of its device, and is signed", async () => {
    const here = await world();
    const got = await here.sts.getSessionToken(CALLER, MFA);
    expect(form(here)).toEqual({
      Action: "GetSessionToken",
      Version: VERSION,
      SerialNumber: MFA.serial,
      TokenCode: MFA.code,
    });
    expect(here.asked[0]?.headers.authorization).toContain("Credential=AKIACALLER/");
    expect(got).toMatchObject({ accessKeyId: "ASIAsession" });
    expect(here.debugged).toEqual([`POST ${here.url} GetSessionToken with ${MFA.serial}`]);
  });

  it("GetCallerIdentity sends nothing, and tells who it is", async () => {
    const here = await world();
    expect(await here.sts.getCallerIdentity(CALLER)).toEqual({
      accountId: "999999999999",
      arn: "arn:aws:iam::999999999999:user/somebody",
      userId: "AIDASOMEBODY",
    });
    expect(form(here)).toEqual({ Action: "GetCallerIdentity", Version: VERSION });
    expect(here.asked[0]?.headers.authorization).toContain("Credential=AKIACALLER/");
  });

  it.each(["Arn", "UserId", "Account"])("GetCallerIdentity that tells no %s is no answer", async (field) => {
    const fields = { Arn: "arn:aws:iam::1:user/u", UserId: "AIDA", Account: "111111111111" };
    const text = Object.entries(fields)
      .filter(([name]) => name !== field)
      .map(([name, value]) => `<${name}>${value}</${name}>`);
    const here = await world((response) =>
      response.end(
        `<GetCallerIdentityResponse><GetCallerIdentityResult>${text.join("")}</GetCallerIdentityResult></GetCallerIdentityResponse>`,
      ),
    );
    await expect(here.sts.getCallerIdentity(CALLER)).rejects.toMatchObject({ code: "sts-reply" });
  });
});

describe("a reply", () => {
  const call = async (answer: Answer, now = (): number => NOW): Promise<Credentials> =>
    (await world(answer, "eu-west-1", now)).sts.assumeRole(CALLER, HOP);
  const changed =
    (what: string | RegExp, by: string): Answer =>
    (response, { body }) =>
      response.end(assumeRoleReply(body).replace(what, by));
  const until =
    (expiration: string): Answer =>
    (response, { body }) =>
      response.end(assumeRoleReply(body, { expiration }));

  it.each<[string, Answer]>([
    ["without a key id", changed(/<AccessKeyId>.*<\/AccessKeyId>/, "")],
    ["without a secret", changed(/<SecretAccessKey>.*<\/SecretAccessKey>/, "")],
    ["without a token", changed(/<SessionToken>.*<\/SessionToken>/, "")],
    ["with a key id that a shell would run", changed("ASIAr", "$(id)")],
    ["with a secret that a shell would run", changed("secret-of-r", "a b")],
    ["with a token that a shell would run", changed("token-of-r", "x;id")],
    ["without credentials", changed(/<Credentials>[^]*<\/Credentials>/, "")],
    ["without an expiration", changed(/<Expiration>.*<\/Expiration>/, "")],
    ["whose expiration is no time", until("2099-01-01T00:00:60Z")],
    ["that has expired", until("2029-12-31T23:59:59Z")],
    ["that redirects", (response) => void response.writeHead(302, { location: "http://127.0.0.1:1/" }).end()],
    ["that redirects the other way", (response) => void response.writeHead(300).end()],
    ["that is too large", changed("<ResponseMetadata>", `${" ".repeat(256 * 1024)}<ResponseMetadata>`)],
  ])("%s is none", async (_, answer) => {
    await expect(call(answer)).rejects.toMatchObject({ code: "sts-reply" });
  });

  it("that lives a second more is one, however long it is below the limit", async () => {
    const expiration = "2030-01-01T00:00:01Z";
    expect(await call(until(expiration))).toMatchObject({ expiration: new Date(expiration) });
    const long = changed("<ResponseMetadata>", `${" ".repeat(255 * 1024)}<ResponseMetadata>`);
    expect(await call(long)).toMatchObject({ accessKeyId: "ASIAr" });
  });

  it.each(["<AssumedRoleUser></AssumedRoleUser>", ""])("that names no account has none: %j", async (user) => {
    expect(await call(changed(/<AssumedRoleUser>.*<\/AssumedRoleUser>/, user))).not.toHaveProperty("accountId");
  });

  it("that names an account that is no number has none", async () => {
    for (const account of ["x1", "1x"])
      expect(await call(changed(/arn:aws:sts::222222222222:/, `arn:aws:sts::${account}:`))).not.toHaveProperty(
        "accountId",
      );
  });
});

describe("a call that fails", () => {
  it("is made three times where STS is out of order, and once where it refuses", async () => {
    const broken = await world((response) => void response.writeHead(503).end());
    await expect(broken.sts.getCallerIdentity(CALLER)).rejects.toThrow();
    expect(broken.asked).toHaveLength(3);
    const refused = await world((response) => awsError(response, 403, "AccessDenied", "no"));
    await expect(refused.sts.assumeRole(CALLER, HOP)).rejects.toMatchObject({ code: "access-denied" });
    expect(refused.asked).toHaveLength(1);
  });

  it("names the endpoint", async () => {
    const { sts, url } = await world((response) => void response.destroy());
    await expect(sts.getCallerIdentity(CALLER)).rejects.toThrow(url);
  });

  it("names the role and the caller", async () => {
    const { sts } = await world((response) => awsError(response, 403, "AccessDenied", "no"));
    const message = await sts.assumeRole(CALLER, HOP).catch((error: unknown) => (error as Error).message);
    expect(message).toContain(ROLE);
    expect(message).toContain("the caller");
  });

  it.each([
    ["ValidationError", "DurationSeconds exceeds the MaxSessionDuration set for this role", "duration-refused"],
    ["AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code", "mfa-refused"],
    ["ExpiredToken", "The security token included in the request is expired", "token-expired"],
    ["InvalidClientTokenId", "The security token included in the request is invalid", "credentials-invalid"],
    ["Throttling", "Rate exceeded", "sts-throttled"],
    ["MalformedPolicyDocument", "Syntax errors in policy", "sts-refused"],
  ])("with %s, %s, is %s", async (name, message, code) => {
    const { sts } = await world((response) => awsError(response, 400, name, message));
    const calls = [
      sts.assumeRole(CALLER, { ...HOP, durationSeconds: 7200 }, MFA),
      ...(code === "mfa-refused" ? [sts.getSessionToken(CALLER, MFA)] : []),
      ...(code === "duration-refused"
        ? [sts.assumeRoleWithWebIdentity({ ...WEB, durationSeconds: 7200 }, "token")]
        : []),
    ];
    const errors = await Promise.all(calls.map((call) => call.catch((error: unknown) => error)));
    for (const error of errors) expect(error).toMatchObject({ code });
    if (code === "duration-refused") for (const error of errors) expect((error as Error).message).toContain(ROLE);
  });

  it("shows no secret that AWS's message repeats", async () => {
    for (const text of ["caller-secret", "web-token"]) {
      const { sts } = await world((response) => awsError(response, 400, "InvalidIdentityToken", `no ${text}`));
      const call = text === "web-token" ? sts.assumeRoleWithWebIdentity(WEB, text) : sts.assumeRole(CALLER, HOP);
      const message = await call.catch((error: unknown) => (error as Error).message);
      expect(message).not.toContain(text);
    }
  });
});

describe("a clock that is off", () => {
  const AHEAD = 20 * 60_000;
  const skewed: Answer = (response, one, count) => {
    response.setHeader("date", new Date(Date.now() + AHEAD).toUTCString());
    if (count === 1) awsError(response, 403, "RequestTimeTooSkewed", "The difference is too large");
    else answering(response, one, count);
  };

  it("is learnt from the first refusal, and kept for what follows", async () => {
    const here = await world(skewed);
    expect(here.sts.clockOffset()).toBe(0);
    await here.sts.assumeRole(CALLER, HOP);
    expect(Math.abs(here.sts.clockOffset() - AHEAD)).toBeLessThan(10_000);
    await here.sts.getCallerIdentity(CALLER);
    expect(here.asked).toHaveLength(3);
    const [, second = 0, third = 0] = here.asked.map(({ headers }) =>
      Date.parse(String(headers["x-amz-date"]).replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5")),
    );
    for (const date of [second, third]) expect(Math.abs(date - Date.now() - AHEAD)).toBeLessThan(AHEAD / 2);
  });

  it("is not what a reply tells that was long on its way: nothing seems to live longer for it", async () => {
    let time = Date.parse("2030-01-01T00:00:00Z");
    const answer: Answer = (response, one, count) => {
      // This machine sleeps before it hears of it.
      time += 10 * 60_000;
      answering(response, one, count);
    };
    const here = await world(answer, undefined, () => time);
    await here.sts.assumeRole(CALLER, HOP);
    expect(here.sts.clockOffset()).toBe(0);
  });

  it("counts where a reply's expiration is judged", async () => {
    const soon = new Date(Date.now() + AHEAD / 2).toISOString();
    const here = await world((response, one, count) => {
      response.setHeader("date", new Date(Date.now() + AHEAD).toUTCString());
      if (count === 1) skewed(response, one, count);
      else response.end(assumeRoleReply(one.body, { expiration: soon }));
    });
    await expect(here.sts.assumeRole(CALLER, HOP)).rejects.toMatchObject({ code: "sts-reply" });
  });
});
