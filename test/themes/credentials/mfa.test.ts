// MFA: where a code comes from, where it goes, and that a prompt is on the terminal and nowhere else.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { awsError, fakeAws, sts, type Answer, type FakeAws } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { BINARY, UNTIL, xrole, type Run } from "../../harness/run.ts";

const SERIAL = "arn:aws:iam::111111111111:mfa/alice";
const config = `[profile keys]
aws_access_key_id = AKIAKEYS
aws_secret_access_key = secret-of-keys
[profile p]
role_arn = arn:aws:iam::222222222222:role/r
source_profile = keys
mfa_serial = ${SERIAL}
region = us-east-1
[profile chain]
role_arn = arn:aws:iam::333333333333:role/deep
source_profile = p
mfa_serial = ${SERIAL}
region = us-east-1
[profile by-process]
role_arn = arn:aws:iam::222222222222:role/r
source_profile = keys
mfa_serial = ${SERIAL}
mfa_process = printf '%s\\n' 112233
region = us-east-1
[profile by-blanks]
role_arn = arn:aws:iam::222222222222:role/r
source_profile = keys
mfa_serial = ${SERIAL}
mfa_process = printf ' 123 456 '
region = us-east-1
[profile by-session]
role_arn = arn:aws:iam::333333333333:role/deep
source_profile = p
xrole_mfa_session = true
duration_seconds = 7200
region = us-east-1
[profile by-instance]
role_arn = arn:aws:iam::222222222222:role/r
credential_source = Ec2InstanceMetadata
mfa_serial = ${SERIAL}
region = us-east-1
`;
const MISTYPED: Answer = (response) =>
  awsError(response, 403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ");

async function withSts(answer: Answer = sts): Promise<{ env: Record<string, string>; asked: FakeAws["asked"] }> {
  const { url, asked } = await fakeAws(answer);
  return { env: { HOME: makeHome({ ".aws/config": config }), AWS_ENDPOINT_URL_STS: url }, asked };
}

const codes = (asked: FakeAws["asked"]): (readonly (string | null)[])[] =>
  asked.map(({ body }) => {
    const form = new URLSearchParams(body);
    return [form.get("Action"), form.get("SerialNumber"), form.get("TokenCode")];
  });

describe("an MFA code", () => {
  it("given by option goes to the first hop only", async () => {
    const { env, asked } = await withSts();
    const run = await xrole(["credential-process", "chain", "--mfa-code", "123456"], { env });
    expect(run.status, run.stderr).toBe(0);
    expect(codes(asked)).toEqual([
      ["AssumeRole", SERIAL, "123456"],
      ["AssumeRole", null, null],
    ]);
    expect(run.stderr).toContain('the mfa_serial of profile "chain" is not used');
  });

  it.each([
    ["by option", ["p", "--mfa-code", " 123 456 "]],
    ["by mfa_process", ["by-blanks"]],
  ])("given %s in groups goes without its blanks", async (_, words) => {
    const { env, asked } = await withSts();
    expect((await xrole(["env", ...words], { env })).status).toBe(0);
    expect(codes(asked)).toEqual([["AssumeRole", SERIAL, "123456"]]);
  });

  it("comes from mfa_process, which no shell runs", async () => {
    const { env, asked } = await withSts();
    expect((await xrole(["credential-process", "by-process"], { env })).status).toBe(0);
    expect(codes(asked)).toEqual([["AssumeRole", SERIAL, "112233"]]);
  });

  it("that AWS refuses is not sent again when nobody is there to mend it", async () => {
    const { env, asked } = await withSts(MISTYPED);
    const run = await xrole(["env", "p", "--mfa-code", "123456"], { env });
    expect(run).toMatchObject({ status: 77, stdout: "(exit 77);\n" });
    expect(run.errors.at(-1)?.code).toBe("mfa-refused");
    expect(run.stderr).toContain(SERIAL);
    expect(asked).toHaveLength(1);
  });

  it("that is needed where there is no terminal is an error that says so", async () => {
    const { env, asked } = await withSts();
    const run = await xrole(["env", "p"], { env, stdin: "123456\n" });
    expect(run).toMatchObject({ status: 77, stdout: "(exit 77);\n" });
    expect(run.stderr).toContain("there is no terminal to ask on");
    expect(run.errors.at(-1)?.code).toBe("mfa-needed");
    expect(run.stderr).toContain("--mfa-code");
    expect(asked).toHaveLength(0);
  });

  it("spent on a session opens every role, each for at most an hour", async () => {
    const { env, asked } = await withSts();
    const run = await xrole(["credential-process", "by-session", "--mfa-code", "123456"], { env });
    expect(run.status, run.stderr).toBe(0);
    expect(codes(asked)).toEqual([
      ["GetSessionToken", SERIAL, "123456"],
      ["AssumeRole", null, null],
      ["AssumeRole", null, null],
    ]);
    expect(new URLSearchParams(asked[2]?.body).get("DurationSeconds")).toBe("3600");
    expect(asked[1]?.headers["x-amz-security-token"]).toBe("token-of-session");
  });

  it("cannot open a session for a role", async () => {
    const { env } = await withSts();
    const run = await xrole(["env", "by-instance", "--mfa-session"], { env });
    expect(run.status).toBe(78);
    expect(run.errors.at(-1)?.code).toBe("mfa-without-keys");
  });
});

describe("on a terminal", () => {
  it("the code is asked for there: stdin and stdout stay the pipe's", async () => {
    const { env, asked } = await withSts();
    const run = await onTerminal(
      `echo piped | ${XROLE} exec p -- sh -c 'cat; printenv AWS_ACCOUNT_ID' | cat >out`,
      ["123456"],
      env,
    );
    expect(run.stdout).toContain(`MFA code for ${SERIAL}: `);
    expect(codes(asked)).toEqual([["AssumeRole", SERIAL, "123456"]]);
    expect(run.out).toBe("piped\n222222222222\n");
  });

  it("eval takes the role, prompt and all", async () => {
    const { env } = await withSts();
    const run = await onTerminal(`eval $(${XROLE} env p); echo "$AWS_ACCOUNT_ID" >out`, ["123456"], env);
    expect(run.out).toBe("222222222222\n");
  });

  it("a code that AWS refused is asked for again, three times in all", async () => {
    const once = await withSts((response, asked, count) => (count === 1 ? MISTYPED : sts)(response, asked, count));
    const typed = await onTerminal(`${XROLE} credential-process p >out`, ["111111", "222222"], once.env);
    expect(codes(once.asked).map(([, , code]) => code)).toEqual(["111111", "222222"]);
    expect(typed.stdout.match(/That code was refused/g)).toHaveLength(1);
    expect(typed.out).toContain('"AccountId":"222222222222"');

    const never = await withSts(MISTYPED);
    const given = await onTerminal(`${XROLE} env p >out`, ["111111", "222222", "333333", "444444"], never.env);
    expect(never.asked).toHaveLength(3);
    expect(given.out).toBe("(exit 77);\n");
  });

  it("what is no code is asked for again as often as it takes, without a call and without spending a try", async () => {
    const { env, asked } = await withSts((response, one, count) => (count < 3 ? MISTYPED : sts)(response, one, count));
    const nonsense = ["12 34", "", "nonsense", "1234567", "12345a", "１２３４５６", "-123456", "   "];
    const typed = [...nonsense, "111111", ...nonsense, "222222", ...nonsense, "333 333"];
    const run = await onTerminal(`${XROLE} credential-process p >out`, typed, env);
    expect(run.out).toContain('"AccountId":"222222222222"');
    expect(codes(asked).map(([, , code]) => code)).toEqual(["111111", "222222", "333333"]);
    expect(run.stdout.match(/A code has six digits\. MFA code for/g)).toHaveLength(3 * nonsense.length);
  });

  it("the end of input, or a terminal that goes away, ends the question", async () => {
    const { env, asked } = await withSts();
    const given = await onTerminal(`${XROLE} env p >out`, ["nonsense", "\u0004"], env);
    expect(given.out).toBe("(exit 77);\n");
    const status = join(env.HOME ?? "", "status");
    const hung = await onTerminal(
      `trap '' HUP; ${XROLE} env p >out; echo ended >"${status}"`,
      ["nonsense", "hang up"],
      env,
    );
    expect(hung.stdout).toContain("A code has six digits");
    await vi.waitFor(() => expect(readFileSync(status, "utf8")).toBe("ended\n"), UNTIL);
    expect(asked).toHaveLength(0);
  });
});

const XROLE = `"${process.execPath}" "${BINARY}"`;

/** Runs a shell line on a pseudo-terminal and types each answer when a prompt shows. `out` is what the file of that name holds. */
async function onTerminal(
  line: string,
  answers: readonly string[],
  env: Record<string, string>,
): Promise<Pick<Run, "stdout"> & { out: string }> {
  const folder = makeHome();
  const left = [...answers];
  const child = spawn("script", ["-qefc", `${line}; printf '<%s>' "$(cat out)"`, "/dev/null"], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? "", SHELL: "/bin/sh", ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stdout = "";
  let answered = 0;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    const prompts = stdout.split("MFA code for ").length - 1;
    if (prompts > answered) {
      answered = prompts;
      const answer = left.shift() ?? "";
      if (answer === "hang up") child.kill("SIGKILL");
      else child.stdin.write(answer === "\u0004" ? answer : `${answer}\n`);
    }
  });
  await new Promise((done) => child.on("close", done));
  const shown = stdout.replaceAll("\r\n", "\n");
  return { stdout: shown, out: `${/<([^]*)>$/.exec(shown)?.[1] ?? ""}\n` };
}
