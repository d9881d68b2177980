// Who one is, as a plan has it: by a profile, by the chain behind it, and by what is there without one. In a line each: the source and the
// roles, or the error.
import { describe, expect, it } from "vitest";
import { planChain } from "../../../src/plan/plan.ts";
import type { RoleOptions } from "../../../src/plan/options/role-options.ts";
import type { Plan } from "../../../src/plan/types.ts";
import type { Source } from "../../../src/sources/kinds.ts";
import { mergeFiles } from "../../../src/config/merge.ts";
import { parseConfig } from "../../../src/config/parse/parse.ts";
import type { Environment } from "../../../src/context/types.ts";
import { XroleError } from "../../../src/errors/error.ts";

interface Situation {
  readonly config?: string;
  readonly credentials?: string;
  readonly env?: Environment;
  readonly profile?: string;
  readonly options?: RoleOptions;
  readonly allowSourceOnly?: boolean;
}

function plan({ config = "", credentials, profile, env = {}, options = {}, allowSourceOnly }: Situation): Plan {
  const below = parseConfig(config, "config", "config");
  return planChain({
    config:
      credentials === undefined ? below : mergeFiles(below, parseConfig(credentials, "credentials", "credentials")),
    ...{ env: { AWS_REGION: "us-east-1", ...env }, options, profile },
    caller: () => ({ user: "u", host: "h" }),
    ...(allowSourceOnly !== undefined && { allowSourceOnly }),
  });
}

function inWords(source: Source): string {
  switch (source.kind) {
    case "static":
      return `${source.accessKeyId} of ${source.profile}${source.temporary ? ", temporary" : ""}`;
    case "web-identity":
      return `${source.tokenFile} for ${source.roleArn.split("/")[1] ?? ""} as ${source.sessionName}`;
    case "process":
      return source.command;
    case "login":
      return source.session;
    case "sso":
      return source.session ?? source.startUrl;
    case "container":
    case "instance":
      return source.endpoint ?? "nowhere";
    case "environment":
      return source.from;
    default:
      return source satisfies never;
  }
}

function found(situation: Situation): string {
  try {
    const { source, hops } = plan(situation);
    return [`${source.kind}: ${inWords(source)}`, ...hops.map(({ roleArn }) => roleArn.split("/")[1])].join(" > ");
  } catch (error) {
    if (error instanceof XroleError) return error.code;
    throw error;
  }
}
const warned = (situation: Situation): readonly string[] => plan(situation).warnings;

const A = "111111111111";
const role = (name: string): string => `role_arn = arn:aws:iam::${A}:role/${name}\n`;
const keys = (id: string): string => `aws_access_key_id = ${id}\naws_secret_access_key = s\n`;
const profile = (name: string, ...lines: string[]): string => `[profile ${name}]\n${lines.join("\n")}\n`;
const K = profile("k", keys("AKIAK"));
const SOURCE = "source_profile = k";
const WEB = `web_identity_token_file = /t\n${role("web")}`;
const SSO = "sso_start_url = https://s\nsso_region = us-east-1\nsso_account_id = 111111111111\nsso_role_name = r";
const PROCESS = "credential_process = proc";
const LOGIN = "login_session = log";

