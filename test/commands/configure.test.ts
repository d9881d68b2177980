// `xrole configure` on the built binary: what it writes, what it refuses, and what it leaves alone.
import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeHome } from "../harness/home.ts";
import { shell, xrole, type Run } from "../harness/run.ts";
import { start } from "../harness/start.ts";
import { openTerminal, xroleWords } from "../harness/terminal.ts";

const ROLE = "arn:aws:iam::222222222222:role/role-b-s3";
const CONFIG = `# mine
[default]
region = eu-central-1

[profile b-s3]   # the bucket
role_arn = ${ROLE}
credential_source = Ec2InstanceMetadata
s3 =
  max_concurrent_requests = 2

[profile base]
aws_access_key_id = AKIABASE
aws_secret_access_key = secret-of-the-base-profile
`;

/** Sets and reads extended attributes, for which Node has no functions. */
const python = (code: string): SpawnSyncReturns<string> =>
  spawnSync("python3", ["-c", `import os\n${code}`], { encoding: "utf8" });

/** Whether there is Python, and the file system of the temporary folder takes attributes. */
function canSetAttributes(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "xrole-test-"));
  const { status } = python(`os.setxattr(${JSON.stringify(folder)}, "user.note", b"x")`);
  rmSync(folder, { recursive: true });
  return status === 0;
}

interface Place {
  readonly home: string;
  readonly configure: (...words: string[]) => Promise<Run>;
  readonly text: () => string;
}

function place(config?: string, files: Readonly<Record<string, string>> = {}): Place {
  const home = makeHome({ ...(config !== undefined && { ".aws/config": config }), ...files });
  return {
    home,
    configure: (...words) => xrole(["configure", ...words], { env: { HOME: home } }),
    text: () => readFileSync(join(home, ".aws/config"), "utf8"),
  };
}

