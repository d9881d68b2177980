// Every file that xrole reads, with something else in its place: a FIFO, a device, a directory and the like. Each run comes to an end
// at once and says which file of which setting it is; /dev/null is an empty file.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { awsError, fakeAws, hourly } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { ODD_FILES } from "../../harness/odd-files.ts";
import { xrole, type Run } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";
import { start } from "../../harness/start.ts";

const ROLE = "role_arn = arn:aws:iam::222222222222:role/r";
const KEYS = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-env") };
const CONFIG =
  `[profile p]\n${ROLE}\ncredential_source = Environment\nregion = us-east-1\n` +
  `[profile web]\n${ROLE}\nweb_identity_token_file = ODD\nregion = us-east-1\n` +
  `[profile ca]\n${ROLE}\ncredential_source = Environment\nca_bundle = ODD\nregion = us-east-1\n` +
  `[profile task]\n${ROLE}\ncredential_source = EcsContainer\nregion = us-east-1\n` +
  `[sso-session s]\nsso_region = us-east-1\nsso_start_url = https://example.com/start\n` +
  `[profile sso]\nsso_session = s\nsso_account_id = 222222222222\nsso_role_name = r\nregion = us-east-1\n` +
  `[profile login]\nlogin_session = arn:aws:iam::222222222222:user/u\nregion = us-east-1\n`;

/** What may be in a file's place, and a file that is empty. */
const THINGS: [thing: string, make: (path: string) => void][] = [
  ...Object.entries(ODD_FILES),
  ["/dev/null", (path): void => symlinkSync("/dev/null", path)],
];
const IN_PLACE =
  /it is (a directory|not a regular file|larger than \d+ [KM]iB|a symbolic link( to itself)?)|ELOOP|EISDIR/;

interface Reader {
  /** The file in the home. */
  readonly file: string;
  readonly words: string;
  readonly env?: (path: string) => Record<string, string>;
  readonly status: number;
  /** What names the setting. */
  readonly names?: string;
  /** What an empty file leads to. */
  readonly empty: readonly [status: number, text: string];
}

const sha = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest("hex");
const NO_CACHE = "credential-process p --no-cache";
const SETUP = "setup new --from-role arn:aws:iam::111111111111:role/a --role-arn arn:aws:iam::222222222222:role/b";

const READERS: Readonly<Record<string, Reader>> = {
  AWS_CONFIG_FILE: {
    file: "odd",
    words: NO_CACHE,
    env: (path) => ({ AWS_CONFIG_FILE: path }),
    status: 78,
    empty: [78, 'there is no profile "p"'],
  },
  AWS_SHARED_CREDENTIALS_FILE: {
    file: "odd",
    words: NO_CACHE,
    env: (path) => ({ AWS_SHARED_CREDENTIALS_FILE: path }),
    status: 78,
    empty: [0, ""],
  },
  "~/.aws/credentials": { file: ".aws/credentials", words: NO_CACHE, status: 78, empty: [0, ""] },
  "the config file that configure changes": {
    file: "odd",
    words: "configure p --region eu-west-1",
    env: (path) => ({ AWS_CONFIG_FILE: path }),
    status: 78,
    empty: [64, "would lead to no role"],
  },
  "~/.config/xrole/config": { file: ".config/xrole/config", words: "env p", status: 78, empty: [0, ""] },
  "XDG_CONFIG_HOME/xrole/config": {
    file: "xdg/xrole/config",
    words: "env p",
    env: (path) => ({ XDG_CONFIG_HOME: dirname(dirname(path)) }),
    status: 78,
    empty: [0, ""],
  },
  web_identity_token_file: {
    file: "ODD",
    words: "env web",
    status: 78,
    names: ".aws/config:7",
    empty: [78, "it is empty"],
  },
  AWS_WEB_IDENTITY_TOKEN_FILE: {
    file: "odd",
    words: "env",
    env: (path) => ({ AWS_WEB_IDENTITY_TOKEN_FILE: path, AWS_ROLE_ARN: ROLE.slice(11), AWS_ACCESS_KEY_ID: "" }),
    status: 78,
    names: "AWS_WEB_IDENTITY_TOKEN_FILE",
    empty: [78, "it is empty"],
  },
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: {
    file: "odd",
    words: "env task",
    env: (path) => ({
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: path,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:9/",
    }),
    status: 78,
    names: "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    empty: [78, "it is empty"],
  },
  AWS_CA_BUNDLE: {
    file: "odd",
    words: NO_CACHE,
    env: (path) => ({ AWS_CA_BUNDLE: path }),
    status: 78,
    names: "AWS_CA_BUNDLE",
    empty: [78, "it holds no certificate"],
  },
  ca_bundle: {
    file: "ODD",
    words: "env ca --no-cache",
    status: 78,
    names: ".aws/config:12",
    empty: [78, "it holds no certificate"],
  },
  "--policy of a role": { file: "odd", words: "env p --policy odd", status: 78, empty: [78, "JSON"] },
  "--policy of setup": { file: "odd", words: `${SETUP} --policy odd`, status: 78, empty: [78, "JSON"] },
  "--data of sandbox": { file: "odd", words: "sandbox --data odd -- true", status: 78, empty: [78, "JSON"] },
  "the login of aws sso login": {
    file: `.aws/sso/cache/${sha("sha1", "s")}.json`,
    words: "env sso",
    status: 78,
    empty: [77, "aws sso login"],
  },
  "the login of aws login": {
    file: `.aws/login/cache/${sha("sha256", "arn:aws:iam::222222222222:user/u")}.json`,
    words: "env login",
    status: 78,
    empty: [77, "aws login"],
  },
  GITHUB_ENV: {
    file: "odd",
    words: "env p --format github",
    env: (path) => ({ GITHUB_ACTIONS: "true", GITHUB_ENV: path }),
    status: 74,
    names: "GITHUB_ENV",
    empty: [0, ""],
  },
};

