// `xrole credential-process`: the JSON that SDKs read.
import { describe, expect, it } from "vitest";
import { makeHome } from "../harness/home.ts";
import { xrole } from "../harness/run.ts";
import { KEYS, world } from "../harness/role-world.ts";

describe("credential-process", () => {
  it("prints the form that SDKs read", async () => {
    const { env } = await world();
    const run = await xrole(["credential-process", "b-s3"], { env: { ...env, ...KEYS } });
    expect(JSON.parse(run.stdout)).toEqual({
      Version: 1,
      AccessKeyId: "ASIArolebs3",
      SecretAccessKey: "secret-of-role-b-s3",
      SessionToken: "token-of-role-b-s3",
      Expiration: "2099-01-01T00:00:00Z",
      AccountId: "222222222222",
    });
  });

  it("hands out a profile's own keys without asking anybody", async () => {
    const HOME = makeHome({
      ".aws/credentials": "[own]\naws_access_key_id = AKIAOWN\naws_secret_access_key = secret-of-own\n",
    });
    const run = await xrole(["credential-process", "own"], { env: { HOME, ...KEYS } });
    expect(JSON.parse(run.stdout)).toEqual({ Version: 1, AccessKeyId: "AKIAOWN", SecretAccessKey: "secret-of-own" });
  });
});
