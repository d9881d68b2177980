// The command under exec: how it is found and how it ends, and what its environment holds.
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fakeAws, sts } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { BINARY, shell, xrole, type Run } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";

const credentials = "[p]\naws_access_key_id = AKIAP\naws_secret_access_key = secret-of-p\n";
const home = (): string => makeHome({ ".aws/credentials": credentials });

describe("a command that cannot be run", () => {
  it.each([
    ["is not found", ["nosuch"], 127, "nosuch: command not found"],
    ["is not found at its path", ["./nosuch"], 127, "./nosuch: command not found"],
    ["has no name", [""], 127, "command not found"],
    ["is not executable", ["./plain"], 126, "./plain: permission denied"],
    ["is a directory", ["./folder"], 126, "./folder: it is a directory"],
    ["lacks its interpreter", ["./orphan"], 126, "./orphan: its interpreter was not found"],
  ])("because it %s", async (_, command, status, text) => {
    const HOME = home();
    mkdirSync(join(HOME, "folder"));
    writeFileSync(join(HOME, "plain"), "echo hi\n");
    writeFileSync(join(HOME, "orphan"), "#!/no/such/interpreter\n");
    chmodSync(join(HOME, "orphan"), 0o755);
    const run = await xrole(["exec", "p", "--", ...command], { env: { HOME }, cwd: HOME });
    expect(run).toMatchObject({ status, stdout: "" });
    expect(run.stderr).toContain(text);
  });

  it("because its arguments and variables are too long", async () => {
    // What xrole itself could start with: a variable that it adds is over the system's limit of 128 KiB.
    const config = `[profile p]\nca_bundle = /${"x".repeat(140_000)}\n`;
    const HOME = makeHome({ ".aws/credentials": credentials, ".aws/config": config });
    const run = await xrole(["exec", "p", "--", "true"], { env: { HOME } });
    expect(run.status).toBe(126);
    expect(run.stderr).toContain("true: its arguments and variables are too long");
  });

  it("is found out before anybody is asked", async () => {
    const { url, asked } = await fakeAws(sts);
    const config = `[profile r]\nrole_arn = arn:aws:iam::222222222222:role/r\nsource_profile = p\nregion = us-east-1\n`;
    const HOME = makeHome({ ".aws/credentials": credentials, ".aws/config": config });
    expect((await xrole(["exec", "r", "nosuch"], { env: { HOME, AWS_ENDPOINT_URL_STS: url } })).status).toBe(127);
    expect(asked).toHaveLength(0);
  });

  it("because xrole failed, or was called wrongly, with a line that says which", async () => {
    const HOME = home();
    for (const [words, text] of [
      [["exec", "nope", "--", "true"], "(profile-not-found, 78)"],
      [["exec", "p"], "(usage, 64)"],
      [["exec", "--nonsense", "p", "--", "true"], "(usage, 64)"],
      [["exec", "p", "q", "r", "--", "true"], "q: command not found"],
    ] as const) {
      const run = await xrole(words, { env: { HOME } });
      expect(run.status).toBe(text.startsWith("q:") ? 127 : 125);
      expect(run.stderr).toContain(text);
    }
  });
});

