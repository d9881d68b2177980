// What is loaded before it is needed: the way that scripts go in a loop must not wait for the SDK, commander, chalk or ini.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

interface Metafile {
  readonly outputs: Readonly<
    Record<string, { readonly inputs: object; readonly imports: readonly { path: string; kind: string }[] }>
  >;
}

const ROOT = resolve(import.meta.dirname, "../..");
const { outputs } = JSON.parse(readFileSync(join(ROOT, "dist/metafile.json"), "utf8")) as Metafile;
const main = outputs["dist/main.cjs"];

describe("the bundle", () => {
  it("has the way that scripts go in a loop in one file, with no package and nothing slow of Node's", () => {
    const inputs = Object.keys(main?.inputs ?? {});
    expect(inputs).toEqual(expect.arrayContaining(["exec", "env"].map((name) => `src/commands/${name}.ts`)));
    expect(inputs.filter((path) => !path.startsWith("src/"))).toEqual([]);
    expect(inputs.filter((path) => /src\/(sts|sandbox)\//.test(path))).toEqual([]);
    const loaded = main?.imports.filter(({ kind }) => kind !== "dynamic-import").map(({ path }) => path);
    expect([...new Set(loaded)].sort()).toEqual(["node:buffer", "node:fs", "node:os", "node:path"]);
  });

  it("runs from text that V8's one-byte strings hold, without an import() of its own", () => {
    const text = readFileSync(join(ROOT, "dist/main.cjs"), "latin1");
    // eslint-disable-next-line no-control-regex -- ASCII is what this is about
    expect(text).toMatch(/^[\u0000-\u007f]*$/);
    expect(text).not.toContain("import(");
  });

  it("does not hold the SDK's default credential chain", () => {
    const all = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
    expect(all.filter((path) => /credential-provider-(node|ini|env|process|sso|web-identity)/.test(path))).toEqual([]);
    expect(all.some((path) => path.includes("@aws-sdk/client-sts/"))).toBe(true);
  });
});