describe("a profile", () => {
  it.each<[string, string]>([
    [profile("p", keys("AKIAP")), "static: AKIAP of p"],
    [profile("p", keys("ASIAP"), "aws_session_token = t"), "static: ASIAP of p, temporary"],
    [profile("p", keys("ASIAP"), "aws_security_token = t"), "static: ASIAP of p, temporary"],
    [profile("p", keys("ASIAP"), "aws_session_token ="), "static: ASIAP of p"],
    [profile("p", "aws_access_key_id = AKIAP"), "keys-incomplete"],
    [profile("p", "aws_secret_access_key = s"), "keys-incomplete"],
    [profile("p", PROCESS), "process: proc"],
    [profile("p", LOGIN), "login: log"],
    [profile("p", SSO), "sso: https://s"],
    [profile("p", WEB), "web-identity: /t for web as xrole-u@h"],
    [profile("p", WEB, "role_session_name = own"), "web-identity: /t for web as own"],
    [profile("p", "web_identity_token_file = /t"), "setting-missing"],
    [profile("p"), "profile-empty"],
    [profile("p", "region = x"), "profile-empty"],
    ["", "profile-not-found"],
    // What comes first, of two.
    [profile("p", WEB, SOURCE, keys("AKIAP")) + K, "web-identity: /t for web as xrole-u@h"],
    [profile("p", role("a"), SOURCE, keys("AKIAP"), PROCESS) + K, "static: AKIAK of k > a"],
    [profile("p", SSO, keys("AKIAP"), PROCESS), "sso: https://s"],
    [profile("p", keys("AKIAP"), PROCESS, LOGIN), "login: log"],
    [profile("p", keys("AKIAP"), PROCESS), "process: proc"],
    [profile("p", "sso_session = s", keys("AKIAP")), "static: AKIAP of p"],
    [profile("p", "sso_start_url = s", PROCESS), "process: proc"],
    [profile("p", "sso_account_id = 1", PROCESS), "setting-missing"],
    [profile("p", "sso_role_name = r", PROCESS), "setting-missing"],
    // A role that is not there.
    [profile("p", SOURCE) + K, "role-missing"],
    [profile("p", "external_id = x1"), "role-missing"],
    [profile("p", "mfa_serial = GAHT12345678"), "role-missing"],
    [profile("p", "credential_source = Environment"), "role-missing"],
    [profile("p", keys("AKIAP"), SOURCE) + K, "static: AKIAP of p"],
    [profile("p", "rol_arn = arn:aws:iam::111111111111:role/r", keys("AKIAP")), "role-missing"],
  ])("%j is %s", (config, expected) => {
    expect(found({ config, profile: "p" })).toBe(expected);
  });

  it("has keys of the credentials file before everything but SSO, those of the config file last", () => {
    const credentials = `[p]\n${keys("AKIACRED")}`;
    for (const line of [PROCESS, LOGIN, keys("AKIAP"), "sso_session = s"])
      expect(found({ config: profile("p", line), credentials, profile: "p" }), line).toBe("static: AKIACRED of p");
    expect(found({ config: profile("p", SSO), credentials, profile: "p" })).toBe("sso: https://s");
    expect(found({ config: profile("p", keys("AKIAP")), credentials: `[p]\n${PROCESS}`, profile: "p" })).toBe(
      "process: proc",
    );
  });

  it("warns of ways that another comes before", () => {
    const own = (...lines: string[]): readonly string[] => warned({ config: profile("p", ...lines) + K, profile: "p" });
    expect(own(PROCESS, LOGIN)).toEqual([
      'profile "p": its login_session (config:3) comes before its credential_process (config:2)',
    ]);
    expect(own(role("a"), SOURCE, keys("AKIAP"), PROCESS)).toEqual([
      'profile "p": its role (config:2) comes before its credential_process (config:8) and its keys (config:5)',
    ]);
    expect(own(WEB, keys("AKIAP"))).toEqual([
      'profile "p": its web identity (config:2) comes before its keys (config:5)',
    ]);
    // An SSO session without a role is a way where there is no other.
    expect(own(WEB, "sso_start_url = https://s\nsso_region = us-east-1")).toEqual([
      'profile "p": its web identity (config:2) comes before its SSO (config:5)',
    ]);
    expect(own(keys("AKIAP"), "source_profile = p", role("a"))).toEqual([]);
    expect(own(keys("AKIAP"), "source_profile = p", role("a"), PROCESS)).toHaveLength(1);
    expect(own(keys("AKIAP"), "source_profile = p", WEB)).toHaveLength(1);
    expect(own(PROCESS, keys("AKIAP"), "source_profile = p")).toContain(
      'profile "p": its credential_process (config:2) comes before its keys (config:3)',
    );
    expect(own(keys("AKIAP"), SOURCE)).toEqual([
      'profile "p" has source_profile (config:5) but no role_arn: its own credentials are used',
    ]);
    expect(own(keys("AKIAP"), "credential_source = Environment")).toEqual([
      'profile "p" has credential_source (config:5) but no role_arn: its own credentials are used',
    ]);
    expect(own(keys("AKIAP"))).toEqual([]);
  });

  it("that is only a source serves where that is asked for, and for a role of the command line", () => {
    const config = profile("p", "credential_source = Environment");
    expect(found({ config, profile: "p", allowSourceOnly: true })).toBe("environment: config:2");
    const options = { roleArn: `arn:aws:iam::${A}:role/typed` };
    expect(found({ config, profile: "p", options })).toBe("environment: config:2 > typed");
    expect(found({ config: profile("p", "external_id = xx"), profile: "p", allowSourceOnly: true })).toBe(
      "role-missing",
    );
    expect(plan({ config, profile: "p", options }).hops[0]?.profile).toBe("p");
    expect(plan({ env: { AWS_ACCESS_KEY_ID: "AKIA1" }, options }).hops[0]?.profile).toBe(`typed@${A}`);
  });
});

