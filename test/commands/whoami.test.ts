// `xrole whoami`: who STS says that the credentials are.
import { describe, expect, it } from "vitest";
import { fakeAws, sts } from "../harness/fake-aws.ts";
import { xrole } from "../harness/run.ts";
import { secret } from "../harness/secrets.ts";
import { call, ROLE } from "../harness/option-world.ts";

describe("whoami", () => {
  it("says who STS says we are", async () => {
    const run = await call(["whoami", "p", "--json"]);
    expect(run.sent.map(({ Action }) => Action)).toEqual(["AssumeRole", "GetCallerIdentity"]);
    expect(JSON.parse(run.stdout)).toEqual({
      profile: "p",
      accountId: "999999999999",
      arn: "arn:aws:iam::999999999999:user/somebody",
      userId: "AIDASOMEBODY",
      region: "us-east-1",
      expiration: "2099-01-01T00:00:00Z",
      hops: [ROLE],
    });
  });

  it("without a profile is about the shell", async () => {
    const { url } = await fakeAws(sts);
    const keys = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-env") };
    const run = await xrole(["whoami"], { env: { ...keys, AWS_ENDPOINT_URL_STS: url } });
    expect(run).toMatchObject({ status: 0, stderr: "" });
    expect(run.stdout).toMatch(/^account +999999999999\narn +arn:aws:iam::999999999999:user\/somebody\n/);
    expect(run.stdout).not.toContain("profile");
  });
});
