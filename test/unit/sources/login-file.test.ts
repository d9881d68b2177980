// The file of a login where it cannot be read, or holds what is no text.
import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseProofKey } from "../../../src/sources/login/dpop.ts";
import { checkLogin, readLogin } from "../../../src/sources/login-file.ts";
import { makeHome } from "../../harness/home.ts";

describe("the file of a login", () => {
  const home = makeHome({ early: '\n{"b": "x"}' });

  it("that cannot be read is told of with what it is", () => {
    const error = { code: "login-unreadable", details: { file: home, problem: "it is a directory" } };
    expect(() => readLogin(home)).toThrow(expect.objectContaining(error) as Error);
    const long = join(home, "x".repeat(300));
    expect(() => readLogin(long)).toThrow(
      expect.objectContaining({
        details: { file: long, problem: "its path is too long" },
        cause: expect.objectContaining({ code: "ENAMETOOLONG" }) as object,
      }) as Error,
    );
  });

  it("is named with the first line for what is not found in it, and only text is checked", () => {
    expect(() => checkLogin(join(home, "early"), { a: "x\ny" })).toThrow(`${join(home, "early")}:1`);
    expect(() => checkLogin(join(home, "early"), { a: ["x\ny"] })).not.toThrow();
  });

  it("has its key as text", () => {
    const key = generateKeyPairSync("ec", { namedCurve: "prime256v1" }).privateKey.export({
      format: "pem",
      type: "sec1",
    });
    expect(parseProofKey(key)).toBeDefined();
    expect(parseProofKey({ key })).toBeUndefined();
  });
});