describe("the command's ending", () => {
  it.each([0, 1, 7, 255])("is xrole's: %i", async (status) => {
    const run = await xrole(["exec", "p", "--", "sh", "-c", `exit ${status}`], { env: { HOME: home() } });
    expect(run).toMatchObject({ status, signal: null });
  });

  it.each(["TERM", "KILL", "HUP", "INT"])("by a signal is xrole's: %s", async (signal) => {
    const run = await xrole(["exec", "p", "--", "sh", "-c", `kill -${signal} $$`], { env: { HOME: home() } });
    expect(run).toMatchObject({ status: null, signal: `SIG${signal}` });
    const seen = await shell(`xrole exec p -- sh -c 'kill -TERM $$'; echo $?`, { env: { HOME: home() } });
    expect(seen.stdout).toBe("143\n");
  });

  it.each(["SIGTERM", "SIGHUP"] as const)("comes after xrole got %s, which the command gets", async (signal) => {
    const script = `trap 'echo got it; exit 9' TERM HUP; echo ready; while :; do sleep 0.05; done`;
    const child = spawn(process.execPath, [BINARY, "exec", "p", "--", "sh", "-c", script], {
      env: { PATH: process.env.PATH ?? "", HOME: home() },
    });
    let stdout = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      if (stdout === "ready\n") child.kill(signal);
    });
    const status = await new Promise((resolve) => child.on("close", resolve));
    expect({ status, stdout }).toEqual({ status: 9, stdout: "ready\ngot it\n" });
  });

  it("is by SIGPIPE where its reader goes away, as without xrole", async () => {
    const run = await shell("xrole exec p -- yes | head -n 1; echo ${PIPESTATUS[0]}", {
      shell: ["bash"],
      env: { HOME: home() },
    });
    expect(run).toMatchObject({ status: 0, stdout: "y\n141\n", stderr: "" });
  });

  it("keeps a descriptor that a shell hands over as an argument", async () => {
    const run = await shell("xrole exec p -- cat <(echo one) <(echo two)", { shell: ["bash"], env: { HOME: home() } });
    expect(run).toMatchObject({ status: 0, stdout: "one\ntwo\n" });
  });
});

describe("descriptors that are named reach the command", () => {
  const bash = (script: string): Promise<Run> => shell(script, { shell: ["bash"], env: { HOME: home() } });

  it.each([
    ["inside a word", `xrole exec p -- sh -c 'cat "\${1#file://}"' sh file://<(echo one)`],
    ["in a variable", `INPUT=<(echo one) xrole exec p -- sh -c 'cat "$INPUT"'`],
    ["as an option's number", `xrole exec p -- sh -c 'cat <&9' sh --status-fd 9 9< <(echo one)`],
    ["as an option's number, with =", `xrole exec p -- sh -c 'cat <&9' sh --status-fd=9 9< <(echo one)`],
    ["as openssl has it", `xrole exec p -- sh -c 'cat <&9' sh -passin fd:9 9< <(echo one)`],
  ])("%s", async (_, script) => {
    expect(await bash(script)).toMatchObject({ status: 0, stdout: "one\n", stderr: "" });
  });

  it("but none of Node's own, whatever is named", async () => {
    const named = Array.from({ length: 30 }, (_, index) => `/dev/fd/${index + 3}`).join(" ");
    const jobserver = "MAKEFLAGS='-j4 --jobserver-auth=3,4 --jobserver-fds=5,6'";
    const list = `sh -c 'ls /proc/self/fd | wc -l' sh ${named}`;
    const run = await bash(
      `for fd in {3..40}; do eval "exec $fd>&-"; done; ${list}; ${jobserver} xrole exec p -- ${list}`,
    );
    const [without, under] = run.stdout.split("\n");
    expect(under).toBe(without);
  });

  it("so that the jobs of make run side by side", async () => {
    // Each of the two can only end when the other has begun.
    const HOME = makeHome({
      ".aws/credentials": credentials,
      Makefile: `outer:\n\t+@"${process.execPath}" "${BINARY}" exec p -- $(MAKE) --no-print-directory one two\none:\n\t@echo >fifo; echo one\ntwo:\n\t@read line <fifo; echo two\n`,
    });
    const run = await xrole(["-c", "mkfifo fifo && make -j3 outer"], { command: "sh", env: { HOME }, cwd: HOME });
    expect(run.status, run.stderr).toBe(0);
    expect(run.stdout.split("\n").sort()).toEqual(["", "one", "two"]);
    expect(run.stderr).toBe("");
  });
});

