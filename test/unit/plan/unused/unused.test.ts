// What is set and not used: what wins over it, and what has no say in a plan.
import { describe, expect, it } from "vitest";
import { planChain } from "../../../../src/plan/plan.ts";
import type { RoleOptions } from "../../../../src/plan/options/role-options.ts";
import { unusedSettings } from "../../../../src/plan/unused/unused.ts";
import type { Unused } from "../../../../src/plan/unused/types.ts";
import { mergeFiles } from "../../../../src/config/merge.ts";
import { parseConfig } from "../../../../src/config/parse/parse.ts";
import type { Environment } from "../../../../src/context/types.ts";

const ROLE = "role_arn = arn:aws:iam::222222222222:role/r";
const KEYS = "aws_access_key_id = AKIAKEYS\naws_secret_access_key = secret-of-keys";

interface Situation {
  readonly config?: string;
  readonly credentials?: string;
  readonly env?: Environment;
  readonly profile?: string | undefined;
  readonly options?: RoleOptions;
}

function found({ config = "", credentials = "", env = {}, options = {}, ...rest }: Situation): readonly Unused[] {
  const profiles = mergeFiles(parseConfig(config, "config", "config"), parseConfig(credentials, "cred", "credentials"));
  const profile = "profile" in rest ? rest.profile : "p";
  const caller = (): { user: string; host: string } => ({ user: "u", host: "h" });
  const plan = planChain({ config: profiles, env, profile, options, caller, allowSourceOnly: true });
  return unusedSettings({ config: profiles, env, profile, options }, plan);
}

/** `setting @ place: why`, each; `!` before one that something else of its kind wins over. */
const unused = (situation: Situation): string[] =>
  found(situation).map(
    ({ setting, from, because, isOverridden }) => `${isOverridden ? "!" : ""}${setting} @ ${from}: ${because}`,
  );

const role = (more = "", source = "credential_source = Environment"): string =>
  `[profile p]\n${ROLE}\n${source}\n${more}\n`;

describe("of the environment", () => {
  it.each<[string, Situation, string[]]>([
    ["nothing, where nothing is", { config: role() }, []],
    [
      "another profile's name, where the command line says one",
      { config: role(), env: { AWS_PROFILE: "other", AWS_DEFAULT_PROFILE: "p" } },
      ["!AWS_PROFILE @ environment: the command line names the profile"],
    ],
    [
      "the weaker of two names",
      { config: role(), profile: undefined, env: { AWS_PROFILE: "p", AWS_DEFAULT_PROFILE: "other" } },
      ["!AWS_DEFAULT_PROFILE @ environment: AWS_PROFILE names the profile"],
    ],
    [
      "keys, where a named profile has its own source",
      { config: role("", "credential_source = Ec2InstanceMetadata"), env: { AWS_ACCESS_KEY_ID: "AKIAENV" } },
      ["AWS_ACCESS_KEY_ID @ environment: the profile names its own source"],
    ],
    [
      "the container and the token of a pod, likewise",
      {
        config: role(),
        env: {
          AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://localhost/",
          AWS_WEB_IDENTITY_TOKEN_FILE: "/t",
          AWS_ROLE_ARN: "x",
        },
      },
      ["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_CONTAINER_CREDENTIALS_FULL_URI"].map(
        (name) => `${name} @ environment: the profile names its own source`,
      ),
    ],
    [
      "the weaker of two addresses",
      {
        config: role("", "credential_source = EcsContainer"),
        env: { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/x", AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://localhost/" },
      },
      ["AWS_CONTAINER_CREDENTIALS_FULL_URI @ environment: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI wins"],
    ],
    [
      "what the default chain had no need to look at",
      {
        profile: undefined,
        env: {
          AWS_ACCESS_KEY_ID: "AKIAENV",
          AWS_SECRET_ACCESS_KEY: "s",
          AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://localhost/",
        },
      },
      ["AWS_CONTAINER_CREDENTIALS_FULL_URI @ environment: the default chain found credentials before it"],
    ],
    [
      "the legacy token beside the token",
      { config: role(), env: { AWS_SESSION_TOKEN: "t", AWS_SECURITY_TOKEN: "u" } },
      ["AWS_SECURITY_TOKEN @ environment: AWS_SESSION_TOKEN wins"],
    ],
    [
      "a session name, where the profile has one",
      { config: role("role_session_name = mine"), env: { AWS_ROLE_SESSION_NAME: "theirs" } },
      ["AWS_ROLE_SESSION_NAME @ environment: the profile names the session"],
    ],
    ["but not one that is used", { config: role(), env: { AWS_ROLE_SESSION_NAME: "theirs" } }, []],
  ])("%s", (_, situation, expected) => {
    expect(unused(situation)).toEqual(expected);
  });

  it.each<[string, Situation, Partial<Unused>]>([
    [
      "a token",
      { config: role(), env: { AWS_SESSION_TOKEN: "t", AWS_SECURITY_TOKEN: "hidden" } },
      { setting: "AWS_SECURITY_TOKEN" },
    ],
    [
      "a secret key",
      {
        config: "[profile p]\naws_access_key_id = A\naws_secret_access_key = hidden\n",
        credentials: "[p]\naws_access_key_id = A\naws_secret_access_key = other\n",
      },
      { setting: "aws_secret_access_key" },
    ],
    [
      "a URL's password",
      {
        config: role("endpoint_url = https://user:hidden@a.example"),
        env: { AWS_ENDPOINT_URL_STS: "https://b.example" },
      },
      { setting: "endpoint_url", value: "https://***@a.example" },
    ],
  ])("never shows %s", (_, situation, expected) => {
    const all = found(situation);
    expect(all).toMatchObject([expected]);
    expect(JSON.stringify(all)).not.toContain("hidden");
  });
});

