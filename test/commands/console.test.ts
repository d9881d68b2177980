// `xrole console`: what is sent for a link, what comes of replies that are none, and that the link is shown once and nowhere else.
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CERTIFICATE, fakeAws, fakeProxy, imds, sts, type Answer, type FakeAws } from "../harness/fake-aws.ts";
import { makeHome } from "../harness/home.ts";
import { shell, xrole, type Run } from "../harness/run.ts";
import { secret } from "../harness/secrets.ts";

const TOKEN = secret("sign-in-token_-0123456789");
const config = `[profile keys]
aws_access_key_id = AKIAKEYS
aws_secret_access_key = secret-of-keys
region = us-east-1
[profile p]
role_arn = arn:aws:iam::222222222222:role/r
source_profile = keys
region = eu-west-1
[profile deep]
role_arn = arn:aws:iam::333333333333:role/deep
source_profile = p
region = us-east-1
[profile host]
role_arn = arn:aws:iam::222222222222:role/r
credential_source = Ec2InstanceMetadata
[profile isolated]
role_arn = arn:aws-iso:iam::222222222222:role/r
source_profile = keys
region = us-iso-east-1
`;
const signIn: Answer = (response) => response.end(JSON.stringify({ SigninToken: TOKEN }));

interface World {
  readonly run: (words: readonly string[], env?: Record<string, string>) => Promise<Run>;
  readonly env: Record<string, string>;
  /** The same, where AWS's own sign-in is meant. */
  readonly real: Record<string, string>;
  readonly asked: FakeAws["asked"];
  readonly assumed: FakeAws["asked"];
  readonly url: string;
}

async function world(answer: Answer = signIn): Promise<World> {
  const { url, asked } = await fakeAws(answer);
  const { url: stsUrl, asked: assumed } = await fakeAws(sts);
  const real = { HOME: makeHome({ ".aws/config": config }), AWS_ENDPOINT_URL_STS: stsUrl };
  const env = { ...real, AWS_ENDPOINT_URL_SIGNIN: url };
  const run: World["run"] = (words, more = {}) => xrole(["console", ...words], { env: { ...env, ...more } });
  return { run, env, real, asked, assumed, url };
}

describe("a link", () => {
  it("is had for the role's credentials, which go in the body of one request", async () => {
    const { run, asked, url } = await world();
    const made = await run(["p"]);
    expect(made).toMatchObject({ status: 0, stderr: "" });
    const link = new URL(made.stdout.trimEnd());
    expect(`${link.origin}${link.pathname}`).toBe(`${url}/federation`);
    expect(Object.fromEntries(link.searchParams)).toEqual({
      Action: "login",
      Issuer: "xrole",
      Destination: "https://console.aws.amazon.com/console/home?region=eu-west-1",
      SigninToken: TOKEN,
    });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ method: "POST", url: "/federation" });
    const form = new URLSearchParams(asked[0]?.body);
    expect([...form.keys()]).toEqual(["Action", "Session"]);
    expect(form.get("Action")).toBe("getSigninToken");
    expect(JSON.parse(form.get("Session") ?? "")).toEqual({
      sessionId: "ASIAr",
      sessionKey: "secret-of-r",
      sessionToken: "token-of-r",
    });
  });

  it.each([
    [["--service", "s3"], "https://console.aws.amazon.com/s3/home?region=eu-west-1"],
    [
      ["--service", "s3", "--region", "us-gov-east-1"],
      "https://console.amazonaws-us-gov.com/s3/home?region=us-gov-east-1",
    ],
    [
      ["--destination", "https://eu-west-1.console.aws.amazon.com/s3/buckets/b?tab=x"],
      "https://eu-west-1.console.aws.amazon.com/s3/buckets/b?tab=x",
    ],
  ])("leads where it is told: %j", async (words, destination) => {
    const { run } = await world();
    const { stdout } = await run(["p", ...words]);
    expect(new URL(stdout).searchParams.get("Destination")).toBe(destination);
  });

  it("leads to the instance's own region where none is set", async () => {
    const metadata = await fakeAws(imds);
    const { run } = await world();
    const { stdout } = await run(["host"], { AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.url });
    expect(new URL(stdout).searchParams.get("Destination")).toContain("region=eu-central-1");
  });

  it("is on stdout alone, whatever --debug tells", async () => {
    const { run } = await world();
    const made = await run(["p", "--debug"]);
    expect(made.stdout).toContain(TOKEN);
    expect(made.stderr).toContain("/federation: 200");
    expect(made.stderr).not.toContain("SigninToken");
  });

  it("that cannot be written is 74", async () => {
    const { env } = await world();
    expect((await shell("xrole console p > /dev/full", { env })).status).toBe(74);
  });
});

