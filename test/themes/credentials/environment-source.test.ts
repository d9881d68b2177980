// credential_source = Environment: which variables are no credentials.
import { describe, expect, it } from "vitest";
import { xrole } from "../../harness/run.ts";
import { KEYS, world } from "../../harness/role-world.ts";

describe("the environment source", () => {
  it.each([
    ["nothing", {}, 78, "holds no keys"],
    ["half a pair", { AWS_ACCESS_KEY_ID: "AKIAENV" }, 78, "AWS_SECRET_ACCESS_KEY is not"],
    ["a blank key", { AWS_ACCESS_KEY_ID: " ", AWS_SECRET_ACCESS_KEY: "x" }, 78, "holds no keys"],
    [
      "expired keys",
      { ...KEYS, AWS_CREDENTIAL_EXPIRATION: "2001-01-01T00:00:00Z" },
      77,
      "expired at 2001-01-01T00:00:00Z",
    ],
    [
      "an expiry that is no time",
      { ...KEYS, AWS_CREDENTIAL_EXPIRATION: "2099-01-01T00:00:60Z" },
      78,
      "is not a timestamp",
    ],
  ])("is an error with %s, and asks nobody", async (_, keys, status, text) => {
    const { env, asked } = await world();
    const run = await xrole(["env", "b-s3"], { env: { ...env, ...keys } });
    expect(run).toMatchObject({ status, stdout: `(exit ${status});\n` });
    expect(run.stderr).toContain(text);
    expect(asked).toHaveLength(0);
  });
});