describe("configure", () => {
  it("makes the file and its folder, for nobody else to read", async () => {
    const { home, configure, text } = place();
    const run = await configure(
      "b-s3",
      "--role-arn",
      ROLE,
      "--credential-source",
      "EcsContainer",
      "--region",
      "us-east-1",
    );
    expect(run, run.stderr).toMatchObject({ status: 0, stdout: "" });
    expect(run.stderr).toBe(`profile "b-s3" in ${home}/.aws/config added\n`);
    expect(text()).toBe(`[profile b-s3]\nrole_arn = ${ROLE}\ncredential_source = EcsContainer\nregion = us-east-1\n`);
    expect(statSync(join(home, ".aws")).mode & 0o777).toBe(0o700);
    expect(statSync(join(home, ".aws/config")).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(home, ".aws"))).toEqual(["config"]);
    const explained = await xrole(["explain", "b-s3"], { env: { HOME: home } });
    expect(explained.stdout).toContain(ROLE);
  });

  it("writes every setting that it has an option for, and the others by --set", async () => {
    const { configure, text } = place(CONFIG);
    const words = ["--role-arn", ROLE, "--source-profile", "base", "--region", "eu-west-1", "--session-name", "alice"];
    const more = ["--duration", "45m", "--external-id", "x-1", "--mfa-serial", "arn:aws:iam::111111111111:mfa/alice"];
    const tags = [
      "--tag",
      "team=blue",
      "--tag",
      "ticket=T 42",
      "--transitive-tag",
      "team",
      "--source-identity",
      "alice",
    ];
    const set = [
      "--mfa-process",
      "my-totp aws",
      "--set",
      "xrole_mfa_session=true",
      "--set",
      "Use_FIPS_endpoint = true",
    ];
    const run = await configure("my profile", ...words, ...more, ...tags, ...set);
    expect(run.status, run.stderr).toBe(0);
    expect(text()).toBe(`${CONFIG}
[profile "my profile"]
role_arn = ${ROLE}
source_profile = base
region = eu-west-1
role_session_name = alice
external_id = x-1
mfa_serial = arn:aws:iam::111111111111:mfa/alice
mfa_process = my-totp aws
source_identity = alice
duration_seconds = 2700
session_tags = team=blue, ticket=T 42
transitive_session_tags = team
xrole_mfa_session = true
use_fips_endpoint = true
`);
  });

  it("changes what is meant and nothing else, and takes away what is given as empty", async () => {
    const { configure, text } = place(CONFIG.replaceAll("\n", "\r\n"));
    expect((await configure("b-s3", "--external-id", "x-1", "--region", "us-east-1")).status).toBe(0);
    const changed = CONFIG.replace("requests = 2\n", "requests = 2\nregion = us-east-1\nexternal_id = x-1\n");
    expect(text()).toBe(changed.replaceAll("\n", "\r\n"));
    expect((await configure("b-s3", "--external-id", "", "--region=")).status).toBe(0);
    expect(text()).toBe(CONFIG.replaceAll("\n", "\r\n"));
  });

  it("takes credential_source away for a source_profile, and the other way round, and says so", async () => {
    const { home, configure, text } = place(CONFIG);
    const run = await configure("b-s3", "--source-profile", "base");
    expect(run.stderr).toBe(
      `profile "b-s3" in ${home}/.aws/config changed; its credential_source is gone: the other source takes its place\n`,
    );
    expect(text()).not.toContain("credential_source");
    expect((await configure("b-s3", "--credential-source", "Environment")).stderr).toContain("source_profile is gone");
    expect(text()).not.toContain("source_profile");
  });

  it("says so when there is nothing to change, and leaves the file alone", async () => {
    const { home, configure } = place(CONFIG);
    const { ino, mtimeNs } = statSync(join(home, ".aws/config"), { bigint: true });
    const run = await configure("b-s3", "--role-arn", ROLE);
    expect(run).toMatchObject({ status: 0, stderr: `profile "b-s3" in ${home}/.aws/config is so already\n` });
    expect(statSync(join(home, ".aws/config"), { bigint: true })).toMatchObject({ ino, mtimeNs });
    expect((await configure("b-s3", "--region", "eu-west-1", "--quiet")).stderr).toBe("");
    expect((await configure("b-s3")).status).toBe(64);
  });

  it("writes a profile that only lends its source, when that is said", async () => {
    const { configure, text } = place("");
    expect((await configure("lender", "--credential-source", "EcsContainer")).status).toBe(64);
    expect((await configure("lender", "--credential-source", "EcsContainer", "--role-arn", "")).status).toBe(0);
    expect((await configure("lender", "--region", "eu-west-1")).status).toBe(0);
    expect(text()).toBe("[profile lender]\ncredential_source = EcsContainer\nregion = eu-west-1\n");
  });

  it("follows AWS_CONFIG_FILE, and a leading ~/", async () => {
    const home = makeHome();
    const env = { HOME: home, AWS_CONFIG_FILE: "~/deep/er/file" };
    const run = await xrole(["configure", "p", "--role-arn", ROLE, "--credential-source", "Environment"], { env });
    expect(run.status, run.stderr).toBe(0);
    expect(readFileSync(join(home, "deep/er/file"), "utf8")).toContain("[profile p]");
  });

  it("judges the file, not the environment of the moment", async () => {
    const { home } = place(CONFIG);
    const env = {
      HOME: home,
      AWS_REGION: "not a region",
      AWS_PROFILE: "nope",
      AWS_EC2_METADATA_SERVICE_ENDPOINT: "nonsense",
    };
    expect((await xrole(["configure", "b-s3", "--region", "us-east-1"], { env })).status).toBe(0);
  });
});

describe("--dry-run", () => {
  it("prints a unified diff that patch takes, and writes nothing", async () => {
    const { home, configure, text } = place(CONFIG);
    const words = ["b-s3", "--source-profile", "base", "--region", "us-east-1"];
    const run = await configure(...words, "--dry-run");
    expect(run.status).toBe(0);
    expect(run.stdout).toContain(`--- ${home}/.aws/config\n+++ ${home}/.aws/config\n@@ `);
    expect(run.stderr).toContain("would be changed; its credential_source would go");
    expect(text()).toBe(CONFIG);
    expect((await configure(...words)).status).toBe(0);
    const patched = await shell(`cp old new && patch -s new diff && cat new`, {
      cwd: makeHome({ old: CONFIG, diff: run.stdout }),
    });
    expect(patched.stdout, patched.stderr).toBe(text());
  });

  it("makes no file and no folder", async () => {
    const { home, configure } = place();
    const run = await configure("p", "--role-arn", ROLE, "--credential-source", "Environment", "--dry-run");
    expect(run.stdout).toBe(
      `--- /dev/null\n+++ ${home}/.aws/config\n@@ -0,0 +1,3 @@\n+[profile p]\n+role_arn = ${ROLE}\n+credential_source = Environment\n`,
    );
    expect(existsSync(join(home, ".aws"))).toBe(false);
  });

  it("shows no key that stands beside the change", async () => {
    const { configure } = place(CONFIG);
    const run = await configure("base", "--region", "us-east-1", "--dry-run");
    expect(run.stdout).toContain(" aws_secret_access_key = ********\n+region = us-east-1\n");
    expect(run.stdout).not.toContain("secret-of-the-base");
  });

  it("says when a file ends in the middle of a line", async () => {
    const { configure } = place(CONFIG.trimEnd());
    expect((await configure("base", "--region", "us-east-1", "--dry-run")).stdout).toContain(
      "\\ No newline at end of file",
    );
  });
});

