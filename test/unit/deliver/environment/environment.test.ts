// The environment that a role leaves: what is set, what is removed, what is kept aside and comes back. The lists are written out once
// more, since a name that is missing in the code would be missing in a list that is made of it.
import { describe, expect, it } from "vitest";
import { sessionMark } from "../../../../src/plan/shell/session.ts";
import type { Credentials } from "../../../../src/plan/aws/credentials.ts";
import type { Plan } from "../../../../src/plan/types.ts";
import type { Environment } from "../../../../src/context/types.ts";
import { endpointChanges } from "../../../../src/deliver/endpoint/endpoint-variables.ts";
import {
  applyChanges,
  childChanges,
  environmentChanges,
  shellChanges,
  type Changes,
} from "../../../../src/deliver/environment/environment.ts";
import { undoChanges } from "../../../../src/deliver/environment/undo.ts";

const HOST = [
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_ROLE_ARN",
];
const FILES = [
  "AWS_CONFIG_FILE",
  "AWS_SHARED_CREDENTIALS_FILE",
  "AWS_CREDENTIAL_PROFILES_FILE",
  "CPL_AWS_CREDENTIALS_FILE",
  "BOTO_CONFIG",
  "AWS_SDK_LOAD_CONFIG",
  "AWS_EC2_METADATA_DISABLED",
];
/** What would win over the role in some SDK or tool. */
const RIVALS = [
  ...["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SECURITY_TOKEN", ...HOST, "AWS_BEARER_TOKEN_BEDROCK"],
  ...["AWS_ACCESS_KEY", "AWS_SECRET_KEY", "AWS_CREDENTIAL_FILE"],
  ...["AMAZON_ACCESS_KEY_ID", "AMAZON_SECRET_ACCESS_KEY", "AMAZON_SESSION_TOKEN", "AMAZON_REGION"],
  ...["EC2_ACCESS_KEY", "EC2_SECRET_KEY", "EC2_SECURITY_TOKEN"],
  ...["AWSACCESSKEYID", "AWSSECRETACCESSKEY", "AWSSESSIONTOKEN"],
];
const KEYS = [
  ...["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION"],
  "AWS_ACCOUNT_ID",
];
const OWN = [
  ...["XROLE_PROFILE", "XROLE_SESSION", "XROLE_REGION", "XROLE_SETTINGS", "XROLE_ENDPOINT"],
  "XROLE_HOST_AWS_REGION",
];
const aside = (names: readonly string[]): string[] => names.map((name) => `XROLE_HOST_${name}`);

const PLAN: Plan = {
  profile: "p",
  name: "p",
  region: "eu-west-1",
  regionOrigin: "profile",
  endpoint: "https://sts.eu-west-1.amazonaws.com",
  source: { kind: "environment", from: "config:1" },
  hops: [
    {
      profile: "p",
      roleArn: "arn:aws:iam::222222222222:role/r",
      sessionName: "alice",
      sessionNameGenerated: false,
      from: "config:2",
    },
  ],
  childSettings: {},
  warnings: [],
};
const CREDENTIALS: Credentials = {
  accessKeyId: "ASIAROLE",
  secretAccessKey: "role-secret",
  sessionToken: "role-token",
  expiration: new Date("2030-01-01T00:00:00.500Z"),
  accountId: "222222222222",
};
const ROLE = {
  AWS_ACCESS_KEY_ID: "ASIAROLE",
  AWS_SECRET_ACCESS_KEY: "role-secret",
  AWS_SESSION_TOKEN: "role-token",
  AWS_CREDENTIAL_EXPIRATION: "2030-01-01T00:00:00Z",
  AWS_ACCOUNT_ID: "222222222222",
  AWS_REGION: "eu-west-1",
  AWS_DEFAULT_REGION: "eu-west-1",
  XROLE_PROFILE: "p",
  XROLE_SESSION: sessionMark("ASIAROLE", PLAN),
  XROLE_REGION: "eu-west-1",
};
const filled = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, `old-${name}`]));
const sorted = (names: readonly string[]): string[] => [...new Set(names)].sort();
const role = (env: Environment = {}, plan: Partial<Plan> = {}, credentials: Partial<Credentials> = {}): Changes =>
  environmentChanges(env, { ...PLAN, ...plan }, { ...CREDENTIALS, ...credentials });

