// Files to profiles: the cases of the AWS CLI, of smithy-rs and of botocore.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configFiles } from "../../src/config/locate.ts";
import { parseConfig } from "../../src/config/parse/parse.ts";
import { loadConfig } from "../../src/config/load.ts";
import { selectedName } from "../../src/plan/plan.ts";
import type { Context } from "../../src/context/types.ts";
import { XroleError } from "../../src/errors/error.ts";
import { readBoth, toPlain } from "./support/plain-config.ts";
import { ABSENT, vectorFiles, vectorFolders } from "./support/vectors.ts";

/** Cases that a pinned rule overrides, each with its rule. A case that passes must leave this list. */
const OVERRIDDEN: Readonly<Record<string, string>> = {
  "Profile names support alphanumeric characters and - / . % @ _ : +": "rule 4: names are what the AWS CLI takes",
  "Invalid profile names are ignored.": "rule 4: names are what the AWS CLI takes",
};

describe("aws-cli/ini.json", () => {
  for (const text of vectorFiles("aws-cli/ini.json")) {
    const { cases } = JSON.parse(text) as {
      cases: { id: string; config: string | null; credentials: string | null; expect: { profiles: object } }[];
    };
    it.each(cases)("$id", (one) => {
      expect(toPlain(readBoth(one.config, one.credentials).profiles)).toEqual(one.expect.profiles);
    });
  }
});

describe("smithy-rs profile-parser-tests", () => {
  const texts = vectorFiles("smithy-rs/aws-runtime/profile-parser-tests.json");
  if (texts.length === 0) it.skip(ABSENT);
  for (const text of texts) {
    const { tests } = JSON.parse(text) as {
      tests: {
        name: string;
        input: { configFile?: string; credentialsFile?: string };
        output: { config?: { profiles: object; sso_sessions?: object }; errorContaining?: string };
      }[];
    };
    for (const { name, input, output } of tests) {
      const override = OVERRIDDEN[name];
      (override === undefined ? it : it.fails)(override === undefined ? name : `${name} (${override})`, () => {
        const read = (): ReturnType<typeof readBoth> => readBoth(input.configFile, input.credentialsFile);
        if (output.errorContaining !== undefined) {
          expect(read).toThrow(XroleError);
          return;
        }
        expect(toPlain(read().profiles)).toEqual(output.config?.profiles);
        if (output.config?.sso_sessions) expect(toPlain(read().ssoSessions)).toEqual(output.config.sso_sessions);
      });
    }
  }
});

describe("smithy-rs file-location-tests", () => {
  const texts = vectorFiles("smithy-rs/aws-runtime/file-location-tests.json");
  if (texts.length === 0) it.skip(ABSENT);
  for (const text of texts) {
    const { tests } = JSON.parse(text) as {
      tests: {
        name: string;
        environment: Record<string, string>;
        platform: string;
        profile?: string;
        configLocation: string;
        credentialsLocation: string;
      }[];
    };
    it.each(tests)("$name ($platform)", ({ environment, platform, profile, configLocation, credentialsLocation }) => {
      const place = { env: environment, userHome: () => undefined } as const;
      const files = configFiles({ ...place, platform: platform === "windows" ? "win32" : "linux" });
      expect(files).toEqual({ config: configLocation, credentials: credentialsLocation });
      expect(selectedName(undefined, environment).name).toBe(profile ?? "default");
    });
  }
});

describe("botocore cfg", () => {
  const folder = vectorFolders("botocore").find((path) => path.endsWith("cfg"));
  if (folder === undefined) {
    it.skip(ABSENT);
    return;
  }
  const read = (name: string): ReturnType<typeof parseConfig> =>
    parseConfig(readFileSync(join(folder, name), "utf8"), name, "config");

  it("aws_bad_profile: a stray section is no profile, a quoted name with a space is", () => {
    expect([...read("aws_bad_profile").profiles.keys()].sort()).toEqual(["default", "my profile", "personal1"]);
  });

  it.each(["aws_config_bad", "aws_config_nested_bad", "aws_config_badbytes"])("%s is a parse error", (name) => {
    const env = { HOME: folder, AWS_CONFIG_FILE: join(folder, name), AWS_SHARED_CREDENTIALS_FILE: "/nonexistent" };
    const context = { env, cwd: folder, platform: "linux", debug: () => undefined } as unknown as Context;
    expect(() => loadConfig(context)).toThrow(XroleError);
  });

  it("aws_config_nested: nested settings are not the profile's", () => {
    const settings = read("aws_config_nested").profiles.get("default")?.settings;
    expect(settings?.get("s3")?.nested?.get("signature_version")?.value).toBe("s3v4");
    expect(settings?.get("region")?.value).toBe("us-west-2");
    expect(settings?.has("signature_version")).toBe(false);
  });

  it("aws_services_config: a services section holds endpoints by service", () => {
    const settings = read("aws_services_config").services.get("my-services")?.settings;
    expect(settings?.get("s3")?.nested?.get("endpoint_url")?.value).toBe("https://localhost:5678/");
    expect(settings?.get("dynamodb")?.nested?.get("endpoint_url")?.value).toBe("https://localhost:8888/");
  });

  it("aws_sso_session_config: a session is no profile", () => {
    const config = read("aws_sso_session_config");
    expect([...config.profiles.keys()]).toEqual(["default"]);
    expect(config.ssoSessions.get("sso")?.settings.get("sso_region")?.value).toBe("us-east-1");
  });
});
