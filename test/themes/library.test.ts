// The library, as a program of its users has it: built, imported by its name, beside the command that shares its cache.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { S3ClientConfig } from "@aws-sdk/client-s3";
import { describe, expect, expectTypeOf, it } from "vitest";
import type { fromXrole } from "../../src/library/types.ts";
import { assumeRoleReply, awsError, fakeAws, type Answer, type FakeAws } from "../harness/fake-aws.ts";
import { makeHome } from "../harness/home.ts";
import { passwdHome, xrole, type Run } from "../harness/run.ts";
import { secret } from "../harness/secrets.ts";

const SERIAL = "arn:aws:iam::111111111111:mfa/alice";
const config = `[profile keys]
aws_access_key_id = AKIAKEYS
aws_secret_access_key = secret-of-keys
[profile p]
role_arn = arn:aws:iam::222222222222:role/r
source_profile = keys
region = us-east-1
[profile mfa]
role_arn = arn:aws:iam::222222222222:role/r
source_profile = keys
mfa_serial = ${SERIAL}
region = us-east-1
[profile deep]
role_arn = arn:aws:iam::333333333333:role/deep
source_profile = p
duration_seconds = 7200
region = us-east-1
[profile by-process]
credential_process = sh -c 'echo noise >&2; cat >&2; echo {\\"Version\\":1,\\"AccessKeyId\\":\\"AKIAPROCESS\\",\\"SecretAccessKey\\":\\"secret-of-process\\"}'
`;

interface World {
  readonly env: Record<string, string>;
  readonly asked: FakeAws["asked"];
}

const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();
/** Answers with credentials that live an hour. */
const hourly: Answer = (response, { body }) => response.end(assumeRoleReply(body, { expiration: inMinutes(60) }));

async function world(answer: Answer = hourly): Promise<World> {
  const { url, asked } = await fakeAws(answer);
  return { env: { HOME: makeHome({ ".aws/config": config }), AWS_ENDPOINT_URL_STS: url }, asked };
}

/** Runs a program in which `fromXrole`, `XroleError` and `show` are there, and gives what it showed. */
async function program(env: Record<string, string>, body: string): Promise<Run & { shown: unknown }> {
  const script = `import { fromXrole, XroleError } from "xrole";
let shown;
const show = (value) => { shown = value };
const failure = (call) => call().then(() => "no failure", (error) => error);
${body}
process.stdout.write(JSON.stringify(shown));`;
  const run = await xrole(["--input-type=module", "-e", script], { command: process.execPath, env });
  // Whatever a program does with the library, the library prints nothing.
  expect(run).toMatchObject({ status: 0, stderr: "" });
  return { ...run, shown: JSON.parse(run.stdout) };
}

const form = (asked: FakeAws["asked"], index = 0): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(asked[index]?.body));

