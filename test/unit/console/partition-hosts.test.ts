// The addresses of each partition's sign-in and console.
import { describe, expect, it } from "vitest";
import { checkedPage, consolePage, signInEndpoint } from "../../../src/console/partition-hosts.ts";

const KNOWN = [
  ["us-east-1", "signin.aws.amazon.com", "console.aws.amazon.com"],
  ["aws-global", "signin.aws.amazon.com", "console.aws.amazon.com"],
  ["us-west-2", "us-west-2.signin.aws.amazon.com", "console.aws.amazon.com"],
  ["eu-central-1", "eu-central-1.signin.aws.amazon.com", "console.aws.amazon.com"],
  ["mx-central-1", "mx-central-1.signin.aws.amazon.com", "console.aws.amazon.com"],
  ["cn-north-1", "signin.amazonaws.cn", "console.amazonaws.cn"],
  ["cn-northwest-1", "signin.amazonaws.cn", "console.amazonaws.cn"],
  ["us-gov-west-1", "signin.amazonaws-us-gov.com", "console.amazonaws-us-gov.com"],
  ["us-gov-east-1", "us-gov-east-1.signin.amazonaws-us-gov.com", "console.amazonaws-us-gov.com"],
  ["eusc-de-east-1", "eusc-de-east-1.signin.amazonaws-eusc.eu", "console.amazonaws-eusc.eu"],
] as const;

describe("the console of", () => {
  it.each(KNOWN)("%s is signed in to at %s, and is %s", (region, signIn, host) => {
    const shown = region === "aws-global" ? "us-east-1" : region;
    expect(signInEndpoint(region)).toBe(`https://${signIn}`);
    expect(consolePage(region, undefined)).toBe(`https://${host}/console/home?region=${shown}`);
    expect(consolePage(region, "s3")).toBe(`https://${host}/s3/home?region=${shown}`);
    const page = `https://${shown}.${host}/s3/buckets/x?tab=objects`;
    expect(checkedPage(region, page)).toBe(page);
  });

  it.each(["us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1"])("%s is not known", (region) => {
    expect(() => signInEndpoint(region)).toThrow(expect.objectContaining({ code: "console-unknown" }));
    expect(() => consolePage(region, "s3")).toThrow(expect.objectContaining({ code: "console-unknown" }));
  });
});

describe("a page", () => {
  it.each([
    "http://console.aws.amazon.com/",
    "https://evil.example/",
    "https://console.aws.amazon.com.evil.example/",
    "https://evilaws.amazon.com/",
    "https://console.aws.amazon.com@evil.example/",
    "https://user@console.aws.amazon.com/",
    "https://console.amazonaws.cn/",
    "javascript:alert(1)",
    "console.aws.amazon.com",
    "",
  ])("that is not the console's is refused: %s", (page) => {
    expect(() => checkedPage("us-east-1", page)).toThrow(expect.objectContaining({ code: "setting-invalid" }));
  });

  it("of a service that is beside the console is taken", () => {
    expect(checkedPage("us-east-1", "https://health.aws.amazon.com/health/home")).toBe(
      "https://health.aws.amazon.com/health/home",
    );
  });

  it.each(["S3", "s3/../x", "s3?x", "a b", "", "x".repeat(65)])("has no service %j", (service) => {
    expect(() => consolePage("us-east-1", service)).toThrow(expect.objectContaining({ code: "setting-invalid" }));
  });
});