describe("a role", () => {
  it("sets its keys, its region and xrole's marks, and nothing else", () => {
    expect(role().set).toEqual(ROLE);
  });

  it("removes each rival, and whatever xrole or somebody else left that it does not set itself", () => {
    const gone = [...RIVALS, ...KEYS, ...OWN, "XROLE_RESOLVING"].filter((name) => !(name in ROLE));
    expect(sorted(role().unset)).toEqual(sorted(gone));
    const bare = role({}, {}, { sessionToken: undefined, expiration: undefined, accountId: undefined } as object);
    for (const name of ["AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION", "AWS_ACCOUNT_ID"]) {
      expect(bare.set).not.toHaveProperty(name);
      expect(bare.unset).toContain(name);
    }
  });

  it("leaves everything else of the environment to a child", () => {
    const env = { PATH: "/bin", MY: "own", ...filled([...RIVALS, ...KEYS, ...OWN, ...aside([...HOST, ...FILES])]) };
    const changes = childChanges(environmentChanges(env, PLAN, CREDENTIALS));
    // Both marks say that the region was the user's; here there is none of it in the environment.
    expect(applyChanges(env, changes)).toEqual({ PATH: "/bin", MY: "own", ...ROLE });
  });

  it("gives a child no file of another place, and leaves the user's own", () => {
    const env = filled(FILES);
    expect(applyChanges(env, childChanges(environmentChanges(env, PLAN, CREDENTIALS)))).toEqual({ ...env, ...ROLE });
  });
});

describe("the region", () => {
  it("that is the partition's is not set", () => {
    const { set, unset } = role({}, { regionOrigin: "partition", region: "us-east-1" });
    for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION", "XROLE_REGION"]) expect(set).not.toHaveProperty(name);
    expect(unset).toContain("XROLE_REGION");
    expect(unset).not.toContain("AWS_REGION");
  });

  it("that is the user's own is not marked as xrole's", () => {
    const env = { AWS_REGION: "eu-west-1" };
    expect(role(env, { regionOrigin: "environment" }).set).not.toHaveProperty("XROLE_REGION");
    const again = { ...env, XROLE_REGION: "eu-west-1" };
    expect(role(again, { regionOrigin: "environment" }).set).toHaveProperty("XROLE_REGION", "eu-west-1");
    const other = { ...env, XROLE_REGION: "us-east-1" };
    expect(role(other, { regionOrigin: "environment" }).set).not.toHaveProperty("XROLE_REGION");
  });

  it("that an earlier xrole set is removed where the role has none", () => {
    const env = { AWS_REGION: "us-west-2", AWS_DEFAULT_REGION: "us-west-1", XROLE_REGION: "us-west-2" };
    const { unset } = role(env, { regionOrigin: "partition" });
    expect(unset).toContain("AWS_REGION");
    expect(unset).not.toContain("AWS_DEFAULT_REGION");
  });

  it("that was given as one of FIPS is kept as it was given", () => {
    const given = { region: "us-gov-west-1", regionAsGiven: "us-gov-west-1-fips" };
    const own = role({}, given).set;
    expect(own).toMatchObject({ AWS_REGION: "us-gov-west-1", XROLE_REGION: "us-gov-west-1-fips" });
    expect(own).not.toHaveProperty("XROLE_HOST_AWS_REGION");
    const users = role({ AWS_REGION: "us-gov-west-1-fips" }, { ...given, regionOrigin: "environment" }).set;
    expect(users).toMatchObject({ AWS_REGION: "us-gov-west-1", XROLE_HOST_AWS_REGION: "us-gov-west-1-fips" });
    expect(users).not.toHaveProperty("XROLE_REGION");
  });
});

describe("the profile's settings", () => {
  it("are set and listed, and those of an earlier role removed", () => {
    const childSettings = { AWS_CA_BUNDLE: "/ca.pem", AWS_RETRY_MODE: "standard" };
    const env = { XROLE_SETTINGS: "AWS_CA_BUNDLE,AWS_USE_FIPS_ENDPOINT,PATH", AWS_USE_FIPS_ENDPOINT: "true" };
    const { set, unset } = role(env, { childSettings });
    expect(set).toMatchObject({ ...childSettings, XROLE_SETTINGS: "AWS_CA_BUNDLE,AWS_RETRY_MODE" });
    expect(unset).toContain("AWS_USE_FIPS_ENDPOINT");
    expect(unset).not.toContain("AWS_CA_BUNDLE");
    // The variable is the user's to forge.
    expect(unset).not.toContain("PATH");
    expect(role(env).unset).toEqual(expect.arrayContaining(["XROLE_SETTINGS", "AWS_CA_BUNDLE"]));
    expect(role(env, { childSettings: { AWS_CA_BUNDLE: "/ca.pem" } }).set).toHaveProperty(
      "XROLE_SETTINGS",
      "AWS_CA_BUNDLE",
    );
  });
});

