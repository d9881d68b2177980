// Whose files are read where HOME says nothing, or nothing that can be: never those of the working directory.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fakeAws, hourly } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { BINARY, passwdHome, xrole } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";

const profile = (role: string): string =>
  `[profile p]\nrole_arn = arn:aws:iam::222222222222:role/${role}\ncredential_source = Environment\nregion = us-east-1\n`;
const KEYS = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-env") };
/** What somebody may leave in a folder that others enter. */
const trap = (): string =>
  makeHome({
    ".aws/config": `${profile("trap")}[profile evil]\ncredential_process = touch ran\n`,
    "~/.aws/config": profile("trap"),
    ".aws/credentials": "[p]\nregion = trap\n",
    ".config/xrole/config": "cache = nonsense\n",
  });

/** xrole without HOME: `env -u` takes it away again after the harness has set it. */
const homeless = (
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
): ReturnType<typeof xrole> => xrole(["-u", "HOME", process.execPath, BINARY, ...words], { command: "env", env, cwd });

describe("without HOME", () => {
  it("the home of the passwd entry is read, written and cached in", async () => {
    const { url, asked } = await fakeAws(hourly);
    const home = makeHome({ ".aws/config": profile("mine"), ".config/xrole/config": "cache = file\n" });
    const cwd = trap();
    const env = { ...KEYS, AWS_ENDPOINT_URL_STS: url, ...passwdHome(home) };
    for (const again of [1, 2]) {
      const run = await homeless(["credential-process", "p"], env, cwd);
      expect(run, `${run.stderr} ${again}`).toMatchObject({ status: 0, stderr: "" });
    }
    expect(asked.map(({ body }) => new URLSearchParams(body).get("RoleArn"))).toEqual([
      "arn:aws:iam::222222222222:role/mine",
    ]);
    expect(readdirSync(join(home, ".cache/xrole"))).not.toEqual([]);
    await homeless(["configure", "p", "--region", "eu-west-1"], env, cwd);
    expect(readFileSync(join(home, ".aws/config"), "utf8")).toContain("region = eu-west-1");
    expect(readFileSync(join(cwd, ".aws/config"), "utf8")).not.toContain("eu-west-1");
    expect(existsSync(join(cwd, ".cache"))).toBe(false);
  });

  it("an empty one is none", async () => {
    const home = makeHome({ ".aws/config": profile("mine") });
    const { stdout } = await xrole(["explain", "p", "--json"], {
      env: { HOME: "", ...KEYS, ...passwdHome(home) },
      cwd: trap(),
    });
    expect(JSON.parse(stdout)).toMatchObject({ hops: [{ roleArn: "arn:aws:iam::222222222222:role/mine" }] });
  });

  it("~/ is that home too", async () => {
    const home = makeHome({ elsewhere: profile("mine") });
    const env = { AWS_CONFIG_FILE: "~/elsewhere", ...KEYS, ...passwdHome(home) };
    const { stdout } = await homeless(["explain", "p", "--json"], env, trap());
    expect(JSON.parse(stdout)).toMatchObject({ hops: [{ from: `${home}/elsewhere:2` }] });
  });

  it.each([
    ...[["exec", "evil", "--", "true"], ["env", "p"], ["credential-process", "p"], ["list"], ["explain", "p"]],
    ...[["doctor", "p"], ["whoami", "p"], ["configure", "p", "--region", "a"], ["graph"]],
  ])("and without a passwd entry, %s %s stops", async (...words) => {
    const cwd = trap();
    const run = await homeless(words, { ...KEYS, ...passwdHome(undefined) }, cwd);
    expect(run.status).toBe(words[0] === "exec" ? 125 : 78);
    expect(run.stderr + run.stdout).toContain("HOME is not set");
    expect(existsSync(join(cwd, "ran"))).toBe(false);
    expect(readFileSync(join(cwd, ".aws/config"), "utf8")).not.toContain("region = a");
  });

  it("nor a passwd entry, both files may be named", async () => {
    const cwd = makeHome({ config: profile("named") });
    const env = { AWS_CONFIG_FILE: join(cwd, "config"), AWS_SHARED_CREDENTIALS_FILE: "/dev/null", ...KEYS };
    const { stdout } = await homeless(["explain", "p", "--json"], { ...env, ...passwdHome(undefined) }, cwd);
    expect(JSON.parse(stdout)).toMatchObject({ hops: [{ roleArn: "arn:aws:iam::222222222222:role/named" }] });
  });
});

