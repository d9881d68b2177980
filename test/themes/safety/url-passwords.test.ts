// Users, passwords, queries and fragments in URLs: whatever holds the URL, no command shows them.
import { createHash, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { makeHome } from "../../harness/home.ts";
import { xrole } from "../../harness/run.ts";

/** What comes before the host; each part that is not to be seen holds `hunter2`. */
const USERS = ["hunter2", "bob:hunter2", "bob:hunter2%40%3Ahunter2", "bob:hunter2@hunter2", "bob:hunter2:hunter2"];
const PLACE = "127.0.0.1:1";
/** What comes after the host; likewise. */
const TAILS = ["/?token=hunter2", "?hunter2", "/#hunter2", "/p?a=b&token=hunter2#hunter2", "/?t=%20hunter2"];
const COMMANDS = [
  ["explain", "p"],
  ["explain", "p", "--json"],
  ["list", "--json"],
  ["doctor", "p"],
  ["doctor", "p", "--json"],
  ["env", "p", "--debug"],
];

const ROLE = "role_arn = arn:aws:iam::222222222222:role/r\nregion = us-east-1\n";
const KEYS = "[profile keys]\naws_access_key_id = AKIAKEYS\naws_secret_access_key = secret-of-keys\n";
const FROM_KEYS = `${KEYS}[profile p]\n${ROLE}source_profile = keys\n`;
const from = (source: string): string => `[profile p]\n${ROLE}credential_source = ${source}\n`;
const START = "https://example.awsapps.com/start";
const ssoWith = (startUrl: string): string =>
  `[sso-session co]\nsso_start_url = ${startUrl}\nsso_region = us-east-1\n[profile s]\nsso_session = co\nsso_account_id = 111111111111\nsso_role_name = Reader\n[profile p]\n${ROLE}source_profile = s\n`;
const LOGIN = "arn:aws:iam::111111111111:user/alice";
const fromLogin = `[profile l]\nlogin_session = ${LOGIN}\n[profile p]\n${ROLE}source_profile = l\n`;

const hash = (kind: string, text: string): string => createHash(kind).update(text).digest("hex");
const ssoLogin = (expiresAt: string): Record<string, string> => ({
  [`.aws/sso/cache/${hash("sha1", "co")}.json`]: JSON.stringify({
    ...{ accessToken: "sso-access-token", expiresAt },
    ...{ clientId: "client", clientSecret: "client-secret", refreshToken: "refresh-token" },
  }),
});
const consoleLogin = (): Record<string, string> => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const keys = { accessKeyId: "ASIALOGIN", secretAccessKey: "secret-of-login", sessionToken: "token-of-login" };
  const accessToken = { ...keys, accountId: "111111111111", expiresAt: "2001-01-01T00:00:00Z" };
  const dpopKey = privateKey.export({ format: "pem", type: "sec1" });
  const record = { accessToken, clientId: "client", refreshToken: "refresh-token", dpopKey };
  return { [`.aws/login/cache/${hash("sha256", LOGIN)}.json`]: JSON.stringify(record) };
};

interface Situation {
  readonly config: string;
  readonly env?: Record<string, string>;
  readonly files?: Record<string, string>;
}

const PROXIED = { AWS_ENDPOINT_URL_STS: "https://sts.example.com" };
/** For the sources that are not to ask AWS; a variable of one service comes before it. */
const ELSEWHERE = { AWS_ENDPOINT_URL: `http://${PLACE}` };
const VALID = ssoLogin("2099-01-01T00:00:00Z");
const ENDED = ssoLogin("2001-01-01T00:00:00Z");

/** What holds a URL, and how the rest is so that the URL is used. */
const HOLDERS: readonly (readonly [name: string, situation: (url: string) => Situation])[] = [
  ["AWS_ENDPOINT_URL_STS", (url) => ({ config: FROM_KEYS, env: { AWS_ENDPOINT_URL_STS: url } })],
  ["AWS_ENDPOINT_URL", (url) => ({ config: FROM_KEYS, env: { AWS_ENDPOINT_URL: url } })],
  ["endpoint_url", (url) => ({ config: `${FROM_KEYS}endpoint_url = ${url}\n` })],
  ["[services]", (url) => ({ config: `${FROM_KEYS}services = s\n[services s]\nsts =\n  endpoint_url = ${url}\n` })],
  [
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    (url) => ({ config: from("EcsContainer"), env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: url } }),
  ],
  [
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    (url) => ({ config: from("Ec2InstanceMetadata"), env: { AWS_EC2_METADATA_SERVICE_ENDPOINT: url } }),
  ],
  [
    "ec2_metadata_service_endpoint",
    (url) => ({ config: `${from("Ec2InstanceMetadata")}ec2_metadata_service_endpoint = ${url}\n` }),
  ],
  ["HTTPS_PROXY", (url) => ({ config: FROM_KEYS, env: { ...PROXIED, HTTPS_PROXY: url } })],
  ["https_proxy", (url) => ({ config: FROM_KEYS, env: { ...PROXIED, https_proxy: url } })],
  ["sso_start_url", (url) => ({ config: ssoWith(url) })],
  ["AWS_ENDPOINT_URL_SSO", (url) => ({ config: ssoWith(START), env: { AWS_ENDPOINT_URL_SSO: url }, files: VALID })],
  [
    "AWS_ENDPOINT_URL_SSO_OIDC",
    (url) => ({ config: ssoWith(START), env: { AWS_ENDPOINT_URL_SSO_OIDC: url }, files: ENDED }),
  ],
  [
    "AWS_ENDPOINT_URL_SIGNIN",
    (url) => ({ config: fromLogin, env: { AWS_ENDPOINT_URL_SIGNIN: url }, files: consoleLogin() }),
  ],
];

