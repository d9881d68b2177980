import { describe, expect, it } from "vitest";
import { XroleError } from "../../../src/errors/error.ts";

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
