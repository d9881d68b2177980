// What is loaded before it is needed: the way that scripts go in a loop must not wait for the SDK, commander, chalk or ini.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

interface Metafile {
  readonly outputs: Readonly<
    Record<string, { readonly inputs: object; readonly imports: readonly { path: string }[] }>
  >;
}

const DIST = join(resolve(import.meta.dirname, "../.."), "dist");
const { outputs } = JSON.parse(readFileSync(join(DIST, "metafile.json"), "utf8")) as Metafile;
const PARTS = readdirSync(DIST).filter((name) => name.endsWith(".cjs"));
const inputsOf = (part: string): string[] => Object.keys(outputs[`dist/${part}.cjs`]?.inputs ?? {});
const importsOf = (part: string): string[] => [
  ...new Set(outputs[`dist/${part}.cjs`]?.imports.map(({ path }) => path).filter((path) => path.startsWith("node:"))),
];

describe("the bundle", () => {
  it("has the way that scripts go in a loop in one part, with no package and nothing slow of Node's", () => {
    const inputs = inputsOf("main");
    expect(inputs).toEqual(expect.arrayContaining(["exec", "env"].map((name) => `src/commands/${name}.ts`)));
    expect(inputs.filter((path) => !/^(later:)?src\//.test(path))).toEqual([]);
    expect(inputs.filter((path) => /src\/(sts|sandbox)\//.test(path))).toEqual([]);
    expect(importsOf("main").sort()).toEqual(["node:buffer", "node:fs", "node:os", "node:path"]);
    expect(importsOf("main")).not.toContain("node:vm");
  });

  it("has the SDK in the parts that call AWS, and nowhere else", () => {
    const withSdk = Object.keys(outputs).filter((path) =>
      Object.keys(outputs[path]?.inputs ?? {}).some((input) => /node_modules\/@(aws-sdk|smithy)\//.test(input)),
    );
    expect(withSdk.sort()).toEqual(["dist/library/sts.cjs", "dist/library/sts.mjs", "dist/sts.cjs"]);
  });

  it.each(["cjs", "mjs"])(
    "has a library (%s) with nothing of the command line, and of packages what a proxy takes",
    (kind) => {
      const inputs = Object.keys(outputs[`dist/library/index.${kind}`]?.inputs ?? {}).filter(
        (path) => !path.startsWith("built-in:"),
      );
      expect(inputs).toContain("src/index.ts");
      expect(inputs.filter((path) => !/^(src|node_modules\/(agent-base|https-proxy-agent))\//.test(path))).toEqual([]);
      expect(inputs.filter((path) => /src\/(deliver|sandbox|cli|main|terminal|picker)/.test(path))).toEqual([]);
    },
  );

  it("keeps that part small: V8 goes over all of it at each call", () => {
    expect(statSync(join(DIST, "main.cjs")).size).toBeLessThan(70_000);
  });

  it("has the wording of errors in a part of its own, which only a failing call needs", () => {
    const holders = PARTS.filter((name) =>
      readFileSync(join(DIST, name), "utf8").includes("takes its credentials from"),
    );
    expect(holders).toEqual(["wording.cjs"]);
  });

  it.each(PARTS)("has in %s ordinary code of the package: no code cache, and only parts that are there", (name) => {
    const text = readFileSync(join(DIST, name), "utf8");
    expect(text).not.toMatch(/\bcachedData\b|enableCompileCache|node:vm|runInThisContext/);
    const parts = [...text.matchAll(/\brequire\("\.\/([^"]*)"\)/g)].map(([, part = ""]) => part);
    expect(parts.filter((part) => !PARTS.includes(part))).toEqual([]);
    expect(text).not.toMatch(/\bimport\(/);
  });

  it("does not hold the SDK's default credential chain", () => {
    const all = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
    expect(all.filter((path) => /credential-provider-(node|ini|env|process|sso|login|http)\//.test(path))).toEqual([]);
    expect(all.some((path) => path.includes("@aws-sdk/client-sts/"))).toBe(true);
  });
});
