// The password in a URL is shown as ***, wherever the URL is from and whatever shows it.
import { describe, expect, it } from "vitest";
import { makeHome } from "../harness/home.ts";
import { xrole } from "../harness/run.ts";
import { notice } from "../harness/secrets.ts";

const ROLE = "role_arn = arn:aws:iam::222222222222:role/r\nregion = us-east-1\n";
const KEYS = "[profile k]\naws_access_key_id = AKIAK\naws_secret_access_key = secret-of-k\n";
const profile = (more = ""): string => `${KEYS}[profile p]\nsource_profile = k\n${ROLE}${more}`;
const sso = (startUrl: string): string =>
  `[profile p]\nsso_session = s\nsso_account_id = 111111111111\nsso_role_name = r\nregion = us-east-1\n[sso-session s]\nsso_region = us-east-1\nsso_start_url = ${startUrl}\n`;
const from = (source: string): string => `[profile p]\ncredential_source = ${source}\n${ROLE}`;

/** Where a URL may be said: the config file, and the environment. Nothing listens on port 1. */
const PLACES: readonly (readonly [
  name: string,
  config: (url: string) => string,
  env: (url: string) => Record<string, string>,
])[] = [
  ["AWS_ENDPOINT_URL_STS", () => profile(), (url) => ({ AWS_ENDPOINT_URL_STS: url })],
  ["AWS_ENDPOINT_URL", () => profile(), (url) => ({ AWS_ENDPOINT_URL: url })],
  ["endpoint_url", (url) => profile(`endpoint_url = ${url}\n`), () => ({})],
  ["[services]", (url) => profile(`services = s\n[services s]\nsts =\n  endpoint_url = ${url}\n`), () => ({})],
  ["HTTPS_PROXY", () => profile(), (url) => ({ HTTPS_PROXY: url, AWS_ENDPOINT_URL_STS: "https://sts.example.com" })],
  ["https_proxy", () => profile(), (url) => ({ https_proxy: url, AWS_ENDPOINT_URL_STS: "https://sts.example.com" })],
  [
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    () => from("EcsContainer"),
    (url) => ({ AWS_CONTAINER_CREDENTIALS_FULL_URI: url }),
  ],
  [
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    () => from("Ec2InstanceMetadata"),
    (url) => ({ AWS_EC2_METADATA_SERVICE_ENDPOINT: url }),
  ],
  [
    "ec2_metadata_service_endpoint",
    (url) => from("Ec2InstanceMetadata") + `ec2_metadata_service_endpoint = ${url}\n`,
    () => ({}),
  ],
  ["sso_start_url", (url) => sso(url), () => ({ AWS_ENDPOINT_URL_SSO: "http://127.0.0.1:1" })],
  ["AWS_ENDPOINT_URL_SSO", () => sso("https://corp.awsapps.com/start"), (url) => ({ AWS_ENDPOINT_URL_SSO: url })],
  [
    "AWS_ENDPOINT_URL_SSO_OIDC",
    () => sso("https://corp.awsapps.com/start"),
    (url) => ({ AWS_ENDPOINT_URL_SSO_OIDC: url }),
  ],
];
const PASSWORDS = ["hunter2pass", "p%40ss%3Aw0rd", "with@at-sign", "with:a-colon"];

describe.each(PLACES)("a password in the URL of %s", (_, config, environment) => {
  it.each(PASSWORDS)("is not shown: %s", async (password) => {
    const url = `http://someone:${password}@127.0.0.1:1/`;
    const HOME = makeHome({ ".aws/config": config(url) });
    const env = { HOME, AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://127.0.0.1:1", ...environment(url) };
    notice(`PASSWORD=${password}`);
    const shown = await Promise.all(
      [
        ["explain", "p"],
        ["explain", "p", "--json"],
        ["list", "--json"],
        ["env", "p", "--debug"],
        ["doctor", "p", "--json"],
      ].map((words) => xrole(words, { env })),
    );
    for (const { stdout, stderr } of shown) expect(stdout + stderr).not.toContain(password);
  });
});