describe("the command's environment", () => {
  const stale = {
    AWS_PROFILE: "x",
    AWS_DEFAULT_PROFILE: "x",
    AWS_SECURITY_TOKEN: secret("stale-security-token"),
    AWS_SESSION_TOKEN: secret("stale-session-token"),
    AWS_CREDENTIAL_EXPIRATION: "2001-01-01T00:00:00Z",
    AWS_ACCOUNT_ID: "999999999999",
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/x",
    AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://localhost/x",
    AWS_CONTAINER_AUTHORIZATION_TOKEN: secret("stale-container-token"),
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "/x",
    AWS_WEB_IDENTITY_TOKEN_FILE: "/x",
    AWS_ROLE_ARN: "arn:aws:iam::999999999999:role/x",
    AWS_BEARER_TOKEN_BEDROCK: secret("stale-bearer-token"),
    AWS_ACCESS_KEY: "AKIASTALE",
    AWS_SECRET_KEY: secret("stale-secret-key"),
    AWS_CREDENTIAL_FILE: "/x",
    AMAZON_ACCESS_KEY_ID: "AKIASTALE",
    AMAZON_SECRET_ACCESS_KEY: secret("stale-amazon-key"),
    AMAZON_SESSION_TOKEN: secret("stale-amazon-token"),
    AMAZON_REGION: "ap-south-1",
    EC2_ACCESS_KEY: "AKIASTALE",
    EC2_SECRET_KEY: secret("stale-ec2-key"),
    EC2_SECURITY_TOKEN: secret("stale-ec2-token"),
    AWSACCESSKEYID: "AKIASTALE",
    AWSSECRETACCESSKEY: secret("stale-s3fs-key"),
    AWSSESSIONTOKEN: secret("stale-s3fs-token"),
    XROLE_SESSION: "x",
    XROLE_PROFILE: "x",
    XROLE_REGION: "x",
    XROLE_RESOLVING: "[]",
    XROLE_SETTINGS: "AWS_CA_BUNDLE,PATH",
    AWS_CA_BUNDLE: "/stale/bundle",
    XROLE_HOST_AWS_ROLE_ARN: "arn:aws:iam::999999999999:role/x",
  };

  it("holds the role and nothing that could win over it", async () => {
    const HOME = home();
    const run = await xrole(["exec", "p", "--", "env"], { env: { HOME, KEPT: "a  b", AWS_PAGER: "", ...stale } });
    const env = Object.fromEntries(
      run.stdout
        .trim()
        .split("\n")
        .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    ) as Record<string, string>;
    const shown = Object.entries(env).filter(
      ([name]) => /^(AWS|AMAZON|EC2|XROLE|KEPT)/.test(name) && name !== "XROLE_TEST_GUARD",
    );
    expect(Object.fromEntries(shown)).toEqual({
      AWS_ACCESS_KEY_ID: "AKIAP",
      AWS_SECRET_ACCESS_KEY: "secret-of-p",
      AWS_PAGER: "",
      KEPT: "a  b",
      XROLE_PROFILE: "p",
      XROLE_SESSION: expect.stringMatching(/^[0-9a-f]{16}\.[0-9a-f]{16}$/) as string,
    });
    expect(env.PATH).toBe(process.env.PATH);
  });

  it("is the same for a shell that evaluates env", async () => {
    const script = `eval $(xrole env p); env | grep -E '^(AWS|AMAZON|EC2)' | cut -d= -f1 | sort | tr '\\n' ' '`;
    const run = await shell(script, { env: { HOME: home(), ...stale, XROLE_RESOLVING: "" } });
    // The container's variables are told under other names (docs/contract.md).
    expect(run.stdout).toBe("AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY ");
  });

  it("holds the profile's settings, where the user's own do not win", async () => {
    const config = `[profile s]
aws_access_key_id = AKIAS
aws_secret_access_key = secret-of-s
region = eu-west-1
use_fips_endpoint = true
use_dualstack_endpoint = true
ca_bundle = /a  b/*.pem
endpoint_url = https://example.com/?a=1
`;
    const env = { HOME: makeHome({ ".aws/config": config }), AWS_USE_FIPS_ENDPOINT: "false" };
    const names =
      "AWS_REGION AWS_DEFAULT_REGION AWS_USE_FIPS_ENDPOINT AWS_USE_DUALSTACK_ENDPOINT AWS_CA_BUNDLE AWS_ENDPOINT_URL";
    const expected = "eu-west-1\neu-west-1\nfalse\ntrue\n/a  b/*.pem\nhttps://example.com/?a=1\n";
    expect((await xrole(["exec", "s", "--", "printenv", ...names.split(" ")], { env })).stdout).toBe(expected);
    const script = `set -e; eval $(xrole env s); printenv ${names}; eval $(xrole env --unset); printenv ${names} || true`;
    for (const name of ["sh", "bash"]) {
      expect((await shell(script, { shell: [name], env })).stdout).toBe(`${expected}false\n`);
    }
  });
});
