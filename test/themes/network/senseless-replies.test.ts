// Replies that are wrong or meant to harm: refused with 70, and no half of them is printed.
import { createHash, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { assumeRoleReply, containerReply, fakeAws, imds, sts, type Answer } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { xrole, type Run } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";

const KEYS = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-env") };
const profile = (source: string): string =>
  `[profile p]\nrole_arn = arn:aws:iam::222222222222:role/r\ncredential_source = ${source}\nregion = us-east-1\n`;

async function ask(answer: Answer): Promise<Run & { calls: number }> {
  const { url, asked } = await fakeAws(answer);
  const HOME = makeHome({ ".aws/config": profile("Environment") });
  const run = await xrole(["env", "p"], { env: { HOME, ...KEYS, AWS_ENDPOINT_URL_STS: url } });
  return { ...run, calls: asked.length };
}

const fiftyMegabytes: Answer = (response) => {
  const chunk = Buffer.alloc(2 ** 20, "a");
  let sent = 0;
  const more = (): void => {
    while (sent++ < 50) if (!response.write(chunk)) return void response.once("drain", more);
    response.end();
  };
  more();
};

describe("an STS reply", () => {
  it.each(["tok'en", 'tok"en', "tok\nen", "tok\0en", "tok en", "tok`id`", "$(touch pwned)", "tok\\en"])(
    "with a token that a shell could read is refused: %j",
    async (token) => {
      const run = await ask((response, { body }) => void response.end(assumeRoleReply(body, { token })));
      expect(run).toMatchObject({ status: 70, stdout: "(exit 70);\n" });
      expect(run.stderr).toContain("sent a reply that makes no sense");
    },
  );

  it.each(["soon", "2001-01-01T00:00:00Z", "", "99999", "2098-12-31T23:59:60Z"])(
    "with an Expiration of %j is refused",
    async (expiration) => {
      const run = await ask((response, { body }) => void response.end(assumeRoleReply(body, { expiration })));
      expect(run).toMatchObject({ status: 70, stdout: "(exit 70);\n" });
    },
  );

  it("that is HTML is refused", async () => {
    const run = await ask((response) => void response.end("<!doctype html><html><body>Welcome<br></body></html>"));
    expect(run).toMatchObject({ status: 70, stdout: "(exit 70);\n", calls: 1 });
  });

  const page = "<!DOCTYPE html><html><head><title>Guest  WiFi\u001b[2J</title></head><body>Sign in</body></html>";
  it.each<[string, number, string, string, number]>([
    ["a page", 200, page, 'it is a web page ("Guest WiFi^[[2J") with status 200', 1],
    ["a page in XHTML", 200, `<?xml version="1.0"?>\n${page}`, "it is a web page", 1],
    ["a page without a title", 400, "<h1>Bad Request</h1>", "it is a web page with status 400", 1],
    ["a page of 403", 403, page, "with status 403", 1],
    ["a page of 404", 404, page, "with status 404", 1],
    ["a page of 503", 503, page, "with status 503", 3],
    ["a page of 429", 429, page, "with status 429", 3],
    ["plain text", 403, "Access to this site is blocked", "it is not XML of STS, with status 403", 1],
    ["JSON", 403, '{"message":"Forbidden"}', "it is not XML of STS, with status 403", 1],
    ["nothing", 403, "", "it is empty, with status 403", 1],
    ["nothing, well", 200, "", "it is empty, with status 200", 1],
  ])("that is %s with %i is not told as AWS's", async (_, status, body, problem, calls) => {
    const answer: Answer = (response) => void response.writeHead(status, { "content-type": "text/html" }).end(body);
    const run = await ask(answer);
    expect(run).toMatchObject({ status: 70, stdout: "(exit 70);\n", calls });
    expect(run.stderr).toContain(problem);
    expect(run.stderr).toContain("a proxy or a network's sign-in page may have sent it");
    expect(run.stderr).not.toMatch(/AWS (refused|says)|throttling/);
    const { url } = await fakeAws(answer);
    const HOME = makeHome({ ".aws/config": profile("Environment") });
    const doctor = await xrole(["doctor", "p"], { env: { HOME, ...KEYS, AWS_ENDPOINT_URL_STS: url } });
    expect(doctor.status).toBe(70);
    expect(doctor.stdout).toMatch(/^failed +sts +http/m);
    expect(doctor.stdout).not.toContain("\u001b");
  });

  it("of 50 MB is refused before it is read", async () => {
    expect(await ask(fiftyMegabytes)).toMatchObject({ status: 70, stdout: "(exit 70);\n", calls: 1 });
  });
});

describe("a redirect", () => {
  const redirectTo =
    (url: string): Answer =>
    (response) =>
      void response.writeHead(302, { location: `${url}/elsewhere` }).end();

  it("of STS is refused, and its target sees nothing", async () => {
    const target = await fakeAws(sts);
    expect(await ask(redirectTo(target.url))).toMatchObject({ status: 70, stdout: "(exit 70);\n", calls: 1 });
    expect(target.asked).toHaveLength(0);
  });

  it("of the instance is refused, and its target sees nothing", async () => {
    const target = await fakeAws(imds);
    const { url } = await fakeAws(redirectTo(target.url));
    const HOME = makeHome({ ".aws/config": profile("Ec2InstanceMetadata") });
    const run = await xrole(["env", "p"], { env: { HOME, AWS_EC2_METADATA_SERVICE_ENDPOINT: url } });
    expect(run).toMatchObject({ status: 70, stdout: "(exit 70);\n" });
    expect(target.asked).toHaveLength(0);
  });

  it("of the container is refused, and its target sees nothing", async () => {
    const target = await fakeAws((response) => void response.end(containerReply("EVIL")));
    const { url } = await fakeAws(redirectTo(target.url));
    const HOME = makeHome({ ".aws/config": profile("EcsContainer") });
    const run = await xrole(["env", "p"], {
      env: {
        HOME,
        AWS_CONTAINER_CREDENTIALS_FULL_URI: url,
        AWS_CONTAINER_AUTHORIZATION_TOKEN: secret("container-token"),
      },
    });
    expect(run).toMatchObject({ status: 70, stdout: "(exit 70);\n" });
    expect(target.asked).toHaveLength(0);
  });
});

describe("an instance or container reply", () => {
  it("of a role that gives nothing says whose role it is", async () => {
    const { url } = await fakeAws((response) => void response.end('{"Code":"Failed","Message":"no such task role"}'));
    const HOME = makeHome({
      ".aws/config":
        "[profile c]\nrole_arn = arn:aws:iam::222222222222:role/r\ncredential_source = EcsContainer\nregion = us-east-1\n",
    });
    const run = await xrole(["env", "c"], {
      env: { HOME, AWS_ENDPOINT_URL_STS: url, AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/x` },
    });
    expect(run.status).toBe(77);
    expect(run.stderr).toContain("the container's role gave no credentials: Failed: no such task role");
    expect(run.stderr).not.toMatch(/instance|ec2/);
  });

  it.each([
    ["that is no JSON", "nope"],
    ["without a token", JSON.stringify({ ...JSON.parse(containerReply("X")), Token: undefined })],
    ["with a token that a shell could read", JSON.stringify({ ...JSON.parse(containerReply("X")), Token: "a'b" })],
    ["that never ends", JSON.stringify({ ...JSON.parse(containerReply("X")), Expiration: "2099-01-01T00:00:60Z" })],
  ])("%s is refused", async (_, body) => {
    const { url } = await fakeAws((response, asked, count) => {
      if (asked.url === "/creds" || asked.url.endsWith("/myrole")) response.end(body);
      else imds(response, asked, count);
    });
    for (const [source, env] of [
      ["EcsContainer", { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/creds` }],
      ["Ec2InstanceMetadata", { AWS_EC2_METADATA_SERVICE_ENDPOINT: url }],
    ] as const) {
      const run = await xrole(["env", "p"], { env: { HOME: makeHome({ ".aws/config": profile(source) }), ...env } });
      expect(run).toMatchObject({ status: 70, stdout: "(exit 70);\n" });
    }
  });
});

