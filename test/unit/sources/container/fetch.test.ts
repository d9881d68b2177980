// What the container is asked, header by header, how often, and which replies are taken.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Credentials } from "../../../../src/plan/aws/credentials.ts";
import type { Context } from "../../../../src/context/types.ts";
import { open } from "../../../../src/sources/container/fetch.ts";
import { containerReply, fakeAws, type Answer, type FakeAws } from "../../../harness/fake-aws.ts";
import { makeHome } from "../../../harness/home.ts";
import { secret } from "../../../harness/secrets.ts";
import { passAtOnce } from "../../../harness/timers.ts";

const context = (env: Record<string, string> = {}, cwd = "/"): Context =>
  ({ env, cwd, debug: () => undefined, now: Date.now }) as unknown as Context;
const failure = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "it did not fail",
    (error: unknown) => error,
  );
const status =
  (code: number, body = ""): Answer =>
  (response) =>
    void response.writeHead(code, { location: "http://127.0.0.1:1/" }).end(body);

describe("a container", () => {
  const AUTHORIZATION = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
  const FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
  const reply: Answer = (response) => response.end(containerReply("CONTAINER"));
  const ask = async (
    answer: Answer,
    env: Record<string, string> = {},
    cwd = "/",
  ): Promise<FakeAws & { got: Promise<Credentials> }> => {
    const here = await fakeAws(answer);
    const source = { kind: "container", from: "config:1", endpoint: `${here.url}/creds?x=1` } as const;
    const got = Promise.resolve(open(context(env, cwd), source).credentials());
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

describe("what went wrong with a container", () => {
  const ask = (endpoint: string, env: Record<string, string> = {}) => {
    const debugged: string[] = [];
    const context = { env, cwd: "/", debug: (line: string) => void debugged.push(line) } as unknown as Context;
    return {
      debugged,
      got: Promise.resolve(open(context, { kind: "container", from: "config:1", endpoint }).credentials()),
    };
  };

  it("is told of by --debug, each attempt with what came of it", async () => {
    passAtOnce((ms) => ms <= 200);
    const answer: Answer = (response, _, count) =>
      void response.writeHead(count === 1 ? 500 : 200).end(count === 1 ? "broken" : containerReply("X"));
    const { url } = await fakeAws(answer);
    const { debugged, got } = ask(`${url}/x`);
    expect(await got).toMatchObject({ accessKeyId: "ASIAX" });
    expect(debugged[0]).toBe(`GET ${url}/x: 500`);
    expect(debugged[1]).toMatch(`${url}/x: `);
    expect(debugged[1]).toContain("broken");
    expect(debugged.slice(2)).toEqual([`GET ${url}/x: 200`]);
  });

  it("that is not there is told of with the system's reason", async () => {
    passAtOnce((ms) => ms <= 200);
    expect(await failure(ask("http://127.0.0.1:1/").got)).toMatchObject({
      code: "container-unreachable",
      cause: { kind: "unreachable" },
    });
  });

  it("is not asked again where its token, or its URL, is wrong", async () => {
    const pauses = passAtOnce((ms) => ms <= 200);
    const { url } = await fakeAws((response) => response.end("{}"));
    const home = makeHome();
    const error = await failure(ask(url, { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: home }).got);
    expect(error).toMatchObject({ code: "container-token", details: { problem: "it is a directory" } });
    expect(await failure(ask("nonsense").got)).toMatchObject({ code: "ERR_INVALID_URL" });
    expect(pauses).toEqual([]);
  });

  it.each<[string | undefined, string]>([
    [undefined, "there is no such file"],
    ["", "it is empty"],
    ["\r\n", "it is empty"],
    ["token\n\n", "it holds a line break or a control character"],
    ["tokün", "it holds a line break or a control character"],
  ])("whose token's file holds %j is told of with the file", async (content, problem) => {
    const home = makeHome(content === undefined ? {} : { token: content });
    const file = join(home, "token");
    const name = `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE (${file})`;
    expect(
      await failure(ask("http://127.0.0.1:1/", { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file }).got),
    ).toMatchObject({ code: "container-token", details: { name, problem } });
  });

  it("of which the token's variable is wrong is told of with its name", async () => {
    const name = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
    expect(await failure(ask("http://127.0.0.1:1/", { [name]: "token\nx: y" }).got)).toMatchObject({
      code: "container-token",
      details: { name, problem: "it holds a line break or a control character" },
    });
  });

  it.each<[Record<string, string>, boolean]>([
    [{ XROLE_ENDPOINT: "http://127.0.0.1:1/", AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/" }, true],
    [{ XROLE_ENDPOINT: "http://127.0.0.1:2/", AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/" }, false],
    [{ AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/" }, false],
    [{ XROLE_ENDPOINT: "http://127.0.0.1:1/" }, false],
    [{}, false],
  ])("with %j is an xrole's own: %s", async (env, isOurs) => {
    passAtOnce((ms) => ms <= 200);
    expect(await failure(ask("http://127.0.0.1:1/", env).got)).toMatchObject({
      code: "container-unreachable",
      details: { isOurs },
    });
    const unread = { ...env, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "/nonexistent/token" };
    expect(await failure(ask("http://127.0.0.1:1/", unread).got)).toMatchObject({
      code: "container-token",
      details: { isOurs },
    });
  });

  it("whose token's file cannot be opened is told of with the system's reason", async () => {
    const env = { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: `/${"x".repeat(300)}` };
    expect(await failure(ask("http://127.0.0.1:1/", env).got)).toMatchObject({
      code: "container-token",
      details: { problem: "its path is too long" },
      cause: { code: "ENAMETOOLONG" },
    });
  });
});
