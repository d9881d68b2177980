// What the instance and the container are asked, header by header, how often, and which replies are taken.
import { describe, expect, it } from "vitest";
import type { Source } from "../../src/chain/types.ts";
import type { Context } from "../../src/context.ts";
import { containerCredentials } from "../../src/sources/container.ts";
import { openInstance, type Instance } from "../../src/sources/instance.ts";
import { containerReply, fakeAws, imds, type Answer, type FakeAws } from "../harness/fake-aws.ts";
import { makeHome } from "../harness/home.ts";
import { secret } from "../harness/secrets.ts";

const context = (env: Record<string, string> = {}, cwd = "/"): Context =>
  ({ env, cwd, debug: () => undefined, now: Date.now }) as unknown as Context;
const ROLES = "/latest/meta-data/iam/security-credentials/";
const TOKEN = "/latest/api/token";

type InstanceSource = Extract<Source, { kind: "instance" }>;
async function instance(answer: Answer, more: Partial<InstanceSource> = {}): Promise<FakeAws & { at: Instance }> {
  const here = await fakeAws(answer);
  const source = { from: "config:1", endpoint: here.url, disabled: false, speculative: false, timeoutSeconds: 20 };
  return { ...here, at: openInstance(context(), { kind: "instance", ...source, ...more }) };
}
const paths = ({ asked }: FakeAws): string[] => asked.map(({ method, url }) => `${method} ${url}`);
/** Answers a path as given, once or always, and the rest as an instance does. */
const but =
  (path: string, answer: Answer, times = Infinity): Answer =>
  (response, one, count) => {
    if (one.url === path && times-- > 0) answer(response, one, count);
    else imds(response, one, count);
  };
const status =
  (code: number, body = ""): Answer =>
  (response) =>
    void response.writeHead(code, { location: "http://127.0.0.1:1/" }).end(body);

describe("an instance", () => {
  it("is asked for a token, the role and its credentials, each with its header", async () => {
    const here = await instance(imds);
    expect(await here.at.credentials()).toEqual({
      accessKeyId: "ASIAINSTANCE",
      secretAccessKey: "secret-of-INSTANCE",
      sessionToken: "token-of-INSTANCE",
      expiration: new Date("2099-01-01T00:00:00Z"),
    });
    expect(paths(here)).toEqual([`PUT ${TOKEN}`, `GET ${ROLES}`, `GET ${ROLES}myrole`]);
    expect(here.asked[0]?.headers["x-aws-ec2-metadata-token-ttl-seconds"]).toBe("21600");
    for (const { headers } of here.asked.slice(1))
      expect(headers["x-aws-ec2-metadata-token"]).toBe("imds-session-token");
  });

  it("gives one token for credentials and region", async () => {
    const here = await instance(imds);
    expect(await Promise.all([here.at.region(), here.at.credentials()])).toHaveLength(2);
    expect(await here.at.region()).toBe("eu-central-1");
    expect(paths(here).filter((path) => path.startsWith("PUT"))).toHaveLength(1);
    expect(paths(here)).toContain("GET /latest/meta-data/placement/region");
  });

  it("that is forbidden is not asked", async () => {
    await expect(instance(imds, { disabled: true })).rejects.toMatchObject({ code: "instance-disabled" });
  });

  it("whose token has been revoked is asked for another", async () => {
    const here = await instance(but(ROLES, status(401), 1));
    await here.at.credentials();
    expect(paths(here).slice(0, 4)).toEqual([`PUT ${TOKEN}`, `GET ${ROLES}`, `PUT ${TOKEN}`, `GET ${ROLES}`]);
  });

  it("whose role has changed between two requests is asked again, once", async () => {
    const here = await instance(but(`${ROLES}myrole`, status(404), 1));
    await here.at.credentials();
    const never = await instance(but(`${ROLES}myrole`, status(404)));
    await expect(never.at.credentials()).rejects.toMatchObject({ code: "instance-role-missing" });
    expect(paths(never)).toHaveLength(5);
  });

  it.each<[string, Partial<InstanceSource>, number, number]>([
    ["four times", {}, 503, 4],
    ["once in the default chain", { speculative: true }, 503, 1],
    ["as often as the user says", { attempts: 2 }, 500, 2],
    ["as often as the user says, in the default chain too", { attempts: 2, speculative: true }, 500, 2],
    ["once where it is switched off", {}, 403, 1],
    ["once where it is not IMDSv2", {}, 404, 1],
    ["once where it does not like the request", {}, 400, 1],
  ])("is asked for a token %s", async (_, more, code, times) => {
    const here = await instance(but(TOKEN, status(code)), more);
    await expect(here.at.credentials()).rejects.toMatchObject({ code: "instance-refused" });
    expect(paths(here)).toEqual(Array(times).fill(`PUT ${TOKEN}`));
  });

  it.each<[string, string, Answer]>([
    ["a token that no header holds", TOKEN, (response) => response.end("a\nb")],
    ["an empty token", TOKEN, (response) => response.end(" ")],
    ["a redirect", TOKEN, status(302)],
    ["a role's name with a slash", ROLES, (response) => response.end("../x")],
    ["no credentials", `${ROLES}myrole`, (response) => response.end("[]")],
    ["a page", ROLES, (response) => response.end("<html><title>Hello</title></html>")],
  ])("that sends %s is refused", async (_, path, answer) => {
    const here = await instance(but(path, answer));
    await expect(here.at.credentials()).rejects.toMatchObject({ code: "instance-reply" });
  });

  it.each([
    [undefined, "no answer within 1 s"],
    [0.1, "no answer within 0.1 s"],
  ])("that is silent is left after %s s", async (timeoutSeconds, text) => {
    const { url } = await fakeAws(() => undefined);
    const source = { kind: "instance", from: "", endpoint: url, disabled: false, speculative: true } as const;
    const at = openInstance(context(), { ...source, ...(timeoutSeconds !== undefined && { timeoutSeconds }) });
    await expect(at.credentials()).rejects.toThrow(text);
  });

  it("without a role says so", async () => {
    for (const answer of [status(404), status(200, " \n")])
      await expect((await instance(but(ROLES, answer))).at.credentials()).rejects.toMatchObject({
        code: "instance-role-missing",
      });
  });

  it.each<[number, string, string | undefined]>([
    [200, "us-east-1\n", "us-east-1"],
    [200, "", undefined],
    [404, "", undefined],
    [499, "us-east-1", undefined],
  ])("that answers %i %j is in %s", async (code, body, region) => {
    const here = await instance(but("/latest/meta-data/placement/region", status(code, body)));
    expect(await here.at.region()).toBe(region);
  });

  it.each(["x@evil", "us-east-1;id", "a b", "-a"])("in a region called %j is refused", async (body) => {
    const here = await instance(but("/latest/meta-data/placement/region", status(200, body)));
    await expect(here.at.region()).rejects.toMatchObject({ code: "instance-reply" });
  });
});

