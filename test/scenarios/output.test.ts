// What goes where: the payload on stdout, words for people on stderr, JSON for programs, and output that cannot be written.
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { GROUPS } from "../../src/commands/shared/groups.ts";
import { makeHome } from "../harness/home.ts";
import { BINARY, shell, xrole } from "../harness/run.ts";

const config = `[default]
region = eu-central-1

[profile b-s3]
credential_source = Ec2InstanceMetadata
role_arn = arn:aws:iam::222222222222:role/role-b-s3
region = us-east-1

[profile deep]
role_arn = arn:aws:iam::333333333333:role/path/deep
source_profile = b-s3
duration_seconds = 7200
external_id = ext-1
mfa_serial = arn:aws:iam::1:mfa/u

[profile keys]
aws_access_key_id = AKIAKEYS
aws_secret_access_key = secret-of-keys
aws_account_id = 444444444444

[profile lender]
credential_source = EcsContainer

[profile broken]
role_arn = arn:aws:iam::222222222222:role/x
credential_source = ec2instancemetadata
`;
/** Lines of a help text at most. */
const SCREEN = 40;
const lineCount = (text: string): number => text.trimEnd().split("\n").length;
const home = (): { HOME: string } => ({ HOME: makeHome({ ".aws/config": config }) });

describe("list", () => {
  it("shows each profile's account, role, source and chain, and an error in its row", async () => {
    const env = home();
    const run = await xrole(["list"], { env });
    expect(run).toMatchObject({ status: 0, stderr: "" });
    const rows = run.stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/ {2,}/));
    expect(rows).toEqual([
      ["PROFILE", "ACCOUNT", "ROLE", "SOURCE", "CHAIN"],
      [
        "default",
        `error: ${env.HOME}/.aws/config:1: profile "default" holds no credentials and names no source for them`,
      ],
      ["b-s3", "222222222222", "role-b-s3", "the instance's role"],
      ["deep", "333333333333", "path/deep", "the instance's role", "b-s3 -> deep"],
      ["keys", "444444444444", 'the keys of profile "keys" (AKIAKEYS)'],
      ["lender", "the container's role", "source only"],
      ["broken", expect.stringContaining("credential_source = ec2instancemetadata is not one of") as string],
    ]);
  });

  it.each([
    ["b-", ["b-s3"]],
    ["*e*", ["default", "deep", "keys", "lender", "broken"]],
    ["?eep", ["deep"]],
    ["none-such", []],
  ])("takes the pattern %s", async (pattern, names) => {
    const run = await xrole(["list", pattern, "--json"], { env: home() });
    expect((JSON.parse(run.stdout) as { profile: string }[]).map(({ profile }) => profile)).toEqual(names);
  });

  it("prints the promised JSON", async () => {
    const env = home();
    const run = await xrole(["list", "--json"], { env });
    const [, b, , keys, lender, broken] = JSON.parse(run.stdout) as Record<string, unknown>[];
    const from = (line: number): string => `${env.HOME}/.aws/config:${line}`;
    expect(b).toMatchObject({
      profile: "b-s3",
      region: "us-east-1",
      accountId: "222222222222",
      roleArn: "arn:aws:iam::222222222222:role/role-b-s3",
      source: { kind: "instance", from: from(5) },
      hops: [{ profile: "b-s3", roleArn: "arn:aws:iam::222222222222:role/role-b-s3", from: from(6) }],
      from: from(6),
    });
    expect(keys).toMatchObject({
      accountId: "444444444444",
      source: { kind: "static", accessKeyId: "AKIAKEYS" },
      hops: [],
    });
    expect(lender).toMatchObject({ source: { kind: "container" }, hops: [] });
    expect(broken).toEqual({
      profile: "broken",
      from: from(24),
      error: {
        code: "credential-source-invalid",
        message: expect.stringContaining("is not one of") as string,
        hint: "write credential_source = Ec2InstanceMetadata",
      },
    });
    expect(run.stdout).not.toContain("secret-of-keys");
  });
});

