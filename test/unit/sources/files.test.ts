// What sources read from files and from commands: the token of a web identity, credential_process, and the keys of a profile.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Credentials } from "../../../src/plan/sts-types.ts";
import type { Source } from "../../../src/sources/kinds.ts";
import type { Context } from "../../../src/context/types.ts";
import { checkLogin, peekAtLogin, readLogin } from "../../../src/sources/login-file.ts";
import { processCredentials } from "../../../src/sources/process/fetch.ts";
import { webIdentityToken } from "../../../src/sources/web-identity/fetch.ts";
import { makeHome } from "../../harness/home.ts";
import { failure, inSeconds, NOW } from "./logins.ts";

describe("the token of a web identity", () => {
  const ROLE = { roleArn: "arn:aws:iam::222222222222:role/r", sessionName: "s", sessionNameGenerated: false };
  const read = (content: string | undefined, isAbsolute = false): (() => string) => {
    const cwd = makeHome(content === undefined ? {} : { token: content });
    const tokenFile = isAbsolute ? join(cwd, "token") : "token";
    return () => webIdentityToken({ cwd } as Context, { kind: "web-identity", from: "config:1", tokenFile, ...ROLE });
  };

  it("is read without the space around it", () => {
    expect(read(" token\r\n")()).toBe("token");
    expect(read("token", true)()).toBe("token");
    expect(read(`${"x".repeat(20_000)}\n`)()).toHaveLength(20_000);
  });

  it.each<[string, string | undefined, string]>([
    ["is not there", undefined, "there is no such file"],
    ["is empty", " \n", "it is empty"],
    ["has two lines", "a\nb", "its token holds a line break"],
    ["has another letter", "aü", "its token holds a character that is not printable ASCII"],
    ["is too long", "x".repeat(20_001), "it is too long for a token"],
  ])("that %s is an error", (_, content, problem) => {
    const details = { where: "config:1", file: "token", problem };
    expect(read(content)).toThrow(expect.objectContaining({ code: "web-identity-token", details }) as Error);
  });
});

it("the file of a web identity's token that cannot be read is told of with the system's reason", () => {
  const tokenFile = "x".repeat(300);
  const source = { from: "config:1", tokenFile, roleArn: "", sessionName: "s", sessionNameGenerated: false };
  expect(() => webIdentityToken({ cwd: "/" } as Context, { kind: "web-identity", ...source })).toThrow(
    expect.objectContaining({
      details: { where: "config:1", file: tokenFile, problem: "its path is too long" },
      cause: expect.objectContaining({ code: "ENAMETOOLONG" }) as object,
    }) as Error,
  );
});

describe("a credential_process", () => {
  type ProcessSource = Extract<Source, { kind: "process" }>;
  const KEYS = { AccessKeyId: "ASIAPROCESS", SecretAccessKey: "secret-of-process" };
  const home = makeHome();
  const run = (
    command: string,
    more: Partial<ProcessSource> = {},
    env: Record<string, string> = {},
  ): Promise<Credentials> => {
    const context = {
      cwd: home,
      now: () => NOW,
      debug: (line: string) => void debugged.push(line),
      sharesStreams: false,
    };
    const whole = { ...context, env: { PATH: process.env.PATH, ...env }, onStop: () => () => undefined };
    return processCredentials(whole as unknown as Context, {
      ...{ kind: "process", from: "config:1", profile: "p", command },
      ...more,
    });
  };
  const debugged: string[] = [];
  const printing = (output: unknown): string =>
    `printf %s '${typeof output === "string" ? output : JSON.stringify(output)}'`;

  it("gives what it prints", async () => {
    expect(await run(printing({ Version: 1, ...KEYS }))).toEqual({
      accessKeyId: "ASIAPROCESS",
      secretAccessKey: "secret-of-process",
    });
    const more = { SessionToken: "token-of-process", Expiration: inSeconds(1), AccountId: "111111111111" };
    expect(await run(printing({ Version: 1, ...KEYS, ...more }), { accountId: "999999999999" })).toEqual({
      accessKeyId: "ASIAPROCESS",
      secretAccessKey: "secret-of-process",
      sessionToken: "token-of-process",
      expiration: new Date(NOW + 1000),
      accountId: "111111111111",
    });
    expect(debugged.at(-1)).toBe('running the credential_process of profile "p"');
  });

  it.each([undefined, null, ""])("that prints %j for an account has the profile's", async (AccountId) => {
    const command = printing({ Version: 1, ...KEYS, AccountId, SessionToken: "", Expiration: null });
    expect(await run(command, { accountId: "999999999999" })).toMatchObject({ accountId: "999999999999" });
    expect(Object.keys(await run(command))).toEqual(["accessKeyId", "secretAccessKey"]);
  });

  it("has the environment, and knows for whom it runs", async () => {
    const env = { GREETING: "the-greeting", XROLE_RESOLVING: '["a","b"]' };
    const resolving = '$(printf %s "$XROLE_RESOLVING" | tr -d \'[]"\')';
    const folder = makeHome({
      helper: `printf '{"Version":1,"AccessKeyId":"A","SecretAccessKey":"%s","SessionToken":"%s"}' "$GREETING" "${resolving}"`,
    });
    expect(await run(`sh ${folder}/helper`, {}, env)).toMatchObject({
      secretAccessKey: "the-greeting",
      sessionToken: "a,b,p",
    });
  });

  it.each<[string, string, string]>([
    ["exits with an error", "false", "exited with status 1"],
    ["has an open quote", "printf 'a", "a quote is not closed"],
    ["ends with a backslash", "printf \\", "it ends with a backslash"],
    ["is empty", " ", "it names no command"],
    ["is an empty word", '"" x', "it names no command"],
    ["is a word of blanks", "' '", "it names no command"],
    ["is not there", "/nonexistent/helper secret", "command not found"],
  ])("that %s is an error, with its first word", async (_, command, problem) => {
    expect(await failure(run(command))).toMatchObject({
      code: "process-failed",
      details: { where: "config:1", problem, command: /^(a quote|it )/.test(problem) ? "" : command.split(" ")[0] },
    });
  });

  it("that only a shell would understand is told so", async () => {
    expect(await failure(run("false | cat"))).toMatchObject({ details: { syntax: "|" } });
  });

  it.each<[unknown, string]>([
    ["[]", "its output is not a JSON object"],
    [{ ...KEYS }, "its Version is not 1"],
    [{ Version: "1", ...KEYS }, "its Version is not 1"],
    [{ Version: 1, ...KEYS, AccessKeyId: "" }, "AccessKeyId is missing"],
    [{ Version: 1, ...KEYS, SecretAccessKey: 1 }, "SecretAccessKey is missing"],
    [{ Version: 1, ...KEYS, Expiration: "soon" }, "its Expiration is not a timestamp"],
    [{ Version: 1, ...KEYS, Expiration: 1 }, "its Expiration is not a timestamp"],
    [{ Version: 1, ...KEYS, AccountId: 1 }, "AccountId is not the id of an account"],
    [{ Version: 1, ...KEYS, AccountId: "$(id)" }, "AccountId is not the id of an account"],
  ])("that prints %j makes no sense", async (output, problem) => {
    expect(await failure(run(printing(output)))).toMatchObject({
      code: "process-reply",
      details: { where: "config:1", command: "printf", problem },
    });
  });

  it.each(["AccessKeyId", "SecretAccessKey", "SessionToken"])("whose %s cannot be sent is malformed", async (name) => {
    expect(await failure(run(printing({ Version: 1, ...KEYS, [name]: "aü" })))).toMatchObject({
      code: "credentials-malformed",
      details: {
        where: "config:1: credential_process printf",
        name,
        problem: "holds a character that is not printable ASCII",
      },
    });
  });

  it("that prints what has expired is told when", async () => {
    expect(await failure(run(printing({ Version: 1, ...KEYS, Expiration: inSeconds(0) })))).toMatchObject({
      code: "credentials-expired",
      details: {
        origin: "the output of its credential_process",
        expiration: inSeconds(0),
        hint: "renew what that command reads",
      },
    });
  });

  it("does not run within itself", async () => {
    expect(await failure(run("false", {}, { XROLE_RESOLVING: '["a","p","b"]' }))).toMatchObject({
      code: "process-recursion",
      details: { cycle: ["p", "b", "p"] },
    });
    for (const other of ['["a"]', "nonsense", '{"p":1}', "[1]", ""])
      expect(await run(printing({ Version: 1, ...KEYS }), {}, { XROLE_RESOLVING: other })).toBeDefined();
  });
});