describe("a provider", () => {
  it("gives what a client of the SDK takes, the end and the account with it", async () => {
    const { env } = await world();
    const { shown } = await program(
      env,
      `const found = await fromXrole({ profile: "p" })();
      show({ ...found, isDate: found.expiration instanceof Date });`,
    );
    expect(shown).toEqual({
      accessKeyId: "ASIAr",
      secretAccessKey: "secret-of-r",
      sessionToken: "token-of-r",
      expiration: expect.stringMatching(/^20.*Z$/) as string,
      accountId: "222222222222",
      isDate: true,
    });
  });

  it("without a profile follows the default chain; keys that do not end have no end", async () => {
    const { env, asked } = await world();
    const keys = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-environment") };
    const { shown } = await program({ ...env, ...keys }, `show(await fromXrole()());`);
    expect(shown).toEqual({ accessKeyId: "AKIAENV", secretAccessKey: "secret-of-environment" });
    expect(asked).toEqual([]);
  });

  it("is of the type that clients of the SDK take", () => {
    expectTypeOf<ReturnType<typeof fromXrole>>().toExtend<NonNullable<S3ClientConfig["credentials"]>>();
  });

  it("is the same by require, whose errors are those of import", async () => {
    const { env } = await world();
    const { shown } = await program(
      env,
      `import { createRequire } from "node:module";
      const library = createRequire(process.cwd() + "/x.js")("xrole");
      const error = await failure(library.fromXrole({ profile: "nope" }));
      show([(await library.fromXrole({ profile: "p" })()).accessKeyId, error instanceof XroleError, Object.keys(library)]);`,
    );
    expect(shown).toEqual(["ASIAr", true, ["XroleError", "fromXrole"]]);
  });

  it("takes what the command kept, and keeps for the command", async () => {
    const { env, asked } = await world();
    expect((await xrole(["credential-process", "p"], { env })).status).toBe(0);
    await program(env, `show(await fromXrole({ profile: "p" })());`);
    expect(asked).toHaveLength(1);
    await program(env, `show(await fromXrole({ profile: "p", sessionName: "other" })());`);
    expect((await xrole(["credential-process", "p", "--session-name", "other"], { env })).status).toBe(0);
    expect(asked).toHaveLength(2);
  });

  it("makes one call for many who ask at once, in one program or several", async () => {
    const { env, asked } = await world();
    const body = `const providers = [1, 2, 3].map(() => fromXrole({ profile: "p" }));
      const all = await Promise.all([...providers, ...providers, providers[0]].map((provider) => provider()));
      show(all.map(({ accessKeyId }) => accessKeyId));`;
    const runs = await Promise.all([program(env, body), program(env, body), program(env, body)]);
    for (const { shown } of runs) expect(shown).toEqual(Array(7).fill("ASIAr"));
    expect(asked).toHaveLength(1);
  });

  it("asks anew each time it is told to, and keeps nothing where it is told so", async () => {
    const { env, asked } = await world();
    await program(env, `const p = fromXrole({ profile: "p", cache: false }); await p(); await p(); show(0);`);
    expect(asked).toHaveLength(2);
    await program(env, `const p = fromXrole({ profile: "p", fresh: true }); await p(); await p(); show(0);`);
    expect(asked).toHaveLength(4);
    await program(env, `const p = fromXrole({ profile: "p" }); await p(); await p(); show(0);`);
    expect(asked).toHaveLength(4);
  });

  it("renews what lives shorter than minTtl, ten minutes without it", async () => {
    const { env, asked } = await world();
    const folder = join(env.HOME ?? "", ".cache/xrole");
    const calls = async (left: number, options = ""): Promise<number> => {
      await program(env, `show(await fromXrole({ profile: "p" })());`);
      const [file = ""] = readdirSync(folder).filter((name) => name.endsWith(".json"));
      const entry = JSON.parse(readFileSync(join(folder, file), "utf8")) as object;
      const at = { obtained: Date.now() - (60 - left) * 60_000, expiration: inMinutes(left) };
      writeFileSync(join(folder, file), JSON.stringify({ ...entry, ...at }));
      const before = asked.length;
      await program(env, `show(await fromXrole({ profile: "p" ${options} })());`);
      return asked.length - before;
    };
    expect(await calls(11)).toBe(0);
    expect(await calls(9)).toBe(1);
    expect(await calls(9, ", minTtl: 60")).toBe(0);
    expect(await calls(11, ", minTtl: 900")).toBe(1);
  });

  it("says to STS what its options say", async () => {
    const { env, asked } = await world();
    await program(
      env,
      `show(await fromXrole({
        profile: "keys", roleArn: "arn:aws:iam::444444444444:role/other", sessionName: "me", durationSeconds: 900,
        externalId: "ext-1", sourceIdentity: "alice", tags: { team: "a b", "k/2": "x=y" }, transitiveTagKeys: ["team"],
        policy: { Version: "2012-10-17", Statement: [] }, policyArns: ["arn:aws:iam::aws:policy/A"], readOnly: true,
        mfaSerial: "${SERIAL}", mfaCode: "123456", region: "eu-west-1", expectAccount: "444444444444", profile: "keys",
      })());`,
    );
    expect(form(asked)).toMatchObject({
      Action: "AssumeRole",
      RoleArn: "arn:aws:iam::444444444444:role/other",
      RoleSessionName: "me",
      DurationSeconds: "900",
      ExternalId: "ext-1",
      SourceIdentity: "alice",
      "Tags.member.1.Key": "team",
      "Tags.member.1.Value": "a b",
      "Tags.member.2.Key": "k/2",
      "Tags.member.2.Value": "x=y",
      "TransitiveTagKeys.member.1": "team",
      Policy: '{"Version":"2012-10-17","Statement":[]}',
      "PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/A",
      "PolicyArns.member.2.arn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
      SerialNumber: SERIAL,
      TokenCode: "123456",
    });
    expect(asked[0]?.headers.authorization).toContain("/eu-west-1/sts/");
  });

  it("reads its options once, and gives each caller credentials of its own", async () => {
    const { env, asked } = await world();
    const { shown } = await program(
      env,
      `let reads = 0;
      const tags = { team: "a" };
      const options = { get profile() { reads++; return "p" }, tags, cache: false };
      const provider = fromXrole(options);
      tags.team = "b";
      options.cache = undefined;
      const [one, two] = await Promise.all([provider(), provider()]);
      one.accessKeyId = "changed";
      one.expiration.setTime(0);
      show([reads, two.accessKeyId, two.expiration.getTime() > Date.now()]);`,
    );
    expect(shown).toEqual([1, "ASIAr", true]);
    expect(form(asked)).toMatchObject({ "Tags.member.1.Value": "a" });
  });

  it("that is asked under another AWS_PROFILE while an answer is on its way gets that profile's role", async () => {
    const { env, asked } = await world();
    const { shown } = await program(
      env,
      `const provider = fromXrole();
      const under = (name) => { process.env.AWS_PROFILE = name; return provider(); };
      const all = await Promise.all([under("p"), under("deep"), under("p")]);
      show(all.map(({ accessKeyId }) => accessKeyId));`,
    );
    expect(shown).toEqual(["ASIAr", "ASIAdeep", "ASIAr"]);
    expect(asked).toHaveLength(2);
  });

  it("that is asked in another folder while an answer is on its way reads the files of that folder", async () => {
    const { env } = await world();
    const folder = makeHome({ "one/config": config, "two/config": config.replaceAll("role/r", "role/two") });
    const { shown } = await program(
      env,
      `process.env.AWS_CONFIG_FILE = "config";
      const provider = fromXrole({ profile: "p" });
      const inside = (name) => { process.chdir(${JSON.stringify(folder)} + "/" + name); return provider(); };
      const all = await Promise.all([inside("one"), inside("two")]);
      show(all.map(({ accessKeyId }) => accessKeyId));`,
    );
    expect(shown).toEqual(["ASIAr", "ASIAtwo"]);
  });

  it("overlooks no option that is not enumerable, and takes none that every object inherits", async () => {
    const { env, asked } = await world();
    const keys = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-environment") };
    const { shown } = await program(
      env,
      `const hidden = Object.defineProperty({}, "profile", { value: "p" });
      const found = await fromXrole(hidden)();
      Object.assign(process.env, ${JSON.stringify(keys)});
      Object.prototype.profile = "p";
      const all = [await fromXrole()(), await fromXrole({})()];
      delete Object.prototype.profile;
      show([found, ...all].map(({ accessKeyId }) => accessKeyId));`,
    );
    expect(shown).toEqual(["ASIAr", "AKIAENV", "AKIAENV"]);
    expect(asked).toHaveLength(1);
  });

  it("takes no tags and no policies for options that are absent", async () => {
    const { env, asked } = await world();
    await program(
      env,
      `show(await fromXrole({ profile: "keys", tags: {}, policyArns: [], transitiveTagKeys: [] })());`,
    );
    await program(env, `show(await fromXrole({ profile: "p", tags: {}, policyArns: [] })());`);
    expect(Object.keys(form(asked)).filter((name) => /Tag|Policy/.test(name))).toEqual([]);
  });

  it("refuses a session's ARN as roleArn, and names the role's", async () => {
    const { env, asked } = await world();
    const { shown } = await program(
      env,
      `const roleArn = "arn:aws:sts::222222222222:assumed-role/r/session";
      const { code, status, message, hint } = await failure(fromXrole({ profile: "keys", roleArn }));
      show({ code, status, message, hint });`,
    );
    expect(shown).toEqual({
      code: "setting-invalid",
      status: 78,
      message: expect.stringContaining("roleArn = arn:aws:sts::222222222222:assumed-role/r/session") as string,
      hint: expect.stringContaining("write arn:aws:iam::222222222222:role/r;") as string,
    });
    expect(asked).toHaveLength(0);
  });

  it.each([
    ["without HOME", "delete process.env.HOME;", ""],
    ["with an empty HOME", 'process.env.HOME = "";', ""],
    [
      "without HOME in the environment that it is given",
      "",
      "env: { AWS_ENDPOINT_URL_STS: process.env.AWS_ENDPOINT_URL_STS }",
    ],
  ])("%s, reads and caches in the home of the passwd entry", async (_, before, options) => {
    const { env, asked } = await world();
    const { HOME: home = "", ...rest } = env;
    const given = { ...rest, ...passwdHome(home) };
    await program(given, `${before} show(await fromXrole({ profile: "p", ${options} })());`);
    const { shown } = await program(given, `${before} show(await fromXrole({ profile: "p", ${options} })());`);
    expect(shown).toMatchObject({ accessKeyId: "ASIAr" });
    expect(asked).toHaveLength(1);
    expect(readdirSync(join(home, ".cache/xrole"))).not.toEqual([]);
  });

  it("is an error without HOME and a passwd entry", async () => {
    const { env } = await world();
    const given = { ...env, ...passwdHome(undefined) };
    const { shown } = await program(
      given,
      `delete process.env.HOME; const { code, status } = await failure(fromXrole({ profile: "p" })); show([code, status]);`,
    );
    expect(shown).toEqual(["home-missing", 78]);
  });

  it("reads the environment that it is given, and none else", async () => {
    const { env } = await world();
    const elsewhere = await world();
    const { shown } = await program(
      { ...env, AWS_PROFILE: "nope" },
      `show(await fromXrole({ env: { ...${JSON.stringify(elsewhere.env)}, AWS_PROFILE: "p" } })());`,
    );
    expect(shown).toMatchObject({ accessKeyId: "ASIAr" });
    expect(elsewhere.asked).toHaveLength(1);
  });
});