describe("what the plan refuses is not written:", () => {
  it.each([
    [["p", "--role-arn", ROLE, "--source-profile", "nope"], 78, "does not exist"],
    [["p", "--role-arn", "role-b-s3", "--source-profile", "base"], 78, "is not the ARN of a role"],
    [
      ["p", "--role-arn", ROLE, "--credential-source", "ec2InstanceMetadata"],
      78,
      "credential_source = Ec2InstanceMetadata",
    ],
    [["b-s3", "--source-profile", "b-s3"], 78, "take their credentials from each other: b-s3 -> b-s3"],
    [["b-s3", "--source-profile", "base", "--credential-source", "Environment"], 78, "has both"],
    [["b-s3", "--credential-source", ""], 64, "--credential-source or --source-profile is missing"],
    [["p", "--role-arn", ROLE], 64, "--credential-source or --source-profile is missing"],
    [["p", "--region", "eu-west-1"], 64, "--role-arn is missing"],
    [["b-s3", "--duration", "60"], 78, "900 to 43200"],
    [["b-s3", "--set", "duration_seconds=60"], 78, "900 to 43200"],
    [["b-s3", "--external-id", "x"], 78, "2 to 1224"],
    [["b-s3", "--region", "us-east-1;touch P"], 78, "is not the name of a region"],
    [["b-s3", "--region", "us-east-1\nrole_arn = x"], 78, "on one line"],
    [["b-s3", "--set", "use_fips_endpoint=yes"], 78, "true or false"],
    [["b-s3", "--endpoint-url", "http://sts.example.com"], 78, "plain http"],
    [["b-s3", "--set", "services=nope"], 78, "there is no section [services nope]"],
    [["p", "--sso-session", "nope"], 78, "there is no section [sso-session nope]"],
    [["b\ns3", "--role-arn", ROLE, "--credential-source", "Environment"], 78, "a name on one line"],
    [["b-s3", "--set", "nonsense=1"], 64, "no setting that xrole reads"],
    [["b-s3", "--set", "regoin=1"], 64, "did you mean region"],
    [["b-s3", "--set", "region"], 64, "key=value"],
    [["b-s3", "--region", "a", "--set", "region=b"], 64, "given twice"],
    [[], 64, "missing required argument"],
  ])("%j", async (words, status, text) => {
    const at = place(CONFIG);
    const run = await at.configure(...words);
    expect(run, run.stderr).toMatchObject({ status, stdout: "" });
    expect(run.stderr).toContain(text);
    expect(at.text()).toBe(CONFIG);
    expect(readdirSync(join(at.home, ".aws"))).toEqual(["config"]);
  });

  it("what the credentials file says otherwise", async () => {
    const credentials = "[b-s3]\nregion = us-west-2\n";
    const at = place(CONFIG, { ".aws/credentials": credentials });
    const run = await at.configure("b-s3", "--region", "us-east-1");
    expect(run.status).toBe(78);
    expect(run.stderr).toContain(`${at.home}/.aws/credentials:2: region is set there too, and wins`);
    expect(at.text()).toBe(CONFIG);
    expect((await at.configure("b-s3", "--region", "us-west-2")).status).toBe(0);
  });

  it("a file that is broken already", async () => {
    const at = place("[profile p\n");
    expect((await at.configure("p", "--region", "eu-west-1")).stderr).toContain(
      `${at.home}/.aws/config:1: a section header`,
    );
  });

  it("but a profile that starts from it, and could be followed until now, gets a warning", async () => {
    const config = `[profile last]
role_arn = ${ROLE}
source_profile = base
mfa_serial = arn:aws:iam::111111111111:mfa/alice
xrole_mfa_session = true
[profile broken]
role_arn = ${ROLE}
source_profile = nowhere
[profile base]
credential_process = print-keys
`;
    const at = place(config);
    const run = await at.configure(
      "base",
      "--credential-process",
      "",
      "--role-arn",
      "",
      "--credential-source",
      "EcsContainer",
    );
    expect(run.status, run.stderr).toBe(0);
    expect(run.stderr).toContain(
      'warning: profile "last" cannot be followed any more: an MFA session needs a user\'s own keys',
    );
    expect(run.stderr).not.toContain("broken");
    expect(at.text()).toContain("[profile base]\ncredential_source = EcsContainer\n");
  });
});

