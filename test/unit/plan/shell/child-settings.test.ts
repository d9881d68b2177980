// The settings of a profile that become variables of a child. The lists are written out once more, since a name that is missing in the
// code would be missing in a list that is made of it.
import { describe, expect, it } from "vitest";
import { childSettings, heldSettings } from "../../../../src/plan/shell/child-settings.ts";
import { parseConfig } from "../../../../src/config/parse/parse.ts";
import { endpointVariable, isSettingVariable } from "../../../../src/config/setting-variables.ts";
import type { Environment } from "../../../../src/context/types.ts";

const BOOLEANS = {
  use_fips_endpoint: ["AWS_USE_FIPS_ENDPOINT"],
  use_dualstack_endpoint: ["AWS_USE_DUALSTACK_ENDPOINT"],
  ignore_configured_endpoint_urls: ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"],
  s3_use_arn_region: ["AWS_S3_USE_ARN_REGION"],
  s3_disable_multiregion_access_points: ["AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS"],
  s3_disable_express_session_auth: ["AWS_S3_DISABLE_EXPRESS_SESSION_AUTH"],
  disable_host_prefix_injection: ["AWS_DISABLE_HOST_PREFIX_INJECTION"],
  disable_request_compression: ["AWS_DISABLE_REQUEST_COMPRESSION"],
};
const WORDS = {
  ca_bundle: ["AWS_CA_BUNDLE"],
  endpoint_url: ["AWS_ENDPOINT_URL"],
  account_id_endpoint_mode: ["AWS_ACCOUNT_ID_ENDPOINT_MODE"],
  auth_scheme_preference: ["AWS_AUTH_SCHEME_PREFERENCE"],
  sigv4a_signing_region_set: ["AWS_SIGV4A_SIGNING_REGION_SET"],
  sts_regional_endpoints: ["AWS_STS_REGIONAL_ENDPOINTS"],
  s3_us_east_1_regional_endpoint: ["AWS_S3_US_EAST_1_REGIONAL_ENDPOINT"],
  endpoint_discovery_enabled: ["AWS_ENABLE_ENDPOINT_DISCOVERY", "AWS_ENDPOINT_DISCOVERY_ENABLED"],
  request_checksum_calculation: ["AWS_REQUEST_CHECKSUM_CALCULATION"],
  response_checksum_validation: ["AWS_RESPONSE_CHECKSUM_VALIDATION"],
  request_min_compression_size_bytes: ["AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES"],
  defaults_mode: ["AWS_DEFAULTS_MODE"],
  retry_mode: ["AWS_RETRY_MODE"],
  max_attempts: ["AWS_MAX_ATTEMPTS"],
  sdk_ua_app_id: ["AWS_SDK_UA_APP_ID"],
};

function settings(lines: readonly string[], env: Environment = {}, asksForFips = false): Record<string, string> {
  const config = parseConfig(`[profile p]\n${lines.join("\n")}\n`, "config", "config");
  return childSettings(env, config, config.profiles.get("p"), asksForFips);
}
const rows = (table: Readonly<Record<string, readonly string[]>>): (readonly [string, readonly string[]])[] =>
  Object.entries(table);

describe("a profile's settings", () => {
  it.each([...rows(BOOLEANS), ...rows(WORDS)])("%s is said by %j, unless the environment says it", (key, names) => {
    expect(settings([`${key} = Word`])).toStrictEqual(Object.fromEntries(names.map((name) => [name, "Word"])));
    for (const name of names) {
      expect(isSettingVariable(name)).toBe(true);
      expect(settings([`${key} = Word`], { [name]: "mine" })).toStrictEqual({});
    }
    // An empty variable says nothing.
    expect(settings([`${key} = Word`], Object.fromEntries(names.map((name) => [name, ""])))).not.toEqual({});
  });

  it.each(rows(BOOLEANS))("%s is true or false in lower case", (key, [name = ""]) => {
    expect(settings([`${key} = True`])).toStrictEqual({ [name]: "true" });
    expect(settings([`${key} = FALSE`])).toStrictEqual({ [name]: "false" });
    for (const other of ["Trueish", "unTrue"]) expect(settings([`${key} = ${other}`])).toStrictEqual({ [name]: other });
  });

  it("of another kind keep their case", () => {
    expect(settings(["sdk_ua_app_id = True", "endpoint_discovery_enabled = True"])).toStrictEqual({
      AWS_SDK_UA_APP_ID: "True",
      AWS_ENABLE_ENDPOINT_DISCOVERY: "True",
      AWS_ENDPOINT_DISCOVERY_ENABLED: "True",
    });
  });

  it("of S3 may be in the nested block, after those of the profile", () => {
    const nested = [
      ...["s3 =", "  us_east_1_regional_endpoint = regional", "  use_arn_region = True"],
      ...["  s3_disable_multiregion_access_points = true", "  s3_disable_express_session_auth = true"],
    ];
    const names = {
      AWS_S3_US_EAST_1_REGIONAL_ENDPOINT: "regional",
      AWS_S3_USE_ARN_REGION: "true",
      AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS: "true",
    };
    expect(settings(nested)).toStrictEqual(names);
    expect(settings(["s3_use_arn_region = false", ...nested])).toStrictEqual({
      ...names,
      AWS_S3_USE_ARN_REGION: "false",
    });
    expect(settings(["s3 =", "  use_arn_region ="])).toStrictEqual({});
  });

  it("that are no client's, or credentials, are not among them", () => {
    expect(settings(["region = eu-west-1", "output = json", "role_arn = x", "aws_access_key_id = AKIA"])).toStrictEqual(
      {},
    );
    for (const name of ["PATH", "AWS_REGION", "AWS_ENDPOINT_URL_", "AWS_ENDPOINT_URL_s3", "xAWS_ENDPOINT_URL_S3"])
      expect(isSettingVariable(name), name).toBe(false);
    expect(isSettingVariable("AWS_ENDPOINT_URL_S3_CONTROL2")).toBe(true);
  });

  it("are none without a profile", () => {
    expect(childSettings({}, parseConfig("", "config", "config"), undefined, false)).toStrictEqual({});
  });
});

