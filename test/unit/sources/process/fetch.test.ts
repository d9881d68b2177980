// What a credential_process is given, and which of its replies are taken.
import { describe, expect, it } from "vitest";
import type { Credentials } from "../../../../src/plan/aws/credentials.ts";
import type { Source } from "../../../../src/sources/kinds.ts";
import type { Context } from "../../../../src/context/types.ts";
import { processCredentials } from "../../../../src/sources/process/fetch.ts";
import { makeHome } from "../../../harness/home.ts";
import { failure, inSeconds, NOW } from "../logins.ts";

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
    [{ Version: 1, ...KEYS, SessionToken: 1 }, "its SessionToken is not text"],
    [{ Version: 1, ...KEYS, SessionToken: ["t"] }, "its SessionToken is not text"],
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