describe("explain", () => {
  it("prints the promised JSON, asking nobody", async () => {
    const env = home();
    const run = await xrole(["explain", "deep", "--json", "--session-name", "me", "--region", "eu-west-1"], { env });
    const from = (line: number): string => `${env.HOME}/.aws/config:${line}`;
    expect(run).toMatchObject({ status: 0, stderr: "" });
    expect(JSON.parse(run.stdout)).toEqual({
      profile: "deep",
      region: "eu-west-1",
      endpoint: "https://sts.eu-west-1.amazonaws.com/",
      source: { kind: "instance", endpoint: "http://169.254.169.254", from: from(5) },
      hops: [
        {
          profile: "b-s3",
          roleArn: "arn:aws:iam::222222222222:role/role-b-s3",
          sessionName: expect.stringMatching(/^xrole-.+@.+/) as string,
          from: from(6),
        },
        {
          profile: "deep",
          roleArn: "arn:aws:iam::333333333333:role/path/deep",
          sessionName: "me",
          externalId: "ext-1",
          durationSeconds: 3600,
          from: from(10),
        },
      ],
      warnings: [
        expect.stringContaining("at most 3600 s") as string,
        expect.stringContaining('the mfa_serial of profile "deep" is not used') as string,
      ],
      regionFrom: "--region",
      unused: [
        {
          setting: "region",
          value: "us-east-1",
          from: from(7),
          because: 'only profile "deep", which is selected, may say it',
          isOverridden: false,
        },
        {
          setting: "region",
          value: "eu-central-1",
          from: from(2),
          because: 'only profile "deep", which is selected, may say it',
          isOverridden: false,
        },
      ],
    });
  });

  it("draws the chain: source, call, role and account, and what is set in vain", async () => {
    const env = home();
    const run = await xrole(["explain", "deep", "--session-name", "me"], { env: { ...env, AWS_PROFILE: "b-s3" } });
    const at = (line: number): string => `(${env.HOME}/.aws/config:${line})`;
    expect(run.stdout.replace(/session xrole-\S+/, "session xrole-u@h")).toBe(`profile   deep   ${at(9)}
region    the instance's own, asked when needed

  the instance's role   ${at(5)}
  |
  | sts:AssumeRole   session xrole-u@h
  v
  role role-b-s3 in account 222222222222   profile "b-s3"
  arn:aws:iam::222222222222:role/role-b-s3   ${at(6)}
  |
  | sts:AssumeRole   session me, for 3600 s, external id ext-1
  v
  role path/deep in account 333333333333   profile "deep"
  arn:aws:iam::333333333333:role/path/deep   ${at(10)}

not used
  AWS_PROFILE = b-s3   (environment)   the command line names the profile
  region = us-east-1   ${at(7)}   only profile "deep", which is selected, may say it
  region = eu-central-1   ${at(2)}   only profile "deep", which is selected, may say it
`);
  });

  it("says it in words, with file and line", async () => {
    const env = home();
    const run = await xrole(["explain", "b-s3"], { env });
    expect(run.stdout).toContain(`the instance's role   (${env.HOME}/.aws/config:5)`);
    expect(run.stdout).toContain(`arn:aws:iam::222222222222:role/role-b-s3   (${env.HOME}/.aws/config:6)`);
  });

  it("prints an error as JSON where JSON was asked for", async () => {
    const run = await xrole(["explain", "nope", "--json"], { env: home() });
    expect(run.status).toBe(78);
    expect(JSON.parse(run.stdout)).toMatchObject({
      error: { code: "profile-not-found", message: 'there is no profile "nope"' },
    });
  });

  it.each([
    ["b-s4", 'did you mean "b-s3"?'],
    ["B-S3", 'did you mean "b-s3"?'],
    ["dep", 'did you mean "deep"?'],
    ["wholly-other", "`xrole list` shows the profiles"],
  ])("suggests what was meant: %s", async (name, hint) => {
    expect((await xrole(["explain", name], { env: home() })).stderr).toContain(`hint: ${hint}`);
  });

  it("points at a section that lacks the word profile", async () => {
    const HOME = makeHome({ ".aws/config": "\n[b-s3]\nregion = eu-west-1\n" });
    const run = await xrole(["explain", "b-s3"], { env: { HOME } });
    expect(run.stderr).toContain(
      `${HOME}/.aws/config:2 has [b-s3], which is not read as a profile; write [profile b-s3]`,
    );
  });
});

describe("options of a role", () => {
  it.each([
    [["--duration", "45m"], { durationSeconds: 2700 }],
    [["--duration", "1h"], { durationSeconds: 3600 }],
    [["--external-id=x-1"], { externalId: "x-1" }],
  ])("change the last hop: %j", async (words, hop) => {
    const run = await xrole(["explain", "b-s3", "--json", ...words], { env: home() });
    expect((JSON.parse(run.stdout) as { hops: unknown[] }).hops).toMatchObject([hop]);
  });

  it.each([
    [["--duration", "60"], 78, "900 to 43200"],
    [["--duration", "13h"], 78, "900 to 43200"],
    [["--session-name", "a b"], 78, "2 to 64"],
    [["--external-id", "x\ny"], 78, "2 to 1224"],
    [["--duration"], 64, "argument missing"],
    [["--durations", "900"], 64, "unknown option"],
  ])("are checked before anything is sent: %j", async (words, status, text) => {
    const run = await xrole(["env", "b-s3", ...words], { env: home() });
    expect(run).toMatchObject({ status, stdout: `(exit ${status});\n` });
    expect(run.stderr).toContain(text);
  });

  it("are wrong usage where there is no role", async () => {
    const run = await xrole(["env", "keys", "--duration", "900"], { env: home() });
    expect(run).toMatchObject({ status: 64, stdout: "(exit 64);\n" });
    expect(run.stderr).toContain("--duration changes a role");
  });
});