describe("the user and password of a URL are shown by no command", () => {
  it.each(HOLDERS.map((one, index) => [one[0], one[1], index] as const))("in %s", async (_, situation, offset) => {
    const shown: string[] = [];
    // Each command has another form; over the settings each command meets each form.
    for (const [index, words] of COMMANDS.entries()) {
      const user = USERS[(index + offset) % USERS.length] ?? "";
      const { config, env, files } = situation(`http://${user}@${PLACE}/`);
      const HOME = makeHome({ ".aws/config": config, ...files });
      const run = await xrole(words, { env: { HOME, ...(config.startsWith(KEYS) ? {} : ELSEWHERE), ...env } });
      const text = run.stdout + run.stderr;
      expect(text, `${words.join(" ")} with ${user}`).not.toContain("hunter2");
      shown.push(text);
    }
    // The place is shown somewhere, or this test sees nothing.
    expect(shown.join("\n")).toMatch(/\*\*\*@127\.0\.0\.1:1|the proxy 127\.0\.0\.1:1/);
  });

  it.each(HOLDERS.map((one, index) => [one[0], one[1], index] as const))(
    "nor its query, in %s",
    async (name, situation, offset) => {
      for (const [index, words] of COMMANDS.entries()) {
        const tail = TAILS[(index + offset) % TAILS.length] ?? "";
        const { config, env, files } = situation(`http://${PLACE}${tail}`);
        const HOME = makeHome({ ".aws/config": config, ...files });
        const run = await xrole(words, { env: { HOME, ...(config.startsWith(KEYS) ? {} : ELSEWHERE), ...env } });
        expect(run.stdout + run.stderr, `${words.join(" ")} with ${tail}`).not.toContain("hunter2");
        // Calls of a container's address have the query; an endpoint is the start of an address only.
        if (/endpoint/i.test(name) && words[0] === "env") {
          expect(run).toMatchObject({ status: 78 });
          expect(run.stderr).toContain("is not an http or https URL without a query or fragment");
        }
      }
    },
  );

  it.each([
    ["ca_bundle", (url: string): Situation => ({ config: `${FROM_KEYS}ca_bundle = ${url}\n` })],
    ["AWS_CA_BUNDLE", (url: string): Situation => ({ config: FROM_KEYS, env: { AWS_CA_BUNDLE: url } })],
    [
      "web_identity_token_file",
      (url: string): Situation => ({ config: `[profile p]\n${ROLE}web_identity_token_file = ${url}\n` }),
    ],
    [
      "credential_process",
      (url: string): Situation => ({ config: `[profile p]\ncredential_process = /nowhere ${url}\n` }),
    ],
    ["role_session_name", (url: string): Situation => ({ config: `${FROM_KEYS}role_session_name = ${url}\n` })],
  ])("nor where a URL does not belong, in %s", async (_, situation) => {
    for (const [index, words] of COMMANDS.entries()) {
      const tail = index % 2 === 0 ? `bob:hunter2@${PLACE}/` : `${PLACE}/?token=hunter2`;
      const { config, env } = situation(`https://${tail}`);
      const run = await xrole(words, { env: { HOME: makeHome({ ".aws/config": config }), ...ELSEWHERE, ...env } });
      expect(run.stdout + run.stderr, `${words.join(" ")} with ${tail}`).not.toContain("hunter2");
    }
  });

  it.each([
    "socks5://bob:hunter2@127.0.0.1:1",
    "http:/bob:hunter2@127.0.0.1:1",
    "http:\\\\bob:hunter2@127.0.0.1:1",
    "//bob:hunter2@127.0.0.1:1",
    "http://bob:hunt#hunter2@127.0.0.1:1",
    "http://bob:hunt/hunter2@127.0.0.1:1",
    "http://bob:hunter2@127.0.0.1:99999",
    "bob:hunt?hunter2@127.0.0.1:1",
  ])("nor of a proxy that is no URL: %s", async (url) => {
    for (const [index, words] of COMMANDS.entries()) {
      const HOME = makeHome({ ".aws/config": FROM_KEYS });
      const name = index % 2 === 0 ? "HTTPS_PROXY" : "https_proxy";
      const run = await xrole(words, { env: { HOME, ...PROXIED, [name]: url } });
      expect(run.stdout + run.stderr, words.join(" ")).not.toContain("hunter2");
      if (words[0] === "env") {
        expect(run.status).toBe(78);
        expect(run.errors.at(-1)?.code).toBe("proxy-invalid");
        expect(run.stderr).toContain(name);
      }
    }
  });

  it("though it is not used", async () => {
    const url = (number: number): string => `http://bob:hunter2@${PLACE}/${String(number)}`;
    const HOME = makeHome({ ".aws/config": `${FROM_KEYS}endpoint_url = ${url(1)}\n` });
    for (const words of COMMANDS) {
      const run = await xrole(words, { env: { HOME, AWS_ENDPOINT_URL_STS: url(2), AWS_ENDPOINT_URL: url(3) } });
      expect(run.stdout + run.stderr, words.join(" ")).not.toContain("hunter2");
    }
  });
});
