// Signatures: AWS's own published example, and the SDK's requests with one thing wrong in each.
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EXAMPLE } from "../../../../src/sandbox/world/example.ts";
import { startSandbox, type Sandbox } from "../../../../src/sandbox/start.ts";
import { verifySignature } from "../../../../src/sandbox/services/signature.ts";
import type { Identities, Identity } from "../../../../src/sandbox/world/identity.ts";

const ALICE = { accessKeyId: "AKIASANDBOXALICE", secretAccessKey: "sandbox-secret-of-alice" };
const region = "us-east-1";

let sandbox: Sandbox;
let offset = 0;
beforeEach(async () => {
  offset = 0;
  sandbox = await startSandbox(EXAMPLE, {
    now: () => Date.now() + offset,
    uid: process.getuid?.(),
    platform: process.platform,
  });
});
afterEach(() => sandbox.close());

type Keys = typeof ALICE & { sessionToken?: string };
const sts = (credentials: Keys): STSClient =>
  new STSClient({ region, credentials, endpoint: sandbox.environment.AWS_ENDPOINT_URL_STS ?? "", maxAttempts: 1 });
const s3 = (credentials: Keys): S3Client =>
  new S3Client({
    region,
    credentials,
    endpoint: sandbox.environment.AWS_ENDPOINT_URL_S3 ?? "",
    maxAttempts: 1,
    forcePathStyle: true,
  });
const nameOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "accepted",
    (error: unknown) => (error as Error).name,
  );

async function role(credentials: Keys = ALICE): Promise<Required<Keys>> {
  const { Credentials } = await sts(credentials).send(
    new AssumeRoleCommand({
      RoleArn: "arn:aws:iam::222222222222:role/role-b-s3",
      RoleSessionName: "test",
      DurationSeconds: 900,
    }),
  );
  return {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken ?? "",
  };
}

describe("the example of AWS's documentation", () => {
  // "Signature Calculations for the Authorization Header" of the S3 API reference, example GET Bucket (List Objects).
  const identity: Identity = {
    accountId: "1",
    arn: "a",
    userId: "u",
    policy: undefined,
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  };
  const identities = { find: () => identity } as unknown as Identities;
  const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  const headers = {
    host: "examplebucket.s3.amazonaws.com",
    "x-amz-content-sha256": empty,
    "x-amz-date": "20130524T000000Z",
    authorization:
      "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
  };
  const request = { method: "GET", path: "/", query: new URLSearchParams("max-keys=2&prefix=J"), headers, body: "" };
  const now = Date.parse("2013-05-24T00:05:00Z");

  /** The request, whose signature is said to be over these headers, for this region. */
  const said = (names: string, inRegion = "us-east-1"): typeof request => {
    const authorization = headers.authorization
      .replace(/SignedHeaders=[^,]+/, `SignedHeaders=${names}`)
      .replace("us-east-1", inRegion);
    return { ...request, headers: { ...headers, authorization } };
  };

  it("is verified", () => {
    expect(verifySignature(request, "s3", identities, now)).toBe(identity);
  });

  it.each([
    ["another method", { ...request, method: "HEAD" }, "wrong-signature"],
    ["another path", { ...request, path: "/x" }, "wrong-signature"],
    ["another query", { ...request, query: new URLSearchParams("max-keys=3&prefix=J") }, "wrong-signature"],
    ["another host", { ...request, headers: { ...headers, host: "other" } }, "wrong-signature"],
    ["a body", { ...request, body: "x" }, "wrong-body"],
    ["no signature", { ...request, headers: { host: "h" } }, "missing"],
    ["another scheme", { ...request, headers: { ...headers, authorization: "Basic x" } }, "malformed"],
    [
      "a header that is not signed",
      { ...request, headers: { ...headers, "x-amz-security-token": "x" } },
      "unsigned-header",
    ],
    ["a signed header that is not there", said("constructor;host;x-amz-content-sha256;x-amz-date"), "wrong-signature"],
    ["signed headers out of order", said("x-amz-content-sha256;x-amz-date;host"), "malformed"],
    ["a region that is no name", said("host;x-amz-content-sha256;x-amz-date", "nowhere"), "wrong-region"],
  ])("is refused with %s", (_, changed, fault) => {
    expect(verifySignature(changed, "s3", identities, now)).toBe(fault);
  });

  it("is refused a quarter of an hour later", () => {
    expect(verifySignature(request, "s3", identities, now + 11 * 60_000)).toBe("skewed");
  });
});

describe("the SDK's requests", () => {
  it("are accepted, and say who they are", async () => {
    const { Arn } = await sts(ALICE).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe("arn:aws:iam::111111111111:user/alice");
    const keys = await role();
    const { Contents } = await s3(keys).send(new ListObjectsV2Command({ Bucket: "b-s3-bucket" }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(["hello.txt", "reports/2026-10.csv", "reports/2026-11.csv"]);
    const { Body } = await s3(keys).send(new GetObjectCommand({ Bucket: "b-s3-bucket", Key: "hello.txt" }));
    expect(await Body?.transformToString()).toBe("Hello from account B.\n");
  });

  it.each([
    ["a wrong secret", { secretAccessKey: "wrong" }, "SignatureDoesNotMatch", "SignatureDoesNotMatch"],
    ["an unknown key", { accessKeyId: "AKIAUNKNOWN" }, "InvalidClientTokenId", "InvalidAccessKeyId"],
    ["a wrong token", { sessionToken: "wrong" }, "InvalidClientTokenId", "InvalidToken"],
  ])("are refused with %s", async (_, wrong, ofSts, ofS3) => {
    const keys = { ...(await role()), ...wrong };
    expect(await nameOf(sts(keys).send(new GetCallerIdentityCommand({})))).toBe(ofSts);
    expect(await nameOf(s3(keys).send(new ListObjectsV2Command({ Bucket: "b-s3-bucket" })))).toBe(ofS3);
  });

  it("are refused when their credentials have expired", async () => {
    const keys = await role();
    offset = 901_000;
    // Signed by the sandbox's own clock, so that only the credentials are old.
    const late = new STSClient({
      region,
      credentials: keys,
      endpoint: sandbox.environment.AWS_ENDPOINT_URL_STS ?? "",
      systemClockOffset: offset,
      maxAttempts: 1,
    });
    expect(await nameOf(late.send(new GetCallerIdentityCommand({})))).toBe("ExpiredToken");
  });

  it("are refused when the caller may not, in AWS's words", async () => {
    const denied = sts(ALICE).send(
      new AssumeRoleCommand({ RoleArn: "arn:aws:iam::333333333333:role/role-c-audit", RoleSessionName: "test" }),
    );
    await expect(denied).rejects.toThrow(
      "User: arn:aws:iam::111111111111:user/alice is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::333333333333:role/role-c-audit because no identity-based policy allows the sts:AssumeRole action",
    );
  });
});
