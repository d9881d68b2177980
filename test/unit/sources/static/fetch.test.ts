// Keys of a profile: which settings are read, and which keys are refused before they are used.
import { describe, expect, it } from "vitest";
import { mergeFiles } from "../../../../src/config/merge.ts";
import { parseConfig } from "../../../../src/config/parse/parse.ts";
import { open } from "../../../../src/sources/static/fetch.ts";
import { notice } from "../../../harness/secrets.ts";

const SECRET = "secret-of-the-test";
const thrown = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error;
  }
};

describe("keys of a profile", () => {
  const read = (lines: string, more: object = {}, profile = "p"): unknown => {
    notice(lines);
    const config = mergeFiles(
      parseConfig(`[profile p]\n${lines}`, "config", "config"),
      parseConfig("", "credentials", "credentials"),
    );
    const source = { kind: "static", from: "config:2", profile, accessKeyId: "AKIATEST", temporary: false } as const;
    return thrown(() => open(undefined, { ...source, ...more }, { config }).credentials());
  };
  const KEYS = `aws_access_key_id = AKIATEST\naws_secret_access_key = ${SECRET}`;

  it("are the plan's key with the secret beside it", () => {
    expect(read(KEYS)).toStrictEqual({ accessKeyId: "AKIATEST", secretAccessKey: SECRET });
    expect(read(`${KEYS}\naws_session_token = a-token`, { accountId: "111111111111" })).toStrictEqual({
      accessKeyId: "AKIATEST",
      secretAccessKey: SECRET,
      sessionToken: "a-token",
      accountId: "111111111111",
    });
  });

  it.each([
    ["aws_session_token = session\naws_security_token = security", "session"],
    ["aws_session_token =\naws_security_token = security", "security"],
    ["aws_security_token = security", "security"],
  ])("have the session token before the legacy one: %j", (lines, sessionToken) => {
    expect(read(`${KEYS}\n${lines}`)).toMatchObject({ sessionToken });
  });

  it.each([
    ["aws_access_key_id", 2],
    ["aws_secret_access_key", 3],
    ["aws_session_token", 4],
    ["aws_security_token", 5],
  ])("of which %s cannot be sent are an error with its line", (name, line) => {
    const names = ["aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token"];
    // An empty setting counts as absent, so that the legacy one is read.
    const value = (key: string): string => (key === name ? "aü" : key === "aws_session_token" ? "" : "AKIATEST");
    const lines = names.map((key) => `${key} = ${value(key)}`).join("\n");
    expect(read(lines)).toMatchObject({
      code: "credentials-malformed",
      details: { where: `config:${String(line)}`, name, problem: "holds a character that is not printable ASCII" },
    });
  });

  it("that have gone since the plan was made are never the empty secret", () => {
    for (const error of [read("region = eu-west-1"), read(KEYS, {}, "q")])
      expect(error).toMatchObject({ code: "internal", details: { problem: "the plan's keys are gone" } });
  });
});
