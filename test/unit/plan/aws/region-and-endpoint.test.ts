// The one region of a plan and where STS and SSO are called: which place says so first, and what AWS calls its hosts.
import { describe, expect, it } from "vitest";
import {
  awsEndpoint,
  configuredEndpoint,
  decideEndpoint,
  endpointFlags,
  isLoopback,
  signingRegion,
  SIGN_IN,
  SSO,
  SSO_OIDC,
  STS,
} from "../../../../src/plan/aws/endpoint.ts";
import { isPartition, partitionOfArn, partitionOfRegion } from "../../../../src/plan/aws/partitions.ts";
import { planChain } from "../../../../src/plan/plan.ts";
import { isRegion, plainRegion } from "../../../../src/plan/aws/region-name.ts";
import { decideRegion, regionPlace } from "../../../../src/plan/aws/region.ts";
import type { Plan } from "../../../../src/plan/types.ts";
import type { Source } from "../../../../src/sources/kinds.ts";
import { parseConfig } from "../../../../src/config/parse/parse.ts";
import type { Config, Section } from "../../../../src/config/types.ts";
import type { Environment } from "../../../../src/context/types.ts";
import type { RoleOptions } from "../../../../src/plan/options/role-options.ts";

const KEYS: Source = { kind: "static", from: "config:1", profile: "p", accessKeyId: "AKIA1", temporary: false };
const INSTANCE: Source = { kind: "instance", from: "x", endpoint: "x", disabled: false, speculative: false };
const read = (...lines: string[]): Config => parseConfig(`[profile p]\n${lines.join("\n")}\n`, "config", "config");
const section = (...lines: string[]): Section | undefined => read(...lines).profiles.get("p");

describe("the region", () => {
  const OWN = section("region = ap-south-1");
  const both = { AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "eu-west-2" };

  it.each<[string, string | undefined, Environment, Section | undefined, object, string | undefined]>([
    ["the option", "us-west-1", both, OWN, { region: "us-west-1", regionOrigin: "option" }, "--region"],
    ["AWS_REGION", undefined, both, OWN, { region: "eu-west-1", regionOrigin: "environment" }, "AWS_REGION"],
    [
      "AWS_DEFAULT_REGION",
      undefined,
      { ...both, AWS_REGION: " " },
      OWN,
      { region: "eu-west-2", regionOrigin: "environment" },
      "AWS_DEFAULT_REGION",
    ],
    ["the profile", undefined, {}, OWN, { region: "ap-south-1", regionOrigin: "profile" }, "config:2"],
    ["nothing", undefined, {}, section("region ="), { region: "us-east-1", regionOrigin: "partition" }, undefined],
  ])("is what %s says, before what comes after it", (_, given, env, own, region, place) => {
    const found = decideRegion(given, env, own, KEYS, undefined);
    expect(found).toStrictEqual(region);
    expect(regionPlace(found, env, own)).toBe(place);
  });

  it("is the instance's where nothing says it, else the partition's of the role", () => {
    expect(decideRegion(undefined, {}, undefined, INSTANCE, "arn:aws-cn:iam::1:role/r")).toStrictEqual({
      regionOrigin: "instance",
    });
    expect(regionPlace({ regionOrigin: "instance" }, {}, undefined)).toBeUndefined();
    expect(decideRegion(undefined, {}, undefined, KEYS, "arn:aws-cn:iam::1:role/r").region).toBe("cn-north-1");
    expect(decideRegion("eu-west-1", {}, undefined, INSTANCE, undefined).regionOrigin).toBe("option");
  });

  it("may be one of FIPS, of which the plain one is used", () => {
    const plain = { region: "us-gov-west-1", isFips: true };
    for (const given of ["us-gov-west-1-fips", "fips-us-gov-west-1"]) {
      expect(plainRegion(given)).toStrictEqual(plain);
      expect(decideRegion(given, {}, undefined, KEYS, undefined)).toStrictEqual({
        ...{ region: "us-gov-west-1", regionAsGiven: given, regionOrigin: "option" },
      });
    }
    expect(plainRegion("us-east-1")).toStrictEqual({ region: "us-east-1", isFips: false });
  });

  it.each([
    ["command line: --region", "a.b", {}, undefined],
    ["environment: AWS_REGION", undefined, { AWS_REGION: "a b" }, undefined],
    ["environment: AWS_DEFAULT_REGION", undefined, { AWS_DEFAULT_REGION: "a/b" }, undefined],
    ["config:2: region", undefined, {}, section("region = $(id)")],
    ["command line: --region", "fips-", {}, undefined],
    // Each is a label with the part that asks for FIPS, or without it.
    ["command line: --region", "a--fips", {}, undefined],
    ["command line: --region", `fips-${"x".repeat(60)}`, {}, undefined],
  ] as const)("that is none is told as %s", (message, given, env, own) => {
    expect(() => decideRegion(given, env, own, KEYS, undefined)).toThrow(message);
  });

  it("is a label of a host name", () => {
    for (const text of ["a", "A9", "us-east-1", "x".repeat(63)]) expect(isRegion(text), text).toBe(true);
    for (const text of ["", "-a", "a-", "-", "a_b", "a.b", "x".repeat(64), "a\n"])
      expect(isRegion(text), text).toBe(false);
  });
});