describe("SSO", () => {
  const session = "[sso-session s]\nsso_start_url = https://of-session\nsso_region = eu-west-1\n";
  const of = (...lines: string[]): Situation => ({ config: profile("p", ...lines) + session, profile: "p" });
  const ACCOUNT = ["sso_account_id = 111111111111", "sso_role_name = r"];

  it("is of a session, or of the profile's own start URL", () => {
    expect(plan(of("sso_session = s", ...ACCOUNT)).source).toStrictEqual({
      ...{ kind: "sso", from: "config:2", profile: "p", accountId: A, roleName: "r", session: "s" },
      ...{ startUrl: "https://of-session", region: "eu-west-1" },
      endpoint: "https://portal.sso.eu-west-1.amazonaws.com/",
      renewalEndpoint: "https://oidc.eu-west-1.amazonaws.com/",
    });
    expect(plan(of("sso_start_url = https://own", "sso_region = us-west-2", ...ACCOUNT)).source).toStrictEqual({
      ...{ kind: "sso", from: "config:2", profile: "p", accountId: A, roleName: "r" },
      ...{ startUrl: "https://own", region: "us-west-2" },
      endpoint: "https://portal.sso.us-west-2.amazonaws.com/",
      renewalEndpoint: "https://oidc.us-west-2.amazonaws.com/",
    });
    expect(plan(of("sso_session = s")).source).not.toHaveProperty("roleName");
    const same = ["sso_region = eu-west-1", "sso_start_url = https://of-session"];
    expect(plan(of("sso_session = s", ...same, ...ACCOUNT)).source).toMatchObject({ session: "s" });
    expect(plan(of("sso_start_url = https://own", "sso_region = us-gov-west-1-fips", ...ACCOUNT)).source).toMatchObject(
      {
        ...{ region: "us-gov-west-1", endpoint: "https://portal.sso.us-gov-west-1.amazonaws.com/" },
      },
    );
  });

  it.each<[string[], string]>([
    [["sso_session = s", ...ACCOUNT.slice(0, 1)], "setting-missing"],
    [["sso_session = s", ...ACCOUNT.slice(1)], "setting-missing"],
    [["sso_start_url = https://own", "sso_region = x", ...ACCOUNT.slice(0, 1)], "setting-missing"],
    [["sso_start_url = https://own", "sso_region = x"], "setting-missing"],
    [["sso_start_url = https://own", ...ACCOUNT], "setting-missing"],
    [["sso_region = eu-west-1", ...ACCOUNT], "setting-missing"],
    [["sso_session = absent", ...ACCOUNT], "section-not-found"],
    [["sso_session = s", "sso_region = us-east-1", ...ACCOUNT], "setting-invalid"],
    [["sso_session = s", "sso_start_url = https://own", ...ACCOUNT], "setting-invalid"],
    [["sso_session = s", "sso_account_id = 11111111111", "sso_role_name = r"], "setting-invalid"],
    [["sso_start_url = https://own", "sso_region = a.b", ...ACCOUNT], "setting-invalid"],
    [["sso_start_url = https://own", "sso_region = fips-", ...ACCOUNT], "setting-invalid"],
  ])("with %j is %s", (lines, code) => {
    expect(found(of(...lines))).toBe(code);
  });

  it("is told what is missing or other, and where", () => {
    const says = (text: string, ...lines: string[]): void => expect(() => plan(of(...lines))).toThrow(text);
    says(
      "config:2: sso_region = us-east-1 is not what [sso-session s] says",
      "sso_region = us-east-1",
      "sso_session = s",
      ...ACCOUNT,
    );
    says(
      "config:2: sso_region = a.b is not the name of a region",
      "sso_start_url = https://own",
      "sso_region = a.b",
      ...ACCOUNT,
    );
    for (const [missing, lines] of [
      ["sso_role_name", ["sso_session = s", "sso_account_id = 111111111111"]],
      ["sso_account_id", ["sso_session = s", "sso_role_name = r"]],
      ["sso_start_url", ["sso_region = x", ...ACCOUNT]],
      ["sso_region", ["sso_start_url = https://own", ...ACCOUNT]],
    ] as const)
      expect(() => plan(of(...lines))).toThrow(
        expect.toSatisfy((error) => (error as Error).message.includes(missing)) as Error,
      );
  });
});

