// Credentials, and files that lead to them, are kept only where no other user can put files of theirs in their place. Other users'
// folders take root to make: elsewhere those cases are skipped.
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { assumeRoleReply, fakeAws } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { xrole, type Run } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const CONFIG =
  "[profile p]\nrole_arn = arn:aws:iam::222222222222:role/p\ncredential_source = Environment\nregion = us-east-1\n";
const isRoot = process.getuid?.() === 0;
const OTHER = 4242;
/** Whether the machine gives root's group to nobody else. */
const hasOwnGroup =
  readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .filter((line) => line.split(":")[3] === "0").length === 1 &&
  /^root:[^:]*:0:(root)?$/m.test(readFileSync("/etc/group", "utf8"));

interface Host {
  readonly home: string;
  readonly env: Record<string, string>;
  /** How often STS was asked since the last look. */
  readonly calls: () => number;
  readonly run: (words: string, more?: Record<string, string>) => Promise<Run>;
}

async function host(): Promise<Host> {
  const { url, asked } = await fakeAws((response, { body }) =>
    response.end(assumeRoleReply(body, { expiration: new Date(Date.now() + 3_600_000).toISOString() })),
  );
  const home = makeHome({ ".aws/config": CONFIG });
  const env = {
    HOME: home,
    AWS_ACCESS_KEY_ID: "AKIAENV",
    AWS_SECRET_ACCESS_KEY: secret("secret-of-env"),
    AWS_ENDPOINT_URL_STS: url,
  };
  let seen = 0;
  return {
    home,
    env,
    calls: () => {
      const before = seen;
      seen = asked.length;
      return seen - before;
    },
    run: (words, more = {}) => xrole(words.split(" "), { cwd: home, env: { ...env, ...more } }),
  };
}

/** Makes a folder with this mode and owner. */
function folder(path: string, mode: number, uid?: number, gid?: number): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (uid !== undefined || gid !== undefined)
    chownSync(path, uid ?? process.getuid?.() ?? 0, gid ?? process.getgid?.() ?? 0);
  chmodSync(path, mode);
}

type Case = readonly [name: string, make: (home: string) => Record<string, string>, problem: RegExp | undefined];

const here = (home: string): Record<string, string> => ({ XROLE_CACHE_DIR: join(home, "a/b/cache") });
const EVERYBODY = /every user may write to \S+; name a folder that only you may write to with XROLE_CACHE_DIR/;

const CASES: readonly Case[] = [
  ["below a folder that every user may write to", (home) => (folder(join(home, "a/b"), 0o777), here(home)), EVERYBODY],
  [
    "two levels below one",
    (home) => (folder(join(home, "a"), 0o777), folder(join(home, "a/b"), 0o700), here(home)),
    EVERYBODY,
  ],
  ["below one with the sticky bit", (home) => (folder(join(home, "a"), 0o1777), here(home)), undefined],
  ["below one that others may read", (home) => (folder(join(home, "a"), 0o755), here(home)), undefined],
  ["that every user may write to itself", (home) => (folder(join(home, "a/b/cache"), 0o777), here(home)), EVERYBODY],
  ["with the sticky bit itself", (home) => (folder(join(home, "a/b/cache"), 0o1777), here(home)), EVERYBODY],
  ["of XDG_CACHE_HOME", (home) => (folder(join(home, "a"), 0o777), { XDG_CACHE_HOME: join(home, "a") }), EVERYBODY],
  ["of XDG_RUNTIME_DIR", (home) => (folder(join(home, "a"), 0o777), { XDG_RUNTIME_DIR: join(home, "a") }), EVERYBODY],
  ["of HOME", (home) => (folder(join(home, ".cache"), 0o777), {}), EVERYBODY],
  [
    "named relative to the working directory",
    (home) => (folder(join(home, "a"), 0o777), { XROLE_CACHE_DIR: "a/cache" }),
    EVERYBODY,
  ],
  [
    "behind a symbolic link",
    (home) => {
      folder(join(home, "open/mine"), 0o700);
      chmodSync(join(home, "open"), 0o777);
      symlinkSync("open/mine", join(home, "a"));
      return { XROLE_CACHE_DIR: join(home, "a/cache") };
    },
    EVERYBODY,
  ],
  [
    "behind a symbolic link in a folder that every user may write to",
    (home) => {
      folder(join(home, "mine"), 0o700);
      folder(join(home, "open"), 0o777);
      symlinkSync(join(home, "mine"), join(home, "open/a"));
      return { XROLE_CACHE_DIR: join(home, "open/a/cache") };
    },
    EVERYBODY,
  ],
  [
    "behind a chain of symbolic links of the user's own",
    (home) => {
      folder(join(home, "mine"), 0o700);
      symlinkSync(join(home, "mine"), join(home, "one"));
      symlinkSync(`./../${basename(home)}/one`, join(home, "a"));
      return { XROLE_CACHE_DIR: join(home, "a/cache") };
    },
    undefined,
  ],
  [
    "behind a symbolic link to itself",
    (home) => (symlinkSync("a", join(home, "a")), { XROLE_CACHE_DIR: join(home, "a/cache") }),
    /a is a symbolic link to itself/,
  ],
];

