// The two files as one, section by section: what a section is called and where it is, what a setting hides, and what the merged file lists.
import { describe, expect, it } from "vitest";
import { mergeFiles } from "../../../src/config/merge.ts";
import { parseConfig } from "../../../src/config/parse/parse.ts";
import type { Config, Section, Setting } from "../../../src/config/types.ts";
import { notice } from "../../harness/secrets.ts";

const merge = (config: string, credentials: string): Config => {
  notice(credentials);
  return mergeFiles(parseConfig(config, "config", "config"), parseConfig(credentials, "credentials", "credentials"));
};
const profile = (config: Config, name = "p"): Section | undefined => config.profiles.get(name);
const setting = (config: Config, key: string): Setting | undefined => profile(config)?.settings.get(key);

describe("a profile", () => {
  const files = merge("[profile a]\nx = 1\n[profile p]\nx = 2\n", "[b]\ny = 3\n[p]\ny = 4\n");

  it("is that of the file that has it", () => {
    expect([...files.profiles.keys()]).toEqual(["a", "p", "b"]);
    expect([...files.profiles.values()].map(({ name }) => name)).toEqual(["a", "p", "b"]);
    expect(profile(files, "a")).toMatchObject({ name: "a", file: "config", line: 1 });
    expect(profile(files, "b")).toMatchObject({ name: "b", file: "credentials", line: 1 });
    expect(profile(files, "c")).toBeUndefined();
    expect(profile(files, "__proto__")).toBeUndefined();
  });

  it("of both is called as in the config file, and has the settings of both", () => {
    expect(profile(files)).toMatchObject({ name: "p", file: "config", line: 3 });
    expect([...(profile(files)?.settings.keys() ?? [])]).toEqual(["x", "y"]);
    expect(profile(files)).toBe(profile(files));
  });

  it("is also listed as the credentials file alone has it", () => {
    expect([...(files.credentialsFile?.keys() ?? [])]).toEqual(["b", "p"]);
    expect([...(files.credentialsFile?.get("p")?.settings.keys() ?? [])]).toEqual(["y"]);
  });
});

describe("a setting", () => {
  it("of the credentials file keeps the one that it hides, and where that is", () => {
    const files = merge("[profile p]\nregion = a\n", "[p]\n\nregion = b\noutput = c\n");
    expect(setting(files, "region")).toMatchObject({
      ...{ value: "b", file: "credentials", line: 3 },
      over: { value: "a", file: "config", line: 2 },
    });
    expect(setting(files, "output")).toStrictEqual({ value: "c", file: "credentials", line: 4 });
  });

  it("that is empty is there, unless the other file has a value", () => {
    const files = merge("[profile p]\nregion = a\n", "[p]\nregion =\noutput =\n");
    expect(setting(files, "region")).toMatchObject({ value: "a", file: "config" });
    expect(setting(files, "output")).toMatchObject({ value: "", file: "credentials" });
  });
});

describe("a key pair of the credentials file", () => {
  const PAIR = "aws_access_key_id = AKIAABOVE\naws_secret_access_key = secret-above\n";

  it.each(["aws_session_token", "aws_security_token", "aws_account_id"])("with an empty %s has none", (key) => {
    const files = merge(`[profile p]\n${key} = below\n`, `[p]\n${PAIR}${key} =\n`);
    expect(setting(files, key)).toMatchObject({ value: "", file: "credentials" });
  });

  it("keeps what it hides of the config file's", () => {
    const files = merge(
      "[profile p]\naws_access_key_id = AKIABELOW\naws_secret_access_key = secret-below\n",
      `[p]\n${PAIR}`,
    );
    expect(setting(files, "aws_access_key_id")).toMatchObject({
      value: "AKIAABOVE",
      over: { value: "AKIABELOW", line: 2 },
    });
    expect(setting(files, "aws_secret_access_key")).toMatchObject({ over: { file: "config", line: 3 } });
  });

  it("that has no key id hides nothing of the config file's", () => {
    const files = merge(
      "[profile p]\naws_access_key_id = AKIABELOW\naws_secret_access_key = secret-below\n",
      "[p]\naws_access_key_id =\naws_secret_access_key = secret-above\n",
    );
    expect(setting(files, "aws_access_key_id")).toEqual({ value: "AKIABELOW", file: "config", line: 2 });
    expect(setting(files, "aws_secret_access_key")).toEqual({ value: "secret-below", file: "config", line: 3 });
  });
});

it("headers that define nothing are those of both files, and of either", () => {
  const [config, credentials] = ["[profile two words]\nx = 1\n", "[profile p]\nx = 1\n[p]\n"];
  const headers = ({ unread = [] }: Config): string[] => unread.map(({ header, file }) => `${header} of ${file}`);
  expect(headers(merge(config, credentials))).toEqual(["[profile two words] of config", "[profile p] of credentials"]);
  expect(headers(merge(config, "[p]\n"))).toEqual(["[profile two words] of config"]);
  expect(headers(merge("[profile p]\n", credentials))).toEqual(["[profile p] of credentials"]);
});
