// What is loaded before it is needed: the way that scripts go in a loop must not wait for the SDK, commander, chalk or ini.
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { makeHome } from "../harness/home.ts";
import { xrole } from "../harness/run.ts";

interface Metafile {
  readonly outputs: Readonly<
    Record<string, { readonly inputs: object; readonly imports: readonly { path: string }[] }>
  >;
}

const DIST = join(resolve(import.meta.dirname, "../.."), "dist");
const { outputs } = JSON.parse(readFileSync(join(DIST, "metafile.json"), "utf8")) as Metafile;
const inputsOf = (part: string): string[] => Object.keys(outputs[`dist/${part}.cjs`]?.inputs ?? {});
const importsOf = (part: string): string[] => [
  ...new Set(outputs[`dist/${part}.cjs`]?.imports.map(({ path }) => path).filter((path) => path.startsWith("node:"))),
];

describe("the bundle", () => {
  it("has the way that scripts go in a loop in one part, with no package and nothing slow of Node's", () => {
    const inputs = inputsOf("main");
    expect(inputs).toEqual(expect.arrayContaining(["exec", "env"].map((name) => `src/commands/${name}.ts`)));
    expect(inputs.filter((path) => !path.startsWith("src/"))).toEqual([]);
    expect(inputs.filter((path) => /src\/(sts|sandbox)\//.test(path))).toEqual([]);
    expect(importsOf("main").sort()).toEqual(["node:buffer", "node:fs", "node:os", "node:path"]);
    expect(importsOf("start").sort()).toEqual(["node:fs", "node:path", "node:vm"]);
  });

  it("has the SDK in the parts that call AWS, and nowhere else", () => {
    const withSdk = Object.keys(outputs).filter((path) =>
      Object.keys(outputs[path]?.inputs ?? {}).some((input) => /node_modules\/@(aws-sdk|smithy)\//.test(input)),
    );
    expect(withSdk.sort()).toEqual(
      ["", "library/"].flatMap((of) => [`dist/${of}login.cjs`, `dist/${of}sts.cjs`]).sort(),
    );
  });

  it("has a library with nothing of the command line, and of packages only what a proxy takes", () => {
    const inputs = inputsOf("library/index");
    expect(inputs).toContain("src/index.ts");
    expect(inputs.filter((path) => !/^(src|node_modules\/(agent-base|https-proxy-agent))\//.test(path))).toEqual([]);
    expect(inputs.filter((path) => /src\/(deliver|sandbox|cli|main|terminal|picker)/.test(path))).toEqual([]);
  });

  it.each(readdirSync(DIST).filter((name) => name.endsWith(".cjs")))(
    "can run %s from text in one-byte strings, without an import() of its own",
    (name) => {
      const text = readFileSync(join(DIST, name), "latin1");
      // eslint-disable-next-line no-control-regex -- ASCII is what this is about
      expect(/^[\u0000-\u007f]*$/.test(text)).toBe(true);
      expect(text).not.toContain("import(");
      expect(text).not.toContain('require("./');
    },
  );

  it("does not hold the SDK's default credential chain", () => {
    const all = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
    expect(all.filter((path) => /credential-provider-(node|ini|env|process|sso|web-identity)/.test(path))).toEqual([]);
    expect(all.some((path) => path.includes("@aws-sdk/client-sts/"))).toBe(true);
  });
});

describe("the compiled code", () => {
  it("is kept of each part that ran, but of the first part only after a run that goes where scripts go", async () => {
    const HOME = makeHome({ ".aws/credentials": "[p]\naws_access_key_id = A\naws_secret_access_key = secret-of-p\n" });
    const folder = join(HOME, "cache");
    mkdirSync(folder, { mode: 0o700 });
    const run = (...words: string[]): Promise<unknown> => xrole(words, { env: { HOME, XROLE_CACHE_DIR: folder } });
    const parts = (): string[] => readdirSync(folder).map((name) => name.replace(/-.*/, ""));
    await run("list", "--nonsense");
    expect(parts()).toEqual([]);
    await run("list");
    expect(parts()).toEqual(["cli"]);
    await run("env", "p");
    expect(parts().sort()).toEqual(["cli", "main", "resolve"]);
  });
});
