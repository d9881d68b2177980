// One call for many: processes that want the same role at the same time wait for one of them, and for nobody that is gone.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { awsError, fakeAws, fakeProxy, hourly, sts, type Answer, type FakeAws } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { FAST, GUARD, shell, slow, xrole, type Run } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";
import { seen, start, type Running } from "../../harness/start.ts";

const role = (name: string, source: string): string =>
  `[profile ${name}]\nrole_arn = arn:aws:iam::222222222222:role/${name}\n${source}\nregion = us-east-1\n`;
const CONFIG = [
  role("p", "credential_source = Environment"),
  role("q", "source_profile = p"),
  role("r", "source_profile = p"),
].join("");

/** How much slower time goes for many processes at once: on a busy machine the last of them begins a minute after the first. */
const SLOWER = 50;
/** The same for a few. */
const SLOW = 5;

/** @param slower how much slower time goes for whoever runs on it */
async function host(answer: Answer, slower = SLOW): Promise<FakeAws & { env: Record<string, string>; folder: string }> {
  const { url, asked } = await fakeAws(answer);
  const home = makeHome({ ".aws/config": CONFIG });
  const env = {
    HOME: home,
    AWS_ACCESS_KEY_ID: "AKIAENV",
    AWS_SECRET_ACCESS_KEY: secret("secret-of-env"),
    AWS_ENDPOINT_URL_STS: url,
    ...slow(slower),
  };
  return { url, asked, env, folder: join(home, ".cache/xrole") };
}

/** A host whose STS answers from `go` on; `isAsked` resolves with the first request. */
async function slowHost(
  answer: Answer = hourly,
): Promise<Awaited<ReturnType<typeof host>> & { isAsked: Promise<void>; go: () => void }> {
  let [reached, go] = [(): void => undefined, (): void => undefined];
  const isAsked = new Promise<void>((resolve) => (reached = resolve));
  const isOpen = new Promise<void>((resolve) => (go = resolve));
  const found = await host((...all) => {
    reached();
    void isOpen.then(() => answer(...all));
  });
  return { ...found, isAsked, go };
}

const DIE = resolve(import.meta.dirname, "../../harness/die.cjs");

/** A command that waits for another one. */
async function waiter(words: readonly string[], env: Record<string, string>): Promise<Running> {
  const running = start([...words, "--debug"], env);
  await seen(running, "waiting for it");
  return running;
}

/** Runs a command so many times at once, and gives what each printed, and how it ended, sorted and counted. */
function many(count: number, command: string, env: Record<string, string>): Promise<Run> {
  const script = `for i in $(seq ${String(count)}); do { out=$(${command} 2>/dev/null); echo "$? $out"; } & done; wait`;
  return shell(`{ ${script}; } | sort | uniq -c | sed 's/^ *//'`, { env, limit: 100 });
}

describe("processes at once on a cold cache", () => {
  it("make one call, and all get the same", async () => {
    const { asked, env } = await host(hourly, SLOWER);
    const { stdout } = await many(200, "xrole credential-process p", env);
    expect(asked).toHaveLength(1);
    expect(stdout).toMatch(/^200 0 \{"Version":1,"AccessKeyId":"ASIAp".*\}\n$/);
  });

  it("that are refused make at most two, and all say so", async () => {
    const { asked, env } = await host((response) => awsError(response, 403, "AccessDenied", "not you"), SLOWER);
    const { stdout } = await many(200, "xrole env p", env);
    expect(stdout).toBe("200 77 (exit 77);\n");
    expect(asked.length).toBeLessThanOrEqual(2);
  });

  it("that are throttled all say so, and only one of them asks", async () => {
    const { asked, env, isAsked, go } = await slowHost((response) =>
      awsError(response, 400, "Throttling", "Rate exceeded"),
    );
    const first = start(["env", "p"], env);
    await isAsked;
    const others = await Promise.all(Array.from({ length: 19 }, () => waiter(["env", "p"], env)));
    go();
    const ended = await Promise.all([first, ...others].map(({ ended }) => ended));
    expect(ended.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 75));
    for (const { stderr } of ended) expect(stderr).toContain("Rate exceeded");
    // One command asks up to three times.
    expect(asked).toHaveLength(3);
  });

  it("of chains with a common first hop make that once", async () => {
    const { asked, env } = await host(hourly);
    const running = ["q", "r", "q", "r", "p"].map((profile) => start(["env", profile], env).ended);
    expect((await Promise.all(running)).map(({ status }) => status)).toEqual([0, 0, 0, 0, 0]);
    const roles = asked.map(({ body }) => new URLSearchParams(body).get("RoleArn")?.slice(-1));
    expect(roles.sort()).toEqual(["p", "q", "r"]);
  });

  it("that all want fresh ones make one call", async () => {
    const { asked, env, isAsked, go } = await slowHost();
    const first = start(["env", "p", "--fresh"], env);
    await isAsked;
    const others = await Promise.all(Array.from({ length: 4 }, () => waiter(["env", "p", "--fresh"], env)));
    go();
    const outputs = new Set(
      (await Promise.all([first, ...others].map(({ ended }) => ended))).map(({ stdout }) => stdout),
    );
    expect(outputs.size).toBe(1);
    expect(asked).toHaveLength(1);
  });
});