describe("the endpoints of services", () => {
  const lines = [
    ...["services = local", "endpoint_url = http://127.0.0.1:1", "[services local]"],
    ...["s3 =", "  endpoint_url = http://127.0.0.1:2", "api_gateway =", "  endpoint_url = http://127.0.0.1:3"],
    ...[
      "sqs =",
      "  endpoint_url =",
      "sns =",
      "  other = x",
      "un-named =",
      "  endpoint_url = http://127.0.0.1:4",
      "ec2 = x",
    ],
  ];

  it("have a variable each", () => {
    expect(settings(lines)).toStrictEqual({
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
      AWS_ENDPOINT_URL_S3: "http://127.0.0.1:2",
      AWS_ENDPOINT_URL_API_GATEWAY: "http://127.0.0.1:3",
    });
    for (const service of ["", "s3!", "!s3", "S3"]) expect(endpointVariable(service)).toBeUndefined();
  });

  it("give way to the environment's, the one for all before each", () => {
    expect(settings(lines, { AWS_ENDPOINT_URL_S3: "http://127.0.0.1:9" })).toStrictEqual({
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
      AWS_ENDPOINT_URL_API_GATEWAY: "http://127.0.0.1:3",
    });
    expect(settings(lines, { AWS_ENDPOINT_URL: "http://127.0.0.1:9" })).toStrictEqual({});
  });

  it("are left out where configured endpoints are ignored", () => {
    const ignored = ["ignore_configured_endpoint_urls = true", ...lines];
    expect(settings(ignored)).toStrictEqual({ AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" });
    expect(settings(lines, { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "True" })).toStrictEqual({});
    const all = { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "false" };
    expect(settings(ignored, all)).toHaveProperty("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:2");
  });
});

describe("a region of FIPS", () => {
  it("asks for FIPS, before the profile, unless the environment does already", () => {
    expect(settings([], {}, true)).toStrictEqual({ AWS_USE_FIPS_ENDPOINT: "true" });
    expect(settings(["use_fips_endpoint = false"], {}, true)).toStrictEqual({ AWS_USE_FIPS_ENDPOINT: "true" });
    expect(settings([], { AWS_USE_FIPS_ENDPOINT: "False" }, true)).toStrictEqual({ AWS_USE_FIPS_ENDPOINT: "true" });
    expect(settings([], { AWS_USE_FIPS_ENDPOINT: "True" }, true)).toStrictEqual({});
    expect(settings([])).toStrictEqual({});
  });
});

describe("the settings of a role that is held", () => {
  it("stay as they are", () => {
    const env = { XROLE_SETTINGS: "AWS_CA_BUNDLE,AWS_RETRY_MODE,PATH", AWS_CA_BUNDLE: "/ca.pem", PATH: "/bin" };
    expect(heldSettings(env, false)).toStrictEqual({ AWS_CA_BUNDLE: "/ca.pem" });
    expect(heldSettings(env, true)).toStrictEqual({ AWS_CA_BUNDLE: "/ca.pem", AWS_USE_FIPS_ENDPOINT: "true" });
    expect(heldSettings({ ...env, AWS_USE_FIPS_ENDPOINT: "true" }, true)).toStrictEqual({ AWS_CA_BUNDLE: "/ca.pem" });
  });
});
