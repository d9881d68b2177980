// What must not end `xrole sandbox`, and what must: requests and policies that make no sense, and a place that cannot be set up.
import { readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeHome } from "../../harness/home.ts";
import { xrole, type Run } from "../../harness/run.ts";
import { send } from "../../harness/serve.ts";
import { printedBefore, start } from "../../harness/start.ts";

const ROLE = "arn:aws:iam::444444444444:role/r";
const ok = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
const world = {
  accounts: {
    "444444444444": {
      users: {
        alice: {
          accessKeyId: "AKIAALICE",
          secretAccessKey: "secret-of-alice",
          mfaSecret: "EXAMPLEMFASECRET",
          policy: { Statement: { Effect: "Allow", Action: "sts:*", Resource: "*" } },
        },
      },
      roles: {
        r: { trust: { Statement: { Effect: "Allow", Principal: { AWS: "444444444444" }, Action: "sts:AssumeRole" } } },
        "with-mfa": {
          trust: {
            Statement: {
              Effect: "Allow",
              Principal: { AWS: "444444444444" },
              Action: "sts:AssumeRole",
              Condition: { Bool: { "aws:MultiFactorAuthPresent": true } },
            },
          },
        },
      },
    },
  },
  files: {
    ".aws/config": [
      "[profile alice]\naws_access_key_id = AKIAALICE\naws_secret_access_key = secret-of-alice\nregion = us-east-1\n",
      `[profile r]\nrole_arn = ${ROLE}\nsource_profile = alice\nregion = us-east-1\n`,
      `[profile with-mfa]\nrole_arn = ${ROLE.replace("/r", "/with-mfa")}\nsource_profile = alice\nregion = us-east-1\n`,
    ].join(""),
  },
};

const played = (data: object, script: string, more: Readonly<Record<string, string>> = {}): Promise<Run> => {
  const cwd = makeHome({ "world.json": JSON.stringify(data), ...more });
  return xrole(["sandbox", "--data", "world.json", "--", "sh", "-c", script], { cwd });
};

it("takes a condition whose value is a boolean", async () => {
  const mfa = "--mfa-serial arn:aws:iam::444444444444:mfa/alice --mfa-code";
  const code = "$(sandbox-mfa-code arn:aws:iam::444444444444:mfa/alice)";
  const run = await played(
    world,
    `xrole exec with-mfa -- true; xrole exec with-mfa ${mfa} ${code} -- printenv AWS_ACCOUNT_ID`,
  );
  expect(run).toMatchObject({ status: 0, stdout: "444444444444\n" });
  expect(run.stderr).toContain("(access-denied, 77)");
});

describe("a session policy that makes no sense", () => {
  it.each([
    ["is text", '"x"'],
    ["is a list", "[]"],
    ["has no statement", "{}"],
    ["has a statement that is null", '{"Statement":null}'],
    ["has a statement that is text", '{"Statement":["x"]}'],
    ["has an action that is a number", JSON.stringify({ Statement: { ...ok, Action: 5 } })],
    ["has a resource that is an object", JSON.stringify({ Statement: { ...ok, Resource: {} } })],
    ["has an effect of nobody's", JSON.stringify({ Statement: { ...ok, Effect: "Maybe" } })],
    ["has conditions that are text", JSON.stringify({ Statement: { ...ok, Condition: "x" } })],
    ["has a condition on null", JSON.stringify({ Statement: { ...ok, Condition: { Bool: { k: null } } } })],
    ["has an element that IAM does not know", JSON.stringify({ Statement: { ...ok, constructor: 1 } })],
    ["names a principal", JSON.stringify({ Statement: { ...ok, Principal: "*" } })],
    ["names no resource", JSON.stringify({ Statement: { Effect: "Allow", Action: "*" } })],
  ])("%s", async (_, policy) => {
    // Sent as it is: xrole itself would not send all of these.
    const script = `node send.cjs; xrole exec r -- true && echo still up`;
    const asked = JSON.stringify({ Policy: policy });
    const run = await played(world, script, { "send.cjs": SEND, "asked.json": asked });
    expect(run.stdout).toBe("400 MalformedPolicyDocument\nstill up\n");
    expect(run.stderr).toBe("");
  });
});

