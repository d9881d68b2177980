// What the pages of docs/ say of other programs, on those programs.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { commandLines } from "../harness/command-lines.ts";
import { makeHome } from "../harness/home.ts";
import { xrole, type Run } from "../harness/run.ts";
import { PEER_PATH } from "./peers.ts";

const DOCS = join(resolve(import.meta.dirname, "../.."), "docs");
const read = (page: string): string => readFileSync(join(DOCS, page), "utf8");
/** Runs a script in the sandbox, with the real `aws` in front. */
const inSandbox = (script: string, cwd = makeHome()): Promise<Run> =>
  xrole(["sandbox", "--", "sh", "-ec", script], { env: { PATH: PEER_PATH }, cwd });

describe("docs/kubernetes.md", () => {
  it("has a kubeconfig whose program prints a token for kubectl", async () => {
    const { words = [] } = commandLines(read("kubernetes.md")).find(({ line }) => line.includes("get-token")) ?? {};
    const run = await inSandbox(`xrole ${words.join(" ").replace("eks-prod", "b-s3")}`);
    expect(run.status, run.stderr).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({
      kind: "ExecCredential",
      apiVersion: "client.authentication.k8s.io/v1beta1",
      status: { token: expect.stringMatching(/^k8s-aws-v1\./) as string },
    });
  });
});

describe("docs/ci.md", () => {
  it("has a GitLab script that takes the role", async () => {
    const [, script = ""] = /\n {2}script:\n((?: {4}- .*\n)+)/.exec(read("ci.md")) ?? [];
    const lines = script
      .replaceAll(/^ {4}- /gm, "")
      // xrole is here already.
      .replace(/^npm install .*\n/m, "")
      .replace("aws s3 sync public s3://b-s3-bucket/", "aws sts get-caller-identity");
    // The sandbox's role for CI is reached in one step.
    const config =
      "[profile deploy]\nweb_identity_token_file = ../ci-token\nrole_arn = arn:aws:iam::222222222222:role/role-b-s3-ci\nregion = us-east-1\n";
    const home = makeHome({ "checkout/ci/aws-config": config });
    const run = await inSandbox(
      `CI_TOKEN=$(cat ~/ci-token.jwt); export AWS_CONFIG_FILE=ci/aws-config\n${lines}`,
      join(home, "checkout"),
    );
    expect(run.status, run.stderr).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ Account: "222222222222" });
  });
});

describe("docs/sdks.md", () => {
  it("has a profile that boto3 follows", async () => {
    const [, program = ""] = /```python\n(.*?)```/s.exec(read("sdks.md")) ?? [];
    const [, profile = ""] = /(\[profile b\]\n.*?)```/s.exec(read("sdks.md")) ?? [];
    const cwd = makeHome({
      "program.py": `${program}\nprint(s3.get_object(Bucket="b-s3-bucket", Key="hello.txt")["Body"].read().decode(), end="")`,
    });
    const run = await inSandbox(`cat >> ~/.aws/config <<'END'\n${profile}END\npython3 program.py`, cwd);
    expect(run.stdout, run.stderr).toBe("Hello from account B.\n");
  });
});