describe("an endpoint", () => {
  const place = {
    url: "http://127.0.0.1:1/x",
    token: "endpoint-token",
    files: { tokenFile: "/t/token", config: "/t/config", credentials: "/t/credentials" },
  };
  const LED = {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/x",
    AWS_CONTAINER_AUTHORIZATION_TOKEN: "endpoint-token",
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "/t/token",
    AWS_CONFIG_FILE: "/t/config",
    AWS_SHARED_CREDENTIALS_FILE: "/t/credentials",
    AWS_CREDENTIAL_PROFILES_FILE: "/t/credentials",
    CPL_AWS_CREDENTIALS_FILE: "/t/credentials",
    BOTO_CONFIG: "/t/credentials",
    AWS_SDK_LOAD_CONFIG: "1",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ACCOUNT_ID: "222222222222",
    AWS_REGION: "eu-west-1",
    AWS_DEFAULT_REGION: "eu-west-1",
    XROLE_PROFILE: "p",
    XROLE_REGION: "eu-west-1",
    XROLE_ENDPOINT: "http://127.0.0.1:1/x",
  };

  it("is where a child is led, with no keys beside it and no file of the user's", () => {
    const env = { PATH: "/bin", ...filled([...RIVALS, ...KEYS, ...OWN, ...FILES]) };
    const changes = childChanges(endpointChanges(env, PLAN, CREDENTIALS, place));
    expect(applyChanges(env, changes)).toEqual({ PATH: "/bin", ...LED });
  });

  it("has its token in the file alone where it may not be in the environment", () => {
    const { set, unset } = endpointChanges({}, PLAN, CREDENTIALS, { url: place.url, files: place.files });
    expect(set).not.toHaveProperty("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    expect(unset).toContain("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  });

  it("gives way to the host's own when it is undone, whatever of it was there", () => {
    const before = { PATH: "/bin", ...filled(FILES), ...filled(HOST) };
    const kept = Object.fromEntries(
      Object.entries(filled([...HOST, ...FILES])).map(([name, value]) => [`XROLE_HOST_${name}`, value]),
    );
    const env = { PATH: "/bin", ...LED, ...kept };
    expect(applyChanges(env, undoChanges(env, false))).toEqual(before);
    // What is set again is not removed as well: JSON's readers see one of the two.
    const { set, unset } = undoChanges(env, false);
    expect(unset.filter((name) => name in set)).toEqual([]);
  });

  it("leaves nothing of itself when it is undone", () => {
    const env = { PATH: "/bin", ...LED };
    expect(applyChanges(env, undoChanges(env, false))).toEqual({ PATH: "/bin" });
  });

  it("leaves what was kept before it to be restored after a later role", () => {
    const kept = { XROLE_HOST_AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/task", XROLE_HOST_AWS_ROLE_ARN: "own-role" };
    const led = { PATH: "/bin", ...LED, ...kept };
    const later = applyChanges(led, shellChanges(led, environmentChanges(led, PLAN, CREDENTIALS)));
    expect(later).toMatchObject(kept);
    expect(applyChanges(later, undoChanges(later, false))).toEqual({
      PATH: "/bin",
      AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/task",
      AWS_ROLE_ARN: "own-role",
    });
  });

  it("of xrole's comes back as nothing where a later role kept it aside", () => {
    const led = { PATH: "/bin", ...LED };
    const later = applyChanges(led, shellChanges(led, environmentChanges(led, PLAN, CREDENTIALS)));
    expect(later).toMatchObject({ XROLE_ENDPOINT: LED.XROLE_ENDPOINT, AWS_ACCESS_KEY_ID: "ASIAROLE" });
    expect(later).toHaveProperty("XROLE_HOST_AWS_CONTAINER_CREDENTIALS_FULL_URI", LED.XROLE_ENDPOINT);
    expect(applyChanges(later, undoChanges(later, false))).toEqual({ PATH: "/bin" });
  });
});

describe("a shell", () => {
  it("keeps the host's own sources aside, and gets them back", () => {
    const before = { PATH: "/bin", ...filled(HOST), ...filled(FILES) };
    const within = applyChanges(before, shellChanges(before, environmentChanges(before, PLAN, CREDENTIALS)));
    const kept = Object.fromEntries(HOST.map((name) => [`XROLE_HOST_${name}`, `old-${name}`]));
    expect(within).toEqual({ PATH: "/bin", ...filled(FILES), ...kept, ...ROLE });
    expect(applyChanges(within, undoChanges(within, false))).toEqual({
      PATH: "/bin",
      ...filled(HOST),
      ...filled(FILES),
    });
  });

  it("keeps nothing aside that is not there or is empty", () => {
    const env = { AWS_ROLE_ARN: "" };
    expect(Object.keys(shellChanges(env, environmentChanges(env, PLAN, CREDENTIALS)).set)).toEqual(
      Object.keys(role().set),
    );
  });

  it("keeps nothing of an earlier container beside a later one: a token is for its own endpoint", () => {
    const before = {
      XROLE_HOST_AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/old",
      XROLE_HOST_AWS_CONTAINER_AUTHORIZATION_TOKEN: "old-token",
      XROLE_HOST_AWS_ROLE_ARN: "old-role",
    };
    const env = { ...before, AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/new" };
    const within = applyChanges(env, shellChanges(env, environmentChanges(env, PLAN, CREDENTIALS)));
    expect(within).toEqual({
      ...ROLE,
      XROLE_HOST_AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/new",
      XROLE_HOST_AWS_ROLE_ARN: "old-role",
    });
    // Nothing new, and everything that was kept stays.
    expect(applyChanges(before, shellChanges(before, environmentChanges(before, PLAN, CREDENTIALS)))).toEqual({
      ...before,
      ...ROLE,
    });
  });

  it("removes nothing that it sets, and no copy that is not there", () => {
    const env = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/new",
      XROLE_HOST_AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/old",
    };
    const { set, unset } = shellChanges(env, environmentChanges(env, PLAN, CREDENTIALS));
    expect(set).toHaveProperty("XROLE_HOST_AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/new");
    expect(unset.filter((name) => name in set || name.startsWith("XROLE_HOST_AWS_CONTAINER"))).toEqual([]);
  });

  it("keeps the user's own files when a role is undone that was put there as keys", () => {
    const before = { PATH: "/bin", ...filled(FILES) };
    const within = applyChanges(before, shellChanges(before, environmentChanges(before, PLAN, CREDENTIALS)));
    expect(applyChanges(within, undoChanges(within, false))).toEqual(before);
    const copies = { ...within, XROLE_HOST_AWS_CONFIG_FILE: "/left/by/somebody" };
    expect(applyChanges(copies, undoChanges(copies, false))).toEqual(before);
    expect(undoChanges(within, false).unset).not.toContain("AWS_CONFIG_FILE");
  });

  it("keeps the mark of an endpoint only while it leads there, or did before", () => {
    const forged = { XROLE_ENDPOINT: "http://127.0.0.1:1/x" };
    const within = applyChanges(forged, shellChanges(forged, environmentChanges(forged, PLAN, CREDENTIALS)));
    expect(within).toEqual(ROLE);
  });

  it("keeps keys that are not xrole's when a role is undone", () => {
    const env = { ...filled(KEYS), ...filled(OWN) };
    // What the role's own account and end were says nothing of these keys.
    const foreign = KEYS.filter((name) => name !== "AWS_ACCOUNT_ID" && name !== "AWS_CREDENTIAL_EXPIRATION");
    expect(applyChanges(env, undoChanges(env, true))).toEqual(filled(foreign));
    const alone = filled(KEYS);
    expect(applyChanges(alone, undoChanges(alone, true))).toEqual(alone);
    expect(applyChanges(env, undoChanges(env, false))).toEqual({});
  });

  it("removes the region and the settings that xrole set, and no other", () => {
    const env = {
      ...{ AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "us-east-1", XROLE_REGION: "eu-west-1" },
      ...{ AWS_CA_BUNDLE: "/ca.pem", AWS_RETRY_MODE: "mine", XROLE_SETTINGS: "AWS_CA_BUNDLE" },
    };
    expect(applyChanges(env, undoChanges(env, false))).toEqual({
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_RETRY_MODE: "mine",
    });
  });

  it("gets the region of FIPS back that the user gave", () => {
    const env = { AWS_REGION: "us-gov-west-1", XROLE_HOST_AWS_REGION: "us-gov-west-1-fips" };
    expect(applyChanges(env, undoChanges(env, false))).toEqual({ AWS_REGION: "us-gov-west-1-fips" });
  });
});
