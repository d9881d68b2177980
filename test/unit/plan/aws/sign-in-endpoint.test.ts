// The endpoints at which logins of `aws login` are renewed, held to the rule set of the SDK's own Sign-In client.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { SigninClient } from "@aws-sdk/nested-clients/signin";
import { describe, expect, it } from "vitest";
import { awsSignInEndpoint, SIGN_IN, usableEndpoint } from "../../../../src/plan/aws/endpoint.ts";
import type { Config } from "../../../../src/config/types.ts";

interface Known {
  readonly partitions: readonly { readonly id: string; readonly regions: Readonly<Record<string, unknown>> }[];
}

const PARTITIONS = "node_modules/@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js";
const { partitionsInfo } = (await import(pathToFileURL(resolve(PARTITIONS)).href)) as { partitionsInfo: Known };
const { config } = new SigninClient({ region: "us-east-1" });

/** What the SDK's rules say. @throws where they exclude it */
function judged(region: string, { fips = false, dualStack = false }, endpoint?: string): string {
  const flags = { UseFIPS: fips, UseDualStack: dualStack };
  return config.endpointProvider({ Region: region, ...flags, ...(endpoint !== undefined && { Endpoint: endpoint }) })
    .url.href;
}

/** The regions of a partition that are places, and one that is not known yet. */
const regionsOf = ({ id, regions }: Known["partitions"][number]): readonly (readonly [string, string])[] => {
  const places = Object.keys(regions).filter((region) => !region.endsWith("-global"));
  const next = places[0]?.replace(/\d+$/, "9") ?? "";
  return [...places, next].map((region) => [id, region]);
};

const FLAGS = [{}, { fips: true }, { dualStack: true }, { fips: true, dualStack: true }];

describe("the endpoint of AWS Sign-In", () => {
  it("is compared in every partition", () => {
    expect(partitionsInfo.partitions.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e"]),
    );
  });

  it.each(partitionsInfo.partitions.flatMap(regionsOf))("is the SDK's: %s %s", (_, region) => {
    for (const flags of FLAGS)
      expect(awsSignInEndpoint(region, flags), JSON.stringify(flags)).toBe(judged(region, flags));
  });

  it("is us-east-1's for the pseudo-region of the whole partition", () => {
    for (const flags of FLAGS) expect(awsSignInEndpoint("aws-global", flags)).toBe(judged("us-east-1", flags));
  });

  it("may be one's own, but not together with FIPS or dual-stack", () => {
    const own = "http://127.0.0.1:4566/sign-in";
    const given = (env: Record<string, string> = {}): string | undefined =>
      usableEndpoint({ AWS_ENDPOINT_URL_SIGNIN: own, ...env }, {} as Config, undefined, SIGN_IN)?.endpoint;
    expect(given()).toBe(judged("eu-west-1", {}, own));
    for (const [flags, variable] of [
      [{ fips: true }, "AWS_USE_FIPS_ENDPOINT"],
      [{ dualStack: true }, "AWS_USE_DUALSTACK_ENDPOINT"],
    ] as const) {
      expect(() => judged("eu-west-1", flags, own)).toThrow("custom endpoint");
      expect(() => given({ [variable]: "true" })).toThrow("a custom endpoint excludes");
    }
    expect(given({ AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" })).toBeUndefined();
  });
});