describe("a partition", () => {
  it.each([
    [
      "aws",
      "us-east-1",
      "amazonaws.com",
      "api.aws",
      [
        "eu-west-1",
        "ap-south-2",
        "sa-east-1",
        "ca-west-1",
        "me-south-1",
        "af-south-1",
        "il-central-1",
        "mx-central-1",
        "us-west-12",
      ],
    ],
    ["aws-cn", "cn-north-1", "amazonaws.com.cn", "api.amazonwebservices.com.cn", ["cn-northwest-1", "cn-north-11"]],
    ["aws-us-gov", "us-gov-west-1", "amazonaws.com", "api.aws", ["us-gov-east-1", "us-gov-west-11"]],
    ["aws-eusc", "eusc-de-east-1", "amazonaws.eu", "api.amazonwebservices.eu", ["eusc-de-west-2"]],
    ["aws-iso", "us-iso-east-1", "c2s.ic.gov", "api.aws.ic.gov", ["us-iso-west-1"]],
    ["aws-iso-b", "us-isob-east-1", "sc2s.sgov.gov", "api.aws.scloud", ["us-isob-west-1"]],
    ["aws-iso-e", "eu-isoe-west-1", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", ["eu-isoe-east-2"]],
    ["aws-iso-f", "us-isof-south-1", "csp.hci.ic.gov", "api.aws.hci.ic.gov", ["us-isof-east-1"]],
  ])("%s has its regions, hosts and default", (id, defaultRegion, suffix, dualStackSuffix, regions) => {
    const partition = { id, defaultRegion, suffix, dualStackSuffix };
    for (const region of [defaultRegion, ...regions]) {
      expect(partitionOfRegion(region), region).toMatchObject(partition);
      // Not one that is longer at either end.
      for (const other of [`x${region}`, `${region}x`]) expect(partitionOfRegion(other).id, other).toBe("aws");
    }
    expect(partitionOfArn(`arn:${id}:iam::222222222222:role/r`)).toMatchObject(partition);
    expect(isPartition(id)).toBe(true);
    expect(awsEndpoint(STS, defaultRegion, { fips: false, dualStack: false })).toBe(
      `https://sts.${defaultRegion}.${suffix}`,
    );
    expect(awsEndpoint(SSO, defaultRegion, { fips: false, dualStack: true })).toBe(
      `https://portal.sso.${defaultRegion}.${dualStackSuffix}`,
    );
    expect(awsEndpoint(SSO_OIDC, defaultRegion, { fips: true, dualStack: true })).toBe(
      `https://oidc-fips.${defaultRegion}.${dualStackSuffix}`,
    );
    expect(awsEndpoint(STS, defaultRegion, { fips: true, dualStack: false })).toBe(
      `https://sts${id === "aws-us-gov" ? "" : "-fips"}.${defaultRegion}.${suffix}`,
    );
  });

  it("that is not known counts as aws", () => {
    expect(partitionOfArn("")).toMatchObject({ id: "aws" });
    expect(partitionOfArn("arn:aws-new:iam::222222222222:role/r")).toMatchObject({ id: "aws" });
    expect(isPartition("aws-new")).toBe(false);
  });

  it("as a whole has an endpoint of its own, and signs in us-east-1", () => {
    expect(awsEndpoint(STS, "aws-global", { fips: true, dualStack: true })).toBe("https://sts.amazonaws.com");
    expect(signingRegion("aws-global")).toBe("us-east-1");
    expect(signingRegion("eu-west-1")).toBe("eu-west-1");
  });
});

describe("FIPS and dual-stack", () => {
  it("are asked for by the environment, else the profile, in any case", () => {
    expect(endpointFlags({}, undefined)).toStrictEqual({ fips: false, dualStack: false });
    const own = section("use_fips_endpoint = True", "use_dualstack_endpoint = TRUE");
    expect(endpointFlags({}, own)).toStrictEqual({ fips: true, dualStack: true });
    expect(endpointFlags({ AWS_USE_FIPS_ENDPOINT: "no" }, own)).toStrictEqual({ fips: false, dualStack: true });
    expect(endpointFlags({ AWS_USE_DUALSTACK_ENDPOINT: "false" }, own)).toStrictEqual({ fips: true, dualStack: false });
    const env = { AWS_USE_FIPS_ENDPOINT: "TRUE", AWS_USE_DUALSTACK_ENDPOINT: "True" };
    expect(endpointFlags(env, section("use_fips_endpoint = false"))).toStrictEqual({ fips: true, dualStack: true });
  });
});

describe("the endpoint that is configured", () => {
  const LINES = [
    ...["endpoint_url = http://127.0.0.1:1", "services = s", "[services s]"],
    ...["sts =", "  endpoint_url = http://127.0.0.1:2", "sso =", "  endpoint_url = http://127.0.0.1:3"],
    ...["sso_oidc =", "  endpoint_url = http://127.0.0.1:4", "signin =", "  endpoint_url = http://127.0.0.1:5"],
  ];
  const config = read(...LINES);
  const found = (env: Environment, of = config, service = STS): string | undefined => {
    const one = configuredEndpoint(env, of, of.profiles.get("p"), service);
    return one && `${one.url} ${one.where}`;
  };

  it("is the service's in the environment, the one for all there, the services section's, the profile's", () => {
    const env = { AWS_ENDPOINT_URL_STS: "http://127.0.0.1:8", AWS_ENDPOINT_URL: "http://127.0.0.1:9" };
    expect(found(env)).toBe("http://127.0.0.1:8 AWS_ENDPOINT_URL_STS");
    expect(found({ ...env, AWS_ENDPOINT_URL_STS: "" })).toBe("http://127.0.0.1:9 AWS_ENDPOINT_URL");
    expect(found({})).toBe("http://127.0.0.1:2 config:6");
    expect(found({}, read("endpoint_url = http://127.0.0.1:1"))).toBe("http://127.0.0.1:1 config:2");
    const empty = read(...LINES.slice(0, 3), "sts =", "  endpoint_url =");
    expect(found({}, empty)).toBe("http://127.0.0.1:1 config:2");
    expect(found({}, read("region = x"))).toBeUndefined();
    expect(configuredEndpoint({}, config, undefined)).toBeUndefined();
  });

  it.each([
    [SSO, "AWS_ENDPOINT_URL_SSO", 3],
    [SSO_OIDC, "AWS_ENDPOINT_URL_SSO_OIDC", 4],
    [SIGN_IN, "AWS_ENDPOINT_URL_SIGNIN", 5],
  ])("is each service's own: %j", (service, variable, port) => {
    expect(found({}, config, service)).toMatch(`http://127.0.0.1:${String(port)} config:`);
    expect(found({ [variable]: "http://127.0.0.1:7" }, config, service)).toBe(`http://127.0.0.1:7 ${variable}`);
    expect(found({ AWS_ENDPOINT_URL_STS: "http://127.0.0.1:7" }, config, service)).toMatch("config:");
  });

  it("is ignored where the environment says so, else the profile", () => {
    const ignoring = read("ignore_configured_endpoint_urls = True", ...LINES);
    expect(found({}, ignoring)).toBeUndefined();
    expect(found({ AWS_ENDPOINT_URL: "http://127.0.0.1:9" }, ignoring)).toBeUndefined();
    expect(found({ AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" })).toBeUndefined();
    expect(found({ AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "false" }, ignoring)).toBe("http://127.0.0.1:2 config:7");
    expect(found({ AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "1" })).toBeDefined();
  });

  it("of a services section that is not there is an error", () => {
    expect(() => found({}, read("services = absent"))).toThrow(/^config:2: .*absent/);
  });
});

describe("the endpoint that is called", () => {
  const decide = (env: Environment, region: string | undefined, ...lines: string[]): unknown => {
    const config = read(...lines);
    return decideEndpoint(env, config, config.profiles.get("p"), region);
  };

  it("is AWS's own where none is configured", () => {
    expect(decide({}, "eu-west-1")).toStrictEqual({ endpoint: "https://sts.eu-west-1.amazonaws.com/" });
    expect(decide({}, undefined)).toStrictEqual({});
    expect(decide({}, "fips-us-east-1")).toStrictEqual({ endpoint: "https://sts-fips.us-east-1.amazonaws.com/" });
    expect(decide({}, "us-east-1", "use_fips_endpoint = true")).toStrictEqual({
      endpoint: "https://sts-fips.us-east-1.amazonaws.com/",
    });
    expect(decide({}, "us-east-1", "use_dualstack_endpoint = true")).toStrictEqual({
      endpoint: "https://sts.us-east-1.api.aws/",
    });
  });

  it("is a custom one, which excludes FIPS and dual-stack", () => {
    const url = "endpoint_url = https://sts.example.com";
    expect(decide({}, undefined, url)).toStrictEqual({ endpoint: "https://sts.example.com/" });
    expect(decide({}, "fips-us-east-1", url)).toStrictEqual({ endpoint: "https://sts.example.com/" });
    for (const flag of ["use_fips_endpoint = true", "use_dualstack_endpoint = true"])
      expect(() => decide({}, "us-east-1", url, flag)).toThrow(
        "config:2: endpoint_url = https://sts.example.com is not usable",
      );
    expect(() => decide({}, "us-east-1", "endpoint_url = x")).toThrow(
      "config:2: endpoint_url = x is not an http or https URL",
    );
    expect(() => decide({}, "us-east-1", "endpoint_url = https://u@x")).toThrow(
      "is not an http or https URL without a user",
    );
  });

  it("in plain http is this machine's, or one that the user says is theirs", () => {
    expect(decide({}, "x", "endpoint_url = http://localhost:1")).toStrictEqual({ endpoint: "http://localhost:1/" });
    const url = "endpoint_url = http://sts.example.com:80/x";
    expect(() => decide({}, "x", url)).toThrow(expect.objectContaining({ code: "endpoint-insecure" }) as Error);
    for (const word of ["0", "true", ""])
      expect(() => decide({ XROLE_ALLOW_HTTP: word }, "x", url)).toThrow("http://sts.example.com:80/x");
    expect(decide({ XROLE_ALLOW_HTTP: "1" }, "x", url)).toStrictEqual({
      endpoint: "http://sts.example.com/x",
      warning: "credentials go to http://sts.example.com in the clear (XROLE_ALLOW_HTTP=1)",
    });
  });

  it("is this machine's by these names alone", () => {
    for (const host of [
      "localhost",
      "LocalHost",
      "[::1]",
      "127.0.0.1",
      "127.255.249.199",
      "127.10.9.0",
      "127.200.100.99",
    ])
      expect(isLoopback(host), host).toBe(true);
    for (const host of [
      "localhost.",
      "xlocalhost",
      "localhostx",
      "127.0.0.256",
      "127.0.0.01",
      "127.0.0",
      "127.0.0.1.2",
      "::1",
    ])
      expect(isLoopback(host), host).toBe(false);
  });
});

describe("a plan", () => {
  const plan = (lines: readonly string[], env: Environment = {}, options: RoleOptions = {}): Plan =>
    planChain({
      config: read("aws_access_key_id = AKIA1", "aws_secret_access_key = s", ...lines),
      ...{ env, options, profile: "p", caller: () => ({ user: "u", host: "h" }) },
    });
  const ROLE = ["role_arn = arn:aws-cn:iam::222222222222:role/r", "source_profile = p"];

  it("has an endpoint where it assumes a role, in the role's partition", () => {
    expect(plan(ROLE)).toMatchObject({ region: "cn-north-1", endpoint: "https://sts.cn-north-1.amazonaws.com.cn/" });
    expect(plan([])).not.toHaveProperty("endpoint");
    expect(plan(ROLE, {}, { region: "cn-northwest-1" }).endpoint).toBe("https://sts.cn-northwest-1.amazonaws.com.cn/");
    expect(plan(ROLE, {}, { region: "fips-us-east-1" }).endpoint).toBe("https://sts-fips.us-east-1.amazonaws.com/");
    expect(plan(ROLE, { AWS_ENDPOINT_URL: "http://a.example", XROLE_ALLOW_HTTP: "1" }).warnings).toEqual([
      "credentials go to http://a.example in the clear (XROLE_ALLOW_HTTP=1)",
    ]);
  });

  it("holds the bundle of the environment, else the profile's", () => {
    expect(plan(["ca_bundle = /own.pem"]).caBundle).toEqual({ file: "/own.pem", from: "config:4" });
    expect(plan(["ca_bundle = /own.pem"], { AWS_CA_BUNDLE: "/env.pem" }).caBundle).toEqual({
      ...{ file: "/env.pem", from: "AWS_CA_BUNDLE" },
    });
    expect(plan([])).not.toHaveProperty("caBundle");
  });

  it("holds what asks for renewal", () => {
    expect(plan(["xrole_renew = True"]).renewFrom).toBe("config:4");
    for (const lines of [[], ["xrole_renew = False"], ["xrole_renew ="]])
      expect(plan(lines)).not.toHaveProperty("renewFrom");
    expect(() => plan(["xrole_renew = yes"])).toThrow("config:4: xrole_renew = yes is not true or false");
  });

  it("holds the account that is expected, and stops where the role is of another", () => {
    expect(plan(ROLE, {}, { expectAccount: "222222222222" }).expectAccount).toBe("222222222222");
    expect(plan([], {}, { expectAccount: "333333333333" }).expectAccount).toBe("333333333333");
    expect(() => plan(ROLE, {}, { expectAccount: "333333333333" })).toThrow(
      expect.objectContaining({ code: "account-unexpected" }) as Error,
    );
    expect(plan(ROLE)).not.toHaveProperty("expectAccount");
  });
});
