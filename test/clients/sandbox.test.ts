// The sandbox against peers that were not written beside it: the AWS CLI and boto3, with good and with bad signatures.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeHome } from "../harness/home.ts";
import { xrole, type Run } from "../harness/run.ts";
import { AWS, PEER_PATH, PYTHON } from "./peers.ts";

const inside = (...command: string[]): Promise<Run> =>
  xrole(["sandbox", "--", ...command], { env: { PATH: PEER_PATH } });
const script = (text: string): Promise<Run> => inside("sh", "-c", text);

function python(program: string): Promise<Run> {
  const file = join(makeHome(), "program.py");
  writeFileSync(file, program);
  return inside(PYTHON, file);
}

describe("the AWS CLI in the sandbox", () => {
  it("is the instance, and is refused at B's bucket", async () => {
    const run = await script(`export AWS_DEFAULT_REGION=us-east-1
${AWS} sts get-caller-identity --query Arn --output text; ${AWS} s3 ls s3://b-s3-bucket/; echo "status $?"`);
    expect(run.stdout).toMatch(/^arn:aws:sts::111111111111:assumed-role\/app-host\/i-\w+\nstatus \d+\n$/);
    expect(run.stderr).toContain("(AccessDenied) when calling the ListObjectsV2 operation");
    expect(run.stderr).toContain("is not authorized to perform: s3:ListBucket");
  });

  it("assumes the role by itself and through xrole, and lists and copies", async () => {
    const run = await script(`set -e; ${AWS} --profile b-s3 sts get-caller-identity --query Account --output text
xrole exec b-s3 -- ${AWS} s3 ls s3://b-s3-bucket/ | awk '{print $NF}'
xrole exec b-s3 -- ${AWS} s3 cp s3://b-s3-bucket/hello.txt -
xrole exec b-s3 -- ${AWS} s3 ls --recursive s3://b-s3-bucket/reports/ | wc -l`);
    expect(run.stdout, run.stderr).toBe("222222222222\nreports/\nhello.txt\nHello from account B.\n2\n");
  });

  it("is refused with a wrong secret, an unknown key and a wrong token", async () => {
    const run = await script(`export AWS_DEFAULT_REGION=us-east-1
AWS_ACCESS_KEY_ID=AKIASANDBOXALICE AWS_SECRET_ACCESS_KEY=wrong ${AWS} sts get-caller-identity
AWS_ACCESS_KEY_ID=AKIAUNKNOWN AWS_SECRET_ACCESS_KEY=wrong ${AWS} sts get-caller-identity
AWS_ACCESS_KEY_ID=AKIAUNKNOWN AWS_SECRET_ACCESS_KEY=wrong ${AWS} s3 ls
AWS_ACCESS_KEY_ID=AKIASANDBOXALICE AWS_SECRET_ACCESS_KEY=wrong ${AWS} s3 ls
AWS_ACCESS_KEY_ID=AKIASANDBOXALICE AWS_SECRET_ACCESS_KEY=sandbox-secret-of-alice AWS_SESSION_TOKEN=stray ${AWS} sts get-caller-identity`);
    const codes = [...run.stderr.matchAll(/error occurred \((\w+)\)/g)].map(([, code]) => code);
    expect(codes).toEqual([
      "SignatureDoesNotMatch",
      "InvalidClientTokenId",
      "InvalidAccessKeyId",
      "SignatureDoesNotMatch",
      "InvalidClientTokenId",
    ]);
    expect(run.stdout).toBe("");
  });

  it("is refused at a role that does not trust it, or wants an external id", async () => {
    const run = await script(`export AWS_DEFAULT_REGION=us-east-1
assume() { ${AWS} sts assume-role --role-session-name ses --role-arn "$@" --query AssumedRoleUser.Arn --output text; }
assume arn:aws:iam::222222222222:role/absent
eval $(xrole env b-s3)
assume arn:aws:iam::333333333333:role/role-c-audit
assume arn:aws:iam::333333333333:role/role-c-audit --external-id wrong
assume arn:aws:iam::333333333333:role/role-c-audit --external-id audit-2026
assume arn:aws:iam::333333333333:role/role-c-audit --external-id audit-2026 --duration-seconds 7200`);
    const codes = [...run.stderr.matchAll(/error occurred \((\w+)\)/g)].map(([, code]) => code);
    expect(codes).toEqual(["AccessDenied", "AccessDenied", "AccessDenied", "ValidationError"]);
    expect(run.stderr).toContain("exceeds the 1 hour session limit for roles assumed by role chaining");
    expect(run.stdout).toBe("arn:aws:sts::333333333333:assumed-role/role-c-audit/ses\n");
  });

  it("is the task where the container variables are set", async () => {
    const run = await script(`export AWS_DEFAULT_REGION=us-east-1
export AWS_CONTAINER_CREDENTIALS_FULL_URI=$XROLE_SANDBOX_CONTAINER_URI AWS_CONTAINER_AUTHORIZATION_TOKEN=$XROLE_SANDBOX_CONTAINER_TOKEN
${AWS} sts get-caller-identity --query Arn --output text
${AWS} --profile b-s3-container sts get-caller-identity --query Account --output text
AWS_CONTAINER_AUTHORIZATION_TOKEN=wrong ${AWS} sts get-caller-identity; echo "status $?"`);
    expect(run.stdout).toMatch(
      /^arn:aws:sts::111111111111:assumed-role\/app-task\/sandbox-task\n222222222222\nstatus [1-9]/,
    );
  });

  it("reaches nothing else", async () => {
    const run = await script(`AWS_DEFAULT_REGION=us-east-1 ${AWS} iam list-roles`);
    expect(run.status).not.toBe(0);
    expect(run.stderr).toContain("The sandbox plays STS, S3 and the console's sign-in only.");
  });
});

