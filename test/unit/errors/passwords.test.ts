import { describe, expect, it } from "vitest";
import { XroleError } from "../../../src/errors/error.ts";
import { withoutPassword } from "../../../src/errors/passwords.ts";

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
