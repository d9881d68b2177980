// What the instance is asked, header by header, how often, and which replies are taken.
import { describe, expect, it } from "vitest";
import type { Context } from "../../../../src/context/types.ts";
import { open, type Instance } from "../../../../src/sources/instance/fetch.ts";
import type { InstanceSource } from "../../../../src/sources/instance/plan.ts";
import { fakeAws, imds, type Answer, type FakeAws } from "../../../harness/fake-aws.ts";
import { passAtOnce } from "../../../harness/timers.ts";

const context = (): Context => ({ env: {}, cwd: "/", debug: () => undefined, now: Date.now }) as unknown as Context;
const ROLES = "/latest/meta-data/iam/security-credentials/";
const TOKEN = "/latest/api/token";

async function instance(answer: Answer, more: Partial<InstanceSource> = {}): Promise<FakeAws & { at: Instance }> {
  const here = await fakeAws(answer);
  const source = { from: "config:1", endpoint: here.url, disabled: false, speculative: false, timeoutSeconds: 20 };
  return { ...here, at: open(context(), { kind: "instance", ...source, ...more }) };
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
    const at = open(context(), { ...source, ...(timeoutSeconds !== undefined && { timeoutSeconds }) });
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
    [400, "us-east-1", undefined],
    [499, "us-east-1", undefined],
  ])("that answers %i %j is in %s", async (code, body, region) => {
    const here = await instance(but("/latest/meta-data/placement/region", status(code, body)));
    expect(await here.at.region()).toBe(region);
  });

  it.each<[number, string, string, object]>([
    [500, "", "instance-refused", { status: 500 }],
    [302, "", "instance-reply", { problem: "it redirects elsewhere" }],
    [200, "a b", "instance-reply", { problem: "the region's name is malformed" }],
    [200, "<html><title>Hello</title></html>", "instance-reply", { problem: 'it is a web page ("Hello")' }],
  ])("that answers %i %j for its region is wrong", async (code, body, error, details) => {
    passAtOnce((ms) => ms <= 1000);
    const here = await instance(but("/latest/meta-data/placement/region", status(code, body)));
    await expect(here.at.region()).rejects.toMatchObject({ code: error, details });
  });

  it("is told of by --debug, request by request", async () => {
    const debugged: string[] = [];
    const { url } = await fakeAws(imds);
    const source = { kind: "instance", from: "config:1", endpoint: url, disabled: false, speculative: false } as const;
    await open({ ...context(), debug: (line: string) => void debugged.push(line) }, source).credentials();
    expect(debugged).toEqual([`PUT ${url}${TOKEN}: 200`, `GET ${url}${ROLES}: 200`, `GET ${url}${ROLES}myrole: 200`]);
  });

  it("gives its token with a line end, which is not sent back", async () => {
    const here = await instance(but(TOKEN, (response) => response.end(" imds-session-token\r\n")));
    expect(await here.at.credentials()).toMatchObject({ accessKeyId: "ASIAINSTANCE" });
    expect(here.asked[1]?.headers["x-aws-ec2-metadata-token"]).toBe("imds-session-token");
  });

  it("where nobody listens is not asked again", async () => {
    const pauses = passAtOnce((ms) => ms <= 1000);
    const here = await instance(imds, { endpoint: "http://127.0.0.1:1" });
    await expect(here.at.credentials()).rejects.toMatchObject({ code: "instance-unreachable" });
    expect(pauses).toEqual([]);
  });

  it.each(["x@evil", "us-east-1;id", "a b", "-a"])("in a region called %j is refused", async (body) => {
    const here = await instance(but("/latest/meta-data/placement/region", status(200, body)));
    await expect(here.at.region()).rejects.toMatchObject({ code: "instance-reply" });
  });
});