describe("a refusal", () => {
  it("is told to those who come right after, but not to one who asks afresh", async () => {
    let isDenied = true;
    const { asked, env } = await host((response, one, count) =>
      isDenied ? awsError(response, 403, "AccessDenied", "not you") : sts(response, one, count),
    );
    const first = await xrole(["env", "p"], { env });
    isDenied = false;
    const second = await xrole(["env", "p"], { env });
    expect(second).toEqual(first);
    expect(asked).toHaveLength(1);
    expect((await xrole(["env", "p", "--fresh"], { env })).status).toBe(0);
    expect((await xrole(["env", "p", "--no-cache"], { env })).status).toBe(0);
  });

  it.each([
    [400, "Throttling"],
    [429, "TooManyRequestsException"],
    [503, "ThrottlingException"],
  ])("is AWS's throttling too: %i %s", async (status, code) => {
    const { asked, env } = await host((response) => awsError(response, status, code, "Rate exceeded"));
    const run = await xrole(["env", "p"], { env });
    expect(run.status).toBe(75);
    const { length } = asked;
    expect(await xrole(["env", "p"], { env })).toEqual(run);
    expect(asked).toHaveLength(length);
  });

  it.each([
    ["sso", 429, true],
    ["over-sso", 429, true],
    ["sso", 503, false],
  ])("is told to others where it is the throttling of SSO: %s, %i", async (profile, status, isShared) => {
    const { url, asked } = await fakeAws((response) => void response.writeHead(status).end('{"message":"slow down"}'));
    const config = `[sso-session co]\nsso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\n[profile sso]\nsso_session = co\nsso_account_id = 111111111111\nsso_role_name = R\n${role("over-sso", "source_profile = sso")}`;
    const login = {
      accessToken: secret("sso-access-token"),
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    };
    const file = `.aws/sso/cache/${createHash("sha1").update("co").digest("hex")}.json`;
    const HOME = makeHome({ ".aws/config": config, [file]: JSON.stringify(login) });
    const env = { HOME, AWS_ENDPOINT_URL: url, ...slow(SLOW) };
    const run = await xrole(["credential-process", profile], { env });
    expect(run.status).toBe(75);
    expect(run.stderr).toContain(`throttling or out of order: ${status} slow down`);
    expect(asked).toHaveLength(3);
    expect(await xrole(["credential-process", profile], { env })).toEqual(run);
    expect(asked).toHaveLength(isShared ? 3 : 6);
  });

  it("is told only to those who may be refused the same: not one from a clock that was ahead", async () => {
    let isDenied = true;
    const { env, folder } = await host((response, one, count) =>
      isDenied ? awsError(response, 403, "AccessDenied", "not you") : hourly(response, one, count),
    );
    const refuse = async (at: number): Promise<void> => {
      isDenied = true;
      await xrole(["env", "p", "--fresh"], { env });
      isDenied = false;
      const [file = ""] = readdirSync(folder).filter((name) => name.endsWith(".refused"));
      const refusal = JSON.parse(readFileSync(join(folder, file), "utf8")) as object;
      writeFileSync(join(folder, file), JSON.stringify({ ...refusal, at }));
    };
    for (const ahead of [60_000, 86_400_000, 1e14])
      for (const words of [
        ["env", "p"],
        ["env", "p", "--fresh"],
      ]) {
        await refuse(Date.now() + ahead);
        expect((await xrole(words, { env })).status, `${String(ahead)} ${words.join(" ")}`).toBe(0);
        await xrole(["cache", "clear"], { env });
      }
  });

  it.each<[string, (env: Record<string, string>) => Promise<Record<string, string>> | Record<string, string>, number]>([
    ["a certificate", async () => ({ AWS_ENDPOINT_URL_STS: (await fakeAws(hourly, { tls: true })).url }), 69],
    ["a host that is not there", () => ({ AWS_ENDPOINT_URL_STS: "http://127.0.0.1:9" }), 69],
    [
      "a proxy",
      async ({ AWS_ENDPOINT_URL_STS = "" }) => {
        const proxy = (await fakeProxy(AWS_ENDPOINT_URL_STS, "secret")).url;
        return { AWS_ENDPOINT_URL_STS: "https://sts.example.com", HTTPS_PROXY: proxy, NO_PROXY: "" };
      },
      69,
    ],
    [
      "a service out of order",
      async () => ({ AWS_ENDPOINT_URL_STS: (await fakeAws((response) => void response.writeHead(503).end())).url }),
      75,
    ],
    [
      "too many requests, without a code of AWS's",
      async () => ({
        AWS_ENDPOINT_URL_STS: (await fakeAws((response) => void response.writeHead(429).end())).url,
      }),
      75,
    ],
    [
      "a secret of its own",
      async () => ({
        AWS_ENDPOINT_URL_STS: (await fakeAws((response) => awsError(response, 403, "SignatureDoesNotMatch", "not so")))
          .url,
      }),
      77,
    ],
    ["an authority of its own", () => ({ AWS_CA_BUNDLE: "/nowhere" }), 78],
  ])("that comes of %s is not told to others", async (_, change, status) => {
    const { env, folder } = await host(hourly);
    expect((await xrole(["env", "p"], { env: { ...env, ...(await change(env)) }, limit: 60 })).status).toBe(status);
    expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
  });
});