const ROOTS_CASES: readonly Case[] = [
  [
    "below another user's",
    (home) => (folder(join(home, "a"), 0o755, OTHER), here(home)),
    /\/a belongs to another user/,
  ],
  [
    "that is another user's",
    (home) => (folder(join(home, "a/b/cache"), 0o700, OTHER), here(home)),
    /cache belongs to another user/,
  ],
  [
    "below one that another group may write to",
    (home) => (folder(join(home, "a"), 0o775, 0, OTHER), here(home)),
    /a group may write to \S+\/a;/,
  ],
  [
    "of HOME, where another group may write to ~/.cache",
    (home) => (folder(join(home, ".cache"), 0o775, 0, OTHER), {}),
    /a group may write to \S+\/\.cache;/,
  ],
  [
    "behind another user's symbolic link in a folder with the sticky bit",
    (home) => {
      folder(join(home, "mine"), 0o700);
      folder(join(home, "tmp"), 0o1777);
      symlinkSync(join(home, "mine"), join(home, "tmp/a"));
      lchownSync(join(home, "tmp/a"), OTHER, OTHER);
      return { XROLE_CACHE_DIR: join(home, "tmp/a/cache") };
    },
    /tmp\/a is a symbolic link of another user/,
  ],
  ...(hasOwnGroup
    ? ([
        [
          "below one that only the user's own group may write to",
          (home) => (folder(join(home, "a"), 0o775, 0, 0), here(home)),
          undefined,
        ],
        [
          "of HOME, with ~/.cache for the user's own group",
          (home) => (folder(join(home, ".cache"), 0o775, 0, 0), {}),
          undefined,
        ],
      ] satisfies readonly Case[])
    : []),
];

async function judge(to: Host, env: Record<string, string>, problem: RegExp | undefined): Promise<void> {
  for (const words of ["env p", "credential-process p", "exec p -- printenv AWS_ACCESS_KEY_ID"]) {
    const { status, stdout, stderr } = await to.run(words, env);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain("ASIA");
    if (problem === undefined) expect(stderr).toBe("");
    else {
      expect(stderr).toMatch(problem);
      expect(stderr.match(/warning: credentials are not kept between calls: /g)).toHaveLength(1);
    }
  }
  expect(to.calls()).toBe(problem === undefined ? 1 : 3);
}

