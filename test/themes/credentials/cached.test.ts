// Credentials are kept between calls: under a key that covers everything, for their owner alone, and never longer than they live.
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { assumeRoleReply, awsError, containerReply, fakeAws, imds, type Answer } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { shell, xrole } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";
import { entries, host, hourly, KEYS } from "../../harness/cached-world.ts";
const onlyEntry = (folder: string): string => {
  const [file = "", more] = entries(folder);
  expect(more).toBeUndefined();
  return file;
};

/** Makes the entries older, as if so many seconds had passed. */
function age(folder: string, seconds: number): void {
  for (const file of entries(folder)) {
    const entry = JSON.parse(readFileSync(file, "utf8")) as { expiration: string; obtained: number };
    entry.obtained -= seconds * 1000;
    entry.expiration = new Date(Date.parse(entry.expiration) - seconds * 1000).toISOString();
    writeFileSync(file, JSON.stringify(entry));
  }
}

describe("a second call", () => {
  it.each([
    ["exec p -- printenv AWS_ACCESS_KEY_ID"],
    ["env p"],
    ["credential-process p"],
    ["exec --debug p -- printenv AWS_ACCESS_KEY_ID"],
  ])("asks nobody: %s", async (words) => {
    const { run, asked } = await host();
    const first = await run(words);
    const second = await run(words);
    expect(first.status, first.stderr).toBe(0);
    expect(second).toMatchObject({ status: 0, stdout: first.stdout });
    expect(second.stdout).toContain("ASIAp");
    expect(asked).toHaveLength(1);
  });

  it("may be of another command, with other options of delivery", async () => {
    const { run, asked } = await host();
    await run("exec p -- true");
    expect(JSON.parse((await run("credential-process p --min-ttl 30m")).stdout)).toMatchObject({
      AccessKeyId: "ASIAp",
    });
    expect((await run("env p --expect-account 222222222222")).status).toBe(0);
    expect(asked).toHaveLength(1);
  });

  it("finds the first hops of another chain", async () => {
    const { run, asked } = await host();
    await run("exec q -- true");
    await run("exec r -- true");
    await run("exec p -- true");
    const roles = asked.map(({ body }) => new URLSearchParams(body).get("RoleArn")?.split("/")[1]);
    expect(roles).toEqual(["p", "q", "r"]);
  });

  it("asks neither instance nor container", async () => {
    const instance = await fakeAws(imds);
    const container = await fakeAws((response) => response.end(containerReply("CONTAINER")));
    const { run, asked } = await host();
    const env = { AWS_EC2_METADATA_SERVICE_ENDPOINT: instance.url, AWS_CONTAINER_CREDENTIALS_FULL_URI: container.url };
    for (const profile of ["i", "i", "c", "c"]) expect((await run(`env ${profile}`, env)).status).toBe(0);
    expect([instance.asked.length, container.asked.length, asked.length]).toEqual([3, 1, 2]);
  });

  it("needs no code: MFA was for the first", async () => {
    const { run, asked } = await host();
    for (const profile of ["mfa", "session"]) {
      expect((await run(`env ${profile}`)).status).toBe(77);
      expect((await run(`env ${profile} --mfa-code 123456`)).status).toBe(0);
      expect((await run(`env ${profile}`)).status).toBe(0);
    }
    expect(asked.map(({ body }) => new URLSearchParams(body).get("Action"))).toEqual([
      "AssumeRole",
      "GetSessionToken",
      "AssumeRole",
    ]);
  });

  it("spends no second code on another role of the same MFA session", async () => {
    const { run, asked } = await host();
    await run("env session --mfa-code 123456");
    const other = await run("env session --role-arn arn:aws:iam::333333333333:role/other");
    expect(other.status, other.stderr).toBe(0);
    expect(asked).toHaveLength(3);
  });
});

