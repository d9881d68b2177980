// What the instance's and the container's failures are told as, after which pauses, and within which times.
import { describe, expect, it } from "vitest";
import type { Source } from "../../../src/sources/kinds.ts";
import type { Context } from "../../../src/context/types.ts";
import { containerCredentials } from "../../../src/sources/container/fetch.ts";
import { open as openInstance } from "../../../src/sources/instance/fetch.ts";
import { containerReply, fakeAws, imds, type Answer } from "../../harness/fake-aws.ts";
import { passAtOnce } from "../../harness/timers.ts";
import { failure, json } from "./logins.ts";

const debugged: string[] = [];
const context = (env: Record<string, string> = {}): Context =>
  ({ env, cwd: "/", now: Date.now, debug: (line: string) => void debugged.push(line) }) as unknown as Context;
const ROLES = "/latest/meta-data/iam/security-credentials/";
const TOKEN = "/latest/api/token";
const but =
  (path: string, answer: Answer): Answer =>
  (response, one, count) =>
    (one.url === path ? answer : imds)(response, one, count);
const PAGE = "<html><title>Hello</title></html>";

describe("an instance", () => {
  type InstanceSource = Extract<Source, { kind: "instance" }>;
  const at = async (answer: Answer | string, more: Partial<InstanceSource> = {}) => {
    const url = typeof answer === "string" ? answer : (await fakeAws(answer)).url;
    const source = { kind: "instance", from: "", endpoint: url, disabled: false, speculative: false } as const;
    return { url, ...openInstance(context(), { ...source, timeoutSeconds: 20, ...more }) };
  };

  it("out of order is asked again after 50, 100 and 200 ms, and then once a second", async () => {
    const passed = passAtOnce((ms) => ms <= 1000);
    await failure((await at(but(TOKEN, json(503, "")))).credentials());
    expect(passed).toEqual([50, 100, 200]);
    await failure((await at(but(TOKEN, json(503, "")), { attempts: 7 })).credentials());
    expect(passed.slice(3)).toEqual([50, 100, 200, 400, 800, 1000]);
  });

  it("that is silent is asked four times", async () => {
    const passed = passAtOnce((ms) => ms <= 1000 || ms === 20_000);
    const here = await at(() => undefined);
    expect(await failure(here.credentials())).toMatchObject({
      code: "instance-unreachable",
      details: {
        endpoint: here.url,
        problem: "no answer within 20 s",
        hint: expect.stringMatching(/^in a container the answer may stop at hop limit 1: /) as string,
      },
      cause: { kind: "timeout" },
    });
    expect(passed).toEqual([20_000, 50, 20_000, 100, 20_000, 200, 20_000]);
    expect(debugged.at(-1)).toBe(`${here.url}: no answer within 20 s`);
  });

  it("that falls silent after a token, is not there, or was only guessed at is told so", async () => {
    const silent = await at(
      but(ROLES, () => undefined),
      { timeoutSeconds: 0.2, attempts: 1 },
    );
    expect(await failure(silent.credentials())).toMatchObject({
      details: { hint: expect.stringMatching(/^it did give a token, so this is no hop limit: /) as string },
    });
    expect(await failure((await at("http://127.0.0.1:1")).credentials())).toMatchObject({
      code: "instance-unreachable",
      details: { problem: "connection refused", hint: "is this an EC2 instance?" },
    });
    expect(await failure((await at("http://127.0.0.1:1", { speculative: true })).credentials())).toMatchObject({
      details: { hint: expect.stringMatching(/^no profile was named and nothing else held credentials/) as string },
    });
  });

  it.each<[string, number, RegExp | undefined]>([
    [TOKEN, 400, /^EC2 answers no such request with 400/],
    [TOKEN, 403, /^instance metadata is switched off.*, or a proxy such as kube2iam answers there and forbids it$/],
    [TOKEN, 404, /^what answers there is not IMDSv2/],
    [TOKEN, 405, /^what answers there is not IMDSv2/],
    [TOKEN, 406, undefined],
    [ROLES, 400, /^EC2 answers no such request with 400/],
    [ROLES, 403, /^it did give a token, so metadata is switched on/],
    [ROLES, 405, undefined],
  ])("that refuses %s with %i is told with a hint", async (path, code, hint) => {
    const here = await at(but(path, json(code, ` not \n ${"x".repeat(300)}`)));
    const { details } = (await failure(here.credentials())) as { details: { hint?: string } };
    expect(details).toMatchObject({ endpoint: here.url, status: code, detail: `not ${"x".repeat(196)}` });
    if (hint) expect(details.hint).toMatch(hint);
    else expect(details).not.toHaveProperty("hint");
    expect(await failure((await at(but(path, json(code, PAGE)))).credentials())).toMatchObject({
      details: { detail: "" },
    });
  });

  it.each<[string, string, string]>([
    [TOKEN, "a\nb", "the token is malformed"],
    [TOKEN, PAGE, 'it is a web page ("Hello")'],
    [ROLES, "a/b", "the role's name is malformed"],
    [ROLES, "a b", "the role's name is malformed"],
    [ROLES, PAGE, 'it is a web page ("Hello")'],
    [`${ROLES}myrole`, PAGE, 'it is a web page ("Hello")'],
    [`${ROLES}myrole`, "[]", "it is not a JSON object"],
    [TOKEN, "x".repeat(256 * 1024 + 1), "it is too large"],
  ])("that answers %s with %j makes no sense", async (path, body, problem) => {
    const here = await at(but(path, json(200, body)));
    expect(await failure(here.credentials())).toMatchObject({
      code: "instance-reply",
      details: { endpoint: here.url, problem },
    });
  });

  it("without a role, or with one that gives nothing, says so", async () => {
    const told = async (path: string, answer: Answer): Promise<unknown> =>
      ((await failure((await at(but(path, answer))).credentials())) as { details: unknown }).details;
    expect(await told(ROLES, json(404, ""))).toEqual({});
    expect(await told(ROLES, json(200, " "))).toEqual({ isListEmpty: true });
    expect(await told(`${ROLES}myrole`, json(404, ""))).toEqual({ role: "myrole" });
    expect(await told(`${ROLES}myrole`, json(200, { Code: "Failed", Message: "no" }))).toEqual({
      detail: "Failed: no",
    });
    expect(await told(`${ROLES}myrole`, json(302, ""))).toMatchObject({ problem: "it redirects elsewhere" });
    expect(await told(`${ROLES}myrole`, json(201, ""))).toMatchObject({ problem: "it answered 201 instead of 200" });
  });
});