describe("what a source holds beside", () => {
  it("is the account of its profile", () => {
    const account = "aws_account_id = 111111111111";
    const of = (...lines: string[]): Source => plan({ config: profile("p", ...lines), profile: "p" }).source;
    expect(of(keys("AKIAP"), account)).toMatchObject({ accountId: A });
    expect(of(PROCESS, account)).toMatchObject({ accountId: A, from: "config:2", profile: "p" });
    expect(of(PROCESS)).not.toHaveProperty("accountId");
    expect(() => of(PROCESS, "aws_account_id = 1")).toThrow("config:3: aws_account_id = 1 is not an account id");
  });

  it("is a login's endpoint and its flags", () => {
    const of = (env: Environment, ...lines: string[]): Source =>
      plan({ config: profile("p", LOGIN, ...lines), profile: "p", env }).source;
    const bare = { kind: "login", from: "config:2", profile: "p", session: "log" };
    expect(of({})).toStrictEqual(bare);
    expect(of({ AWS_ENDPOINT_URL_SIGNIN: "http://127.0.0.1:1" })).toStrictEqual({
      ...bare,
      endpoint: "http://127.0.0.1:1/",
    });
    expect(of({}, "use_fips_endpoint = true")).toStrictEqual({ ...bare, fips: true });
    expect(of({}, "use_dualstack_endpoint = true")).toStrictEqual({ ...bare, dualStack: true });
  });
});

