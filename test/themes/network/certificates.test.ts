// A server that nobody vouches for sees no secret: whoever it stands in for, it is refused before anything is sent.
import { createHash, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { CERTIFICATE, containerReply, fakeAws, sts, type Answer, type FakeAws } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { xrole, type Run } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";

const SESSION = "arn:aws:iam::111111111111:user/alice";
const START = "https://example.awsapps.com/start";
const CONFIG = `[profile container]
role_arn = arn:aws:iam::222222222222:role/r
credential_source = EcsContainer
region = us-east-1
[profile keys]
aws_access_key_id = AKIAKEYS
aws_secret_access_key = secret-of-keys
[profile role]
role_arn = arn:aws:iam::222222222222:role/r
source_profile = keys
region = us-east-1
[sso-session co]
sso_start_url = ${START}
sso_region = eu-west-1
[profile sso]
sso_session = co
sso_account_id = 111111111111
sso_role_name = Reader
[profile login]
login_session = ${SESSION}
region = us-east-1
`;
const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
const ssoLogin = (seconds: number): string =>
  JSON.stringify({
    accessToken: secret("sso-access-token"),
    expiresAt: inSeconds(seconds),
    startUrl: START,
    clientId: "client",
    clientSecret: secret("sso-client-secret"),
    refreshToken: secret("sso-refresh-token"),
    registrationExpiresAt: inSeconds(7200),
  });
const consoleLogin = JSON.stringify({
  accessToken: {
    accessKeyId: "ASIALOGIN",
    secretAccessKey: secret("secret-of-login"),
    sessionToken: secret("token-of-login"),
    accountId: "111111111111",
    expiresAt: inSeconds(-60),
  },
  clientId: "arn:aws:signin:::devtools/same-device",
  refreshToken: secret("login-refresh-token"),
  dpopKey: generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "pem", type: "sec1" }),
});
const digest = (name: string, text: string): string => createHash(name).update(text).digest("hex");

/** Whom the server stands in for: the words, the variable that leads to it, and the files. */
const PLACES: readonly [string, string, (url: string) => Record<string, string>, Record<string, string>][] = [
  [
    "a container",
    "env container",
    (url) => ({
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/creds`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: secret("container-authorization"),
    }),
    {},
  ],
  ["the console's sign-in", "console role", (url) => ({ AWS_ENDPOINT_URL_SIGNIN: url }), {}],
  [
    "the portal of SSO",
    "env sso",
    (url) => ({ AWS_ENDPOINT_URL_SSO: url }),
    { [`.aws/sso/cache/${digest("sha1", "co")}.json`]: ssoLogin(3600) },
  ],
  [
    "SSO's renewal of logins",
    "env sso",
    (url) => ({ AWS_ENDPOINT_URL_SSO: url, AWS_ENDPOINT_URL_SSO_OIDC: url }),
    { [`.aws/sso/cache/${digest("sha1", "co")}.json`]: ssoLogin(-60) },
  ],
  [
    "the renewal of `aws login`",
    "env login",
    (url) => ({ AWS_ENDPOINT_URL_SIGNIN: url }),
    { [`.aws/login/cache/${digest("sha256", SESSION)}.json`]: consoleLogin },
  ],
];

const answer: Answer = (response, { url }) => response.end(url === "/creds" ? containerReply("CONTAINER") : "{}");

async function run(
  [, words, variables, files]: (typeof PLACES)[number],
  env: Record<string, string>,
): Promise<Run & FakeAws> {
  const impostor = await fakeAws(answer, { tls: true });
  const { url: AWS_ENDPOINT_URL_STS } = await fakeAws(sts);
  const HOME = makeHome({ ".aws/config": CONFIG, ...files });
  const run = await xrole(words.split(" "), {
    env: { HOME, AWS_ENDPOINT_URL_STS, ...variables(impostor.url), ...env },
  });
  return { ...run, ...impostor };
}

describe.each(PLACES)("in the place of %s", (...place) => {
  it.each(["0", "1"])("it is refused, with NODE_TLS_REJECT_UNAUTHORIZED=%s too", async (value) => {
    const { asked, status, stderr } = await run(place, { NODE_TLS_REJECT_UNAUTHORIZED: value });
    expect(asked).toEqual([]);
    expect(stderr).toContain("its certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)");
    expect(status).toBe(69);
  });

  it("it is asked where the user vouches for it", async () => {
    const { asked } = await run(place, { NODE_EXTRA_CA_CERTS: CERTIFICATE });
    expect(asked).not.toHaveLength(0);
  });
});
