// Keys of the environment: which variables are read, and which keys are refused before they are used.
import { describe, expect, it } from "vitest";
import type { Context } from "../../../../src/context/types.ts";
import { open } from "../../../../src/sources/environment/fetch.ts";
import { notice } from "../../../harness/secrets.ts";

const NOW = Date.parse("2030-01-01T00:00:00Z");
const SECRET = "secret-of-the-test";
const thrown = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error;
  }
};

describe("keys of the environment", () => {
  const KEYS = { AWS_ACCESS_KEY_ID: "AKIATEST", AWS_SECRET_ACCESS_KEY: SECRET };
  const read = (env: Record<string, string>, from = "AWS_ACCESS_KEY_ID"): unknown => {
    notice(JSON.stringify(env));
    return thrown(() => open({ env, now: () => NOW } as Context, { kind: "environment", from }).credentials());
  };

  it("are a key and a secret", () => {
    expect(read(KEYS)).toStrictEqual({ accessKeyId: "AKIATEST", secretAccessKey: SECRET });
    const empty = { AWS_SESSION_TOKEN: "", AWS_SECURITY_TOKEN: " ", AWS_ACCOUNT_ID: "" };
    expect(read({ ...KEYS, ...empty, AWS_CREDENTIAL_EXPIRATION: " " })).toStrictEqual({
      accessKeyId: "AKIATEST",
      secretAccessKey: SECRET,
    });
  });

  it("have a token, an account and an expiration where those are set", () => {
    const expiration = "2030-01-01T00:00:01Z";
    const more = { AWS_SESSION_TOKEN: "a-token", AWS_ACCOUNT_ID: "111111111111" };
    expect(read({ ...KEYS, ...more, AWS_CREDENTIAL_EXPIRATION: expiration })).toStrictEqual({
      accessKeyId: "AKIATEST",
      secretAccessKey: SECRET,
      sessionToken: "a-token",
      accountId: "111111111111",
      expiration: new Date(expiration),
    });
  });

  it.each([
    [{ AWS_SESSION_TOKEN: "session", AWS_SECURITY_TOKEN: "security" }, "session"],
    [{ AWS_SESSION_TOKEN: " ", AWS_SECURITY_TOKEN: "security" }, "security"],
    [{ AWS_SECURITY_TOKEN: "security" }, "security"],
  ])("have the session token before the legacy one: %j", (tokens, sessionToken) => {
    expect(read({ ...KEYS, ...tokens })).toMatchObject({ sessionToken });
  });

  it("that are absent or half there are an error", () => {
    expect(read({}, "config:3")).toMatchObject({ code: "environment-empty", details: { where: "config:3" } });
    expect(read({ AWS_SECRET_ACCESS_KEY: SECRET })).toMatchObject({ code: "environment-empty" });
    expect(read({ AWS_ACCESS_KEY_ID: "AKIATEST" })).toMatchObject({ code: "environment-incomplete" });
    expect(read({ AWS_ACCESS_KEY_ID: " ", AWS_SECRET_ACCESS_KEY: SECRET })).toMatchObject({
      code: "environment-empty",
    });
  });

  it.each(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"])(
    "of which %s cannot be sent are an error that names it",
    (name) => {
      expect(read({ ...KEYS, [name]: "a\nb" })).toMatchObject({
        code: "credentials-malformed",
        details: { where: "environment", name, problem: "holds a line break" },
      });
    },
  );

  it("whose expiration is not a timestamp are an error that shows it", () => {
    expect(read({ ...KEYS, AWS_CREDENTIAL_EXPIRATION: "soon" })).toMatchObject({
      code: "environment-expiration",
      details: { value: "soon" },
    });
  });

  const ended = { ...KEYS, AWS_CREDENTIAL_EXPIRATION: "2030-01-01T00:00:00Z" };
  it.each<[string, Record<string, string>, string, string]>([
    ["the user's own", {}, "AWS_ACCESS_KEY_ID", "export fresh keys"],
    [
      "a profile's role",
      { XROLE_SESSION: "x", XROLE_PROFILE: "my space" },
      "AWS_ACCESS_KEY_ID",
      "get new ones: eval $(xrole env 'my space')",
    ],
    [
      "a role of no profile",
      { XROLE_SESSION: "x", XROLE_PROFILE: "role-b@222222222222" },
      "AWS_ACCESS_KEY_ID",
      "an earlier xrole put them there: `eval $(xrole env --unset)`, then export the keys they were made from",
    ],
    [
      "an unnamed role",
      { XROLE_SESSION: "x" },
      "AWS_ACCESS_KEY_ID",
      "an earlier xrole put them there: `eval $(xrole env --unset)`, then export the keys they were made from",
    ],
    [
      "what a profile starts from",
      { XROLE_SESSION: "x", XROLE_PROFILE: "p" },
      "config:3",
      "an earlier xrole put them there: `eval $(xrole env --unset)`, then export the keys they were made from",
    ],
  ])("that have expired are an error with what to do: %s", (_, env, from, hint) => {
    expect(read({ ...ended, ...env }, from)).toMatchObject({
      code: "credentials-expired",
      details: { origin: "the environment", expiration: "2030-01-01T00:00:00Z", hint },
    });
  });
});