describe("a program's own things", () => {
  it("stay its own, from the import on: process, streams, warnings, globals", async () => {
    const { env, asked } = await world();
    const script = `const seen = () => [process.emitWarning, process.exitCode, process.eventNames(), Reflect.ownKeys(globalThis), { ...process.env }];
      const warnings = [];
      process.on("warning", (warning) => warnings.push(warning.message));
      const before = seen();
      const { fromXrole } = await import("xrole");
      await fromXrole({ profile: "p" })();
      await fromXrole({ profile: "nope" })().catch(() => {});
      await new Promise(setImmediate);
      const { isDeepStrictEqual } = await import("node:util");
      console.log(isDeepStrictEqual(seen(), before), warnings);`;
    const run = await xrole(["--input-type=module", "-e", script], { command: process.execPath, env });
    expect(run).toMatchObject({ status: 0, stdout: "true []\n", stderr: "" });
    expect(asked).toHaveLength(1);
  });

  it("its stdin and stderr are not those of a credential_process", async () => {
    const { env } = await world();
    const run = await xrole(
      [
        "--input-type=module",
        "-e",
        `import { fromXrole } from "xrole"; console.log((await fromXrole({ profile: "by-process" })()).accessKeyId);`,
      ],
      { command: process.execPath, env, stdin: "for the program\n" },
    );
    expect(run).toMatchObject({ status: 0, stdout: "AKIAPROCESS\n", stderr: "" });
  });

  it("warn and debug may throw, and call the library again, and stop nothing", async () => {
    const { env, asked } = await world();
    const { shown } = await program(
      env,
      `let isAgain = false;
      const warn = () => { throw new Error("in warn") };
      const debug = () => { if (!isAgain) { isAgain = true; provider().catch(() => {}); } throw new Error("in debug") };
      const provider = fromXrole({ profile: "deep", warn, debug });
      show((await provider()).accessKeyId);`,
    );
    expect(shown).toBe("ASIAdeep");
    expect(asked).toHaveLength(2);
  });

  it("warn and debug are told what the command would print", async () => {
    const { env } = await world();
    const { shown } = await program(
      env,
      `const warnings = [], lines = [];
      await fromXrole({ profile: "deep", warn: (one) => warnings.push(one), debug: (one) => lines.push(one) })();
      show({ warnings, lines });`,
    );
    const { warnings, lines } = shown as { warnings: string[]; lines: string[] };
    expect(warnings).toEqual([expect.stringContaining("at most 3600 s")]);
    expect(lines).toContainEqual(expect.stringContaining("AssumeRole arn:aws:iam::333333333333:role/deep"));
    expect(lines.join("\n")).not.toMatch(/secret-of|token-of/);
  });
});