describe("a call that makes no sense", () => {
  const many = (count: number, name: string, value: (index: number) => string): Record<string, string> =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [name.replace("#", String(index + 1)), value(index)]),
    );
  const tag = (key: string, value = "x"): object => ({ "Tags.member.1.Key": key, "Tags.member.1.Value": value });
  it.each<[string, object]>([
    ["has 20000 tags", many(20_000, "Tags.member.#.Key", String)],
    ["has 9000 policies", many(9000, "PolicyArns.member.#.arn", () => "arn:aws:iam::aws:policy/ReadOnlyAccess")],
    ["has a tag twice", { ...tag("team"), "Tags.member.2.Key": "Team", "Tags.member.2.Value": "y" }],
    ["has a tag of no name", tag("")],
    ["has a tag of AWS's", tag("aws:x")],
    ["has a tag that is too long", tag("x".repeat(129))],
    ["has a tag with a letter that none has", tag("team", "a\u0000")],
    ["hands a tag on that it does not have", { ...tag("team"), "TransitiveTagKeys.member.1": "other" }],
    ["has a source identity of one letter", { SourceIdentity: "a" }],
    ["has a source identity of control characters", { SourceIdentity: "\u0000\u0001" }],
  ])("%s: a validation error, and nothing ends", async (_, asked) => {
    const script = `node send.cjs; xrole exec r -- true && echo still up`;
    const run = await played(world, script, { "send.cjs": SEND, "asked.json": JSON.stringify(asked) });
    expect(run.stdout).toBe("400 ValidationError\nstill up\n");
  });

  it.each(["0x400", "1e3", " 900 ", "", "900.0"])("asks for %j seconds", async (DurationSeconds) => {
    const run = await played(world, "node send.cjs", {
      "send.cjs": SEND,
      "asked.json": JSON.stringify({ DurationSeconds }),
    });
    expect(run.stdout).toBe("400 MalformedInput\n");
  });
});

/** Assumes the role with what asked.json says besides, and prints the status and the code of what comes back. */
const SEND = `
const { createHash, createHmac } = require("node:crypto");
const { readFileSync } = require("node:fs");
const sha = (text) => createHash("sha256").update(text).digest("hex");
const hmac = (key, text) => createHmac("sha256", key).update(text).digest();
const url = process.env.AWS_ENDPOINT_URL_STS, host = new URL(url).host;
const time = new Date().toISOString().replace(/[-:]|\\.\\d+/g, ""), date = time.slice(0, 8);
const body = new URLSearchParams({ Action: "AssumeRole", Version: "2011-06-15", RoleArn: "${ROLE}", RoleSessionName: "test",
  ...JSON.parse(readFileSync(__dirname + "/asked.json", "utf8")) }).toString();
const scope = date + "/us-east-1/sts/aws4_request", names = "host;x-amz-date";
const canonical = ["POST", "/", "", "host:" + host, "x-amz-date:" + time, "", names, sha(body)].join("\\n");
const key = [date, "us-east-1", "sts", "aws4_request"].reduce(hmac, "AWS4secret-of-alice");
const signature = hmac(key, ["AWS4-HMAC-SHA256", time, scope, sha(canonical)].join("\\n")).toString("hex");
const authorization = "AWS4-HMAC-SHA256 Credential=AKIAALICE/" + scope + ", SignedHeaders=" + names + ", Signature=" + signature;
fetch(url, { method: "POST", body, headers: { "x-amz-date": time, authorization, "content-type": "application/x-www-form-urlencoded" } })
  .then(async (reply) => console.log(reply.status, /<Code>(\\w+)/.exec(await reply.text())?.[1]));
`;

describe("a request from somebody on the machine", () => {
  /** The ports of a sandbox that stays up, by the name of the variable. */
  async function up(): Promise<{ port: (name: string) => number; ended: Promise<Run> }> {
    const running = start(["sandbox"], { HOME: makeHome(), TMPDIR: makeHome() });
    const printed = await printedBefore(running, "The sandbox is up");
    const { child, ended } = running;
    onTestFinished(async () => {
      child.kill();
      await ended;
    });
    const port = (name: string): number =>
      Number(new RegExp(`\\b${name}='?http://127\\.0\\.0\\.1:(\\d+)`).exec(printed)?.[1]);
    return { port, ended };
  }

  const STS = "AWS_ENDPOINT_URL_STS";
  const get = (head: string): string => `GET / HTTP/1.1\r\n${head}\r\n\r\n`;
  const signed = (names: string): string =>
    `authorization: AWS4-HMAC-SHA256 Credential=AKIASANDBOXALICE/20261126/us-east-1/sts/aws4_request, SignedHeaders=${names}, Signature=${"0".repeat(64)}\r\nx-amz-date: 20261126T000000Z`;

  it.each(["host;constructor", "__proto__;host", "host;toString", "host;hasOwnProperty;valueOf"])(
    "that says it signed %s is refused, and nothing ends",
    async (names) => {
      const { port } = await up();
      const reply = await send(port(STS), get(`host: 127.0.0.1:${String(port(STS))}\r\n${signed(names)}`));
      expect([400, 403]).toContain(reply.status);
      const again = await send(port(STS), get(`host: localhost:${String(port(STS))}`));
      expect(again.body).toContain("MissingAuthenticationToken");
    },
  );

  it.each(["http://127.0.0.1:PORT/", "http://evil.example/", "*"])(
    "for %s, not for a path, is refused",
    async (target) => {
      const { port } = await up();
      const method = target === "*" ? "OPTIONS" : "GET";
      const words = `${method} ${target.replace("PORT", String(port(STS)))} HTTP/1.1`;
      const reply = await send(port(STS), `${words}\r\nhost: 127.0.0.1:${String(port(STS))}\r\n\r\n`);
      expect([reply.status, reply.body]).toEqual([400, ""]);
    },
  );

  it.each([
    ["another host", (port: number) => `host: evil.example:${String(port)}`],
    ["another port", () => "host: 127.0.0.1:1"],
    ["two hosts", (port: number) => `host: 127.0.0.1:${String(port)}\r\nhost: evil.example`],
    ["a page's origin", (port: number) => `host: 127.0.0.1:${String(port)}\r\norigin: http://evil.example`],
  ])("for %s is refused", async (_, head) => {
    const { port } = await up();
    for (const name of [STS, "AWS_ENDPOINT_URL_S3", "AWS_EC2_METADATA_SERVICE_ENDPOINT", "XROLE_SANDBOX_URL"]) {
      const reply = await send(port(name), get(head(port(name))));
      expect([reply.status, reply.body]).toEqual([expect.toSatisfy((status) => status === 400 || status === 403), ""]);
    }
  });
});