describe("another call", () => {
  it.each<[string, string, Record<string, string>]>([
    ["another external id", "env p --external-id x-1", {}],
    ["a tag", "env p --tag k=v", {}],
    ["a transitive tag", "env p --tag k=v --transitive-tag k", {}],
    ["a source identity", "env p --source-identity alice", {}],
    ["a policy", "env p --policy policy.json", {}],
    ["a policy's ARN", "env p --read-only", {}],
    ["another duration", "env p --duration 15m", {}],
    ["another session name", "env p --session-name bob", {}],
    ["another role", "env p --role-arn arn:aws:iam::333333333333:role/p", {}],
    ["another key in the source", "env p", { AWS_ACCESS_KEY_ID: "AKIAOTHER" }],
    ["another source", "env keys --role-arn arn:aws:iam::222222222222:role/p", {}],
    ["another region", "env p --region eu-west-1", {}],
  ])("is made for %s", async (_, words, env) => {
    const { run, asked, folder } = await host(hourly, { "policy.json": '{"Statement":[]}' });
    await run("env p");
    for (let times = 0; times < 2; times++) expect((await run(words, env)).status).toBe(0);
    expect(asked).toHaveLength(2);
    expect(entries(folder)).toHaveLength(2);
  });

  it("is made at another endpoint", async () => {
    const { run, asked } = await host();
    const other = await fakeAws(hourly);
    await run("env p");
    await run("env p", { AWS_ENDPOINT_URL_STS: other.url });
    expect([asked.length, other.asked.length]).toEqual([1, 1]);
  });

  it.each<[string, Record<string, unknown>, number]>([
    ["the same subject", { jti: "2" }, 1],
    ["another subject", { sub: "repo:example/other" }, 2],
    ["another issuer", { iss: "https://other.example.com" }, 2],
  ])("is made for a web identity by whose token it is: %s", async (_, changed, calls) => {
    const token = (claims: object): string =>
      secret(
        ["{}", JSON.stringify(claims), "signature"].map((part) => Buffer.from(part).toString("base64url")).join("."),
      );
    const claims = { iss: "https://ci.example.com", sub: "repo:example/app", aud: "sts.amazonaws.com", jti: "1" };
    const { run, asked, home } = await host(hourly, { "token.jwt": token(claims) });
    expect((await run("env ci")).status).toBe(0);
    writeFileSync(join(home, "token.jwt"), token({ ...claims, ...changed }));
    expect((await run("env ci")).status).toBe(0);
    expect(asked).toHaveLength(calls);
  });

  it("is made for a container by whose token it is", async () => {
    const container = await fakeAws((response) => response.end(containerReply("CONTAINER")));
    const { run, asked } = await host();
    const env = { AWS_CONTAINER_CREDENTIALS_FULL_URI: container.url };
    for (const token of ["one-token", "one-token", "other-token"])
      expect((await run("env c", { ...env, AWS_CONTAINER_AUTHORIZATION_TOKEN: token })).status).toBe(0);
    expect(asked).toHaveLength(2);
  });
});

