// The JSON of the instance and the container: which account is taken from it.
import { describe, expect, it } from "vitest";
import { XroleError } from "../../../src/errors/error.ts";
import { parseHostCredentials } from "../../../src/sources/host-credentials.ts";
import { containerReply } from "../../harness/fake-aws.ts";

describe("the reply of an instance or a container", () => {
  const read = (more: object): unknown =>
    parseHostCredentials(
      JSON.stringify({ ...(JSON.parse(containerReply("X")) as object), ...more }),
      (problem) => new XroleError("internal", { problem }),
      (problem) => new XroleError("internal", { problem }),
    );

  it.each<[unknown, string[]]>([
    ["111111111111", ["accountId"]],
    ["$(id)", []],
    [1, []],
    [undefined, []],
  ])("with the account %j has it where it is text that a shell would not run", (AccountId, names) => {
    const keys = ["accessKeyId", "secretAccessKey", "sessionToken", "expiration"];
    expect(Object.keys(Object(read({ AccountId })) as object)).toEqual([...keys, ...names]);
  });
});
