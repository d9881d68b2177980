// The file of a login where it cannot be read, or holds what is no text.
import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseProofKey } from "../../../src/sources/login/dpop.ts";
import { checkLogin, readLogin } from "../../../src/sources/login-file.ts";
import { makeHome } from "../../harness/home.ts";
import { readFileSync } from "node:fs";
import { peekAtLogin } from "../../../src/sources/login-file.ts";

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

describe("a login's file", () => {
  const home = makeHome({ good: '{"a": 1}', bad: "{", lines: '{\n\n  "a": "x",\n  "b": "y\\nz"}' });
  const at = (name: string): string => join(home, name);

  it("is read as an object, damaged or not there", () => {
    expect(readLogin(at("good"))).toEqual({ a: 1 });
    expect(readLogin(at("bad"))).toEqual({});
    expect(readLogin(at("none"))).toBeUndefined();
    expect([peekAtLogin(at("good")), peekAtLogin(at("bad")), peekAtLogin(at("none"))]).toEqual([{ a: 1 }, {}, {}]);
  });

  it("that is no file is unreadable, but for whoever only compares", () => {
    const details = { file: home };
    expect(() => readLogin(home)).toThrow(
      expect.objectContaining({
        code: "login-unreadable",
        details: expect.objectContaining(details) as object,
      }) as Error,
    );
    expect(peekAtLogin(home)).toEqual({});
  });

  it("is checked for what cannot be sent, with the line", () => {
    const { b } = JSON.parse(readFileSync(at("lines"), "utf8")) as { b: string };
    expect(() => checkLogin(at("lines"), { a: "x", none: undefined, n: 1 })).not.toThrow();
    const details = (line: number, name: string): object => ({
      where: `${at("lines")}:${String(line)}`,
      name,
      problem: "holds a line break",
    });
    for (const [values, line, name] of [
      [{ a: "x", b }, 4, "b"],
      [{ c: b }, 1, "c"],
    ] as const)
      expect(() => checkLogin(at("lines"), values)).toThrow(
        expect.objectContaining({ code: "credentials-malformed", details: details(line, name) }) as Error,
      );
    expect(() => checkLogin(at("none"), { b })).toThrow(/none:1/);
  });
});
