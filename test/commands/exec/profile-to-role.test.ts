// The main path: from a profile to a command, a shell or an SDK with the role, from each source and along a chain.
import { describe, expect, it } from "vitest";
import { containerReply, fakeAws, imds } from "../../harness/fake-aws.ts";
import { xrole } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";
import { KEYS, world } from "../../harness/role-world.ts";

describe("exec", () => {
  it("runs the command with the role, its words and streams untouched", async () => {
    const { env, asked } = await world();
    const script = 'printf "%s|" "$AWS_ACCESS_KEY_ID" "$AWS_REGION" "$1" "$2"; cat; echo err >&2; exit 7';
    const run = await xrole(["exec", "b-s3", "--", "sh", "-c", script, "sh", "a  b", "--*"], {
      env: { ...env, ...KEYS },
      stdin: "from stdin",
    });
    expect(run).toMatchObject({
      status: 7,
      stdout: "ASIAroleb|us-east-1|a  b|--*|from stdin".replace("roleb", "rolebs3"),
    });
    expect(run.stderr).toBe("err\n");
    expect(asked).toHaveLength(1);
    expect(asked[0]?.headers.authorization).toContain("Credential=AKIAENV/");
    expect(asked[0]?.headers.authorization).toContain("/us-east-1/sts/");
  });

  it("takes the command without -- too, and keeps its options", async () => {
    const { env } = await world();
    const run = await xrole(["exec", "--region", "eu-west-3", "b-s3", "printenv", "AWS_REGION"], {
      env: { ...env, ...KEYS },
    });
    expect(run).toMatchObject({ status: 0, stdout: "eu-west-3\n" });
  });

  it("starts from the instance, in the instance's own region when none is set", async () => {
    const { env, asked } = await world();
    const instance = await fakeAws(imds);
    const run = await xrole(["exec", "on-instance", "--", "sh", "-c", 'echo "$AWS_ACCESS_KEY_ID $AWS_REGION"'], {
      env: { ...env, AWS_EC2_METADATA_SERVICE_ENDPOINT: `${instance.url}/prefix/` },
    });
    expect(run).toMatchObject({ status: 0, stdout: "ASIArolebs3 \n", stderr: "" });
    expect(instance.asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "PUT /prefix/latest/api/token",
      "GET /prefix/latest/meta-data/iam/security-credentials/",
      "GET /prefix/latest/meta-data/iam/security-credentials/myrole",
      "GET /prefix/latest/meta-data/placement/region",
    ]);
    expect(instance.asked[0]?.headers["x-aws-ec2-metadata-token-ttl-seconds"]).toBe("21600");
    expect(asked[0]?.headers.authorization).toMatch(/Credential=ASIAINSTANCE\/\d+\/eu-central-1\/sts\//);
    expect(asked[0]?.headers["x-amz-security-token"]).toBe("token-of-INSTANCE");
  });

  it("starts from the container, with its token", async () => {
    const { env, asked } = await world();
    const container = await fakeAws((response) => void response.end(containerReply("TASK")));
    const run = await xrole(["exec", "in-container", "--", "printenv", "AWS_ACCESS_KEY_ID"], {
      env: {
        ...env,
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `${container.url}/creds?a=1`,
        AWS_CONTAINER_AUTHORIZATION_TOKEN: secret("Basic container-token"),
      },
    });
    expect(run).toMatchObject({ status: 0, stdout: "ASIArolebs3\n" });
    expect(container.asked[0]).toMatchObject({
      url: "/creds?a=1",
      headers: { authorization: "Basic container-token" },
    });
    expect(asked[0]?.headers.authorization).toContain("Credential=ASIATASK/");
  });

  it("walks a chain in one region, each hop with its own settings", async () => {
    const { env, asked } = await world();
    const run = await xrole(["exec", "deep", "--", "printenv", "AWS_ACCOUNT_ID"], { env: { ...env, ...KEYS } });
    expect(run).toMatchObject({ status: 0, stdout: "333333333333\n" });
    const calls = asked.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
    expect(calls[0]).toMatchObject({ Action: "AssumeRole", RoleArn: "arn:aws:iam::222222222222:role/role-b-s3" });
    expect(calls[0]?.RoleSessionName).toMatch(/^xrole-[\w+=,.@-]+@[\w+=,.@-]+$/);
    expect(calls[0]).not.toHaveProperty("DurationSeconds");
    expect(calls[1]).toMatchObject({ ExternalId: "ext-1", RoleSessionName: "auditor", DurationSeconds: "1800" });
    expect(asked[1]?.headers.authorization).toMatch(/Credential=ASIArolebs3\/\d+\/eu-west-1\//);
  });
});
