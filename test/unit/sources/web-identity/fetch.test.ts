// The token of a web identity: how its file is read, and which are refused.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Context } from "../../../../src/context/types.ts";
import { webIdentityToken } from "../../../../src/sources/web-identity/fetch.ts";
import { makeHome } from "../../../harness/home.ts";

describe("the token of a web identity", () => {
  const ROLE = { roleArn: "arn:aws:iam::222222222222:role/r", sessionName: "s", sessionNameGenerated: false };
  const read = (content: string | undefined, isAbsolute = false): (() => string) => {
    const cwd = makeHome(content === undefined ? {} : { token: content });
    const tokenFile = isAbsolute ? join(cwd, "token") : "token";
    return () => webIdentityToken({ cwd } as Context, { kind: "web-identity", from: "config:1", tokenFile, ...ROLE });
  };

  it("is read without the space around it", () => {
    expect(read(" token\r\n")()).toBe("token");
    expect(read("token", true)()).toBe("token");
    expect(read(`${"x".repeat(20_000)}\n`)()).toHaveLength(20_000);
  });

  it.each<[string, string | undefined, string]>([
    ["is not there", undefined, "there is no such file"],
    ["is empty", " \n", "it is empty"],
    ["has two lines", "a\nb", "its token holds a line break"],
    ["has another letter", "aü", "its token holds a character that is not printable ASCII"],
    ["is too long", "x".repeat(20_001), "it is too long for a token"],
  ])("that %s is an error", (_, content, problem) => {
    const details = { where: "config:1", file: "token", problem };
    expect(read(content)).toThrow(expect.objectContaining({ code: "web-identity-token", details }) as Error);
  });
});

it("the file of a web identity's token that cannot be read is told of with the system's reason", () => {
  const tokenFile = "x".repeat(300);
  const source = { from: "config:1", tokenFile, roleArn: "", sessionName: "s", sessionNameGenerated: false };
  expect(() => webIdentityToken({ cwd: "/" } as Context, { kind: "web-identity", ...source })).toThrow(
    expect.objectContaining({
      details: { where: "config:1", file: tokenFile, problem: "its path is too long" },
      cause: expect.objectContaining({ code: "ENAMETOOLONG" }) as object,
    }) as Error,
  );
});