describe("output that cannot be written", () => {
  // What a shell closes, Node opens as /dev/null.
  it.runIf(process.platform === "linux")("because stdout is closed is status 74", async () => {
    const COMMANDS = ["list --json", "explain b-s3", "env keys", "credential-process keys", "--version", "list --help"];
    for (const words of COMMANDS) {
      const run = await shell(`xrole ${words} >&-; exit $?`, { env: home() });
      expect(run, words).toMatchObject({
        status: 74,
        stderr: "xrole: the output could not be written: stdout is closed\n",
      });
    }
    expect((await shell("exec >&-; xrole env keys; exit $?", { env: home() })).status).toBe(74);
    const bash = `exec "${process.execPath}" "${BINARY}" list >&-`;
    expect((await xrole(["-c", `bash -c '${bash}'; exit $?`], { env: home(), command: "bash" })).status).toBe(74);
  });

  it("is no failure where /dev/null is meant", async () => {
    for (const script of ["xrole list >/dev/null", "xrole list >/dev/null 2>&1", "xrole list 3<>/dev/null 2>&3 >&2"])
      expect((await shell(`${script}; exit $?`, { env: home() })).status, script).toBe(0);
    // As programs do, in Node's words: for reading and writing.
    const program = `const { status } = require("node:child_process").spawnSync(process.execPath, [${JSON.stringify(BINARY)}, "list"], { stdio: ["ignore", "ignore", "pipe"] }); process.exit(status);`;
    const env = { ...home(), _: BINARY };
    expect((await xrole(["-e", program], { env, command: process.execPath })).status).toBe(0);
  });

  it("is status 74", async () => {
    for (const words of ["list", "explain b-s3", "credential-process keys", "env keys"]) {
      const run = await shell(`xrole ${words} > /dev/full`, { env: home() });
      expect(run.status).toBe(74);
      expect(run.stderr).toContain("could not be written");
    }
  });

  it("because its reader is gone is no matter for words", async () => {
    const run = await shell("(xrole list; echo $? >&2) | true", { shell: ["bash"], env: home() });
    expect(run.stderr).toMatch(/^(0|74)\n$/);
  });
});

describe("help and usage", () => {
  const shown = COMMANDS.filter(({ isHidden }) => isHidden !== true);

  it("fits one screen a command, each under its group's heading, and shows only what works", async () => {
    const top = await xrole(["--help"]);
    expect(top).toMatchObject({ status: 0, stderr: "" });
    expect(lineCount(top.stdout)).toBeLessThanOrEqual(SCREEN);
    const headings = [...top.stdout.matchAll(/^(\S.*):$/gm)].map(([, heading = ""]) => heading);
    expect(headings).toEqual(["Options", ...GROUPS.filter((group) => COMMANDS.some((one) => one.group === group))]);
    for (const { name, group } of shown) {
      const [, own = ""] = top.stdout.split(`\n${group}:\n`);
      expect(own.split("\n\n")[0]).toMatch(new RegExp(`^ {2}${name} `, "m"));
    }
    const names = [...top.stdout.matchAll(/^ {2}([a-z][\w-]*) {2}/gm)].map(([, name]) => name);
    expect(names.sort()).toEqual([...shown.map(({ name }) => name), "help"].sort());
  });

  it.each(shown)("of $name fits one screen, with its options and examples", async ({ name, ...entry }) => {
    const help = await xrole([name, "--help"]);
    expect(help).toMatchObject({ status: 0, stderr: "" });
    expect(lineCount(help.stdout)).toBeLessThanOrEqual(SCREEN);
    expect(help.stdout).toContain("Examples:");
    for (const [flags, , traits] of [...entry.options, ...(entry.roleOptions ?? [])])
      expect(help.stdout.includes(`\n  ${flags} `), flags).toBe(traits?.hidden !== true);
  });

  it.each([[[]], [["nonsense"]], [["list", "--nonsense"]], [["list", "a", "b"]], [["env", "--format", "cmd.exe"]]])(
    "that is wrong is 64: %j",
    async (words) => {
      const run = await xrole(words, { env: home() });
      expect(run.status).toBe(64);
      expect(run.stderr).not.toBe("");
    },
  );

  it("tells on stderr what happens with --debug, and nothing with --quiet", async () => {
    const debug = await xrole(["env", "keys", "--debug"], { env: home() });
    expect(debug.stderr).toContain("xrole: debug: read ");
    const quiet = await xrole(["explain", "deep", "--quiet"], { env: home() });
    expect(quiet.stderr).toBe("");
    expect((await xrole(["explain", "deep"], { env: home() })).stderr).toContain("warning");
  });
});

describe("a script that evaluates what env prints", () => {
  it("stops where an option stands before the command, and where its folder has been removed", async () => {
    const early = await shell('set -e; eval "$(xrole --region us-east-1 env keys)"; echo went on', { env: home() });
    expect(early).toMatchObject({ status: 64, stdout: "" });
    const gone = await shell('mkdir gone; cd gone; rmdir ../gone; set -e; eval "$(xrole env keys)"; echo went on', {
      env: home(),
      cwd: makeHome(),
    });
    expect(gone).toMatchObject({ status: 78, stdout: "" });
    expect(gone.stderr).toContain("xrole: the folder you are in is no longer there");
  });
});