describe("kept credentials", () => {
  it.each([
    ["exec p -- true", 3600 - 301, 1],
    ["exec p -- true", 3600 - 299, 2],
    ["env p", 3600 - 299, 2],
    ["credential-process p", 3600 - 1201, 1],
    ["credential-process p", 3600 - 1199, 2],
    ["exec p --min-ttl 10m -- true", 3600 - 601, 1],
    ["exec p --min-ttl 10m -- true", 3600 - 599, 2],
    ["exec p --min-ttl 0 -- true", 3600 - 5, 1],
    // Never more than a third of the session.
    ["exec p --min-ttl 50m -- true", 2300, 1],
    ["exec p --min-ttl 50m -- true", 2500, 2],
  ])("serve %s after %i s: %i calls", async (words, seconds, calls) => {
    const { run, asked, folder } = await host();
    await run("env p");
    age(folder, seconds);
    expect((await run(words)).status).toBe(0);
    expect(asked).toHaveLength(calls);
  });

  it("that are fresh and live shorter than asked for are used, with a warning", async () => {
    const { run } = await host();
    const { status, stderr } = await run("env p --min-ttl 2h");
    expect(status).toBe(0);
    expect(stderr).toMatch(/warning: fresh credentials live 3\d\d\d s, less than --min-ttl asks for/);
  });

  it("are passed over by --fresh, which keeps what comes, and by --no-cache, which does not", async () => {
    const { run, asked, folder } = await host();
    await run("env p");
    const before = readFileSync(onlyEntry(folder), "utf8");
    await run("env p --no-cache");
    expect(asked).toHaveLength(2);
    expect(readFileSync(onlyEntry(folder), "utf8")).toBe(before);
    await run("env p --fresh");
    expect(asked).toHaveLength(3);
    expect(readFileSync(onlyEntry(folder), "utf8")).not.toBe(before);
    await run("env p");
    expect(asked).toHaveLength(3);
  });

  it("from a clock that was ahead are not trusted", async () => {
    const { run, asked, folder } = await host();
    await run("env p");
    age(folder, -7200);
    await run("env p");
    expect(asked).toHaveLength(2);
  });

  it("on the way that AWS no longer takes are asked for anew", async () => {
    let isRevoked = false;
    const { run, asked } = await host((response, one, count) => {
      const by = String(one.headers.authorization);
      if (isRevoked && by.includes("ASIAp")) {
        isRevoked = false;
        awsError(response, 403, "InvalidClientTokenId", "The security token included in the request is invalid");
      } else hourly(response, one, count);
    });
    await run("env p");
    isRevoked = true;
    const { status, stderr } = await run("env q");
    expect(status, stderr).toBe(0);
    expect(asked.map(({ body }) => new URLSearchParams(body).get("RoleArn")?.slice(-1))).toEqual(["p", "q", "p", "q"]);
  });

  it("are judged by AWS's clock", async () => {
    const script =
      "xrole env b-s3-alice >first; xrole env b-s3-alice --debug >second; cmp first second; rm first second";
    const cwd = makeHome();
    const { status, stderr } = await xrole(["sandbox", "--clock-offset", "-59m", "--", "sh", "-c", script], { cwd });
    expect(status, stderr).toBe(0);
    expect(stderr).toContain("kept from an earlier call");
  });
});

describe("when kept credentials are near their end", () => {
  const failing =
    (answer: Answer): Answer =>
    (response, one, count) =>
      (count === 1 ? hourly : answer)(response, one, count);

  it.each<[string, Answer]>([
    ["throttles", (response) => awsError(response, 400, "Throttling", "Rate exceeded")],
    ["is out of order", (response) => void response.writeHead(503).end()],
    ["is a web page", (response) => void response.writeHead(503).end("<html>maintenance</html>")],
    ["is a page to sign in to a network", (response) => void response.end("<html>Guest WiFi</html>")],
    ["hangs up", (response) => void response.destroy()],
  ])("and STS %s, they are used, with one warning", async (_, answer) => {
    const { run, folder } = await host(failing(answer));
    const { stdout } = await run("credential-process p");
    age(folder, 3400);
    const later = await run("credential-process p");
    expect(later.status, later.stderr).toBe(0);
    expect(JSON.parse(later.stdout)).toMatchObject({
      AccessKeyId: (JSON.parse(stdout) as { AccessKeyId: string }).AccessKeyId,
    });
    expect(later.stderr.match(/warning/g)).toHaveLength(1);
    expect(later.stderr).toContain("using the credentials kept from before, which live until");
  });

  it("and the source cannot be reached, they are used", async () => {
    const instance = await fakeAws((response, one, count) =>
      count > 3 ? void response.writeHead(500).end() : imds(response, one, count),
    );
    const { run, folder } = await host();
    const env = { AWS_EC2_METADATA_SERVICE_ENDPOINT: instance.url };
    await run("env i", env);
    age(folder, 3400);
    expect((await run("env i", env)).status).toBe(0);
  });

  it("and nobody is there to type a code, they are used", async () => {
    const { run, folder } = await host();
    await run("env mfa --mfa-code 123456");
    age(folder, 3400);
    const { status, stderr } = await run("env mfa");
    expect(status).toBe(0);
    expect(stderr).toContain("an MFA code of");
  });

  it("and AWS refuses, they are not used", async () => {
    const { run, folder } = await host(failing((response) => awsError(response, 403, "AccessDenied", "no more")));
    await run("env p");
    age(folder, 3400);
    expect(await run("env p")).toMatchObject({ status: 77, stdout: "(exit 77);\n" });
  });

  it("and past it, they are not used", async () => {
    const { run, folder } = await host(failing((response) => void response.writeHead(503).end()));
    await run("env p");
    age(folder, 3601);
    expect(await run("env p")).toMatchObject({ status: 75, stdout: "(exit 75);\n" });
  });
});