describe("secrets", () => {
  it.each([
    [["--set", "aws_secret_access_key=wJalrXUtnFEMIK7MDENG"]],
    [["--set", "AWS_SESSION_TOKEN = wJalrXUtnFEMIK7MDENG"]],
    [["--credential-process", "printf AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMIK7MDENG"]],
    [["--aws-secret-access-key=wJalrXUtnFEMIK7MDENG"]],
    [["--aws-secret-access-key", "wJalrXUtnFEMIK7MDENG"]],
  ])("are refused, and not shown: %j", async (words) => {
    const at = place(CONFIG);
    const run = await at.configure("b-s3", ...words);
    expect(run.status).toBe(64);
    expect(run.stderr).not.toContain("wJalrXUtnFEMIK7MDENG");
    expect(at.text()).toBe(CONFIG);
  });
});

describe("the file on disk", () => {
  it("keeps its mode, and its owner where the system allows that", async () => {
    const at = place(CONFIG);
    const file = join(at.home, ".aws/config");
    chmodSync(file, 0o640);
    if (process.getuid?.() === 0) chownSync(file, 1234, 1235);
    const { uid, gid } = statSync(file);
    expect((await at.configure("b-s3", "--region", "us-east-1")).status).toBe(0);
    const after = statSync(file);
    expect({ mode: after.mode & 0o777, uid: after.uid, gid: after.gid }).toEqual({ mode: 0o640, uid, gid });
  });

  it("keeps no more rights than umask 000 would give a new one", async () => {
    const home = makeHome();
    const words = `configure p --role-arn ${ROLE} --credential-source Environment`;
    const run = await shell(`umask 000; xrole ${words}`, { env: { HOME: home } });
    expect(run.status, run.stderr).toBe(0);
    expect(statSync(join(home, ".aws/config")).mode & 0o777).toBe(0o600);
  });

  it("is followed through symbolic links, which stay", async () => {
    const home = makeHome({ "dotfiles/aws-config": CONFIG });
    mkdirSync(join(home, ".aws"));
    symlinkSync("../link", join(home, ".aws/config"));
    symlinkSync("dotfiles/aws-config", join(home, "link"));
    const run = await xrole(["configure", "b-s3", "--region", "us-east-1"], { env: { HOME: home } });
    expect(run.status, run.stderr).toBe(0);
    expect(lstatSync(join(home, ".aws/config")).isSymbolicLink()).toBe(true);
    expect(lstatSync(join(home, "link")).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(home, "dotfiles/aws-config"), "utf8")).toContain("region = us-east-1");
    expect(readdirSync(join(home, "dotfiles"))).toEqual(["aws-config"]);
  });

  it("becomes a file of its own where it had other hard links, which is said", async () => {
    const { home, configure, text } = place(CONFIG);
    linkSync(join(home, ".aws/config"), join(home, "dotfiles-config"));
    const run = await configure("b-s3", "--region", "us-east-1");
    expect(run.status).toBe(0);
    expect(run.stderr).toContain("was one of 2 hard links to the same file");
    expect(text()).toContain("region = us-east-1");
    expect(readFileSync(join(home, "dotfiles-config"), "utf8")).toBe(CONFIG);
    expect((await configure("b-s3", "--region", "us-east-2")).stderr).not.toContain("hard links");
  });

  it.runIf(canSetAttributes())("keeps its extended attributes", async () => {
    const { home, configure, text } = place(CONFIG);
    const file = join(home, ".aws/config");
    expect(python(`os.setxattr(${JSON.stringify(file)}, "user.note", b"kept")`).status).toBe(0);
    expect((await configure("b-s3", "--region", "us-east-1")).status).toBe(0);
    expect(text()).toContain("region = us-east-1");
    expect(python(`print(os.getxattr(${JSON.stringify(file)}, "user.note").decode())`).stdout).toBe("kept\n");
  });

  it("is written where runs that were killed have left their files, which go", async () => {
    const { home, configure } = place(CONFIG);
    const [old, young, other] = [".xrole-abc123.tmp", ".xrole-def456.tmp", "xrole-notes.tmp"].map((name) =>
      join(home, ".aws", name),
    ) as [string, string, string];
    for (const file of [old, young, other]) writeFileSync(file, "x");
    // The file that a living run is writing has the time of the file that it replaces.
    for (const file of [young, other]) utimesSync(file, 1, 1);
    expect((await configure("b-s3", "--region", "us-east-1")).status).toBe(0);
    expect([old, young, other].map((file) => existsSync(file))).toEqual([true, true, true]);
    // Two minutes later, for the program.
    const later = "data:text/javascript,const now = Date.now; Date.now = () => now() + 120_000";
    const env = { HOME: home, NODE_OPTIONS: `--import="${later}"` };
    expect((await xrole(["configure", "b-s3", "--region", "us-east-2"], { env })).status).toBe(0);
    expect([old, young, other].map((file) => existsSync(file))).toEqual([false, false, true]);
  });

  it("is made where a symbolic link leads that has no file yet", async () => {
    const home = makeHome();
    mkdirSync(join(home, ".aws"));
    symlinkSync("../dotfiles/config", join(home, ".aws/config"));
    const run = await xrole(["configure", "p", "--role-arn", ROLE, "--credential-source", "Environment"], {
      env: { HOME: home },
    });
    expect(run.status, run.stderr).toBe(0);
    expect(readFileSync(join(home, "dotfiles/config"), "utf8")).toContain("[profile p]");
  });

  it("is left whole when it cannot be written", async () => {
    const home = makeHome({ ".aws/config/inner": "" });
    const run = await xrole(["configure", "p", "--role-arn", ROLE, "--credential-source", "Environment"], {
      env: { HOME: home },
    });
    expect(run.status).toBe(78);
    const blocked = await xrole(["configure", "p", "--role-arn", ROLE, "--credential-source", "Environment"], {
      env: { HOME: makeHome({ ".aws": "a file" }) },
    });
    expect(blocked.status).toBe(74);
    expect(blocked.errors.at(-1)?.code).toBe("config-unwritable");
  });

  it("takes the changes of many at once, and loses none", async () => {
    const at = place(CONFIG);
    const names = Array.from({ length: 12 }, (_, index) => `p${index}`);
    const runs = names.map(
      (name) =>
        start(["configure", name, "--role-arn", ROLE, "--credential-source", "Environment"], { HOME: at.home }).ended,
    );
    for (const run of await Promise.all(runs)) expect(run.status, run.stderr).toBe(0);
    for (const name of names) expect(at.text()).toContain(`[profile ${name}]\n`);
    expect(at.text().startsWith(CONFIG)).toBe(true);
    expect(readdirSync(join(at.home, ".aws"))).toEqual(["config"]);
  });
});

