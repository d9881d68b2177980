// The harness itself: a test that lets something leave the machine, or shows a secret, must fail.
import { networkInterfaces } from "node:os";
import { describe, expect, it } from "vitest";
import { makeHome } from "../harness/home.ts";
import { expectClean, xrole } from "../harness/run.ts";
import { secret } from "../harness/secrets.ts";

describe("the guard", () => {
  it("fails a run that connects to another machine, even one that handles the error", async () => {
    await expect(xrole(["env"], { env: { HOME: makeHome() } })).rejects.toThrow("169.254.169.254");
    const config =
      "[profile p]\nrole_arn = arn:aws:iam::222222222222:role/r\ncredential_source = Environment\nregion = us-east-1\n";
    const env = {
      HOME: makeHome({ ".aws/config": config }),
      AWS_ACCESS_KEY_ID: "A",
      AWS_SECRET_ACCESS_KEY: secret("secret-of-env"),
    };
    await expect(xrole(["env", "p"], { env })).rejects.toThrow("sts.us-east-1.amazonaws.com");
  });

  it.runIf(process.env.XROLE_TEST_ALONE)("has a network of loopback alone, whatever a client ignores", () => {
    expect(Object.keys(networkInterfaces())).toEqual(["lo"]);
  });

  it.each([
    ["a secret", secret("handed-out-by-a-test")],
    ["an escape byte", "\u001b[31m"],
    ["a stack trace", "    at run (file:///x.js:1:2)"],
  ])("fails a run that shows %s on stderr", (_, text) => {
    expect(() => expectClean(`xrole: failed\n${text}\n`)).toThrow();
  });
});