describe("an entry", () => {
  it.each<[string, (file: string) => void]>([
    ["truncated", (file) => truncateSync(file, 40)],
    ["empty", (file) => truncateSync(file, 0)],
    ["with trailing bytes", (file) => writeFileSync(file, `${readFileSync(file, "utf8")}x`)],
    ["of another shape", (file) => writeFileSync(file, "[]")],
    ["without a secret", (file) => edit(file, { secretAccessKey: undefined })],
    ["with a token that a shell would run", (file) => edit(file, { sessionToken: "$(touch ran)" })],
    ["whose end is no time", (file) => edit(file, { expiration: "2099-01-01T00:00:60Z" })],
    ["that lives longer than any session", (file) => edit(file, { expiration: "2099-01-01T00:00:00Z" })],
    ["of another key", (file) => edit(file, { key: "other" })],
    ["that others may read", (file) => chmodSync(file, 0o644)],
    ["that is a symbolic link", link],
    ["that is a pipe", (file) => (rmSync(file), void execFileSync("mkfifo", [file]))],
  ])("%s is a miss, and healed", async (_, damage) => {
    const { run, asked, folder } = await host();
    await run("env p");
    const file = onlyEntry(folder);
    damage(file);
    expect((await run("env p")).status).toBe(0);
    expect(asked).toHaveLength(2);
    expect(lstatSync(file).isFile()).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await run("env p")).status).toBe(0);
    expect(asked).toHaveLength(2);
  });

  function edit(file: string, change: object): void {
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, "utf8")) as object), ...change }));
  }

  function link(file: string): void {
    const elsewhere = join(makeHome(), "entry");
    writeFileSync(elsewhere, readFileSync(file), { mode: 0o600 });
    rmSync(file);
    symlinkSync(elsewhere, file);
  }

  it("is its owner's alone, whatever the umask", async () => {
    const { home, url, folder } = await host();
    const env = { HOME: home, ...KEYS, AWS_ENDPOINT_URL_STS: url };
    expect((await shell("umask 000; xrole env p >/dev/null", { env })).status).toBe(0);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o600);
  });

  it("of a reply that makes no sense is not written", async () => {
    const { run, folder } = await host((response, { body }) =>
      response.end(assumeRoleReply(body, { expiration: "2099-01-01T00:00:60Z" })),
    );
    expect((await run("env p")).status).toBe(70);
    expect(existsSync(folder) ? entries(folder) : []).toEqual([]);
  });

  it("stays in its folder, whatever the profile is called", async () => {
    const name = "../../etc/$(touch ran)";
    const config = `[profile "${name}"]\nrole_arn = arn:aws:iam::222222222222:role/p\ncredential_source = Environment\nregion = us-east-1\n`;
    const { home, url, folder } = await host(hourly, { ".aws/config": config });
    const run = await xrole(["env", name], { cwd: home, env: { HOME: home, ...KEYS, AWS_ENDPOINT_URL_STS: url } });
    expect(run.status, run.stderr).toBe(0);
    expect(readdirSync(home).sort()).toEqual([".aws", ".cache"]);
    onlyEntry(folder);
  });

  it("that has ended is swept, and so is what killed processes left", async () => {
    const { run, folder } = await host();
    await run("env p");
    const leftovers = ["0".repeat(32) + ".json", "1".repeat(32) + ".json.x1.tmp", "2".repeat(32) + ".lock", "kept.txt"];
    for (const name of leftovers) {
      writeFileSync(join(folder, name), "");
      utimesSync(join(folder, name), 1000, 1000);
    }
    await run("env p --external-id other");
    expect(readdirSync(folder).filter((name) => leftovers.includes(name))).toEqual(["kept.txt"]);
  });

  it.each([["cache clear"], ["env p --external-id other"]])(
    "of earlier builds, compiled code, goes with %s",
    async (words) => {
      const { run, folder } = await host();
      await run("env p");
      const code = ["main", "cli"].map((part) => `${part}-${"0".repeat(16)}-v20.17.0-x64.code`);
      const others = ["my.code", "main-1.code"];
      for (const name of [...code, `${code[0] ?? ""}.x1.tmp`, ...others]) writeFileSync(join(folder, name), "");
      expect((await run(words)).status).toBe(0);
      expect(
        readdirSync(folder)
          .filter((name) => name.includes(".code"))
          .sort(),
      ).toEqual(others.sort());
    },
  );
});

