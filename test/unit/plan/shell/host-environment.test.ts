// The environment as it was before an earlier xrole: what that one set does not steer the next, and what the user set since counts.
import { describe, expect, it } from "vitest";
import {
  digest,
  givenRegions,
  heldByXrole,
  hostEnvironment,
  isAtEndpoint,
  keptVariables,
  leftovers,
  ownRegions,
  ownSettings,
} from "../../../../src/plan/shell/host-environment.ts";
import type { Environment } from "../../../../src/context/types.ts";

const CONTAINER = [
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
] as const;
const WEB_IDENTITY = ["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"] as const;
const kept = Object.fromEntries([...CONTAINER, ...WEB_IDENTITY].map((name) => [`XROLE_HOST_${name}`, `old-${name}`]));
const old = (names: readonly string[]): Environment => Object.fromEntries(names.map((name) => [name, `old-${name}`]));
const markOf = (keyId: string): string => `${digest(keyId)}.plan`;

describe("what was kept aside", () => {
  it("comes back, all of it where nothing is set since", () => {
    expect(keptVariables({})).toStrictEqual([...CONTAINER, ...WEB_IDENTITY]);
    expect(hostEnvironment({ PATH: "/bin", ...kept }, "p")).toStrictEqual({
      PATH: "/bin",
      ...kept,
      ...old([...CONTAINER, ...WEB_IDENTITY]),
    });
  });

  it.each(CONTAINER)("of the container stays aside where %s is set since", (name) => {
    const env = { ...kept, [name]: "new" };
    expect(keptVariables(env)).toStrictEqual(WEB_IDENTITY);
    expect(hostEnvironment(env, "p")).toStrictEqual({ ...env, ...old(WEB_IDENTITY) });
    expect(keptVariables({ [name]: "" })).toStrictEqual([...CONTAINER, ...WEB_IDENTITY]);
  });

  it.each(WEB_IDENTITY)("of web identity stays aside where %s is set since", (name) => {
    const env = { ...kept, [name]: "new" };
    expect(keptVariables(env)).toStrictEqual(CONTAINER);
    expect(hostEnvironment(env, "p")).toStrictEqual({ ...env, ...old(CONTAINER) });
  });

  it("stays aside while the shell is led to xrole's endpoint", () => {
    const url = "http://127.0.0.1:1/x";
    const env = { ...kept, XROLE_ENDPOINT: url, AWS_CONTAINER_CREDENTIALS_FULL_URI: url };
    expect(isAtEndpoint(env)).toBe(true);
    expect(hostEnvironment(env, "p")).toStrictEqual(env);
    expect(isAtEndpoint({})).toBe(false);
    expect(isAtEndpoint({ XROLE_ENDPOINT: url })).toBe(false);
    expect(isAtEndpoint({ AWS_CONTAINER_CREDENTIALS_FULL_URI: url })).toBe(false);
    expect(isAtEndpoint({ ...env, AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}y` })).toBe(false);
  });
});

describe("keys", () => {
  const beside = { AWS_SESSION_TOKEN: "t", AWS_ACCOUNT_ID: "1", AWS_CREDENTIAL_EXPIRATION: "2030" };

  it("are xrole's by the mark of their id alone", () => {
    expect(heldByXrole({ AWS_ACCESS_KEY_ID: "ASIA1", XROLE_SESSION: markOf("ASIA1") })).toBe(true);
    expect(heldByXrole({ AWS_ACCESS_KEY_ID: "ASIA2", XROLE_SESSION: markOf("ASIA1") })).toBe(false);
    expect(heldByXrole({ AWS_ACCESS_KEY_ID: "ASIA1" })).toBe(false);
    for (const none of [{}, { AWS_ACCESS_KEY_ID: "" }, { AWS_ACCESS_KEY_ID: undefined }])
      for (const text of ["", "undefined"]) expect(heldByXrole({ ...none, XROLE_SESSION: markOf(text) })).toBe(false);
  });

  it("that are xrole's keep what belongs to them", () => {
    const env = { ...beside, AWS_ACCESS_KEY_ID: "ASIA1", XROLE_SESSION: markOf("ASIA1") };
    expect(leftovers(env)).toStrictEqual([]);
    expect(hostEnvironment(env, "p")).toStrictEqual(env);
  });

  it("that somebody else put there lose what a role left beside them", () => {
    const temporary = { ...beside, AWS_ACCESS_KEY_ID: "ASIA2", XROLE_SESSION: markOf("ASIA1") };
    // Their token may be as new as they are.
    const { AWS_SESSION_TOKEN, AWS_ACCESS_KEY_ID, XROLE_SESSION } = temporary;
    expect(hostEnvironment(temporary, "p")).toStrictEqual({ AWS_SESSION_TOKEN, AWS_ACCESS_KEY_ID, XROLE_SESSION });
    const lasting = { ...temporary, AWS_ACCESS_KEY_ID: "AKIA2" };
    expect(hostEnvironment(lasting, "p")).toStrictEqual({ AWS_ACCESS_KEY_ID: "AKIA2", XROLE_SESSION });
    expect(hostEnvironment(lasting, undefined)).toStrictEqual({ AWS_ACCESS_KEY_ID: "AKIA2", XROLE_SESSION });
  });

  it("that no xrole has seen, or that are gone, lose nothing", () => {
    for (const env of [
      { ...beside, AWS_ACCESS_KEY_ID: "AKIA2" },
      { ...beside, XROLE_SESSION: markOf("ASIA1") },
    ]) {
      expect(leftovers(env)).toStrictEqual([]);
      expect(hostEnvironment(env, "p")).toStrictEqual(env);
    }
  });
});

describe("settings", () => {
  it("that an earlier xrole set are gone for another profile, and stay for the role that is held", () => {
    const env = {
      ...{ XROLE_SETTINGS: "AWS_CA_BUNDLE,AWS_ENDPOINT_URL_S3,PATH", PATH: "/bin" },
      ...{ AWS_CA_BUNDLE: "/ca.pem", AWS_ENDPOINT_URL_S3: "http://127.0.0.1:1", AWS_RETRY_MODE: "mine" },
    };
    expect(ownSettings(env)).toStrictEqual(["AWS_CA_BUNDLE", "AWS_ENDPOINT_URL_S3"]);
    expect(ownSettings({})).toStrictEqual([]);
    const { PATH, AWS_RETRY_MODE, XROLE_SETTINGS } = env;
    expect(hostEnvironment(env, "p")).toStrictEqual({ PATH, AWS_RETRY_MODE, XROLE_SETTINGS });
    expect(hostEnvironment(env, undefined)).toStrictEqual(env);
  });
});

describe("the region", () => {
  const env = {
    AWS_REGION: "eu-west-1",
    AWS_DEFAULT_REGION: "eu-west-1",
    XROLE_REGION: "eu-west-1",
    XROLE_PROFILE: "p",
  };

  it("that an earlier xrole set counts for the same profile alone, and where none is named", () => {
    expect(hostEnvironment(env, "p")).toStrictEqual(env);
    expect(hostEnvironment(env, undefined)).toStrictEqual(env);
    expect(hostEnvironment(env, "q")).toStrictEqual({ XROLE_REGION: "eu-west-1", XROLE_PROFILE: "p" });
  });

  it("that the user has set since stays theirs", () => {
    const since = { ...env, AWS_REGION: "us-east-1" };
    expect(ownRegions(since)).toStrictEqual(["AWS_DEFAULT_REGION"]);
    const { AWS_REGION, XROLE_REGION, XROLE_PROFILE } = since;
    expect(hostEnvironment(since, "q")).toStrictEqual({ AWS_REGION, XROLE_REGION, XROLE_PROFILE });
    expect(ownRegions({ AWS_REGION: "eu-west-1" })).toStrictEqual([]);
    expect(ownRegions({ ...env, AWS_DEFAULT_REGION: "us-east-1" })).toStrictEqual(["AWS_REGION"]);
  });

  it("of FIPS comes back as it was given", () => {
    const own = { AWS_REGION: "us-east-1", XROLE_REGION: "fips-us-east-1", XROLE_PROFILE: "p" };
    expect(hostEnvironment(own, "p")).toStrictEqual({ ...own, AWS_REGION: "fips-us-east-1" });
    const users = { AWS_REGION: "us-east-1", AWS_DEFAULT_REGION: "eu-west-1", XROLE_HOST_AWS_REGION: "fips-us-east-1" };
    expect(givenRegions(users)).toStrictEqual({ AWS_REGION: "fips-us-east-1" });
    expect(hostEnvironment(users, "q")).toStrictEqual({ ...users, AWS_REGION: "fips-us-east-1" });
    expect(givenRegions({ AWS_REGION: "us-east-1" })).toStrictEqual({});
  });
});
