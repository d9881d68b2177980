// Switching roles in one shell: what an earlier `xrole env` left must not steer the next one, and `--unset` undoes it.
import { describe, expect, it } from "vitest";
import { containerReply, fakeAws, sts, type FakeAws } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { shell, xrole, type Run } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";

const config = `[profile one]
role_arn = arn:aws:iam::111111111111:role/one
credential_source = Environment
region = eu-west-1
endpoint_url = https://one.example.com

[profile two]
role_arn = arn:aws:iam::222222222222:role/two
credential_source = Environment
region = us-west-2

[profile task]
role_arn = arn:aws:iam::333333333333:role/task
credential_source = EcsContainer
`;
const KEYS = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-env") };

async function play(script: string, env: Record<string, string> = KEYS): Promise<Run & Pick<FakeAws, "asked">> {
  const { url, asked } = await fakeAws(sts);
  const HOME = makeHome({ ".aws/config": config });
  return { ...(await shell(`set -e\n${script}`, { env: { HOME, AWS_ENDPOINT_URL_STS: url, ...env } })), asked };
}

const signers = ({ asked }: Pick<FakeAws, "asked">): (string | undefined)[] =>
  asked.map(({ headers }) => /Credential=([^/]+)\//.exec(headers.authorization ?? "")?.[1]);

describe("the same profile again", () => {
  it("is handed out from the environment, never assumed from itself", async () => {
    const run = await play(
      "eval $(xrole env one); eval $(xrole env one); xrole exec one -- printenv AWS_ACCESS_KEY_ID",
    );
    expect(run).toMatchObject({ status: 0, stdout: "ASIAone\n", stderr: "" });
    expect(signers(run)).toEqual(["AKIAENV"]);
  });

  it("with other options is another role", async () => {
    const run = await play("eval $(xrole env one); eval $(xrole env one --external-id other)");
    expect(signers(run)).toEqual(["AKIAENV", "ASIAone"]);
    expect(run.stderr).toContain("the chain starts at that role");
  });

  it("is an error when what the environment holds has expired", async () => {
    const run = await play(
      "eval $(xrole env one); export AWS_CREDENTIAL_EXPIRATION=2001-01-01T00:00:00Z; xrole env one",
    );
    expect(run).toMatchObject({ status: 77, stdout: "(exit 77);\n" });
    expect(run.stderr).toContain("eval $(xrole env --unset)");
  });
});

describe("keys that the user has put in the place of the role's", () => {
  const show =
    'echo "$AWS_ACCESS_KEY_ID ${AWS_ACCOUNT_ID-none} ${AWS_SESSION_TOKEN-none} ${AWS_CREDENTIAL_EXPIRATION-none}"';
  const own = `eval $(xrole env one); export AWS_ACCESS_KEY_ID=AKIAOWN AWS_SECRET_ACCESS_KEY=${secret("secret-of-own")}`;

  it("take nothing that was of the role: its account, end and token", async () => {
    const run = await play(`${own}; xrole exec -- sh -c '${show}'; eval $(xrole env); ${show}`);
    expect(run.stdout).toBe("AKIAOWN none none none\n".repeat(2));
    const signed = await play(`${own}; xrole exec two -- true`);
    expect(signers(signed)).toEqual(["AKIAENV", "AKIAOWN"]);
    expect(signed.asked.at(-1)?.headers["x-amz-security-token"]).toBeUndefined();
  });

  it("stay alone when the role is unset", async () => {
    const run = await play(`${own}; eval $(xrole env --unset); ${show}`);
    expect(run.stdout).toBe("AKIAOWN none none none\n");
  });

  it("keep a session token of their own", async () => {
    const token = secret("token-of-own");
    const run = await play(
      `eval $(xrole env one); export AWS_ACCESS_KEY_ID=ASIAOWN AWS_SECRET_ACCESS_KEY=${secret("secret-of-own")} AWS_SESSION_TOKEN=${token}; xrole exec -- sh -c '${show}'`,
    );
    expect(run.stdout).toBe(`ASIAOWN none ${token} none\n`);
  });
});

describe("another profile", () => {
  it("starts at the role that the shell holds, and says so", async () => {
    const run = await play('eval $(xrole env one); eval $(xrole env two); echo "$AWS_ACCESS_KEY_ID $XROLE_PROFILE"');
    expect(run).toMatchObject({ status: 0, stdout: "ASIAtwo two\n" });
    expect(run.stderr).toContain(
      'warning: the keys in the environment are those of a role that xrole put there (profile "one")',
    );
    expect(signers(run)).toEqual(["AKIAENV", "ASIAone"]);
  });

  it("has its own region and endpoint, not those exported for the first", async () => {
    const run = await play(
      'eval $(xrole env one); eval $(xrole env two); echo "$AWS_REGION ${AWS_ENDPOINT_URL-none} ${XROLE_SETTINGS-none}"',
    );
    expect(run).toMatchObject({ stdout: "us-west-2 none none\n" });
  });

  it("leaves the region that the user set", async () => {
    const run = await play(
      'eval $(xrole env one); eval $(xrole env two); echo "$AWS_REGION"; eval $(xrole env --unset); echo "$AWS_REGION"',
      {
        ...KEYS,
        AWS_REGION: "ap-south-1",
      },
    );
    expect(run.stdout).toBe("ap-south-1\nap-south-1\n");
  });

  it("starts at ordinary keys, without a warning, when the user changed them", async () => {
    const run = await play(
      "eval $(xrole env one); export AWS_ACCESS_KEY_ID=AKIANEW; unset AWS_CREDENTIAL_EXPIRATION; eval $(xrole env two)",
    );
    expect(run).toMatchObject({ status: 0, stderr: "" });
    expect(signers(run)).toEqual(["AKIAENV", "AKIANEW"]);
  });
});

describe("the container's variables", () => {
  it("are kept aside by env, read by the next xrole, and put back by --unset", async () => {
    const container = await fakeAws((response) => void response.end(containerReply("TASK")));
    const run = await play(
      `eval $(xrole env task); echo "\${AWS_CONTAINER_CREDENTIALS_FULL_URI-gone}"
eval $(xrole env task --external-id second); eval $(xrole env --unset)
echo "$AWS_CONTAINER_CREDENTIALS_FULL_URI $AWS_CONTAINER_AUTHORIZATION_TOKEN \${AWS_ACCESS_KEY_ID-gone}"; env | grep -c XROLE_HOST || true`,
      {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `${container.url}/creds`,
        AWS_CONTAINER_AUTHORIZATION_TOKEN: secret("Basic  container-token"),
      },
    );
    expect(run.stdout).toBe(
      `gone\n${container.url}/creds Basic  container-token gone\n0\n`.replace("gone\n0", "gone\n0"),
    );
    expect(signers(run)).toEqual(["ASIATASK", "ASIATASK"]);
  });

  it("that are set since are meant, and no token of before goes to them", async () => {
    const container = await fakeAws((response) => void response.end(containerReply("TASK")));
    const run = await play(
      `eval $(xrole env task)
export AWS_CONTAINER_CREDENTIALS_FULL_URI=$NEW
xrole env task --external-id second --no-cache > /dev/null
unset AWS_ACCESS_KEY_ID; eval $(xrole env task --no-cache); env | grep XROLE_HOST
eval $(xrole env task); export AWS_CONTAINER_CREDENTIALS_FULL_URI=\${NEW}er; eval $(xrole env --unset); env | grep CONTAINER`,
      {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `${container.url}/old`,
        AWS_CONTAINER_AUTHORIZATION_TOKEN: secret("Basic  container-token"),
        NEW: `${container.url}/new`,
      },
    );
    expect(container.asked.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ["/old", "Basic  container-token"],
      ["/new", undefined],
      ["/new", undefined],
      ["/new", undefined],
    ]);
    expect(run).toMatchObject({
      status: 0,
      stdout: `XROLE_HOST_AWS_CONTAINER_CREDENTIALS_FULL_URI=${container.url}/new\nAWS_CONTAINER_CREDENTIALS_FULL_URI=${container.url}/newer\n`,
    });
  });

  it("are dropped by exec: the command has no way back", async () => {
    const container = await fakeAws((response) => void response.end(containerReply("TASK")));
    const run = await play("xrole exec task -- env | grep -E 'CONTAINER|XROLE_HOST' || echo none", {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${container.url}/creds`,
    });
    expect(run.stdout).toBe("none\n");
  });
});

describe("web identity that is set since", () => {
  it("is meant, and not that of before", async () => {
    const run = await play(
      `printf old > "$HOME/old"; printf new > "$HOME/new"
export AWS_WEB_IDENTITY_TOKEN_FILE="$HOME/old" AWS_ROLE_ARN=arn:aws:iam::444444444444:role/old
eval $(xrole env)
export AWS_WEB_IDENTITY_TOKEN_FILE="$HOME/new" AWS_ROLE_ARN=arn:aws:iam::444444444444:role/new
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
xrole env --no-cache > /dev/null; rm "$HOME/old" "$HOME/new"`,
      {},
    );
    expect(run.status).toBe(0);
    expect(run.asked.map(({ body }) => new URLSearchParams(body).get("RoleArn"))).toEqual([
      "arn:aws:iam::444444444444:role/old",
      "arn:aws:iam::444444444444:role/new",
    ]);
  });
});

describe("env --unset", () => {
  it("leaves nothing of the role, and the keys that are not xrole's alone", async () => {
    const left = "env | grep -E '^(AWS|XROLE)_' | grep -vE 'AWS_ENDPOINT_URL_STS|XROLE_TEST' || echo none";
    const run = await play(`eval $(xrole env one); eval $(xrole env --unset); ${left}`);
    expect(run.stdout).toBe("none\n");
    const foreign = await play(`eval $(xrole env --unset); ${left}`);
    expect(foreign.stdout).toContain("AWS_ACCESS_KEY_ID=AKIAENV\n");
  });

  it("needs no profile and no file", async () => {
    const run = await xrole(["env", "--unset"], { env: { AWS_CONFIG_FILE: "/dev/zero", AWS_PROFILE: "nope" } });
    expect(run).toMatchObject({ status: 0, stderr: "" });
  });
});
