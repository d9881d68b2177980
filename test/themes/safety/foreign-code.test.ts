// Nothing that xrole executes is read from a folder of data: not from the cache, the working directory, the home or a temporary
// folder, whatever lies there.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { assumeRoleReply, fakeAws } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { GUARD, xrole } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const RECORDER = join(ROOT, "test/harness/code-log.cjs");
const PARTS = ["main", "cli", "wording", "resolve", "sts", "ini"];
const CONFIG =
  "[profile p]\nrole_arn = arn:aws:iam::222222222222:role/p\ncredential_source = Environment\nregion = us-east-1\n";

/** A program that leaves a mark, as each kind of file. */
const hostile = (mark: string): Record<string, string> => {
  const code = `require("node:fs").appendFileSync(${JSON.stringify(mark)}, __filename + "\\n");`;
  const packages = [
    "xrole",
    "commander",
    "chalk",
    "ini",
    "fs",
    "node:fs",
    "os",
    "path",
    "wording.cjs",
    "@aws-sdk/client-sts",
  ];
  return {
    ...Object.fromEntries(PARTS.flatMap((part) => [`${part}.cjs`, `dist/${part}.cjs`].map((name) => [name, code]))),
    ...Object.fromEntries(
      PARTS.map((part) => [`${part}-0123456789abcdef-${process.version}-${process.arch}.code`, code]),
    ),
    ...Object.fromEntries(packages.map((name) => [`node_modules/${name}/index.js`, code])),
    "package.json": JSON.stringify({
      name: "xrole",
      main: "main.cjs",
      type: "module",
      imports: { "#x": "./main.cjs" },
    }),
    "index.js": code,
    "bin/xrole.js": code,
    "evil.cjs": code,
    ".env": "NODE_OPTIONS=--require ./evil.cjs\nXROLE_CACHE_DIR=evil\n",
    "bunfig.toml": 'preload = ["./evil.cjs"]\n',
    "node.config.json": JSON.stringify({ nodeOptions: { require: ["./evil.cjs"] } }),
    ".noderc": "--require ./evil.cjs\n",
  };
};

/** Where data is read from or written to, in a home. */
const PLACES: readonly (readonly [place: string, env: (home: string) => Record<string, string>])[] = [
  ["here", (home) => ({ XROLE_CACHE_DIR: join(home, "here") })],
  ["run/xrole", (home) => ({ XDG_RUNTIME_DIR: join(home, "run") })],
  ["cache/xrole", (home) => ({ XDG_CACHE_HOME: join(home, "cache") })],
  [".cache/xrole", () => ({})],
  [".config/xrole", () => ({})],
  ["tmp", (home) => ({ TMPDIR: join(home, "tmp") })],
  ["", () => ({})],
];
const COMMANDS = [
  ["env", "p"],
  ["credential-process", "p"],
  ["exec", "p", "--", "true"],
  ["exec", "p", "--renew", "--", "true"],
  ["list"],
  ["cache", "list"],
  ["explain", "p"],
  ["env", "nobody"],
  ["--help"],
];

describe("what is executed", () => {
  it.each(PLACES)(
    "comes from the package alone, with hostile files in %j and in the working directory",
    async (place, more) => {
      const { url } = await fakeAws((response, { body }) =>
        response.end(assumeRoleReply(body, { expiration: new Date(Date.now() + 3_600_000).toISOString() })),
      );
      const home = makeHome({ ".aws/config": CONFIG });
      const [mark, log] = [join(home, "mark"), join(home, "log")];
      const cwd = join(home, "work");
      for (const folder of [cwd, join(home, place)])
        for (const [name, text] of Object.entries(hostile(mark))) {
          const file = join(folder, name);
          mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
          writeFileSync(file, text, { mode: 0o600 });
        }
      const env = {
        HOME: home,
        AWS_ACCESS_KEY_ID: "AKIAENV",
        AWS_SECRET_ACCESS_KEY: secret("secret-of-env"),
        AWS_ENDPOINT_URL_STS: url,
        NODE_OPTIONS: `${GUARD} --require=${RECORDER}`,
        XROLE_TEST_CODE: log,
        ...more(home),
      };
      for (const command of COMMANDS) {
        const { status, stderr } = await xrole(command, { env, cwd });
        expect(status, `${command.join(" ")}: ${stderr}`).toBe(command[1] === "nobody" ? 78 : 0);
      }
      expect(existsSync(mark) ? readFileSync(mark, "utf8") : "", "hostile files that ran").toBe("");
      const loaded = [...new Set(readFileSync(log, "utf8").trim().split("\n"))];
      // That the recorder sees what is loaded.
      expect(loaded).toEqual(
        expect.arrayContaining(["bin/xrole.js", "dist/main.cjs", "dist/cli.cjs"].map((file) => join(ROOT, file))),
      );
      expect(
        loaded.filter((file) => ![join(ROOT, "bin/"), join(ROOT, "dist/")].some((own) => file.startsWith(own))),
      ).toEqual([]);
    },
    60_000,
  );
});
