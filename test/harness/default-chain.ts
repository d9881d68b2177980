// Situations of the default chain, each with what botocore decided in it: by the key that signs, since nothing else tells.
import { createHash, generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { containerReply, imds, sts, type Answer } from "./fake-aws.ts";

export interface Situation {
  readonly id: string;
  readonly says: string;
  readonly config: string;
  readonly credentials: string;
  /** `${AWS}` is the server that plays AWS; files are named from the home, which is the working directory. */
  readonly env: Readonly<Record<string, string>>;
  /** The id of the key that botocore signs with, or `error`. */
  readonly botocore: string;
  /** Where xrole differs on purpose: another key, or why it stops. */
  readonly xrole?: { readonly key?: string; readonly error?: string };
}

export interface Recorded {
  /** The version of botocore. */
  readonly judge: string;
  readonly situations: readonly Situation[];
}

const PROOF_KEY = generateKeyPairSync("ec", { namedCurve: "P-256" })
  .privateKey.export({ format: "pem", type: "sec1" })
  .toString();

export const RECORDED = resolve(import.meta.dirname, "../conformance/default-chain.json");
export const recorded = (): Recorded => JSON.parse(readFileSync(RECORDED, "utf8")) as Recorded;

/** What xrole must sign with; `error` where it must stop. */
export const expectedKey = ({ botocore, xrole }: Situation): string =>
  xrole?.error === undefined ? (xrole?.key ?? botocore) : "error";

/** The home of a situation, by path. Beside its two files it holds what any of them may come to. */
export function filesOf({ config, credentials }: Situation): Record<string, string> {
  const login = (start: string): string => `.aws/sso/cache/${createHash("sha1").update(start).digest("hex")}.json`;
  const sso = JSON.stringify({ accessToken: "access-token", expiresAt: "2099-01-01T00:00:00Z" });
  const session = createHash("sha256").update("arn:aws:iam::111111111111:user/me").digest("hex");
  return {
    ".aws/config": config,
    ".aws/credentials": credentials,
    token: "token-of-the-environment",
    "other-token": "token-of-the-profile",
    legacy: "AWSAccessKeyId=AKIALEGACY\nAWSSecretKey=secret-of-legacy\n",
    boto: "[Credentials]\naws_access_key_id = AKIABOTO\naws_secret_access_key = secret-of-boto\n",
    [login("my")]: sso,
    [login("https://example.awsapps.com/start")]: sso,
    [`.aws/login/cache/${session}.json`]: JSON.stringify({
      accessToken: {
        accessKeyId: "ASIALOGIN",
        secretAccessKey: "secret-of-login",
        sessionToken: "token-of-login",
        accountId: "111111111111",
        expiresAt: "2099-01-01T00:00:00Z",
      },
      tokenType: "aws_sigv4",
      refreshToken: "refresh-token",
      idToken: "id-token",
      clientId: "arn:aws:signin:::devtools/same-device",
      dpopKey: PROOF_KEY,
    }),
  };
}

/** The environment of a situation: every endpoint is the server's, so that nothing is asked elsewhere. */
export function environmentOf({ env }: Situation, root: string, aws: string): Record<string, string> {
  const given = Object.entries(env).map(([name, value]) => [name, value.replaceAll("${AWS}", aws)]);
  return {
    HOME: root,
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_ENDPOINT_URL: aws,
    AWS_EC2_METADATA_SERVICE_ENDPOINT: `${aws}/`,
    ...(Object.fromEntries(given) as Record<string, string>),
  };
}

/** Plays STS, SSO, the container and the instance, each with a key of its own. */
export const everything: Answer = (response, asked, count) => {
  const path = asked.url.split("?")[0] ?? "";
  if (path === "/container") return void response.end(containerReply("TASK"));
  if (path === "/refused") return void response.writeHead(403).end("{}");
  if (path === "/federation/credentials") {
    const keys = { accessKeyId: "ASIASSO", secretAccessKey: "secret-of-sso", sessionToken: "token-of-sso" };
    response.setHeader("content-type", "application/json");
    return void response.end(JSON.stringify({ roleCredentials: { ...keys, expiration: 4070908800000 } }));
  }
  if (asked.method === "POST") sts(response, asked, count);
  else imds(response, asked, count);
};