describe("of region, endpoint and certificates", () => {
  it.each<[string, Situation, string[]]>([
    [
      "the profile's region and the weaker variable",
      { config: role("region = us-east-1"), env: { AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "eu-west-2" } },
      [
        "!AWS_DEFAULT_REGION @ environment: AWS_REGION = eu-west-1 wins",
        "!region @ config:4: AWS_REGION = eu-west-1 wins",
      ],
    ],
    ["but not a region that is the same", { config: role("region = us-east-1"), env: { AWS_REGION: "us-east-1" } }, []],
    [
      "all of them under --region",
      { config: role("region = us-east-1"), env: { AWS_REGION: "eu-west-1" }, options: { region: "sa-east-1" } },
      ["!AWS_REGION @ environment: --region = sa-east-1 wins", "!region @ config:4: --region = sa-east-1 wins"],
    ],
    [
      "the region of [default] and of a source profile",
      {
        config: `[default]\nregion = eu-west-3\n${role("region = us-east-1", "source_profile = k")}[profile k]\n${KEYS}\nregion = eu-west-1\n`,
      },
      [
        'region @ config:10: only profile "p", which is selected, may say it',
        'region @ config:2: only profile "p", which is selected, may say it',
      ],
    ],
    [
      "the profile's endpoint under a variable, and under services",
      {
        config: `${role("services = s\nendpoint_url = https://a.example")}[services s]\nsts =\n  endpoint_url = https://b.example\n`,
        env: { AWS_ENDPOINT_URL_STS: "https://c.example", AWS_ENDPOINT_URL: "https://d.example" },
      },
      [
        "!endpoint_url @ config:8: AWS_ENDPOINT_URL_STS = https://c.example wins",
        "!endpoint_url @ config:5: AWS_ENDPOINT_URL_STS = https://c.example wins",
      ],
    ],
    [
      "every endpoint that is switched off",
      {
        config: role("ignore_configured_endpoint_urls = true\nendpoint_url = https://a.example"),
        env: { AWS_ENDPOINT_URL: "https://d.example" },
      },
      ["AWS_ENDPOINT_URL @ environment", "endpoint_url @ config:5"].map(
        (one) => `!${one}: ignore_configured_endpoint_urls, or its variable, switches it off`,
      ),
    ],
    [
      "the profile's certificates under the variable",
      { config: role("ca_bundle = own.pem"), env: { AWS_CA_BUNDLE: "theirs.pem" } },
      ["!ca_bundle @ config:4: AWS_CA_BUNDLE = theirs.pem wins"],
    ],
  ])("%s", (_, situation, expected) => {
    expect(unused(situation)).toEqual(expected);
  });
});

describe("of profiles", () => {
  it.each<[string, Situation, string[]]>([
    [
      "keys and a process beside a role",
      { config: role(`${KEYS}\ncredential_process = x`) },
      [
        "aws_access_key_id @ config:4: role_arn (config:2) comes first",
        "credential_process @ config:6: role_arn (config:2) comes first",
      ],
    ],
    ["but not keys that are the source of the same profile's role", { config: role(KEYS, "source_profile = p") }, []],
    [
      "the role of a source profile with keys, and what belongs to it",
      { config: `${role("", "source_profile = k")}[profile k]\n${KEYS}\n${ROLE}\nexternal_id = e-1\n` },
      [
        "role_arn @ config:8: aws_access_key_id (config:6) comes first",
        'external_id @ config:9: profile "k" is used for its credentials, not for a role',
      ],
    ],
    [
      "everything beside web identity but the session's name",
      {
        config: role(
          "web_identity_token_file = /t\nrole_session_name = me\nduration_seconds = 900",
          "source_profile = x",
        ),
      },
      [
        "source_profile @ config:3: web_identity_token_file (config:4) comes first",
        'duration_seconds @ config:6: profile "p" is used for its credentials, not for a role',
      ],
    ],
    [
      "what the command line says for the last role",
      { config: role("external_id = e-1\nduration_seconds = 900"), options: { externalId: "e-2", duration: "1h" } },
      [
        "!duration_seconds @ config:5: the command line says --duration",
        "!external_id @ config:4: the command line says --external-id",
      ],
    ],
    [
      "duplicates, and the config file's value under that of the credentials file",
      { config: role("external_id = e-1\nexternal_id = e-2"), credentials: "[p]\nexternal_id = e-3\n" },
      ["!external_id @ config:5", "!external_id @ config:4"].map((one) => `${one}: cred:2 says it again, and wins`),
    ],
    [
      "the keys of the config file, secret unshown",
      {
        config: `[profile p]\n${KEYS}\n`,
        credentials: "[p]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = other\n",
      },
      [
        "!aws_access_key_id @ config:2: cred:2 says it again, and wins",
        "!aws_secret_access_key @ config:3: cred:3 says it again, and wins",
      ],
    ],
    [
      "what the default chain passes by in a profile",
      {
        profile: undefined,
        config: `[default]\n${ROLE}\ncredential_process = x\nmfa_serial = arn:aws:iam::1:mfa/u\n`,
        env: { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: "s" },
      },
      [
        "role_arn @ config:2: AWS_ACCESS_KEY_ID comes first",
        "credential_process @ config:3: AWS_ACCESS_KEY_ID comes first",
        "mfa_serial @ config:4: AWS_ACCESS_KEY_ID comes first",
      ],
    ],
  ])("%s", (_, situation, expected) => {
    expect(unused(situation)).toEqual(expected);
  });
});