describe("a container", () => {
  const ask = async (answer: Answer | string, env: Record<string, string> = {}) => {
    const url = typeof answer === "string" ? answer : (await fakeAws(answer)).url;
    const source = { kind: "container", from: "config:1", endpoint: url } as const;
    return {
      url,
      error: await failure(containerCredentials(context({ ...env, AWS_CONTAINER_CREDENTIALS_FULL_URI: url }), source)),
    };
  };

  it("is asked again after 100 and 200 ms, and given two seconds", async () => {
    const passed = passAtOnce((ms) => ms <= 200 || ms === 2000);
    const { url, error } = await ask(() => undefined);
    const details = { endpoint: url, problem: "no answer within 2 s", isOurs: false };
    expect(error).toMatchObject({ code: "container-unreachable", details });
    expect(passed).toEqual([2000, 100, 2000, 200, 2000]);
    const ours = await ask("http://127.0.0.1:1", { XROLE_ENDPOINT: "http://127.0.0.1:1" });
    expect(ours.error).toMatchObject({ details: { problem: "connection refused", isOurs: true } });
  });

  it("that is not named is none", async () => {
    const source = { kind: "container", from: "config:1" } as const;
    expect(await failure(containerCredentials(context(), source))).toMatchObject({
      code: "container-unset",
      details: { where: "config:1" },
    });
  });

  it.each<[number, unknown, string, object]>([
    [403, { Code: "A", Message: "b" }, "container-refused", { status: 403, detail: " (A: b)" }],
    [400, { code: "a", message: "b" }, "container-refused", { status: 400, detail: " (a: b)" }],
    [401, " plain \n text ", "container-refused", { status: 401, detail: " (plain text)" }],
    [401, "x".repeat(301), "container-refused", { detail: ` (${"x".repeat(300)})` }],
    [500, "", "container-refused", { status: 500, detail: "" }],
    [302, "", "container-reply", { problem: "it redirects elsewhere" }],
    [201, containerReply("X"), "container-reply", { problem: "it answered 201 instead of 200" }],
    [204, "", "container-reply", { problem: "it answered 204 instead of 200" }],
    [403, PAGE, "container-reply", { problem: 'it is a web page ("Hello") with status 403' }],
    [200, "x".repeat(256 * 1024 + 1), "container-reply", { problem: "it is too large" }],
    [200, { Code: "Failed" }, "container-role-refused", { detail: "Failed" }],
    [200, "{}", "container-reply", { problem: "AccessKeyId is missing or malformed" }],
  ])("that answers %i %j is told", async (status, body, code, details) => {
    passAtOnce((ms) => ms <= 200);
    const { url, error } = await ask(json(status, body));
    expect(error).toMatchObject({ code, details });
    if (code !== "container-role-refused") expect(error).toMatchObject({ details: { endpoint: url } });
  });
});

describe("the credentials of either", () => {
  const reply = JSON.parse(containerReply("X")) as Record<string, unknown>;
  it.each<[string, unknown, string]>([
    ["AccessKeyId", "a b", "AccessKeyId is missing or malformed"],
    ["SecretAccessKey", undefined, "SecretAccessKey is missing or malformed"],
    ["Token", "$(id)", "Token is missing or malformed"],
    ["Expiration", "soon", "Expiration is missing or not a timestamp"],
    ["Expiration", 1, "Expiration is missing or not a timestamp"],
  ])("with %s %j are none", async (name, value, problem) => {
    passAtOnce((ms) => ms <= 200);
    const { url } = await fakeAws(json(200, { ...reply, [name]: value }));
    const source = { kind: "container", from: "", endpoint: url } as const;
    expect(await failure(containerCredentials(context(), source))).toMatchObject({
      code: "container-reply",
      details: { problem },
    });
  });

  it("may come without a code, and with an account", async () => {
    const { url } = await fakeAws(json(200, { ...reply, Code: undefined, AccountId: "111111111111" }));
    const got = await containerCredentials(context(), { kind: "container", from: "", endpoint: url });
    expect(got).toMatchObject({ accountId: "111111111111", accessKeyId: "ASIAX" });
  });
});