describe("--session-duration", () => {
  it("is asked for where the role is assumed with a user's own keys", async () => {
    const { run, asked } = await world();
    expect((await run(["p", "--session-duration", "12h"])).status).toBe(0);
    expect(new URLSearchParams(asked[0]?.body).get("SessionDuration")).toBe("43200");
  });

  it.each([["deep"], ["host"]])(
    "is refused where %s is assumed from a role, before anything is asked",
    async (profile) => {
      const { run, asked, assumed } = await world();
      const refused = await run([profile, "--session-duration", "1h"]);
      expect(refused).toMatchObject({ status: 64, stdout: "" });
      expect(refused.errors.at(-1)?.code).toBe("console-duration");
      expect([...asked, ...assumed]).toEqual([]);
    },
  );

  it.each(["14m", "13h", "soon"])("is 15 minutes to 12 hours: %s", async (time) => {
    const { run } = await world();
    expect((await run(["p", "--session-duration", time])).status).toBe(78);
  });

  it("that AWS refuses is named in the hint", async () => {
    const { run } = await world((response) => response.writeHead(400).end("<h1>HTTP Status 400</h1>"));
    const refused = await run(["p", "--session-duration", "1h"]);
    expect(refused.status).toBe(77);
    expect(refused.stderr).toContain("hint: leave --session-duration out");
  });
});

describe("a reply that is none", () => {
  const reply =
    (body: string): Answer =>
    (response) =>
      response.end(body);
  it.each([
    ["HTML", reply("<html>Welcome</html>")],
    ["JSON that is no object", reply('["SigninToken"]')],
    ["no token", reply("{}")],
    ["an empty token", reply('{"SigninToken":""}')],
    ["a token that is none", reply('{"SigninToken":5}')],
    ["a token that a shell would run", reply('{"SigninToken":"$(touch /tmp/x)\'"}')],
    ["a token with a newline", reply('{"SigninToken":"a\\nb"}')],
    ["one that does not end", ((response) => response.end("x".repeat(300_000))) satisfies Answer],
    ["204", ((response) => response.writeHead(204).end()) satisfies Answer],
  ])("is 70: %s", async (_, answer) => {
    const { run, asked } = await world(answer);
    const refused = await run(["p"]);
    expect(refused).toMatchObject({ status: 70, stdout: "" });
    expect(refused.stderr).toContain("a reply that makes no sense");
    expect(asked).toHaveLength(1);
  });

  it("is 70 when it leads elsewhere, and nobody follows", async () => {
    const elsewhere = await fakeAws(signIn);
    const { run } = await world((response) =>
      response.writeHead(307, { location: `${elsewhere.url}/federation` }).end(),
    );
    expect(await run(["p"])).toMatchObject({ status: 70, stdout: "" });
    expect(elsewhere.asked).toEqual([]);
  });

  it.each([
    [400, "<title>HTTP Status 400 – Bad Request</title>", 77, "--fresh asks for others", 1],
    [403, '{"message":"no"}', 77, "does not take the credentials (403)", 1],
    [429, "", 75, "throttling or out of order: 429", 3],
    [503, "", 75, "throttling or out of order: 503", 3],
    // Pages of somebody else's.
    [400, "<title>Bad request</title>", 70, 'it is a web page ("Bad request") with status 400', 1],
    [403, "<h1>no</h1>", 70, "it is a web page with status 403", 1],
    [503, "<h1>no</h1>", 70, "it is a web page with status 503", 3],
  ])("%i with %s is %i", async (status, body, wanted, text, calls) => {
    const { run, asked } = await world((response) => response.writeHead(status).end(body));
    const refused = await run(["p"]);
    expect(refused).toMatchObject({ status: wanted, stdout: "" });
    expect(refused.stderr).toContain(text);
    expect(asked).toHaveLength(calls);
  });

  it("is asked for again while AWS is out of order", async () => {
    const { run, asked } = await world((response, one, count) =>
      count < 3 ? response.writeHead(503).end() : signIn(response, one, count),
    );
    expect((await run(["p"])).status).toBe(0);
    expect(asked).toHaveLength(3);
  });

  it("is 69 where nobody answers", async () => {
    const { run } = await world();
    const refused = await run(["p"], { AWS_ENDPOINT_URL_SIGNIN: "http://127.0.0.1:1" });
    expect(refused).toMatchObject({ status: 69, stdout: "" });
    expect(refused.stderr).toContain("connection refused");
  });
});