describe("a login's file", () => {
  const home = makeHome({ good: '{"a": 1}', bad: "{", lines: '{\n\n  "a": "x",\n  "b": "y\\nz"}' });
  const at = (name: string): string => join(home, name);

  it("is read as an object, damaged or not there", () => {
    expect(readLogin(at("good"))).toEqual({ a: 1 });
    expect(readLogin(at("bad"))).toEqual({});
    expect(readLogin(at("none"))).toBeUndefined();
    expect([peekAtLogin(at("good")), peekAtLogin(at("bad")), peekAtLogin(at("none"))]).toEqual([{ a: 1 }, {}, {}]);
  });

  it("that is no file is unreadable, but for whoever only compares", () => {
    const details = { file: home };
    expect(() => readLogin(home)).toThrow(
      expect.objectContaining({
        code: "login-unreadable",
        details: expect.objectContaining(details) as object,
      }) as Error,
    );
    expect(peekAtLogin(home)).toEqual({});
  });

  it("is checked for what cannot be sent, with the line", () => {
    const { b } = JSON.parse(readFileSync(at("lines"), "utf8")) as { b: string };
    expect(() => checkLogin(at("lines"), { a: "x", none: undefined, n: 1 })).not.toThrow();
    const details = (line: number, name: string): object => ({
      where: `${at("lines")}:${String(line)}`,
      name,
      problem: "holds a line break",
    });
    for (const [values, line, name] of [
      [{ a: "x", b }, 4, "b"],
      [{ c: b }, 1, "c"],
    ] as const)
      expect(() => checkLogin(at("lines"), values)).toThrow(
        expect.objectContaining({ code: "credentials-malformed", details: details(line, name) }) as Error,
      );
    expect(() => checkLogin(at("none"), { b })).toThrow(/none:1/);
  });
});

it("a credential_process knows for whom it runs, and nothing else that the variable held", async () => {
  const output = `{"Version":1,"AccessKeyId":"A","SecretAccessKey":"%s"}`;
  const folder = makeHome({ helper: `printf '${output}' "$(printf %s "$XROLE_RESOLVING" | tr -d '" []')"` });
  for (const [above, below] of [
    ['["a",1,"b",null]', "a,b,p"],
    ['{"a":1}', "p"],
    ["null", "p"],
    ["", "p"],
  ] as const) {
    const context = { env: { PATH: process.env.PATH, XROLE_RESOLVING: above }, cwd: folder, now: Date.now };
    const whole = { ...context, debug: () => undefined, sharesStreams: false, onStop: () => () => undefined };
    const source = { kind: "process", from: "config:1", profile: "p", command: `sh ${folder}/helper` } as const;
    expect(await processCredentials(whole as unknown as Context, source)).toEqual({
      accessKeyId: "A",
      secretAccessKey: below,
    });
  }
});