describe("a role", () => {
  const p = (...lines: string[]): string => profile("p", role("a"), ...lines);

  it.each<[string, string]>([
    [p(SOURCE) + K, "static: AKIAK of k > a"],
    [p("credential_source = Environment"), "environment: config:4"],
    [p("credential_source = environment"), "credential-source-invalid"],
    [p("credential_source = Ec2InstanceMetadata"), "instance: http://169.254.169.254 > a"],
    [p("credential_source = EcsContainer"), "container: nowhere > a"],
    [p(SOURCE, "credential_source = Environment") + K, "source-ambiguous"],
    [p(), "source-missing"],
    [p("source_profile = absent"), "source-not-found"],
    [p(SOURCE) + profile("k"), "source-empty"],
    [p("source_profile = p"), "source-cycle"],
    [p("source_profile = p", PROCESS), "source-cycle"],
    [p("source_profile = p", keys("AKIAP")), "static: AKIAP of p > a"],
    [p(SOURCE) + profile("k", role("b"), "source_profile = p"), "source-cycle"],
    [p(SOURCE) + profile("k", role("b"), "source_profile = k", keys("AKIAK")), "static: AKIAK of k > a"],
    [
      p(SOURCE) + profile("k", role("b"), "source_profile = l") + profile("l", keys("AKIAL")),
      "static: AKIAL of l > b > a",
    ],
    [p(SOURCE) + profile("k", "credential_source = Environment"), "environment: config:6"],
    // Of a source profile: keys, web identity, role, the others.
    [p(SOURCE) + profile("k", keys("AKIAK"), WEB), "static: AKIAK of k > a"],
    [p(SOURCE) + profile("k", keys("AKIAK"), SSO, PROCESS), "static: AKIAK of k > a"],
    [p(SOURCE) + profile("k", WEB, PROCESS), "web-identity: /t for web as xrole-u@h > a"],
    [
      p(SOURCE) + profile("k", role("b"), "source_profile = l", PROCESS) + profile("l", keys("AKIAL")),
      "static: AKIAL of l > b > a",
    ],
    [p(SOURCE) + profile("k", SSO, LOGIN, PROCESS), "sso: https://s > a"],
    [p(SOURCE) + profile("k", LOGIN, PROCESS), "login: log > a"],
    [p(SOURCE) + profile("k", PROCESS, "credential_source = Environment"), "process: proc > a"],
    [p(SOURCE) + profile("k", "aws_access_key_id = AKIAK", PROCESS), "keys-incomplete"],
  ])("%j is %s", (config, expected) => {
    const full = expected.startsWith("environment") ? `${expected} > a` : expected;
    expect(found({ config, profile: "p" })).toBe(full);
  });

  it("is assumed from the container where there is one", () => {
    const env = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/x" };
    expect(found({ config: p("credential_source = EcsContainer"), profile: "p", env })).toBe(
      "container: http://169.254.170.2/x > a",
    );
  });

  it("is assumed from the instance as the selected profile and the environment say", () => {
    const instance = profile("k", role("b"), "credential_source = Ec2InstanceMetadata", "metadata_service_timeout = 9");
    const config =
      p(SOURCE, "ec2_metadata_service_endpoint = http://127.0.0.1:1", "metadata_service_timeout = 5") + instance;
    expect(plan({ config, profile: "p", env: { AWS_EC2_METADATA_DISABLED: "True" } }).source).toStrictEqual({
      ...{ kind: "instance", from: "config:10", endpoint: "http://127.0.0.1:1", disabled: true, speculative: false },
      timeoutSeconds: 5,
    });
    const env = { AWS_METADATA_SERVICE_NUM_ATTEMPTS: "2" };
    expect(plan({ config: instance, profile: "k", env }).source).toMatchObject({
      ...{ disabled: false, timeoutSeconds: 9, attempts: 2 },
    });
  });

  it("may be the last of 32, and no more", () => {
    const chain = (length: number): string =>
      [...Array.from({ length }, (_, at) => profile(`p${at}`, role(`r${at}`), `source_profile = p${at + 1}`))].join(
        "",
      ) + profile(`p${length}`, keys("AKIAEND"));
    expect(plan({ config: chain(32), profile: "p0" }).hops).toHaveLength(32);
    expect(
      plan({ config: chain(32), profile: "p0" })
        .hops.map(({ profile }) => profile)
        .slice(-2),
    ).toEqual(["p1", "p0"]);
    expect(found({ config: chain(33), profile: "p0" })).toBe("chain-too-long");
  });

  it("is told what is wrong, and where", () => {
    const says = (text: string, config: string): void => expect(() => plan({ config, profile: "p" })).toThrow(text);
    says('config:4: profile "p" takes its credentials from "absent"', p("source_profile = absent"));
    says(
      "config:8: these profiles take their credentials from each other: p -> k -> p",
      p(SOURCE) + profile("k", role("b"), "source_profile = p"),
    );
    const inner = p(SOURCE) + profile("k", role("b"), "source_profile = l") + profile("l", role("c"), SOURCE);
    says("each other: k -> l -> k", inner);
    says('config:4: profile "p": credential_source = environment is not one of', p("credential_source = environment"));
    says('config:2: profile "p" has a role_arn but nothing to assume it with', p());
  });
});

describe("a profile that leads to nobody", () => {
  const failure = (situation: Situation): unknown => {
    try {
      return plan(situation);
    } catch (error) {
      return error;
    }
  };

  it("is named with its place, and with the variable that names it", () => {
    const config = "[profile other]\n[profile p]\nregion = x\n";
    expect(failure({ config, profile: "p" })).toMatchObject({
      code: "profile-empty",
      details: { where: "config:2", profile: "p", origin: undefined },
    });
    expect(failure({ config, env: { AWS_PROFILE: "p" } })).toMatchObject({
      code: "profile-empty",
      details: { where: "config:2", profile: "p", origin: "AWS_PROFILE" },
    });
  });

  it("is told which setting wants a role", () => {
    expect(failure({ config: "[profile p]\nregion = x\nexternal_id = y\n", profile: "p" })).toMatchObject({
      code: "role-missing",
      details: { where: "config:3", profile: "p", setting: "external_id" },
    });
  });
});

