// The deadline of 30 seconds is for AWS, not for a user who looks for the device.
import { setTimeout as wait } from "node:timers/promises";
import { expect, it } from "vitest";
import { fakeAws, sts } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { FAST, SPEED } from "../../harness/run.ts";
import { openTerminal, xroleWords } from "../../harness/terminal.ts";

it("a code that is typed after half a minute is still good", async () => {
  const { url, asked } = await fakeAws(sts);
  const config = `[profile p]
role_arn = arn:aws:iam::222222222222:role/r
source_profile = p
aws_access_key_id = AKIAKEYS
aws_secret_access_key = secret-of-keys
mfa_serial = arn:aws:iam::111111111111:mfa/alice
region = us-east-1
`;
  const HOME = makeHome({ ".aws/config": config });
  const terminal = openTerminal(xroleWords("whoami", "p"), {
    HOME,
    AWS_ENDPOINT_URL_STS: url,
    ...FAST,
  });
  await terminal.see("MFA code for ");
  // The time itself is what this is about.
  await wait(31_000 / SPEED);
  terminal.type("123456\r");
  await terminal.see("account   999999999999");
  expect((await terminal.ended).status).toBe(0);
  expect(asked.map(({ body }) => new URLSearchParams(body).get("Action"))).toEqual(["AssumeRole", "GetCallerIdentity"]);
});
