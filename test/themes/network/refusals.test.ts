// What AWS or the network refuses: the status of docs/contract.md, after no more requests than can help.
import { createServer, type AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { awsError, fakeAws, imds, sts, type Answer, type FakeAws } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { xrole, type Run } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";

const KEYS = {
  AWS_ACCESS_KEY_ID: "AKIAENV",
  AWS_SECRET_ACCESS_KEY: secret("secret-of-env"),
  AWS_SESSION_TOKEN: secret("token-of-env"),
};
const config = `[profile p]
role_arn = arn:aws:iam::222222222222:role/r
credential_source = Environment
region = us-east-1
[profile i]
role_arn = arn:aws:iam::222222222222:role/r
credential_source = Ec2InstanceMetadata
region = us-east-1
[profile c]
role_arn = arn:aws:iam::222222222222:role/r
credential_source = EcsContainer
region = us-east-1
[profile long]
role_arn = arn:aws:iam::222222222222:role/r
credential_source = Environment
duration_seconds = 7200
region = us-east-1
`;

const HOME = (): string => makeHome({ ".aws/config": config });

async function withSts(answer: Answer, words: readonly string[] = ["env", "p"]): Promise<Run & Pick<FakeAws, "asked">> {
  const { url, asked } = await fakeAws(answer);
  return { ...(await xrole(words, { env: { HOME: HOME(), ...KEYS, AWS_ENDPOINT_URL_STS: url } })), asked };
}

describe("STS", () => {
  it("that denies is asked once, and its words are passed on", async () => {
    const denied: Answer = (response) =>
      awsError(response, 403, "AccessDenied", "User: arn:x is not authorized to perform: sts:AssumeRole");
    const run = await withSts(denied);
    expect(run).toMatchObject({ status: 77, stdout: "(exit 77);\n" });
    expect(run.stderr).toContain("the keys in the environment may not assume arn:aws:iam::222222222222:role/r");
    expect(run.stderr).toContain("User: arn:x is not authorized");
    expect(run.asked).toHaveLength(1);
    expect((await withSts(denied, ["exec", "p", "--", "true"])).status).toBe(125);
  });

  it.each(["ExpiredToken", "InvalidClientTokenId", "SignatureDoesNotMatch"])(
    "that answers %s is not asked again",
    async (code) => {
      // AWS repeats the request, token and all, in a signature error.
      const message = `The Canonical String was:\nx-amz-security-token:${KEYS.AWS_SESSION_TOKEN} ${KEYS.AWS_SESSION_TOKEN}`;
      const run = await withSts((response) => awsError(response, 403, code, `${KEYS.AWS_SESSION_TOKEN} ${message}`));
      expect(run).toMatchObject({ status: 77, stdout: "(exit 77);\n" });
      expect(run.stderr).toContain(code);
      expect(run.asked).toHaveLength(1);
    },
  );

  it("that fails twice and then answers has answered", async () => {
    const run = await withSts((response, asked, count) => {
      if (count < 3) response.writeHead(503).end();
      else sts(response, asked, count);
    });
    expect(run.status).toBe(0);
    expect(run.asked).toHaveLength(3);
  });

  it("that throttles to the end is a case for later", async () => {
    const run = await withSts((response) => awsError(response, 400, "Throttling", "Rate exceeded"));
    expect(run).toMatchObject({ status: 75, stdout: "(exit 75);\n" });
  });

  it("that is not there is unreachable", async () => {
    const run = await xrole(["env", "p"], { env: { HOME: HOME(), ...KEYS, AWS_ENDPOINT_URL_STS: await closedPort() } });
    expect(run).toMatchObject({ status: 69, stdout: "(exit 69);\n" });
    expect(run.stderr).toContain("connection refused");
  });

  it("that caps a chained role is asked once more, with a warning", async () => {
    const run = await withSts(
      (response, asked, count) => {
        const limit =
          "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining";
        if (count === 1) awsError(response, 400, "ValidationError", limit);
        else sts(response, asked, count);
      },
      ["env", "long"],
    );
    expect(run.status).toBe(0);
    expect(run.asked.map(({ body }) => new URLSearchParams(body).get("DurationSeconds"))).toEqual(["7200", "3600"]);
    expect(run.stderr).toContain("at most 3600 s");
  });
});

describe("the instance", () => {
  const ask = async (answer: Answer, env: Record<string, string> = {}): Promise<Run & Pick<FakeAws, "asked">> => {
    const { url, asked } = await fakeAws(answer);
    const run = await xrole(["env", "i"], { env: { HOME: HOME(), AWS_EC2_METADATA_SERVICE_ENDPOINT: url, ...env } });
    return { ...run, asked };
  };

  it.each([
    [403, 1, "--http-endpoint enabled"],
    [403, 1, "or a proxy such as kube2iam"],
    [404, 1, "not IMDSv2"],
    [405, 1, "not IMDSv2"],
    [400, 1, "EC2 answers no such request with 400"],
    [401, 4, "answered 401"],
    [500, 4, "answered 500"],
  ])("that answers a token request with %i is never asked without one", async (status, calls, text) => {
    const run = await ask((response) => void response.writeHead(status).end());
    expect(run).toMatchObject({ status: 69, stdout: "(exit 69);\n" });
    expect(run.stderr).toContain(text);
    expect(run.asked.map(({ method }) => method)).toEqual(Array<string>(calls).fill("PUT"));
  });

  it("that does not answer is given up after its attempts, with the usual cause", async () => {
    const silent: Answer = () => undefined;
    const run = await ask(silent, { AWS_METADATA_SERVICE_NUM_ATTEMPTS: "2" });
    expect(run).toMatchObject({ status: 69, stdout: "(exit 69);\n" });
    expect(run.stderr).toContain("--http-put-response-hop-limit 2");
    expect(run.asked).toHaveLength(2);
  });

  it("whose token was revoked gets a fresh one", async () => {
    let revoked = false;
    const sts_ = await fakeAws(sts);
    const run = await ask(
      (response, asked, count) => {
        if (!revoked && asked.url.endsWith("/myrole")) {
          revoked = true;
          response.writeHead(401).end();
        } else imds(response, asked, count);
      },
      { AWS_ENDPOINT_URL_STS: sts_.url },
    );
    expect(run.status).toBe(0);
    expect(run.asked.map(({ method }) => method)).toEqual(["PUT", "GET", "GET", "PUT", "GET"]);
  });

  it("without a role says so", async () => {
    const run = await ask((response, asked, count) => {
      if (asked.url.endsWith("/security-credentials/")) response.writeHead(404).end();
      else imds(response, asked, count);
    });
    expect(run.status).toBe(69);
    expect(run.errors.at(-1)?.code).toBe("instance-role-missing");
  });

  it("whose list of roles is empty says so", async () => {
    const run = await ask((response, asked, count) => {
      if (asked.url.endsWith("/security-credentials/")) response.end("\n");
      else imds(response, asked, count);
    });
    expect(run.status).toBe(69);
    expect(run.errors).toMatchObject([{ code: "instance-role-missing", details: { isListEmpty: true } }]);
  });

  it("whose role is gone is asked for the list once more, and no more", async () => {
    const renamed = await fakeAws(sts);
    let lists = 0;
    const changing: Answer = (response, asked, count) => {
      if (asked.url.endsWith("/security-credentials/") && ++lists === 1) response.end("oldrole");
      else if (asked.url.endsWith("/oldrole")) response.writeHead(404).end();
      else imds(response, asked, count);
    };
    const found = await ask(changing, { AWS_ENDPOINT_URL_STS: renamed.url });
    expect(found.status, found.stderr).toBe(0);

    const gone = await ask((response, asked, count) => {
      if (asked.url.endsWith("/myrole")) response.writeHead(404).end();
      else imds(response, asked, count);
    });
    expect(gone.status).toBe(69);
    expect(gone.stderr).toContain("lists the role myrole, but has no credentials of it (404)");
    expect(gone.asked.map(({ method }) => method)).toEqual(["PUT", "GET", "GET", "GET", "GET"]);
  });

  it.each([403, 400])("whose proxy gives a token and then %i is no instance without metadata", async (status) => {
    const run = await ask((response, asked, count) => {
      if (asked.method === "GET") response.writeHead(status).end("pod has no\u001b role annotation\n");
      else imds(response, asked, count);
    });
    expect(run.status).toBe(69);
    expect(run.stderr).toContain(`answered ${String(status)}: pod has no^[ role annotation`);
    expect(run.stderr).not.toContain("--http-endpoint");
  });

  it("that hangs after a good token has no hop limit in its way", async () => {
    const run = await ask(
      (response, asked, count) => {
        if (asked.method === "PUT") imds(response, asked, count);
      },
      { AWS_METADATA_SERVICE_NUM_ATTEMPTS: "2" },
    );
    expect(run.status).toBe(69);
    expect(run.stderr).toContain("it did give a token, so this is no hop limit");
    expect(run.stderr).not.toContain("--http-put-response-hop-limit");
  });

  it.each([
    [404, "arn:aws:iam::222222222222:role/r", "us-east-1"],
    [403, "arn:aws-cn:iam::222222222222:role/r", "cn-north-1"],
    [200, "arn:aws:iam::222222222222:role/r", "us-east-1"],
  ])("whose region is not told (%i) is used with the default of %s", async (status, roleArn, region) => {
    const instance = await fakeAws((response, asked, count) => {
      if (asked.url.endsWith("/placement/region")) response.writeHead(status).end();
      else imds(response, asked, count);
    });
    const { url, asked } = await fakeAws(sts);
    const config = `[profile i]\nrole_arn = ${roleArn}\ncredential_source = Ec2InstanceMetadata\n`;
    const env = {
      HOME: makeHome({ ".aws/config": config }),
      AWS_EC2_METADATA_SERVICE_ENDPOINT: instance.url,
      AWS_ENDPOINT_URL_STS: url,
    };
    const run = await xrole(["credential-process", "i"], { env });
    expect(run.status, run.stderr).toBe(0);
    expect(run.stderr.match(/does not tell the region: using (\S+);/g)).toHaveLength(1);
    expect(asked[0]?.headers.authorization).toContain(`/${region}/sts/`);
    const doctor = await xrole(["doctor", "i"], { env });
    expect(doctor.status, doctor.stdout).toBe(0);
    expect(doctor.stdout).toContain(`does not tell the region: using ${region}`);
  });

  it("is not asked when it is switched off", async () => {
    const run = await ask(imds, { AWS_EC2_METADATA_DISABLED: "TRUE" });
    expect(run).toMatchObject({ status: 78, stdout: "(exit 78);\n", asked: [] });
  });

  it("is asked directly, whatever proxy is set", async () => {
    const proxy = await fakeAws((response) => void response.writeHead(500).end());
    const variables = Object.fromEntries(["HTTP_PROXY", "http_proxy", "ALL_PROXY"].map((name) => [name, proxy.url]));
    const sts_ = await fakeAws(sts);
    const run = await ask(imds, { ...variables, AWS_ENDPOINT_URL_STS: sts_.url });
    expect(run.status).toBe(0);
    expect(proxy.asked).toHaveLength(0);
  });
});

describe("the container", () => {
  it.each([
    [401, 77],
    [404, 77],
    [429, 75],
    [503, 75],
  ])("that answers %i to the end gives %i", async (status, expected) => {
    const { url, asked } = await fakeAws(
      (response) => void response.writeHead(status).end('{"code":"X","message":"why"}'),
    );
    const run = await xrole(["env", "c"], { env: { HOME: HOME(), AWS_CONTAINER_CREDENTIALS_FULL_URI: url } });
    expect(run).toMatchObject({ status: expected, stdout: `(exit ${expected});\n` });
    expect(run.stderr).toContain("X: why");
    expect(asked).toHaveLength(3);
  });

  it("that gives its reason as text is quoted, in one bounded line without escape bytes or the token", async () => {
    const token = secret("container-token-0123456789");
    const reason = `[guid]: (AccessDeniedException): EKS may not\u001b[31m assume the role,\nfault: client ${token} ${"x".repeat(9000)}`;
    const { url } = await fakeAws((response) => void response.writeHead(400).end(reason));
    const run = await xrole(["env", "c"], {
      env: { HOME: HOME(), AWS_CONTAINER_CREDENTIALS_FULL_URI: url, AWS_CONTAINER_AUTHORIZATION_TOKEN: token },
    });
    expect(run.status).toBe(77);
    expect(run.stderr).toContain("(AccessDeniedException): EKS may not^[[31m assume the role, fault: client *** xxx");
    expect(run.stderr.length).toBeLessThan(700);
  });

  it("whose reply says in its code that there are no credentials is not told as an instance", async () => {
    const { url } = await fakeAws((response) => void response.end('{"Code":"AccessDenied","Message":"why"}'));
    const run = await xrole(["env", "c"], { env: { HOME: HOME(), AWS_CONTAINER_CREDENTIALS_FULL_URI: url } });
    expect(run.status).toBe(77);
    expect(run.stderr).toContain("the container's role gave no credentials: AccessDenied: why");
    expect(run.stderr).not.toContain("instance");
  });

  it("that sends too much is told so", async () => {
    const { url } = await fakeAws((response) => void response.end("x".repeat(300_000)));
    const run = await xrole(["env", "c"], { env: { HOME: HOME(), AWS_CONTAINER_CREDENTIALS_FULL_URI: url } });
    expect(run.status).toBe(70);
    expect(run.stderr).toContain("sent a reply that makes no sense: it is too large");
  });

  it("that is not there is unreachable", async () => {
    const run = await xrole(["env", "c"], {
      env: { HOME: HOME(), AWS_CONTAINER_CREDENTIALS_FULL_URI: await closedPort() },
    });
    expect(run).toMatchObject({ status: 69, stdout: "(exit 69);\n" });
  });
});

/** An address on this machine where nobody listens. */
async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