describe("an MFA code", () => {
  it("is asked of nobody by default", async () => {
    const { env, asked } = await world();
    const { shown } = await program(
      env,
      `const { code, message, hint, status } = await failure(fromXrole({ profile: "mfa" })); show({ code, message, hint, status });`,
    );
    expect(shown).toEqual({
      code: "mfa-needed",
      message: expect.stringContaining(`an MFA code of ${SERIAL} is needed, and there is nobody to ask`) as string,
      hint: "give mfaCodeProvider or mfaCode, or let mfa_process print it",
      status: 77,
    });
    expect(asked).toHaveLength(0);
  });

  it("is asked of mfaCodeProvider, once, and only when it is needed", async () => {
    const { env, asked } = await world();
    const { shown } = await program(
      env,
      `const serials = [];
      const provider = fromXrole({ profile: "mfa", mfaCodeProvider: async (serial) => (serials.push(serial), "654321") });
      await provider();
      await provider();
      show(serials);`,
    );
    expect(shown).toEqual([SERIAL]);
    expect(asked.map((_, index) => form(asked, index).TokenCode)).toEqual(["654321"]);
  });

  it("that is refused or is none is an error, and is not asked for again", async () => {
    const mistyped = await world((response) =>
      awsError(response, 403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. "),
    );
    const refused = await program(
      mistyped.env,
      `let count = 0;
      const { code } = await failure(fromXrole({ profile: "mfa", mfaCodeProvider: async () => (count++, "654321") }));
      show([code, count]);`,
    );
    expect(refused.shown).toEqual(["mfa-refused", 1]);
    expect(mistyped.asked).toHaveLength(1);

    const { env, asked } = await world();
    const none = await program(
      env,
      `const { code } = await failure(fromXrole({ profile: "mfa", mfaCodeProvider: async () => "12" })); show(code);`,
    );
    expect(none.shown).toBe("setting-invalid");
    expect(asked).toHaveLength(0);
  });

  it.each([
    [
      "by itself",
      `const ask = () => provider().then(() => "123456"); const provider = fromXrole({ profile: "mfa", mfaCodeProvider: ask });`,
    ],
    [
      "by one of the same profile",
      `const ask = () => fromXrole({ profile: "mfa" })().then(() => "123456"); const provider = fromXrole({ profile: "mfa", mfaCodeProvider: ask });`,
    ],
    [
      "by one that needs a code of the same device",
      `const ask = () => fromXrole({ profile: "mfa", cache: false, mfaCodeProvider: ask })().then(() => "123456"); const provider = fromXrole({ profile: "mfa", cache: false, mfaCodeProvider: ask });`,
    ],
    [
      "by the library's other form",
      `const { fromXrole: required } = (await import("node:module")).createRequire(process.cwd() + "/x.js")("xrole");
      const ask = () => required({ profile: "mfa", mfaCodeProvider: ask })().then(() => "123456"); const provider = fromXrole({ profile: "mfa", mfaCodeProvider: ask });`,
    ],
    [
      "by itself, later",
      `const ask = () => new Promise((give, fail) => setTimeout(() => provider().then(give, fail), 10)); const provider = fromXrole({ profile: "mfa", mfaCodeProvider: ask });`,
    ],
    [
      "by way of another one",
      `const other = fromXrole({ profile: "p", mfaSerial: "${SERIAL}x", mfaCodeProvider: async () => { await provider(); return "123456"; } });
      const ask = () => other().then(() => "123456"); const provider = fromXrole({ profile: "mfa", mfaCodeProvider: ask });`,
    ],
  ])("that waits for itself, %s, is an error at once", async (_, text) => {
    const { env, asked } = await world();
    const { shown } = await program(
      env,
      `${text} const { code, message } = await failure(provider); show([code, message]);`,
    );
    expect(shown).toEqual(["usage", "mfaCodeProvider asks for the credentials that are waiting for its code"]);
    expect(asked).toEqual([]);
  });

  it("may be found with credentials of another profile", async () => {
    const { env, asked } = await world();
    const { shown } = await program(
      env,
      `const ask = () => fromXrole({ profile: "p" })().then(() => "654321");
      show((await fromXrole({ profile: "mfa", sessionName: "me", mfaCodeProvider: ask })()).accessKeyId);`,
    );
    expect(shown).toBe("ASIAr");
    expect(asked.map((_, index) => form(asked, index).TokenCode)).toEqual([undefined, "654321"]);
  });

  it("that is something else, such as the device's secret, is not repeated", async () => {
    const { env } = await world();
    const { shown } = await program(
      env,
      `const { code, message } = await failure(fromXrole({ profile: "mfa", mfaCodeProvider: async () => "JBSWY3DPEHPK3PXP" }));
      const typed = await failure(fromXrole({ profile: "mfa", mfaCode: "JBSWY3DPEHPK3PXP" }));
      show([code, message, typed.message]);`,
    );
    expect(shown).toEqual([
      "setting-invalid",
      expect.stringContaining("the MFA code = ... is not a code of six digits") as string,
      "options: mfaCode = ... is not a code of six digits",
    ]);
  });

  it("must be a string", async () => {
    const { env } = await world();
    const { shown } = await program(
      env,
      `const { code, message } = await failure(fromXrole({ profile: "mfa", mfaCodeProvider: () => 123456 })); show([code, message]);`,
    );
    expect(shown).toEqual(["usage", "mfaCodeProvider must give a string, not number"]);
  });

  it("whose provider fails ends in the provider's own error", async () => {
    const { env } = await world();
    const { shown } = await program(
      env,
      `const own = new RangeError("no code today");
      show((await failure(fromXrole({ profile: "mfa", mfaCodeProvider: () => Promise.reject(own) }))) === own);`,
    );
    expect(shown).toBe(true);
  });
});

describe("an error", () => {
  it("has the command's code and hint", async () => {
    const { env } = await world();
    const { shown } = await program(
      env,
      `const error = await failure(fromXrole({ profile: "P" }));
      const { name, code, message, hint, status } = error;
      show({ isOne: error instanceof XroleError && error instanceof Error, name, code, message, hint, status });`,
    );
    expect(shown).toEqual({
      isOne: true,
      name: "XroleError",
      code: "profile-not-found",
      message: 'there is no profile "P"',
      hint: 'did you mean "p"?',
      status: 78,
    });
  });

  it("is printed by its name", async () => {
    const { env } = await world();
    const { shown } = await program(
      env,
      `import { inspect } from "node:util";
      show(inspect(await failure(fromXrole({ profile: "P" }))).split("\\n")[0]);`,
    );
    expect(shown).toBe('XroleError: there is no profile "P"');
  });

  it("speaks of the library's options", async () => {
    const { env } = await world();
    const { shown } = await program(
      env,
      `const all = [{ durationSeconds: 60 }, { tags: { "a=b": "c" } }, { minTtl: -1 }, { sessionName: "a b" }, { policy: "{" }];
      const failures = await Promise.all(all.map((options) => failure(fromXrole({ profile: "p", ...options }))));
      const usage = await failure(fromXrole({ profile: "keys", durationSeconds: 900 }));
      const device = await failure(fromXrole({ profile: "p", mfaCode: "123456" }));
      show([...failures, usage].map(({ code, message }) => [code, message]).concat([[device.code, device.hint]]));`,
    );
    expect(shown).toEqual([
      ["setting-invalid", "options: durationSeconds = 60 is not a whole number of seconds from 900 to 43200"],
      ["setting-invalid", "options: tags = a=b is not a tag key without ="],
      ["setting-invalid", "options: minTtl = -1 is not a whole number of seconds from 0 to 43200"],
      ["setting-invalid", "options: sessionName = a b is not 2 to 64 of A-Z a-z 0-9 _ + = , . @ -"],
      ["setting-invalid", "options: policy = ... is not JSON"],
      ["option-without-hop", 'durationSeconds changes a role, and profile "keys" assumes none'],
      ["mfa-serial-missing", "set mfa_serial in the profile, or give mfaSerial"],
    ]);
  });

  it("is thrown at once for an option that is none: a typing mistake must not end as somebody else", async () => {
    const { env } = await world();
    const { shown } = await program(
      env,
      `const attempt = (options) => { try { fromXrole(options); return "taken"; } catch (error) { return [error.code, error.message]; } };
      show([{ profil: "p" }, { profile: 1 }, { tags: [] }, { warn: null }, { profile: undefined }].map(attempt));`,
    );
    expect(shown).toEqual([
      ["usage", "there is no option profil"],
      ["usage", "profile must be of type string, not number"],
      ["usage", "tags must be a plain object of strings, not array"],
      ["usage", "warn must be of type function, not null"],
      "taken",
    ]);
  });

  it("is thrown at once for what are no options, or values that would say something else", async () => {
    const { env } = await world();
    const { shown } = await program(
      env,
      `class Mine { profile = "p" }
      const circular = {}; circular.self = circular;
      const of = (options) => { try { fromXrole(options); return "taken"; } catch (error) { return error instanceof XroleError ? error.message : String(error); } };
      const all = ["", "p", 5, null, true, 1n, Symbol.iterator, new Map([["profile", "p"]]), new Date(), [], ["p"], new Mine(), () => 1, Promise.resolve({}), Object.create({ profile: "p" })];
      const values = [
        { Profile: "p" }, { tags: new Map([["a", "b"]]) }, { tags: { a: 1 } }, { policyArns: "arn" }, { policyArns: [1] }, { policyArns: [,] },
        { policy: circular }, { policy: new Map() }, { policy: { a: new Set() } }, { policy: { a: 1n } }, { policy: { a: NaN } },
        { policy: { toJSON: () => undefined } }, { policy: [] }, { env: new Map() }, { env: { A: 1 } }, { env: "x" }, { mfaCodeProvider: "123456" },
      ];
      const { runInNewContext } = await import("node:vm");
      const fine = [undefined, {}, Object.create(null), runInNewContext("({ profile: 'p' })"), { env: process.env }, { tags: {}, policyArns: [], transitiveTagKeys: [] }];
      let hint; try { fromXrole({ profiel: "p" }) } catch (error) { hint = error.hint }
      show([all.map(of), values.map(of), fine.map(of), hint]);`,
    );
    const not = (kind: string): string =>
      `the options must be a plain object, such as { profile: "prod" }, not ${kind}`;
    expect(shown).toEqual([
      [
        ...["an empty string", "string", "number", "null", "boolean", "bigint", "symbol", "Map", "Date"].map(not),
        ...["array", "array", "Mine", "function", "Promise", "Object"].map(not),
      ],
      [
        "there is no option Profile",
        "tags must be a plain object of strings, not Map",
        'tags["a"] must be of type string, not number',
        "policyArns must be an array of strings, not string",
        "policyArns[0] must be of type string, not number",
        "policyArns[0] must be of type string, not undefined",
        "policy cannot be written as JSON",
        "policy must be JSON or a plain object, not Map",
        "policy: a must be what JSON can say, not Set",
        "policy: a must be what JSON can say, not bigint",
        "policy: a must be what JSON can say, not number",
        "policy is not an object in JSON",
        "policy must be JSON or a plain object, not array",
        "env must be an object of strings, such as process.env, not Map",
        'env["A"] must be of type string, not number',
        "env must be an object of strings, such as process.env, not string",
        "mfaCodeProvider must be of type function, not string",
      ],
      Array(6).fill("taken"),
      "did you mean profile?",
    ]);
  });

  it("is thrown for options that throw when they are read, without a word of what they throw", async () => {
    const { env } = await world();
    const { shown } = await program(
      env,
      `const secret = "JBSWY3DPEHPK3PXP";
      const fail = () => { throw new Error(secret) };
      const revoked = (target) => { const { proxy, revoke } = Proxy.revocable(target, {}); revoke(); return proxy };
      const odd = [
        revoked({}), revoked([]), revoked(() => 1), new Proxy({}, { ownKeys: fail }), new Proxy({ a: "b" }, { get: fail }),
        new Proxy({ a: "b" }, { getPrototypeOf: fail }), { get constructor() { return fail() } }, { get [Symbol.toStringTag]() { return fail() } },
        { get a() { return fail() } }, { constructor: Object.defineProperty(() => 1, "name", { get: fail }) }, { toJSON: fail },
      ];
      const names = ["profile", "durationSeconds", "tags", "transitiveTagKeys", "policy", "policyArns", "readOnly", "env", "minTtl"];
      const all = [...odd, ...names.flatMap((name) => odd.flatMap((value) => [{ [name]: value }, { [name]: [value] }, { [name]: { x: value } }]))];
      let [taken, wrong] = [0, []];
      for (const options of all) {
        try { fromXrole(options); taken++; } catch (error) {
          if (!(error instanceof XroleError) || error.code !== "usage" || error.stack.includes(secret)) wrong.push(String(error));
        }
      }
      let message; try { fromXrole({ get profile() { return fail() } }) } catch (error) { ({ message } = error) }
      show([all.length, taken, wrong, message]);`,
    );
    expect(shown).toEqual([308, expect.any(Number), [], "profile cannot be read: a getter or a Proxy throws an error"]);
  });

  it("is thrown for a policy of which JSON would leave something out", async () => {
    const { env } = await world();
    const { shown } = await program(
      env,
      `const hide = (value, key) => Object.defineProperty(value, key, { value: "Deny", enumerable: false });
      const of = (policy) => { try { fromXrole({ policy }); return "taken"; } catch (error) { return error.code } };
      show([{ Statement: hide({}, "Effect") }, { Statement: [{ [Symbol("Effect")]: "Deny" }] }, { Statement: [{}] }].map(of));`,
    );
    expect(shown).toEqual(["usage", "usage", "taken"]);
  });

  it("shows characters without a shape of their own as the command does", async () => {
    const { env } = await world();
    const { shown } = await program(
      env,
      `show((await failure(fromXrole({ profile: "a\\x1b[31m\\u202eb" }))).message);`,
    );
    expect(shown).toBe('there is no profile "a^[[31m\\u202eb"');
  });

  it("shows no secret when it is printed whole", async () => {
    const { env } = await world((response, { headers }) =>
      awsError(
        response,
        403,
        "SignatureDoesNotMatch",
        `The canonical string was x-amz-security-token:${String(headers["x-amz-security-token"])}`,
      ),
    );
    const keys = {
      AWS_ACCESS_KEY_ID: "ASIAENV",
      AWS_SECRET_ACCESS_KEY: secret("secret-of-environment"),
      AWS_SESSION_TOKEN: secret("token-of-environment"),
    };
    const { shown } = await program(
      { ...env, ...keys },
      `import { inspect } from "node:util";
      const error = await failure(fromXrole({ roleArn: "arn:aws:iam::222222222222:role/r", region: "us-east-1" }));
      show([error.code, inspect(error, { depth: 9, showHidden: true })]);`,
    );
    const [code, text] = shown as [string, string];
    expect(code).toBe("credentials-invalid");
    expect(text).toContain("x-amz-security-token:***");
    expect(text).not.toContain("token-of-environment");
  });
});

describe("the example", () => {
  it("lists a bucket of the other account in the sandbox", async () => {
    // The example's own client of the SDK would tell Node 20's users to upgrade.
    const quiet = "AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED=true";
    const words = ["env", quiet, process.execPath, "examples/library.mjs", "b-s3", "b-s3-bucket"];
    const run = await xrole(["sandbox", "--", ...words]);
    expect(run).toMatchObject({ status: 0, stderr: "" });
    expect(run.stdout).toContain("I act in account 222222222222\n");
    expect(run.stdout).toContain("s3://b-s3-bucket/hello.txt");
  });
});