describe("a container", () => {
  const AUTHORIZATION = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
  const FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
  const reply: Answer = (response) => response.end(containerReply("CONTAINER"));
  const ask = async (
    answer: Answer,
    env: Record<string, string> = {},
    cwd = "/",
  ): Promise<FakeAws & { got: ReturnType<typeof containerCredentials> }> => {
    const here = await fakeAws(answer);
    const source = { kind: "container", from: "config:1", endpoint: `${here.url}/creds?x=1` } as const;
    const got = containerCredentials(context(env, cwd), source);
    await got.catch(() => undefined);
    return { ...here, got };
  };

  it("is asked once, without a token where there is none", async () => {
    const { asked, got } = await ask(reply);
    expect(await got).toMatchObject({ accessKeyId: "ASIACONTAINER", sessionToken: "token-of-CONTAINER" });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ method: "GET", url: "/creds?x=1" });
    expect(asked[0]?.headers.accept).toBe("application/json");
    expect(asked[0]?.headers).not.toHaveProperty("authorization");
  });

  it("is asked with the token of the variable, or of the file, which comes first", async () => {
    const home = makeHome({ token: `${secret("token-of-the-file")}\r\n` });
    const both = { [AUTHORIZATION]: secret("token-of-the-variable"), [FILE]: "token" };
    expect((await ask(reply, both, home)).asked[0]?.headers.authorization).toBe("token-of-the-file");
    expect((await ask(reply, { ...both, [FILE]: "" })).asked[0]?.headers.authorization).toBe("token-of-the-variable");
  });

  it.each<[string, string | undefined]>([
    ["is not there", undefined],
    ["is empty", ""],
    ["is one line end", "\n"],
    ["has two line ends", "token\n\n"],
    ["makes a second header", "token\r\nx: y"],
    ["has a control character", "token\u0001"],
  ])("whose token's file %s is not asked", async (_, content) => {
    const home = makeHome(content === undefined ? {} : { token: content });
    const { asked, got } = await ask(reply, { [FILE]: "token" }, home);
    await expect(got).rejects.toMatchObject({ code: "container-token" });
    expect(asked).toEqual([]);
  });

  it.each<[string, Answer, string]>([
    ["refuses", status(403, '{"Code":"AccessDenied","Message":"no"}'), "container-refused"],
    ["is out of order", status(500), "container-refused"],
    ["hangs up", (response) => void response.destroy(), "container-unreachable"],
    ["redirects", status(302), "container-reply"],
    ["sends no credentials", (response) => response.end("{}"), "container-reply"],
    ["sends a page", (response) => response.end("<html>"), "container-reply"],
  ])("that %s is asked three times", async (_, answer, code) => {
    const { asked, got } = await ask(answer);
    await expect(got).rejects.toMatchObject({ code });
    expect(asked).toHaveLength(3);
  });

  it("that answers at last is one, with the reason of nobody", async () => {
    const { asked, got } = await ask((response, one, count) => (count < 3 ? status(500) : reply)(response, one, count));
    expect(await got).toMatchObject({ accessKeyId: "ASIACONTAINER" });
    expect(asked).toHaveLength(3);
  });

  it("that repeats the token in its refusal does not show it", async () => {
    const { got } = await ask(status(401, `no such token: ${secret("container-authorization")}`), {
      [AUTHORIZATION]: "container-authorization",
    });
    const message = await got.then(String, (error: unknown) => (error as Error).message);
    expect(message).toContain("no such token: ***");
    expect(message).not.toContain("container-authorization");
  });
});
