// What the container is asked, header by header, how often, and which replies are taken.
import { describe, expect, it } from "vitest";
import type { Credentials } from "../../../../src/chain/sts-types.ts";
import type { Context } from "../../../../src/context.ts";
import { open } from "../../../../src/sources/container/fetch.ts";
import { containerReply, fakeAws, type Answer, type FakeAws } from "../../../harness/fake-aws.ts";
import { makeHome } from "../../../harness/home.ts";
import { secret } from "../../../harness/secrets.ts";

const context = (env: Record<string, string> = {}, cwd = "/"): Context =>
  ({ env, cwd, debug: () => undefined, now: Date.now }) as unknown as Context;
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