describe("what cannot be signed in", () => {
  it("is a user's own keys: nothing is sent", async () => {
    const { run, asked } = await world();
    for (const [words, env] of [
      [["keys"], {}],
      [[], { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-environment") }],
    ] as const) {
      const refused = await run(words, env);
      expect(refused).toMatchObject({ status: 78, stdout: "" });
      expect(refused.errors.at(-1)?.code).toBe("console-needs-role");
    }
    expect(asked).toEqual([]);
  });

  it.each([
    [["isolated"], 78, "partition aws-iso"],
    [["p", "--service", "s3", "--destination", "https://console.aws.amazon.com/"], 64, "cannot be used with"],
    [["p", "--service", "../x"], 78, "--service"],
    [["p", "--destination", "https://evil.example/"], 78, "--destination"],
  ])("is said before anybody is asked: %j", async (words, status, text) => {
    const { real, asked, assumed } = await world();
    const refused = await xrole(["console", ...words], { env: real });
    expect(refused).toMatchObject({ status, stdout: "" });
    expect(refused.stderr).toContain(text);
    expect([...asked, ...assumed]).toEqual([]);
  });

  it("is what would go in plain http to another host", async () => {
    const { run, assumed } = await world();
    const refused = await run(["p"], { AWS_ENDPOINT_URL_SIGNIN: "http://signin.example.com/" });
    expect(refused).toMatchObject({ status: 78, stdout: "" });
    expect(refused.stderr).toContain("AWS_ENDPOINT_URL_SIGNIN: http://signin.example.com/ is plain http");
    expect(assumed).toEqual([]);
  });
});

describe("the way to AWS sign-in", () => {
  it.each([
    ["us-east-1", "signin.aws.amazon.com:443"],
    ["eu-west-1", "eu-west-1.signin.aws.amazon.com:443"],
    ["us-gov-west-1", "signin.amazonaws-us-gov.com:443"],
    ["us-gov-east-1", "us-gov-east-1.signin.amazonaws-us-gov.com:443"],
    ["cn-northwest-1", "signin.amazonaws.cn:443"],
    ["eusc-de-east-1", "eusc-de-east-1.signin.amazonaws-eusc.eu:443"],
  ])("from %s is to %s, through the proxy, in TLS that is checked", async (region, host) => {
    const impostor = await fakeAws(signIn, { tls: true });
    const proxy = await fakeProxy(impostor.url);
    const { real } = await world();
    const refused = await xrole(["console", "p", "--region", region], {
      env: { ...real, https_proxy: proxy.url, AWS_CA_BUNDLE: CERTIFICATE },
    });
    expect(refused).toMatchObject({ status: 69, stdout: "" });
    expect(refused.stderr).toContain("its certificate is not trusted");
    expect(new Set(proxy.connected)).toEqual(new Set([host]));
    expect(impostor.asked).toEqual([]);
  });

  it("is trusted by the user's own bundle", async () => {
    const { url, asked } = await fakeAws(signIn, { tls: true });
    const { run } = await world();
    const own = { AWS_ENDPOINT_URL_SIGNIN: url };
    expect(await run(["p"], own)).toMatchObject({ status: 69, stdout: "" });
    expect((await run(["p"], { ...own, AWS_CA_BUNDLE: CERTIFICATE })).status).toBe(0);
    expect(asked).toHaveLength(1);
  });
});

describe("--open", () => {
  /** A PATH with an `xdg-open` that writes down its words and does `script`. */
  function desktop(script: string): { readonly PATH: string; readonly opened: () => string } {
    const folder = makeHome();
    const file = join(folder, "xdg-open");
    writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' "$#" "$@" >${folder}/opened\n${script}\n`);
    chmodSync(file, 0o755);
    return {
      PATH: `${folder}:${process.env.PATH ?? ""}`,
      opened: () => readFileSync(join(folder, "opened"), "utf8"),
    };
  }

  it("hands the link to the desktop's opener as one word, and prints it nowhere", async () => {
    const { run, url } = await world();
    const { PATH, opened } = desktop("exit 0");
    const made = await run(["p", "--open"], { PATH });
    expect(made).toMatchObject({
      status: 0,
      stdout: "",
      stderr: "Opened the console of account 222222222222 in the browser.\n",
    });
    const [count, link, rest] = opened().split("\n");
    expect([count, rest]).toEqual(["1", ""]);
    expect(link).toMatch(new RegExp(`^${url}/federation\\?Action=login&.*SigninToken=${TOKEN}$`));
  });

  it("prints it too with --print, and says nothing with --quiet", async () => {
    const { run } = await world();
    const { PATH } = desktop("exit 0");
    const made = await run(["p", "--open", "--print", "--quiet"], { PATH });
    expect(made).toMatchObject({ status: 0, stderr: "" });
    expect(made.stdout).toContain(TOKEN);
  });

  it("that fails is 69, with the link kept to itself", async () => {
    const { run } = await world();
    const failed = await run(["p", "--open"], { PATH: desktop("exit 3").PATH });
    expect(failed).toMatchObject({ status: 69, stdout: "" });
    expect(failed.stderr).toContain("the browser cannot be opened: xdg-open: it ended with 3");
    const missing = await run(["p", "--open"], { PATH: makeHome() });
    expect(missing).toMatchObject({ status: 69, stdout: "" });
    expect(missing.errors.at(-1)?.code).toBe("browser-missing");
  });
});

describe("in the sandbox", () => {
  const inside = (script: string): Promise<Run> => xrole(["sandbox", "--", "sh", "-ec", script]);

  it("the link signs in as the role", async () => {
    const run = await inside(
      `node -e 'fetch(process.argv[1]).then((r) => r.text()).then(console.log)' "$(xrole console b-s3 --service s3)"`,
    );
    expect(run.stdout).toContain("Signed in as arn:aws:sts::222222222222:assumed-role/role-b-s3/");
    expect(run.stdout).toContain("at https://console.aws.amazon.com/s3/home?region=us-east-1");
  });

  it("a user's session, a wrong link and a longer session for a chained role are refused", async () => {
    const status = (path: string): string =>
      `node -e 'fetch(process.env.AWS_ENDPOINT_URL_SIGNIN + process.argv[1]).then((r) => console.log(r.status))' '${path}'`;
    const run = await inside(
      `${status("/federation?Action=login&SigninToken=x")}; ${status("/federation?Action=getSigninToken&Session={}")}
eval $(xrole env b-s3); xrole console --session-duration 1h || echo $?`,
    );
    expect(run.stdout).toBe("400\n400\n77\n");
  });
});
