// What is loaded before it is needed: the way that scripts go in a loop must not wait for the SDK, commander, chalk or ini.
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { assumeRoleReply, fakeAws } from "../harness/fake-aws.ts";
import { makeHome } from "../harness/home.ts";
import { GUARD, xrole } from "../harness/run.ts";
import { secret } from "../harness/secrets.ts";

interface Metafile {
  readonly outputs: Readonly<
    Record<string, { readonly inputs: object; readonly imports: readonly { path: string; kind: string }[] }>
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
    expect(inputs).toEqual(expect.arrayContaining(["exec", "env"].map((name) => `src/commands/use/${name}.ts`)));
    expect(inputs.filter((path) => !/^(later:)?src\//.test(path))).toEqual([]);
    expect(inputs.filter((path) => /src\/(sts|sandbox)\//.test(path))).toEqual([]);
    expect(importsOf("main").sort()).toEqual(["node:buffer", "node:fs", "node:os", "node:path"]);
    expect(importsOf("main")).not.toContain("node:vm");
  });

  it("has what each command declares beside the command table, and of its code nothing", () => {
    const inputs = inputsOf("cli");
    const declared = inputs.filter((path) => path.startsWith("declaration:src/commands/"));
    expect(declared).toHaveLength(COMMANDS.length);
    const ownParts = ["doctor", "sandbox", "configure", "setup", "console", "completion"];
    expect(inputs.filter((path) => ownParts.some((name) => new RegExp(`^src/.*/${name}\\.ts$`).test(path)))).toEqual(
      [],
    );
    // What a declaration uses to read a value, and nothing else of a part of its own.
    expect(inputs.filter((path) => /^src\/(sandbox|setup|doctor|console)\//.test(path))).toEqual([
      "src/sandbox/world/fault.ts",
    ]);
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
      expect(
        inputs.filter((path) => /src\/(deliver|sandbox|cli|main|terminal\/(?!visible\.ts)|picker)/.test(path)),
      ).toEqual([]);
    },
  );

  it("keeps that part small: V8 goes over all of it at each call", () => {
    expect(statSync(join(DIST, "main.cjs")).size).toBeLessThan(60 * 1024);
  });

  it("loads on a warm call no other part, and of Node's modules only those that it needs", async () => {
    const { url } = await fakeAws((response, { body }) =>
      response.end(assumeRoleReply(body, { expiration: new Date(Date.now() + 3_600_000).toISOString() })),
    );
    const home = makeHome({
      ".aws/config":
        "[profile p]\nrole_arn = arn:aws:iam::222222222222:role/p\ncredential_source = Environment\nregion = us-east-1\n",
    });
    const log = join(home, "log");
    const recorder = join(DIST, "../test/harness/load-log.cjs");
    const env = {
      HOME: home,
      AWS_ACCESS_KEY_ID: "AKIAENV",
      AWS_SECRET_ACCESS_KEY: secret("secret-of-env"),
      AWS_ENDPOINT_URL_STS: url,
    };
    const run = async (...words: string[]): Promise<readonly string[]> => {
      writeFileSync(log, "");
      const recorded = { ...env, NODE_OPTIONS: `${GUARD} --require=${recorder}`, XROLE_TEST_LOADS: log };
      expect(await xrole(words, { env: recorded })).toMatchObject({ status: 0 });
      return readFileSync(log, "utf8").split("\n");
    };
    // That the recorder sees what is loaded.
    expect(await run("credential-process", "p")).toContain("sts.cjs");
    for (const command of ["credential-process", "env"])
      expect((await run(command, "p")).filter((name) => name.endsWith(".cjs"))).toEqual(["main.cjs"]);
    const exec = await run("exec", "p", "--", "true");
    expect(exec.filter((name) => name.endsWith(".cjs"))).toEqual(["main.cjs", "child.cjs"]);
    // process.stderr is set up all the same where the command ends before the watcher has read its number.
    expect(exec.filter((name) => /^process\.stdout|toISOString|performance/.test(name))).toEqual([]);
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
    const imports = outputs[`dist/${name}`]?.imports ?? [];
    const parts = imports.flatMap(({ path }) => (path.startsWith("./") ? [path.slice(2)] : []));
    expect(parts.filter((part) => !PARTS.includes(part))).toEqual([]);
    expect(imports.filter(({ kind }) => kind !== "require-call")).toEqual([]);
  });

  it("does not hold the SDK's default credential chain", () => {
    const all = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
    expect(all.filter((path) => /credential-provider-(node|ini|env|process|sso|login|http)\//.test(path))).toEqual([]);
    expect(all.some((path) => path.includes("@aws-sdk/client-sts/"))).toBe(true);
  });
});