describe("without a profile argument", () => {
  const D = (...lines: string[]): string => `[default]\n${lines.join("\n")}\n`;
  const ENV = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: "s" };
  const TOKEN = { AWS_WEB_IDENTITY_TOKEN_FILE: "/w", AWS_ROLE_ARN: `arn:aws:iam::${A}:role/env` };
  const TASK = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/task" };
  const OFF = { AWS_EC2_METADATA_DISABLED: "true" };
  const TASK_FOUND = "container: http://169.254.170.2/task";
  const WEB_FOUND = "web-identity: /w for env as xrole-u@h";

  it.each<[string, Environment, string]>([
    [D(keys("AKIAD")), { ...ENV, ...TOKEN, ...TASK }, "environment: AWS_ACCESS_KEY_ID"],
    [D(role("a"), SOURCE) + K, ENV, "environment: AWS_ACCESS_KEY_ID"],
    [D(keys("AKIAD")), { AWS_ACCESS_KEY_ID: " " }, "static: AKIAD of default"],
    [D(role("a"), SOURCE) + K, { ...TOKEN, ...TASK }, "static: AKIAK of k > a"],
    [D(role("a")) + K, TOKEN, "source-missing"],
    [D(SOURCE) + K, TOKEN, "role-missing"],
    [D(SOURCE, keys("AKIAD")) + K, TOKEN, WEB_FOUND],
    [D("credential_source = Environment"), TOKEN, "role-missing"],
    [D("credential_source = Environment", PROCESS), TOKEN, WEB_FOUND],
    [D(WEB), TOKEN, WEB_FOUND],
    [D(keys("AKIAD")), { ...TOKEN, ...TASK }, WEB_FOUND],
    [D(keys("AKIAD")), TASK, "static: AKIAD of default"],
    [D("region = x"), TASK, TASK_FOUND],
    [D("external_id = xx"), TASK, "role-missing"],
    ["", TASK, TASK_FOUND],
    ["", { ...TASK, ...OFF }, TASK_FOUND],
    ["", {}, "instance: http://169.254.169.254"],
    ["", OFF, "credentials-nowhere"],
    [profile("n", keys("AKIAN")), { AWS_PROFILE: "n" }, "static: AKIAN of n"],
    [profile("n", keys("AKIAN")), { AWS_DEFAULT_PROFILE: "n" }, "static: AKIAN of n"],
    [profile("n", keys("AKIAN")), { AWS_PROFILE: "n", AWS_DEFAULT_PROFILE: "absent" }, "static: AKIAN of n"],
    [profile("n", keys("AKIAN")), { AWS_PROFILE: "", AWS_DEFAULT_PROFILE: "n" }, "static: AKIAN of n"],
    [profile("n", keys("AKIAN")), { AWS_PROFILE: "n", ...TOKEN }, WEB_FOUND],
    [profile("n", "region = x"), { AWS_PROFILE: "n", ...TASK }, "profile-empty"],
    [profile("n", "region = x"), { AWS_PROFILE: "n", ...TOKEN }, WEB_FOUND],
    [D(keys("AKIAD")), { AWS_PROFILE: "absent", ...ENV }, "profile-not-found"],
    // By half.
    [D(keys("AKIAD")), { AWS_WEB_IDENTITY_TOKEN_FILE: "/w" }, "setting-missing"],
    ["", { AWS_WEB_IDENTITY_TOKEN_FILE: "/w" }, "setting-missing"],
    [D(keys("AKIAD")), { AWS_ROLE_ARN: TOKEN.AWS_ROLE_ARN }, "static: AKIAD of default"],
    ["", { ...TOKEN, AWS_ROLE_ARN: "x" }, "setting-invalid"],
    // Beside the profile's own web identity.
    [D(WEB), { AWS_WEB_IDENTITY_TOKEN_FILE: "/t" }, "web-identity: /t for web as xrole-u@h"],
    [D(WEB), { AWS_WEB_IDENTITY_TOKEN_FILE: "/other" }, "web-identity-mixed"],
    [D(WEB), { AWS_ROLE_ARN: `arn:aws:iam::${A}:role/web` }, "web-identity: /t for web as xrole-u@h"],
    [D(WEB), { AWS_ROLE_ARN: `arn:aws:iam::${A}:role/other` }, "web-identity-mixed"],
    [D("web_identity_token_file = /t"), { AWS_WEB_IDENTITY_TOKEN_FILE: "/w" }, "setting-missing"],
    [D("web_identity_token_file = /t"), { AWS_ROLE_ARN: TOKEN.AWS_ROLE_ARN }, "web-identity-mixed"],
  ])("%j with %j is %s", (config, env, expected) => {
    expect(found({ config, env })).toBe(expected);
    expect(found({ config, env, profile: "" })).toBe(expected);
  });

  it.each([
    ...["aws_access_key_id", "aws_secret_access_key", "role_arn", "web_identity_token_file", "credential_source"],
    ...["credential_process", "login_session", "sso_session", "sso_start_url", "sso_account_id", "sso_role_name"],
    ...["source_profile", "external_id", "role_session_name", "duration_seconds", "mfa_serial", "mfa_process"],
    ...["source_identity", "session_tags", "transitive_session_tags"],
  ])("a default that says %s is not passed by for the container", (key) => {
    expect(found({ config: D(`${key} = x`), env: TASK })).not.toMatch(/^container/);
    expect(found({ config: D(`${key} =`), env: TASK })).toBe(TASK_FOUND);
  });

  it("half a key pair is told as what is missing, and where", () => {
    const says = (text: string, line: string): void =>
      expect(() => plan({ config: profile("p", "region = x", line), profile: "p" })).toThrow(text);
    says('config:3: profile "p" has half a key pair: aws_secret_access_key is missing', "aws_access_key_id = AKIA1");
    says('config:3: profile "p" has half a key pair: aws_access_key_id is missing', "aws_secret_access_key = s");
  });

  it("web identity takes its session's name from the environment, else the profile", () => {
    const config = D("role_session_name = own");
    expect(found({ config, env: TOKEN })).toBe("web-identity: /w for env as own");
    expect(found({ config, env: { ...TOKEN, AWS_ROLE_SESSION_NAME: "given" } })).toBe(
      "web-identity: /w for env as given",
    );
    const options = { sessionName: "typed", duration: "1h", policyArn: ["arn:aws:iam::aws:policy/p"], readOnly: true };
    expect(plan({ env: TOKEN, options }).source).toStrictEqual({
      ...{ kind: "web-identity", from: "AWS_WEB_IDENTITY_TOKEN_FILE", roleArn: TOKEN.AWS_ROLE_ARN, tokenFile: "/w" },
      ...{ sessionName: "typed", sessionNameGenerated: false, durationSeconds: 3600 },
      policyArns: ["arn:aws:iam::aws:policy/p", "arn:aws:iam::aws:policy/ReadOnlyAccess"],
    });
  });

  it("the instance may be none, and is asked as the profile and the environment say", () => {
    const config = D("metadata_service_num_attempts = 3");
    expect(plan({ config }).source).toStrictEqual({
      ...{
        kind: "instance",
        from: "default chain",
        endpoint: "http://169.254.169.254",
        disabled: false,
        speculative: true,
      },
      attempts: 3,
    });
  });

  it.each<[string, Environment, string[]]>([
    [D(keys("AKIAD")), ENV, ['the keys in the environment win over profile "default"']],
    [D("region = x"), ENV, []],
    [profile("n", "region = x"), { ...ENV, AWS_PROFILE: "n" }, ["the keys in the environment win over AWS_PROFILE=n"]],
    [
      D(keys("AKIAD")),
      { ...ENV, ...TOKEN, ...TASK },
      [
        'the keys in the environment win over profile "default", AWS_WEB_IDENTITY_TOKEN_FILE and AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
      ],
    ],
    [D(keys("AKIAD")), TOKEN, ['AWS_WEB_IDENTITY_TOKEN_FILE wins over profile "default"']],
    ["", { ...TOKEN, ...TASK }, ["AWS_WEB_IDENTITY_TOKEN_FILE wins over AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"]],
    [D(role("a"), SOURCE) + K, TOKEN, ['profile "default" wins over AWS_WEB_IDENTITY_TOKEN_FILE']],
    [D(keys("AKIAD")), TASK, ['profile "default" wins over AWS_CONTAINER_CREDENTIALS_RELATIVE_URI']],
    [
      D(keys("AKIAD")),
      { AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1/x" },
      ['profile "default" wins over AWS_CONTAINER_CREDENTIALS_FULL_URI'],
    ],
    [
      profile("n", keys("AKIAN")),
      { AWS_PROFILE: "n", AWS_DEFAULT_PROFILE: "m" },
      ["AWS_PROFILE=n wins over AWS_DEFAULT_PROFILE=m"],
    ],
    [profile("n", keys("AKIAN")), { AWS_PROFILE: "n", AWS_DEFAULT_PROFILE: "n" }, []],
    ["", { AWS_SECRET_ACCESS_KEY: "s" }, ["AWS_SECRET_ACCESS_KEY is set without AWS_ACCESS_KEY_ID, and is not used"]],
    ["", { AWS_SESSION_TOKEN: "t" }, ["AWS_SESSION_TOKEN is set without AWS_ACCESS_KEY_ID, and is not used"]],
    ["", { AWS_ROLE_ARN: "x" }, ["AWS_ROLE_ARN is set without AWS_WEB_IDENTITY_TOKEN_FILE, and is not used"]],
    ...["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN"].map(
      (name): [string, Environment, string[]] => [
        "",
        { [name]: "t" },
        [
          `${name} is set without AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or AWS_CONTAINER_CREDENTIALS_FULL_URI, and is not used`,
        ],
      ],
    ),
    ["", { ...TASK, AWS_CONTAINER_AUTHORIZATION_TOKEN: "t" }, []],
    ...[{}, TASK].map((env): [string, Environment, string[]] => [
      "",
      { ...env, AWS_CREDENTIAL_FILE: "/f" },
      ["AWS_CREDENTIAL_FILE is not read; put its keys into ~/.aws/credentials"],
    ]),
    [D(keys("AKIAD")), { AWS_CREDENTIAL_FILE: "/f" }, []],
    ["", {}, []],
    [D(keys("AKIAD")), {}, []],
  ])("%j with %j warns of %j", (config, env, warnings) => {
    expect(warned({ config, env })).toEqual(warnings);
  });
});