describe("a cache folder", () => {
  it.each(CASES)("%s", async (_, make, problem) => {
    const to = await host();
    await judge(to, make(to.home), problem);
  });

  it.runIf(isRoot).each(ROOTS_CASES)("%s, as root", async (_, make, problem) => {
    const to = await host();
    await judge(to, make(to.home), problem);
  });

  it("that was safe when it was filled is not read when others may write above it", async () => {
    const to = await host();
    folder(join(to.home, "a/b"), 0o700);
    await judge(to, here(to.home), undefined);
    chmodSync(join(to.home, "a"), 0o777);
    await judge(to, here(to.home), EVERYBODY);
    expect((await to.run("cache list", here(to.home))).stderr).toMatch(EVERYBODY);
    chmodSync(join(to.home, "a"), 0o700);
    expect((await to.run("env p", here(to.home))).stderr).toBe("");
    expect(to.calls()).toBe(0);
  });

  it("that nothing is kept in is not looked at", async () => {
    const to = await host();
    folder(join(to.home, "a"), 0o777);
    const { status, stderr } = await to.run("env p --no-cache", here(to.home));
    expect([status, stderr]).toEqual([0, ""]);
  });
});

describe("files that lead a command to its credentials", () => {
  it("are not written below a temporary folder that every user may write to", async () => {
    const to = await host();
    folder(join(to.home, "tmp"), 0o777);
    const TMPDIR = join(to.home, "tmp");
    const { status, stderr } = await to.run("exec p --renew -- true", { TMPDIR });
    expect(status).toBe(125);
    expect(stderr).toContain(`${TMPDIR} cannot hold the token: every user may write to ${TMPDIR}`);
    expect(readdirSync(TMPDIR)).toEqual([]);
    chmodSync(TMPDIR, 0o1777);
    expect((await to.run("exec p --renew -- true", { TMPDIR })).status).toBe(0);
  });

  it("are not written below a folder of serve --directory that every user may write to", async () => {
    const to = await host();
    folder(join(to.home, "a/b"), 0o700);
    chmodSync(join(to.home, "a"), 0o777);
    const { status, stderr } = await to.run("serve p --directory a/b");
    expect(status).toBe(78);
    expect(stderr).toContain(`every user may write to ${join(to.home, "a")}`);
    expect(existsSync(join(to.home, "a/b/p/token"))).toBe(false);
  });
});

describe.runIf(isRoot && existsSync("/usr/bin/setpriv"))("a user other than root", () => {
  let copy: string;
  beforeAll(() => {
    // Where the tests are, this user may not enter.
    copy = join(makeHome(), "package");
    chmodSync(resolve(copy, ".."), 0o755);
    for (const name of ["bin", "dist", "package.json"]) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  });

  it.each<[string, (home: string) => void, RegExp | undefined]>([
    [
      "keeps credentials below a folder of root",
      (home) => folder(join(home, ".cache"), 0o700, OTHER, OTHER),
      undefined,
    ],
    [
      "and below one for a group of the user's number",
      (home) => folder(join(home, ".cache"), 0o775, OTHER, OTHER),
      undefined,
    ],
    ["but not for root's group", (home) => folder(join(home, ".cache"), 0o775, OTHER, 0), /a group may write to/],
    [
      "nor below a third user's",
      (home) => folder(join(home, ".cache"), 0o755, OTHER + 1, OTHER),
      /\.cache belongs to another user/,
    ],
    [
      "nor below what root lets another group write to",
      (home) => folder(join(home, ".cache"), 0o775, 0, OTHER + 1),
      /a group may write to/,
    ],
  ])("%s", async (_, make, problem) => {
    const to = await host();
    chownSync(to.home, OTHER, OTHER);
    for (const name of [".aws", ".aws/config"]) chownSync(join(to.home, name), OTHER, OTHER);
    make(to.home);
    folder(join(to.home, ".cache/xrole"), 0o700, OTHER, OTHER);
    const as = [
      "--reuid",
      String(OTHER),
      "--regid",
      String(OTHER),
      "--clear-groups",
      process.execPath,
      join(copy, "bin/xrole.js"),
    ];
    for (let times = 0; times < 2; times++) {
      const options = { command: "setpriv", cwd: tmpdir(), env: { ...to.env, NODE_OPTIONS: "" } };
      const { status, stderr } = await xrole([...as, "env", "p"], options);
      expect(status, stderr).toBe(0);
      if (problem) expect(stderr).toMatch(problem);
      else expect(stderr).toBe("");
    }
    expect(to.calls()).toBe(problem ? 2 : 1);
  });
});