describe("on a terminal", () => {
  async function answer(
    HOME: string,
    words: readonly string[],
    answers: readonly (readonly [prompt: string, answer: string])[],
  ): Promise<void> {
    const terminal = openTerminal(xroleWords("configure", ...words), { HOME });
    for (const [prompt, text] of answers) {
      await terminal.see(prompt);
      terminal.type(`${text}\r`);
    }
    const { status } = await terminal.ended;
    expect(status, terminal.text()).toBe(0);
  }

  it("asks for what is missing, and only for that", async () => {
    const home = makeHome();
    await answer(
      home,
      ["b-s3", "--external-id", "x-1"],
      [
        ["Role to assume", ROLE],
        ["Assumed by", "ec2instancemetadata"],
        ["Region", "us-east-1"],
      ],
    );
    const text = (): string => readFileSync(join(home, ".aws/config"), "utf8");
    expect(text()).toBe(
      `[profile b-s3]\nrole_arn = ${ROLE}\ncredential_source = Ec2InstanceMetadata\nregion = us-east-1\nexternal_id = x-1\n`,
    );
    const role = "arn:aws:iam::333333333333:role/c";
    await answer(home, ["c", "--role-arn", role, "--region", "eu-west-1"], [["Assumed by", "b-s3"]]);
    expect(text()).toContain(`[profile c]\nrole_arn = ${role}\nsource_profile = b-s3\nregion = eu-west-1\n`);
  });
});
