import { describe, expect, it } from "vitest";
import { withoutPassword, XroleError } from "../../../src/errors/errors.ts";

describe("a name of AWS's that cannot be resolved", () => {
  const hint = (endpoint: string, problem = "its name cannot be resolved"): string | undefined =>
    new XroleError("sts-unreachable", { endpoint, problem }).hint;
  const GENERAL = "check the network, the region, the endpoint and the proxy variables";

  it.each([
    ["https://sts.narnia.amazonaws.com/", "narnia does not look like a region; they are named as in eu-west-1"],
    ["https://sts.useast1.amazonaws.com/", "useast1 does not look like a region"],
    ["https://sts-fips.us-east-1b.api.aws/", "us-east-1b is an availability zone; its region is us-east-1"],
    ["https://portal.sso.Ireland.amazonaws.com/", "Ireland does not look like a region"],
    ["https://sts.us-east-7.amazonaws.com/", GENERAL],
    ["https://sts.us-gov-west-1.amazonaws.com/", GENERAL],
    ["https://sts.amazonaws.com/", GENERAL],
    ["https://sts.example.com/", GENERAL],
  ])("may have a wrong region in it: %s", (endpoint, expected) => {
    expect(hint(endpoint)).toContain(expected);
    expect(hint(endpoint, "connection refused")).toBe(GENERAL);
  });
});

describe("an address that is shown", () => {
  it.each([
    ["http://user:hunter2@host:8080/x", "http://***@host:8080/x"],
    ["https://token@host", "https://***@host"],
    ["HTTP://user:p@ss@host/", "HTTP://***@host/"],
    ["http://user:pa/ss@host/", "http://***@host/"],
    ["http://user:my pass@host/", "http://***@host/"],
    ["http://user:a b/c@host/", "http://***@host/"],
    ["http:/user:hunter2@host", "http:/***@host"],
    ["http:\\\\user:hunter2@host", "http:\\\\***@host"],
    ["//user:hunter2@host", "//***@host"],
    ["socks5://user:hunter2@host:1080", "socks5://***@host:1080"],
    ["helper --url=https://user:hunter2@host --as me@example.com", "helper --url=https://***@host --as me@example.com"],
    ["http://a:1@x and http://b:2@y", "http://***@y"],
    ["https://host/path?token=hunter2", "https://host/path?***"],
    ["https://host?token=hun?ter2#hunter2", "https://host?***"],
    ["https://host/#hunter2 and https://other/?x=hunter2", "https://host/#*** and https://other/?***"],
    ["https://bob:hunter2@host/?token=hunter2", "https://***@host/?***"],
    ["https://host/?mail=hunter2@example.com", "https://***@example.com"],
    ["https://company.awsapps.com/start#/", "https://company.awsapps.com/start#/"],
    ["is it https://host/?", "is it https://host/?"],
    ["why? #1", "why? #1"],
    [
      "arn:aws:sts::111111111111:assumed-role/r/me@example.com",
      "arn:aws:sts::111111111111:assumed-role/r/me@example.com",
    ],
  ])("has no password in it: %s", (text, expected) => {
    expect(withoutPassword(text)).toBe(expected);
  });

  it.each(["endpoint_url", "ec2_metadata_service_endpoint"])("is not shown of a %s without a scheme", (name) => {
    const at = { where: "environment", name, expected: "a URL" };
    const { message } = new XroleError("setting-invalid", { ...at, value: "user:hunter@2@host" });
    expect(message).toBe(`environment: ${name} = ***@host is not a URL`);
  });

  it.each(["endpoint_url", "AWS_EC2_METADATA_SERVICE_ENDPOINT"])("is shown of a %s without its query", (name) => {
    for (const value of [
      "host/?token=hunter2",
      "http://host/?token=a hunter2",
      "http://host/#hunter2",
      "host?hunter2",
    ]) {
      const { message } = new XroleError("setting-invalid", { where: "environment", name, expected: "a URL", value });
      expect(message).toContain("host");
      expect(message).not.toContain("hunter2");
    }
  });

  it("is not shown of a container's address without a scheme", () => {
    const at = { name: "AWS_CONTAINER_CREDENTIALS_FULL_URI", problem: "is not a URL" };
    const { message } = new XroleError("container-uri", { ...at, value: "user:hunter@2@host" });
    expect(message).toContain("***@host");
    expect(message).not.toContain("hunter");
  });

  it("takes time that grows with the text", () => {
    expect(withoutPassword(`@${"/".repeat(1_000_000)}`)).toHaveLength(1_000_001);
    expect(withoutPassword("http://".repeat(100_000))).toHaveLength(700_000);
  });

  it("has none in an error's message, hint or details", () => {
    const error = new XroleError("sts-unreachable", { endpoint: "http://u:hunter2@h/", problem: "refused" });
    expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain("hunter2");
    expect(error.message).toContain("http://***@h/");
  });
});