describe("options of a role", () => {
  it.each<[keyof RoleOptions, unknown, string]>([
    ["externalId", "xx", "--external-id"],
    ["sourceIdentity", "xx", "--source-identity"],
    ["tag", ["a=b"], "--tag"],
    ["transitiveTag", ["a"], "--transitive-tag"],
    ["mfaSerial", "GAHT12345678", "--mfa-serial"],
    ["mfaSession", true, "--mfa-session"],
    ["mfaCode", "123456", "--mfa-code"],
    ["sessionName", "xx", "--session-name"],
    ["duration", "1h", "--duration"],
    ["policy", "{}", "--policy"],
    ["policyArn", ["arn:aws:iam::aws:policy/p"], "--policy-arn"],
    ["readOnly", true, "--read-only"],
  ])("%s is refused where there is none", (name, value, flag) => {
    const options = { [name]: value } as RoleOptions;
    expect(() => plan({ config: K, profile: "k", options })).toThrow(
      `${flag} changes a role, and profile "k" assumes none`,
    );
    const isOfSession = ["sessionName", "duration", "policy", "policyArn", "readOnly"].includes(name);
    const web = { config: profile("p", WEB), profile: "p", options };
    expect(found(web)).toMatch(isOfSession ? /^web-identity: / : /^option-without-hop$/);
    // What the command line does not say is no option.
    for (const none of name === "mfaCode" ? [undefined] : [undefined, false])
      expect(found({ config: K, profile: "k", options: { [name]: none } })).toBe("static: AKIAK of k");
  });
});

describe("a plan", () => {
  it("is called as its profile, and by nothing where there is none", () => {
    expect(plan({ config: K, profile: "k" })).toMatchObject({ profile: "k", name: "k" });
    expect(plan({ config: `[default]\n${keys("AKIAD")}` })).toMatchObject({ profile: "default", name: "default" });
    expect(plan({ env: { AWS_ACCESS_KEY_ID: "AKIA1" } })).not.toHaveProperty("name");
  });

  it("warns of a default that hides another", () => {
    const config = `[default]\n${keys("AKIAD")}[profile default]\n${keys("AKIAP")}`;
    expect(plan({ config })).toMatchObject({
      source: { accessKeyId: "AKIAP" },
      warnings: ["[profile default] hides [default] (config:1): keep one of the two"],
    });
    expect(warned({ config: config + K, profile: "k" })).toEqual([]);
  });
});