describe("boto3 in the sandbox", () => {
  it("pages through a listing, and gets an object", async () => {
    const run = await python(`import boto3
s3 = boto3.Session(profile_name="b-s3").client("s3")
pages = list(s3.get_paginator("list_objects_v2").paginate(Bucket="b-s3-bucket", PaginationConfig={"PageSize": 1}))
print(len(pages), [o["Key"] for p in pages for o in p["Contents"]])
print([p["Prefix"] for p in s3.list_objects_v2(Bucket="b-s3-bucket", Delimiter="/")["CommonPrefixes"]])
print(s3.get_object(Bucket="b-s3-bucket", Key="hello.txt")["Body"].read())
print(s3.head_object(Bucket="b-s3-bucket", Key="reports/2026-11.csv")["ContentLength"])
for call in (lambda: s3.get_object(Bucket="b-s3-bucket", Key="absent"), lambda: s3.list_objects_v2(Bucket="absent"), lambda: s3.list_buckets()):
    try: call()
    except Exception as error: print(error.response["Error"]["Code"])
`);
    expect(run.stdout, run.stderr).toBe(`3 ['hello.txt', 'reports/2026-10.csv', 'reports/2026-11.csv']
['reports/']
b'Hello from account B.\\n'
16
NoSuchKey
NoSuchBucket
AccessDenied
`);
  });

  it("is refused when a signed request was changed on its way, or its clock is off", async () => {
    const run = await python(`import boto3, datetime, botocore.auth
def changed(request, **kwargs):
    if hasattr(request, "body") and request.body: request.body = request.body.replace("Identity", "Identitx") if isinstance(request.body, str) else request.body.replace(b"Identity", b"Identitx")
    else: request.url += "&prefix=secret"
for name, tamper in (("sts", True), ("s3", True), ("sts", False), ("s3", False)):
    session = boto3.Session(profile_name="alice", region_name="us-east-1")
    client = session.client(name)
    if tamper: client.meta.events.register("before-send", changed)
    else:
        off = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=20)
        botocore.auth.get_current_datetime = lambda remove_tzinfo=True: off.replace(tzinfo=None) if remove_tzinfo else off
    try: client.get_caller_identity() if name == "sts" else client.list_objects_v2(Bucket="b-s3-bucket")
    except Exception as error: print(error.response["Error"]["Code"])
`);
    expect(run.stdout, run.stderr).toBe(
      // botocore takes the time of the refusal and signs once more: then STS answers, and S3 refuses alice herself.
      "SignatureDoesNotMatch\nSignatureDoesNotMatch\nAccessDenied\n",
    );
  });
});