describe("a home relative to the working directory", () => {
  it.each([".", "./", "x/..", "~"])("is an error: HOME=%s", async (HOME) => {
    const cwd = trap();
    for (const words of [["env", "p"], ["configure", "p", "--region", "a"], ["list"]]) {
      const run = await xrole(words, { env: { HOME, ...KEYS }, cwd });
      expect(run.status).toBe(78);
      expect(run.stderr).toContain(`HOME = ${HOME} is not an absolute path`);
    }
    expect(readFileSync(join(cwd, ".aws/config"), "utf8")).not.toContain("region = a");
  });

  it("of xrole's settings is ignored", async () => {
    const cwd = makeHome({ "xrole/config": "cache = nonsense\n" });
    const HOME = makeHome({ ".aws/config": profile("mine") });
    const run = await xrole(["cache", "list"], { env: { HOME, XDG_CONFIG_HOME: "." }, cwd });
    expect(run).toMatchObject({ status: 0 });
  });
});

describe("the home of another user, ~user/", () => {
  it.each(["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CA_BUNDLE", "XROLE_CACHE_DIR"])(
    "is refused in %s, never looked for in the working directory",
    async (name) => {
      const { url, asked } = await fakeAws(hourly);
      const cwd = makeHome({ "~root/file": profile("trap") });
      const HOME = makeHome({ ".aws/config": profile("mine") });
      const env = { HOME, ...KEYS, AWS_ENDPOINT_URL_STS: url, [name]: "~root/file" };
      const run = await xrole(["credential-process", "p"], { env, cwd });
      expect(run).toMatchObject({ status: 78, stdout: "" });
      expect(run.stderr).toContain(`environment: ${name} = ~root/file is not a path that xrole can resolve`);
      expect(asked).toHaveLength(0);
      expect(readdirSync(join(cwd, "~root"))).toEqual(["file"]);
    },
  );

  it("is refused in a profile, with file and line", async () => {
    const HOME = makeHome({ ".aws/config": `${profile("mine")}ca_bundle = ~root/ca.pem\n` });
    const env = { HOME, ...KEYS, AWS_ENDPOINT_URL_STS: "http://127.0.0.1:9" };
    const run = await xrole(["credential-process", "p"], { env, cwd: HOME });
    expect(run.status).toBe(78);
    expect(run.stderr).toContain(`${HOME}/.aws/config:5: ca_bundle = ~root/ca.pem is not a path`);
  });

  it("is refused for the logins of aws login", async () => {
    const HOME = makeHome({ ".aws/config": "[profile p]\nlogin_session = s\nregion = us-east-1\n" });
    const run = await xrole(["env", "p"], { env: { HOME, AWS_LOGIN_CACHE_DIRECTORY: "~root/logins" }, cwd: HOME });
    expect(run.status).toBe(78);
    expect(run.stderr).toContain("AWS_LOGIN_CACHE_DIRECTORY = ~root/logins is not a path");
  });

  it("is not meant by ~ alone, which is a folder", async () => {
    const HOME = makeHome();
    const cwd = makeHome({ "~": profile("trap") });
    const run = await xrole(["list"], { env: { HOME, AWS_CONFIG_FILE: "~" }, cwd });
    expect(run.status).toBe(78);
    expect(run.stderr).toContain("it is a directory");
  });
});

/** Whether this user may put another passwd file in the place of the system's, in a mount namespace of its own. */
const canMount = spawnSync("unshare", ["-m", "true"]).status === 0;

describe.skipIf(!canMount)("the system's own passwd file", () => {
  it("names the home", () => {
    const home = makeHome({ ".aws/config": profile("mine") });
    const passwd = makeHome({ passwd: `me:x:${process.getuid?.() ?? 0}:0::${home}:/bin/sh\n` });
    const script = `mount --bind "$1/passwd" /etc/passwd && exec env -i PATH="$PATH" "$2" "$3" explain p --json`;
    const words = ["-m", "sh", "-c", script, "sh", passwd, process.execPath, BINARY];
    const stdout = execFileSync("unshare", words, { encoding: "utf8", cwd: trap() });
    expect(JSON.parse(stdout)).toMatchObject({ hops: [{ from: `${home}/.aws/config:2` }] });
  });

  it("without an entry for the user is an error", () => {
    const passwd = makeHome({ passwd: "other:x:4242:0::/:/bin/sh\n" });
    const script = `mount --bind "$1/passwd" /etc/passwd && exec setpriv --reuid 4243 --clear-groups env -i PATH="$PATH" "$2" "$3" explain p`;
    const words = ["-m", "sh", "-c", script, "sh", passwd, process.execPath, BINARY];
    const { status, stderr } = spawnSync("unshare", words, { encoding: "utf8", cwd: trap() });
    expect(stderr).toContain("HOME is not set");
    expect(status).toBe(78);
  });
});
