// Everything that one command asks of STS has one deadline of 30 seconds, retries included. Slow, so in a file of its own.
import { expect, it } from "vitest";
import { fakeAws } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { xrole } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";

it("an STS that never answers is given up, as a case for later", async () => {
  const { url, asked } = await fakeAws(() => undefined);
  const config = "[profile p]\nrole_arn = arn:aws:iam::222222222222:role/r\ncredential_source = Environment\n";
  const env = {
    HOME: makeHome({ ".aws/config": config }),
    AWS_ACCESS_KEY_ID: "AKIAENV",
    AWS_SECRET_ACCESS_KEY: secret("secret-of-env"),
    AWS_REGION: "us-east-1",
    AWS_ENDPOINT_URL_STS: url,
  };
  const run = await xrole(["env", "p"], { env, limit: 40 });
  expect(run).toMatchObject({ status: 75, stdout: "(exit 75);\n" });
  expect(run.errors.at(-1)?.code).toBe("sts-timeout");
  expect(asked.length).toBeGreaterThanOrEqual(1);
  expect(asked.length).toBeLessThanOrEqual(3);
});
