// Which identity real clients use: the key that signs what reaches a server on loopback. Everything else that a client might use is
// there too: keys of [default] in both files, ~/.boto, an instance's role, and variables of other tools. docs/sdks.md says the same.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { spawn, type ChildProcess } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { hourly, imds, sts, type Answer } from "../harness/fake-aws.ts";
import { makeHome } from "../harness/home.ts";
import { BINARY, GUARD, shell } from "../harness/run.ts";
import { secret } from "../harness/secrets.ts";
import { CLIENTS, type Way } from "./client-programs.ts";
import { PEER_PATH } from "./peers.ts";

const keys = (name: string): string =>
  `aws_access_key_id = AKIA${name}\naws_secret_access_key = secret-of-${name.toLowerCase()}\n`;
const PROCESS = `credential_process = ${process.execPath} ${BINARY} credential-process p\n`;
const CONFIG = `[default]
region = us-east-1
${keys("CONFIG")}
[profile p]
role_arn = arn:aws:iam::222222222222:role/r
credential_source = Ec2InstanceMetadata
region = us-east-1

[profile process]
${PROCESS}region = us-east-1
`;
const FILES = {
  ".aws/config": CONFIG,
  ".aws/credentials": `[default]\n${keys("CREDENTIALS")}[other]\n${PROCESS}`,
  ".boto": `[Credentials]\n${keys("BOTO")}`,
  ".s3cfg-of-my-own": "[default]\naccess_key = AKIAS3CFG\nsecret_key = secret-of-s3cfg\n",
  "old-keys": "AWSAccessKeyId=AKIAOLD\nAWSSecretKey=secret-of-old\n",
};
const OTHERS = {
  AMAZON_ACCESS_KEY_ID: "AKIAAMAZON",
  AMAZON_SECRET_ACCESS_KEY: secret("secret-of-amazon"),
  AMAZON_SESSION_TOKEN: secret("token-of-amazon"),
  AMAZON_REGION: "us-east-1",
  AWS_ACCESS_KEY: "AKIALEGACY",
  AWS_SECRET_KEY: secret("secret-of-legacy"),
  EC2_ACCESS_KEY: "AKIAEC2",
  EC2_SECRET_KEY: secret("secret-of-ec2"),
  AWSACCESSKEYID: "AKIAS3FS",
  AWSSECRETACCESSKEY: secret("secret-of-s3fs"),
};

const OBJECT = "a,b\n1,2\n";
const LIST = `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bucket</Name><Prefix></Prefix><KeyCount>1</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated><Contents><Key>hello.csv</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>"0"</ETag><Size>${OBJECT.length}</Size><StorageClass>STANDARD</StorageClass></Contents></ListBucketResult>`;

/** STS and S3 for the clients. */
const aws: Answer = (response, one, count) => {
  if (one.method === "POST") {
    sts(response, one, count);
    return;
  }
  const isObject = new URL(one.url, "http://x").pathname.endsWith("hello.csv");
  const body = isObject ? OBJECT : LIST;
  const head = { "content-length": String(body.length), etag: '"0"', "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT" };
  const range = `bytes 0-${body.length - 1}/${body.length}`;
  if (one.headers.range === undefined) response.writeHead(200, head);
  else response.writeHead(206, { ...head, "content-range": range });
  response.end(one.method === "HEAD" ? undefined : body);
};
/** STS and the instance for xrole; the instance for the clients too. */
const host: Answer = (response, one, count) => {
  // Without the newline that imds sends after the role's name: object_store does not accept it.
  if (one.method === "GET" && one.url.endsWith("/security-credentials/")) return void response.end("myrole");
  (one.url.startsWith("/latest") ? imds : hourly)(response, one, count);
};

const signers = new Set<string>();
const servers: Server[] = [];
let env: Record<string, string> = {};
let serving: ChildProcess;

beforeAll(async () => {
  const [hostUrl, awsUrl] = [await listen(host), await listen(aws, signers)];
  const HOME = makeHome(FILES);
  env = {
    PATH: PEER_PATH,
    HOME,
    AWS_ENDPOINT_URL_STS: hostUrl,
    AWS_EC2_METADATA_SERVICE_ENDPOINT: hostUrl,
    // The same for object_store and GDAL.
    AWS_METADATA_ENDPOINT: hostUrl,
    CPL_AWS_EC2_API_ROOT_URL: hostUrl,
    TEST_ENDPOINT: awsUrl,
    AWS_CREDENTIAL_FILE: `${HOME}/old-keys`,
    AWS_CREDENTIAL_PROFILES_FILE: `${HOME}/.aws/credentials`,
    S3CFG: `${HOME}/.s3cfg-of-my-own`,
    AWS_REGION: "us-east-1",
    AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE: "1",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    ...OTHERS,
  };
  env.STATEMENTS = await startServing();
});
afterAll(() => {
  serving.kill();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

/** Starts `xrole serve`. @returns what it prints */
async function startServing(): Promise<string> {
  serving = spawn(process.execPath, [BINARY, "serve", "p"], {
    env: { ...env, NODE_OPTIONS: GUARD },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  let told = "";
  serving.stdout?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  await new Promise<void>((resolve, reject) => {
    serving.stderr?.on("data", (chunk: Buffer) => {
      told += chunk.toString();
      if (told.includes("Serving p")) resolve();
    });
    serving.on("exit", () => reject(new Error(`serve ended: ${told}`)));
  });
  return printed;
}

async function listen(answer: Answer, seen?: Set<string>): Promise<string> {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      seen?.add(/Credential=([^/]+)\//.exec(headers.authorization ?? "")?.[1] ?? "nobody");
      answer(response, { method, url, headers, body }, 1);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ROLE = "ASIAr";
/** Nothing of xrole's removes the variables of other tools here. */
const withProfile = (profile: string, command: string): string =>
  `unset ${Object.keys(OTHERS).join(" ")} AWS_CREDENTIAL_FILE; export AWS_PROFILE=${profile}; ${command}`;
const WAYS: Readonly<Record<Way, (command: string) => string>> = {
  exec: (command) => `xrole exec p -- ${command}`,
  renew: (command) => `xrole exec p --renew -- ${command}`,
  serve: (command) => `eval "$STATEMENTS"; ${command}`,
  process: (command) => withProfile("process", command),
  "process in the credentials file": (command) => withProfile("other", command),
};

async function signersOf(script: string): Promise<[signers: string[], told: string]> {
  signers.clear();
  const { status, stderr } = await shell(script, { env, limit: 60 });
  return [[...signers], `ended with ${String(status)}: ${stderr}`];
}

// Some clients ask the instance at its own address, whatever the variables say: only where nothing but loopback is there.
describe.runIf(process.env.XROLE_TEST_ALONE)("the role, and nobody else, is used by", () => {
  for (const { name, command, others = {}, isHere = true, readsCredentialsFile = false } of CLIENTS) {
    const ways = (Object.keys(WAYS) as Way[]).filter((way) => readsCredentialsFile || !way.includes("file"));
    describe.runIf(isHere)(name, () => {
      it("not without xrole", async () => {
        const [seen, told] = await signersOf(command);
        expect(seen, told).toHaveLength(1);
        expect(seen).not.toContain(ROLE);
      });

      it.each(ways)("by %s", async (way) => {
        const [seen, told] = await signersOf(WAYS[way](command));
        const expected = way in others ? others[way] : ROLE;
        expect(seen, told).toEqual(expected === undefined ? [] : [expected]);
      });
    });
  }
});
