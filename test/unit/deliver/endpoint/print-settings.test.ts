// What a consumer of an endpoint is told to set. The lists are written out once more, since a name that is missing in the code would be
// missing in a list that is made of it.
import { describe, expect, it } from "vitest";
import { settingsFailure, settingsForm, printSettings } from "../../../../src/deliver/endpoint/print-settings.ts";

const ONE = {
  profile: "p",
  uri: "http://127.0.0.1:1/x",
  tokenFile: "/t/token",
  changes: {
    set: {
      AWS_REGION: "eu-west-1",
      AWS_DEFAULT_REGION: "eu-west-2",
      AWS_CA_BUNDLE: "/ca.pem",
      AWS_RETRY_MODE: "standard",
      XROLE_PROFILE: "p",
    },
    unset: ["AWS_PROFILE"],
  },
};

describe("the form", () => {
  it("is the one that is asked for, else sh for one profile and json for more", () => {
    expect([settingsForm(undefined, 1), settingsForm(undefined, 2), settingsForm("docker", 2)]).toEqual([
      "sh",
      "json",
      "docker",
    ]);
    expect([settingsForm("sh", 2), settingsForm("json", 1), settingsForm("fish", 1)]).toEqual([
      "sh",
      "json",
      undefined,
    ]);
  });

  it("fails so that its reader notices", () => {
    expect(settingsFailure("sh", 77)).toBe("(exit 77);\n");
    expect(settingsFailure("docker", 77)).toBe("--xrole-failed (exit 77)\n");
    expect(settingsFailure("json", 77)).toBe("");
  });
});

describe("docker", () => {
  it("is told the endpoint, the token and the settings, and no file of the image's", () => {
    const variables = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/x",
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "/run/xrole-token",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_CREDENTIAL_PROFILES_FILE: "/dev/null",
      CPL_AWS_CREDENTIALS_FILE: "/dev/null",
      BOTO_CONFIG: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_REGION: "eu-west-1",
      AWS_DEFAULT_REGION: "eu-west-2",
      AWS_RETRY_MODE: "standard",
    };
    const words = Object.entries(variables).map(([name, value]) => `-e ${name}=${value}`);
    const before = "--network host -v /t/token:/run/xrole-token:ro";
    expect(printSettings("docker", [ONE])).toBe(`${before} ${words.join(" ")}\n`);
    const none = { ...ONE, changes: { set: {}, unset: [] } };
    expect(printSettings("docker", [none])).not.toContain("REGION");
  });
});

describe("a program", () => {
  it("is told each profile's place and variables", () => {
    const { changes, ...place } = ONE;
    expect(JSON.parse(printSettings("json", [ONE, { ...ONE, profile: "q" }]))).toEqual([
      { ...place, environment: changes.set },
      { ...place, profile: "q", environment: changes.set },
    ]);
  });
});

describe("a shell", () => {
  it("keeps what it overwrites aside, then takes the changes and the token", () => {
    const lines = printSettings("sh", [ONE]).trimEnd().split("\n");
    const kept = [
      ...["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"],
      ...["AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"],
      ...["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"],
      ...["AWS_CREDENTIAL_PROFILES_FILE", "CPL_AWS_CREDENTIALS_FILE", "BOTO_CONFIG", "AWS_SDK_LOAD_CONFIG"],
      "AWS_EC2_METADATA_DISABLED",
    ].map((name) => `test -n "\${XROLE_ENDPOINT-}" || test -z "\${${name}-}" || export XROLE_HOST_${name}="$${name}";`);
    expect(lines.slice(0, kept.length)).toEqual(kept);
    expect(lines.slice(kept.length)).toEqual([
      "unset AWS_PROFILE;",
      "export AWS_REGION='eu-west-1';",
      "export AWS_DEFAULT_REGION='eu-west-2';",
      "export AWS_CA_BUNDLE='/ca.pem';",
      "export AWS_RETRY_MODE='standard';",
      "export XROLE_PROFILE='p';",
      `export AWS_CONTAINER_AUTHORIZATION_TOKEN="$(cat '/t/token')";`,
    ]);
  });
});
