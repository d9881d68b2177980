// A home whose credentials are cached, an STS that counts its calls, and xrole in them, many times.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { assumeRoleReply, fakeAws, type Answer, type FakeAws } from "./fake-aws.ts";
import { makeHome } from "./home.ts";
import { xrole, type Run } from "./run.ts";
import { secret } from "./secrets.ts";

export const role = (name: string, source: string): string =>
  `[profile ${name}]\nrole_arn = arn:aws:iam::222222222222:role/${name}\n${source}\nregion = us-east-1\n`;
export const CONFIG = [
  role("p", "credential_source = Environment"),
  role("q", "source_profile = p"),
  role("r", "source_profile = p"),
  role("i", "credential_source = Ec2InstanceMetadata"),
  role("c", "credential_source = EcsContainer"),
  role("keys", "source_profile = alice"),
  "[profile alice]\naws_access_key_id = AKIAALICE\naws_secret_access_key = secret-of-alice\n",
  role("mfa", "source_profile = alice\nmfa_serial = arn:aws:iam::111111111111:mfa/alice"),
  role("session", "source_profile = alice\nmfa_serial = arn:aws:iam::111111111111:mfa/alice\nxrole_mfa_session = true"),
  "[profile ci]\nrole_arn = arn:aws:iam::222222222222:role/ci\nweb_identity_token_file = token.jwt\nregion = us-east-1\n",
].join("");
export const KEYS = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-env") };
export const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
/** Answers with credentials that live an hour. */
export const hourly: Answer = (response, { body }) =>
  response.end(assumeRoleReply(body, { expiration: inSeconds(3600) }));

export interface Host extends FakeAws {
  readonly home: string;
  readonly folder: string;
  readonly run: (words: string, env?: Record<string, string>) => Promise<Run>;
}

/** A home, an STS, and xrole in them, many times. */
export async function host(answer: Answer = hourly, files: Record<string, string> = {}): Promise<Host> {
  const { url, asked } = await fakeAws(answer);
  const home = makeHome({ ".aws/config": CONFIG, ...files });
  const base = { HOME: home, ...KEYS, AWS_ENDPOINT_URL_STS: url };
  const run: Host["run"] = async (words, env = {}) => xrole(words.split(" "), { cwd: home, env: { ...base, ...env } });
  return { url, asked, home, folder: join(home, ".cache/xrole"), run };
}

export const entries = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => join(folder, name));