describe("a web page in the place of", () => {
  const page: Answer = (response) =>
    void response.writeHead(403, { "content-type": "text/html" }).end("<html><title>Blocked</title></html>");
  const run = async (words: readonly string[], config: string, file: string, content: object): Promise<Run> => {
    const { url } = await fakeAws(page);
    const HOME = makeHome({ ".aws/config": config, [file]: JSON.stringify(content) });
    return xrole(words, { env: { HOME, AWS_ENDPOINT_URL: url } });
  };
  const START = "https://example.awsapps.com/start";
  const file = (key: string): string => `.aws/sso/cache/${createHash("sha1").update(key).digest("hex")}.json`;
  const account = "sso_account_id = 111111111111\nsso_role_name = Reader\nregion = us-east-1\n";

  it("SSO is 70, and no reason to sign in again", async () => {
    const config = `[profile p]\nsso_start_url = ${START}\nsso_region = eu-west-1\n${account}`;
    const login = { accessToken: secret("sso-access-token"), expiresAt: "2099-01-01T00:00:00Z" };
    for (const verb of ["env", "doctor"]) {
      const { status, stdout, stderr } = await run([verb, "p"], config, file(START), login);
      expect(status).toBe(70);
      expect(stdout + stderr).toContain('it is a web page ("Blocked") with status 403');
      expect(stdout + stderr).not.toMatch(/aws sso login|AWS says/);
    }
  });

  it("SSO's renewal is 70, and no reason to sign in again", async () => {
    const config = `[sso-session s]\nsso_start_url = ${START}\nsso_region = eu-west-1\n[profile p]\nsso_session = s\n${account}`;
    const login = {
      accessToken: secret("sso-access-token"),
      expiresAt: "2020-01-01T00:00:00Z",
      clientId: "client",
      clientSecret: secret("sso-client-secret"),
      refreshToken: secret("sso-refresh-token"),
    };
    const { status, stderr } = await run(["env", "p"], config, file("s"), login);
    expect(status).toBe(70);
    expect(stderr).toContain('it is a web page ("Blocked") with status 403');
    expect(stderr).not.toContain("aws sso login");
  });

  it("AWS Sign-In's renewal is 70, and no reason to sign in again", async () => {
    const session = "arn:aws:iam::111111111111:user/alice";
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const login = {
      accessToken: {
        accessKeyId: "ASIALOGIN",
        secretAccessKey: secret("secret-of-login"),
        sessionToken: secret("token-of-login"),
        accountId: "111111111111",
        expiresAt: "2020-01-01T00:00:00Z",
      },
      clientId: "arn:aws:signin:::devtools/same-device",
      refreshToken: secret("login-refresh-token"),
      dpopKey: privateKey.export({ format: "pem", type: "sec1" }),
    };
    const config = `[profile p]\nlogin_session = ${session}\nregion = us-east-1\n`;
    const name = `.aws/login/cache/${createHash("sha256").update(session).digest("hex")}.json`;
    const { status, stderr } = await run(["env", "p"], config, name, login);
    expect(status).toBe(70);
    expect(stderr).toContain('it is a web page ("Blocked") with status 403');
    expect(stderr).not.toContain("aws login");
  });

  it.each([200, 403, 503])("the container's endpoint is 70, with %i", async (status) => {
    const { url } = await fakeAws(
      (response) => void response.writeHead(status).end("<html><title>Blocked</title></html>"),
    );
    const HOME = makeHome({ ".aws/config": profile("EcsContainer") });
    const run_ = await xrole(["env", "p"], { env: { HOME, AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/creds` } });
    expect(run_.status).toBe(70);
    expect(run_.stderr).toContain("it is a web page");
    expect(run_.stderr).not.toMatch(/refused|task role/);
  });

  it("the instance's is 70", async () => {
    for (const at of ["/api/token", "/security-credentials/", "/myrole"]) {
      const { url } = await fakeAws((response, asked, count) => {
        if (asked.url.endsWith(at)) response.end("<html><title>Blocked</title></html>");
        else imds(response, asked, count);
      });
      const HOME = makeHome({ ".aws/config": profile("Ec2InstanceMetadata") });
      const run_ = await xrole(["env", "p"], { env: { HOME, AWS_EC2_METADATA_SERVICE_ENDPOINT: url } });
      expect(run_.status, at).toBe(70);
      expect(run_.stderr).toContain("it is a web page");
    }
  });
});
