// Two files as one: a setting of the credentials file comes first, and a key pair is of one file whole.
import { describe, expect, it } from "vitest";
import { EMPTY, mergeFiles } from "../../../src/config/merge.ts";
import { parseConfig } from "../../../src/config/parse/parse.ts";

const PAIR = [
  ...["aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token"],
  "aws_account_id",
];

function merged(config: readonly string[], credentials: readonly string[]): Record<string, string> {
  const files = mergeFiles(
    parseConfig(`[profile p]\n${config.join("\n")}\n`, "config", "config"),
    parseConfig(`[p]\n${credentials.join("\n")}\n`, "credentials", "credentials"),
  );
  const settings = [...(files.profiles.get("p")?.settings ?? [])];
  return Object.fromEntries(settings.map(([key, { value, file }]) => [key, `${value} of ${file}`]));
}

describe("a key pair", () => {
  const all = PAIR.map((key) => `${key} = x`);
  const ofConfig = Object.fromEntries(PAIR.map((key) => [key, "x of config"]));

  it.each(PAIR.slice(1))("takes no %s of the other file", (key) => {
    expect(merged([`${key} = below`], ["aws_access_key_id = above"])).toEqual({
      aws_access_key_id: "above of credentials",
    });
    expect(merged(["aws_access_key_id = below"], [`${key} = above`])).toEqual({ aws_access_key_id: "below of config" });
  });

  it("is the credentials file's where that has a key id, else the config file's", () => {
    expect(merged(all, all)).toEqual(Object.fromEntries(PAIR.map((key) => [key, "x of credentials"])));
    expect(merged(all, ["output = x"])).toEqual({ ...ofConfig, output: "x of credentials" });
    expect(merged(all, ["aws_access_key_id =", "aws_secret_access_key = y"])).toEqual(ofConfig);
    expect(merged(["aws_secret_access_key = x"], ["aws_session_token = y"])).toEqual({
      ...{ aws_secret_access_key: "x of config", aws_session_token: "y of credentials" },
    });
  });
});

describe("another setting", () => {
  it("is the credentials file's where that says it, and an empty value hides nothing", () => {
    expect(merged(["region = a", "output = b"], ["region = c", "output ="])).toEqual({
      ...{ region: "c of credentials", output: "b of config" },
    });
  });
});

describe("a file that is missing", () => {
  it("changes nothing, and has nothing", () => {
    const config = parseConfig("[profile p]\nregion = a\n[sso-session s]\nsso_region = b\n", "config", "config");
    expect(mergeFiles(config, EMPTY)).toBe(config);
    const credentials = parseConfig("[q]\nregion = a\n", "credentials", "credentials");
    expect([...mergeFiles(config, credentials).profiles.keys()]).toEqual(["p", "q"]);
    expect([...mergeFiles(config, credentials).ssoSessions.keys()]).toEqual(["s"]);
    expect([...mergeFiles(EMPTY, credentials).profiles.keys()]).toEqual(["q"]);
    for (const sections of [EMPTY.profiles, EMPTY.ssoSessions, EMPTY.services, EMPTY.bareSections])
      expect([sections.get("p"), [...sections.keys()], [...sections.values()]]).toEqual([undefined, [], []]);
  });
});