describe("the folder", () => {
  it.each<[string, (home: string) => Record<string, string>, string]>([
    ["XROLE_CACHE_DIR", (home) => ({ XROLE_CACHE_DIR: join(home, "here") }), "here"],
    ["XROLE_CACHE_DIR with ~", () => ({ XROLE_CACHE_DIR: "~/here" }), "here"],
    ["XDG_RUNTIME_DIR", (home) => ({ XDG_RUNTIME_DIR: join(home, "run") }), "run/xrole"],
    ["XDG_RUNTIME_DIR that is not there", (home) => ({ XDG_RUNTIME_DIR: join(home, "no") }), ".cache/xrole"],
    ["XDG_CACHE_HOME", (home) => ({ XDG_CACHE_HOME: join(home, "cache") }), "cache/xrole"],
    [
      "XDG_RUNTIME_DIR before XDG_CACHE_HOME",
      (home) => ({ XDG_RUNTIME_DIR: join(home, "run"), XDG_CACHE_HOME: home }),
      "run/xrole",
    ],
  ])("is that of %s", async (_, env, expected) => {
    const { run, home } = await host();
    mkdirSync(join(home, "run"));
    expect((await run("env p", env(home))).status).toBe(0);
    onlyEntry(join(home, expected));
  });

  it.each([
    ["off", undefined],
    ["runtime", "run/xrole"],
    ["file", ".cache/xrole"],
  ])("follows the setting cache = %s", async (cache, expected) => {
    const { run, home, asked } = await host(hourly, { ".config/xrole/config": `; mine\ncache = ${cache}\n` });
    mkdirSync(join(home, "run"));
    for (let times = 0; times < 2; times++)
      expect((await run("env p", { XDG_RUNTIME_DIR: join(home, "run") })).status).toBe(0);
    expect(asked).toHaveLength(expected === undefined ? 2 : 1);
    if (expected !== undefined) onlyEntry(join(home, expected));
  });

  it.each([
    ["cache = maybe", "cache must be one of off, runtime, file"],
    ["cahce = off", "cahce is no setting of xrole's"],
  ])("of a setting that is wrong is an error: %s", async (text, problem) => {
    const { run, asked } = await host(hourly, { ".config/xrole/config": text });
    const { status, stderr } = await run("env p");
    expect(status).toBe(78);
    expect(stderr).toContain(`.config/xrole/config: ${problem}`);
    expect(asked).toHaveLength(0);
  });

  it.each<[string, (home: string) => void]>([
    ["cannot be made", (home) => writeFileSync(join(home, ".cache"), "")],
    [
      "is for others to write to",
      (home) => {
        mkdirSync(join(home, ".cache/xrole"), { recursive: true });
        chmodSync(join(home, ".cache/xrole"), 0o777);
      },
    ],
  ])("that %s costs one warning", async (_, spoil) => {
    const { run, home, asked } = await host();
    spoil(home);
    const { status, stderr, stdout } = await run("env q");
    expect(status).toBe(0);
    expect(stdout).toContain("ASIAq");
    expect(stderr.match(/warning: credentials are not kept between calls/g)).toHaveLength(1);
    expect(asked).toHaveLength(2);
  });

  it("that no system call can make costs one warning, and no time", async () => {
    const { run } = await host();
    const { status, stderr } = await run("env q", { XROLE_CACHE_DIR: "/proc/xrole/cache" });
    expect(status).toBe(0);
    expect(stderr.match(/warning: credentials are not kept between calls/g)).toHaveLength(1);
  });
});