describe.each(Object.entries(READERS))("in the place of %s", (_, { file, words, env, status, names = "", empty }) => {
  it.each(THINGS)("%s is told at once", async (thing, make) => {
    const { url } = await fakeAws(hourly);
    const home = makeHome({ ".aws/config": CONFIG });
    const path = join(home, file);
    mkdirSync(dirname(path), { recursive: true });
    make(path);
    const all = {
      HOME: home,
      ...KEYS,
      AWS_ENDPOINT_URL_STS: url,
      XROLE_CACHE_DIR: join(home, "cache"),
      ...env?.(path),
    };
    // The limit is for what hangs; a busy machine needs a part of it.
    const run = await xrole(words.split(" "), { env: all, cwd: home, limit: 15 });
    expect(run.signal).toBeNull();
    if (thing === "/dev/null") {
      expect([run.status, run.stderr]).toEqual([empty[0], expect.stringContaining(empty[1])]);
      return;
    }
    expect(run.stderr).toMatch(IN_PLACE);
    expect(run.stderr).toContain(names);
    expect(run.stderr).toContain(file);
    expect(run.status).toBe(status);
  });
});

describe("in the place of what the cache keeps", () => {
  it.each(THINGS)("an entry, %s is as if there were none", async (_, make) => {
    const { url, asked } = await fakeAws(hourly);
    const home = makeHome({ ".aws/config": CONFIG });
    const cache = join(home, "cache");
    const env = { HOME: home, ...KEYS, AWS_ENDPOINT_URL_STS: url, XROLE_CACHE_DIR: cache };
    const run = (): Promise<Run> => xrole(["credential-process", "p"], { env, limit: 15 });
    expect(await run()).toMatchObject({ status: 0 });
    const entry = readdirSync(cache).find((name) => name.endsWith(".json")) ?? "";
    rmSync(join(cache, entry));
    make(join(cache, entry));
    expect(await run()).toMatchObject({ status: 0, signal: null });
    expect(asked).toHaveLength(2);
    expect(await xrole(["cache", "list"], { env, limit: 15 })).toMatchObject({ status: 0 });
  });

  it.each(THINGS)("a refusal, %s is as if there were none", async (_, make) => {
    const { url, asked } = await fakeAws((response) => {
      awsError(response, 403, "AccessDenied", "no");
    });
    const home = makeHome({ ".aws/config": CONFIG });
    const cache = join(home, "cache");
    const env = { HOME: home, ...KEYS, AWS_ENDPOINT_URL_STS: url, XROLE_CACHE_DIR: cache };
    const run = (): Promise<Run> => xrole(["credential-process", "p"], { env, limit: 15 });
    expect(await run()).toMatchObject({ status: 77 });
    const refusal = readdirSync(cache).find((name) => name.endsWith(".refused")) ?? "";
    rmSync(join(cache, refusal));
    make(join(cache, refusal));
    const before = asked.length;
    expect(await run()).toMatchObject({ status: 77, signal: null });
    expect(asked.length).toBeGreaterThan(before);
  });
});

describe.each(["config", "credentials", "token"])("in the place of the %s of serve --directory", (name) => {
  it.each(THINGS)("%s is replaced, or told", async (thing, make) => {
    const { url } = await fakeAws(hourly);
    const home = makeHome({ ".aws/config": CONFIG });
    const folder = join(home, "kept");
    // One run makes the folders.
    const env = { HOME: home, ...KEYS, AWS_ENDPOINT_URL_STS: url, XROLE_CACHE_DIR: join(home, "cache") };
    const words = ["serve", "p", "--directory", folder];
    const first = start(words, env);
    await new Promise((done) => first.child.stdout?.once("data", done));
    first.child.kill("SIGTERM");
    await first.ended;
    const kept = readdirSync(folder, { recursive: true, encoding: "utf8" }).find((one) => one.endsWith(name)) ?? "";
    rmSync(join(folder, kept));
    make(join(folder, kept));
    const second = start(words, env);
    const printed = new Promise((done) =>
      second.child.stdout?.once("data", (text: Buffer) => {
        // A failure is printed for the shell, too, before it ends.
        if (!text.toString().startsWith("(exit ")) done("printed");
      }),
    );
    const outcome = await Promise.race([printed, second.ended]);
    if (thing === "a directory") {
      expect(outcome).toMatchObject({ status: 78, stderr: expect.stringContaining(join(folder, kept)) as string });
    } else {
      expect(outcome).toBe("printed");
      second.child.kill("SIGTERM");
      await second.ended;
    }
  });
});