describe("data that makes no sense", () => {
  const withTrust = (trust: unknown): object => ({ accounts: { "444444444444": { roles: { r: { trust } } } } });
  it.each([
    ["a statement that is a number", withTrust({ Statement: 5 }), "accounts.444444444444.roles.r.trust.Statement"],
    ["a null action", withTrust({ Statement: { ...ok, Action: null } }), "trust.Statement[0].Action must be a string"],
    ["a principal that is a list", withTrust({ Statement: { ...ok, Principal: [] } }), "trust.Statement[0].Principal"],
    [
      "a condition that is text",
      withTrust({ Statement: { ...ok, Condition: { Bool: "x" } } }),
      "Condition.Bool must be",
    ],
    ["a file below a file", { files: { a: "x", "a/b": "y" } }, "files.a/b cannot be below a, which is a file"],
    ["a file far below one", { files: { "a/b/c/d": "y", a: "x" } }, "files.a/b/c/d cannot be below a"],
    ["a file that is the folder itself", { files: { ".": "x" } }, "files.. must stay inside the home"],
    ["a file with a folder's end", { files: { "a/": "x" } }, "files.a/ must stay inside the home"],
    ["a file outside", { files: { "../a": "x" } }, "files.../a must stay inside the home"],
    ["a file with a zero byte", { files: { "a\0b": "x" } }, "must stay inside the home"],
    [
      "a token below a file",
      { files: { t: "x" }, webIdentity: { issuer: "i", subject: "s", file: "t/token" } },
      "files.t/token cannot be below t",
    ],
  ])("%s: 78, with the place", async (_, data, message) => {
    const run = await played(data, "true");
    expect(run.status).toBe(78);
    expect(run.stderr).toContain(message);
  });
});

describe("a temporary folder", () => {
  it.each(["relative", "with $& and $$ and 'quotes' in its name"])("%s serves", async (name) => {
    const cwd = makeHome({ [`${name}/.keep`]: "" });
    const TMPDIR = name === "relative" ? name : join(cwd, name);
    const script = "cd / && xrole exec b-s3-ci -- printenv AWS_ACCOUNT_ID && command -v xrole";
    const run = await xrole(["sandbox", "--", "sh", "-c", script], { cwd, env: { TMPDIR } });
    expect(run.status, run.stderr).toBe(0);
    const [account, path] = run.stdout.split("\n");
    expect(account).toBe("222222222222");
    expect(path?.startsWith(join(realpathSync(cwd), name))).toBe(true);
    expect(readdirSync(join(cwd, name))).toEqual([".keep"]);
  });
});

describe("a place that cannot be set up", () => {
  it.each([
    ["is not there", "/nonexistent/folder"],
    ["takes no files", "/proc"],
  ])("the temporary folder %s: says so, and ends", async (_, TMPDIR) => {
    const run = await xrole(["sandbox", "--", "true"], { env: { TMPDIR } });
    expect(run.status).toBe(78);
    expect(run.errors.at(-1)?.code).toBe("sandbox-setup");
    const alone = await xrole(["sandbox"], { env: { TMPDIR } });
    expect(alone.status).toBe(78);
  });

  it("leaves nothing behind when a file cannot be written", async () => {
    const TMPDIR = makeHome();
    const cwd = makeHome({ "world.json": JSON.stringify({ files: { ["x".repeat(300)]: "y" } }) });
    const run = await xrole(["sandbox", "--data", "world.json", "--", "true"], { cwd, env: { TMPDIR } });
    expect(run).toMatchObject({
      status: 78,
      stdout: "",
      stderr: expect.stringContaining("the sandbox cannot be set up") as string,
    });
    expect(readdirSync(TMPDIR)).toEqual([]);
  });
});
