// Long jobs of real clients: sessions of 65 seconds from the sandbox, renewed every five, a bucket of moto's, and keys of [default]
// and of ~/.boto that must not win. Each job goes on until three sessions have served it.
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { shell, xrole } from "../harness/run.ts";
import { AWS, PEER_PATH, PYTHON, startMoto, type Moto } from "./peers.ts";

let moto: Moto;
beforeAll(async () => {
  moto = await startMoto();
  const env = { PATH: PEER_PATH, AWS_ACCESS_KEY_ID: "unused", AWS_SECRET_ACCESS_KEY: "unused" };
  const made = await shell(
    `${AWS} --endpoint-url ${moto.url} --region us-east-1 s3api create-bucket --bucket long-jobs && echo hello | ${AWS} --endpoint-url ${moto.url} s3 cp - s3://long-jobs/hello.txt`,
    { env },
  );
  expect(made.status, made.stderr).toBe(0);
}, 60_000);
afterAll(() => moto.stop());

const KEY = `fetch(process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI,{headers:{authorization:process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN||require("fs").readFileSync(process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE,"utf8")}}).then(async r=>console.log((await r.json()).AccessKeyId))`;

/** A job of many processes: `client` again and again, until three sessions have been seen. */
const again = (client: string): string => `seen=; count=0
while [ $count -lt 3 ]; do
  ${client} || exit 1
  key=$(node -e '${KEY}') || exit 1
  case " $seen " in *" $key "*) ;; *) seen="$seen $key"; count=$((count + 1));; esac
done
echo three sessions`;

const PYTHON_JOB = `import boto3
session, seen = boto3.Session(), set()
while len(seen) < 3:
    assert session.client("sts").get_caller_identity()["Account"] == "222222222222"
    assert [o["Key"] for o in session.client("s3").list_objects_v2(Bucket="long-jobs")["Contents"]] == ["hello.txt"]
    seen.add(session.get_credentials().get_frozen_credentials().access_key)
print("three sessions")`;

const JAVASCRIPT_JOB = `process.emitWarning = () => {};
const { S3Client, ListObjectsV2Command } = require(process.env.ROOT + "/node_modules/@aws-sdk/client-s3");
const { STSClient, GetCallerIdentityCommand } = require(process.env.ROOT + "/node_modules/@aws-sdk/client-sts");
(async () => {
  const [s3, sts, seen] = [new S3Client({ forcePathStyle: true }), new STSClient({}), new Set()];
  while (seen.size < 3) {
    const { Account } = await sts.send(new GetCallerIdentityCommand({}));
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: "long-jobs" }));
    if (Account !== "222222222222" || Contents[0].Key !== "hello.txt") throw new Error("wrong: " + Account);
    seen.add((await s3.config.credentials()).accessKeyId);
  }
  console.log("three sessions");
})();`;

// Debian's rclone has an SDK (for Go, of 2022) that does not read the token's file.
const RCLONE = `test "$(rclone lsf ":s3,provider=Other,env_auth=true,force_path_style=true,endpoint='$MOTO_URL':long-jobs")" = hello.txt`;
const CLI = `test "$(aws sts get-caller-identity --query Account --output text)" = 222222222222 && aws s3 ls s3://long-jobs/ | grep -q hello.txt`;

const JOBS: readonly (readonly [client: string, script: string])[] = [
  ["the AWS CLI", again(CLI)],
  ["rclone", again(RCLONE)],
  ["boto3", `exec ${PYTHON} -c "$PYTHON_JOB"`],
  ["the JavaScript SDK", `exec node -e "$JAVASCRIPT_JOB"`],
];

/** In a sandbox whose home has keys of [default] in both files. */
function inSandbox(script: string, job: string): ReturnType<typeof xrole> {
  const default_ = "[default]\\naws_access_key_id = AKIADEFAULT\\naws_secret_access_key = secret-of-default\\n";
  const inside = `printf '${default_}' >> ~/.aws/config; printf '${default_}' >> ~/.aws/credentials
printf '[Credentials]\\naws_access_key_id = AKIABOTO\\naws_secret_access_key = secret-of-boto\\n' > ~/.boto
export AWS_ENDPOINT_URL_S3=$MOTO_URL; ${script}`;
  const env = {
    PATH: PEER_PATH,
    ROOT: resolve(import.meta.dirname, "../.."),
    MOTO_URL: moto.url,
    JOB: job,
    PYTHON_JOB,
    JAVASCRIPT_JOB,
  };
  return xrole(["sandbox", "--longest-session", "65s", "--", "sh", "-c", inside], { env, limit: 100 });
}

describe("under exec --renew", () => {
  it.each(JOBS)("%s works on through two renewals", async (_, job) => {
    const run = await inSandbox(`exec xrole exec b-s3 --renew -- sh -c "$JOB"`, job);
    expect(run.stdout, run.stderr).toBe("three sessions\n");
    expect(run.status).toBe(0);
  });
});

describe("beside xrole serve", () => {
  it.each(JOBS)("%s works on through two renewals", async (_, job) => {
    // What serve prints comes through a pipe, whose first block is complete when it ends with its last statement.
    const script = `mkfifo vars; xrole serve b-s3 > vars 2> audit & serving=$!
exec 3< vars; text=; while read -r line <&3; do text="$text
$line"; case $line in *'"$(cat '*) break;; esac; done
(eval "$text"; sh -c "$JOB"); status=$?
kill $serving; wait $serving; echo "serve ended with $?"; grep -c ' b-s3 .... 200$' audit >&2; exit $status`;
    const run = await inSandbox(`cd ~; ${script}`, job);
    expect(run.stdout, run.stderr).toBe("three sessions\nserve ended with 0\n");
    expect(run.status).toBe(0);
    expect(Number(run.stderr.trim().split("\n").at(-1))).toBeGreaterThanOrEqual(3);
  });
});