describe("the holder of the lock", () => {
  it("that is killed leaves it to another at once", async () => {
    let reached = (): void => undefined;
    const isAsked = new Promise<void>((resolve) => (reached = resolve));
    const { asked, env } = await host((response, one, count) => {
      if (count === 1) reached();
      else hourly(response, one, count);
    });
    const first = start(["env", "p"], env);
    await isAsked;
    const others = await Promise.all(Array.from({ length: 3 }, () => waiter(["env", "p"], env)));
    first.child.kill("SIGKILL");
    const ended = await Promise.all(others.map(({ ended }) => ended));
    expect(ended.map(({ status }) => status)).toEqual([0, 0, 0]);
    expect(asked).toHaveLength(2);
  });

  it("that is stopped keeps nobody for ever, and what the next one obtains is kept", async () => {
    let reached = (): void => undefined;
    const isAsked = new Promise<void>((resolve) => (reached = resolve));
    const { asked, env } = await host((response, one, count) => {
      if (count === 1) reached();
      else hourly(response, one, count);
    });
    const first = start(["env", "p"], env);
    onTestFinished(() => void first.child.kill("SIGCONT"));
    await isAsked;
    first.child.kill("SIGSTOP");
    const second = await xrole(["env", "p"], { env: { ...env, ...FAST } });
    expect(second.status).toBe(0);
    expect((await xrole(["env", "p"], { env })).stdout).toBe(second.stdout);
    expect(asked).toHaveLength(2);
  });

  it("may be killed at any step of a write: the entry is the old or the new one", async () => {
    const { asked, env, folder } = await host(hourly);
    const first = await xrole(["env", "p"], { env });
    expect(first.status).toBe(0);
    const outputs = [first.stdout];
    const [name = ""] = readdirSync(folder).filter((one) => one.endsWith(".json"));
    const dying = { ...env, NODE_OPTIONS: `${GUARD} --require=${DIE}` };
    for (let step = 1; ; step++) {
      const { signal } = await start(["env", "p", "--fresh"], { ...dying, XROLE_TEST_STEP: String(step) }).ended;
      expect(JSON.parse(readFileSync(join(folder, name), "utf8"))).toMatchObject({ accessKeyId: "ASIAp" });
      outputs.push((await xrole(["env", "p"], { env })).stdout);
      // It was there, and good.
      expect(asked).toHaveLength(1 + step);
      if (signal !== "SIGKILL") break;
    }
    // Some steps are before the new one, and some after.
    expect(outputs.length).toBeGreaterThan(8);
    expect(outputs[5]).toBe(outputs[0]);
    expect(outputs.at(-2)).not.toBe(outputs.at(-3));
  });

  it("is found in a folder whose path is too long for a socket", async () => {
    const { env, asked, isAsked, go } = await slowHost();
    const deep = { ...env, XROLE_CACHE_DIR: join(env.HOME ?? "", "d".repeat(60), "e".repeat(60)) };
    const first = start(["env", "p"], deep);
    await isAsked;
    const others = await Promise.all(Array.from({ length: 3 }, () => waiter(["env", "p"], deep)));
    go();
    const all = await Promise.all([first, ...others].map(({ ended }) => ended));
    expect(all.map(({ status }) => status)).toEqual([0, 0, 0, 0]);
    expect(asked).toHaveLength(1);
  });
});
