// Input that is wrong or meant to harm: nothing runs, nothing is sent, and the error says where.
import { execFileSync } from "node:child_process";
import { existsSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fakeAws, sts } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { BINARY, shell, xrole } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";

const KEYS = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-env") };
const role = (name: string, more = "credential_source = Environment"): string =>
  `[profile ${name}]\nrole_arn = arn:aws:iam::222222222222:role/r\n${more}\n`;

describe("a region that is more than a region", () => {
  it.each(["us-east-1;touch pwned", "x@evil:443/#", "us-east-1\n", "us east", "-us", "$(touch pwned)"])(
    "is refused before a socket is opened: %j",
    async (region) => {
      const { asked } = await fakeAws(sts);
      const HOME = makeHome({ ".aws/config": role("p") });
      for (const [words, env] of [
        [["env", "p", "--region", region], {}],
        [["env", "p"], { AWS_REGION: region }],
        [["env", "p"], { AWS_DEFAULT_REGION: region }],
      ] as const) {
        const run = await xrole(words, { env: { HOME, ...KEYS, ...env }, cwd: HOME });
        expect(run).toMatchObject({ status: 78, stdout: "(exit 78);\n" });
        expect(run.stderr).toContain("is not the name of a region");
      }
      expect(asked).toHaveLength(0);
      expect(existsSync(join(HOME, "pwned"))).toBe(false);
    },
  );

  it("is refused in the profile, with file and line", async () => {
    const HOME = makeHome({ ".aws/config": `${role("p")}region = us-east-1;touch pwned\n` });
    const run = await xrole(["env", "p"], { env: { HOME, ...KEYS } });
    expect(run.status).toBe(78);
    expect(run.stderr).toContain(`${HOME}/.aws/config:4: region = us-east-1;touch pwned`);
  });
});

/** A right-to-left override, a zero-width space, a CSI of one byte, and a letter that shows nothing. */
const UNSEEN = "a\u202eb\u200bc\u009bd\u3164e";

describe("a profile with a hostile name", () => {
  const NAMES = [
    "$(touch pwned)`touch pwned`x';",
    "../../etc/x",
    "__proto__",
    "constructor",
    "a b",
    "*",
    "x\u001b[31mred",
    UNSEEN,
  ];

  it("is shown with what has no shape of its own, by every command, and escaped in JSON", async () => {
    const env = { HOME: makeHome({ ".aws/config": role(`"${UNSEEN}"`) }), ...KEYS };
    for (const words of [
      ["list"],
      ["explain", UNSEEN],
      ["graph"],
      ["graph", "--format", "mermaid"],
      ["explain", `${UNSEEN}x`],
    ]) {
      const { stdout, stderr } = await xrole(words, { env });
      expect(stdout + stderr, words.join(" ")).toMatch(
        /^[\n -~]*u202e[\n -~]*u200b[\n -~]*u009b[\n -~]*u3164[\n -~]*$/,
      );
    }
    for (const words of [["list"], ["explain", UNSEEN], ["explain", `${UNSEEN}x`]]) {
      const { stdout } = await xrole([...words, "--json"], { env });
      expect(stdout, words.join(" ")).toMatch(/^[\n -~]*$/);
      expect(JSON.stringify(JSON.parse(stdout)), words.join(" ")).toContain(UNSEEN);
    }
  });

  it.each(NAMES)("is an ordinary name: %j", async (name) => {
    const { url } = await fakeAws(sts);
    // In the credentials file a section's name is the profile's as it stands.
    const HOME = makeHome({ ".aws/credentials": role(name).replace("[profile ", "[") });
    const env = { HOME, ...KEYS, AWS_ENDPOINT_URL_STS: url, NAME: name };
    const listed = await xrole(["list"], { env });
    expect(listed.stdout).not.toContain("\u001b");
    const run = await shell('set -e; eval $(xrole env "$NAME"); echo "$AWS_ACCESS_KEY_ID"', { env, cwd: HOME });
    expect(run).toMatchObject({ status: 0, stdout: "ASIAr\n" });
    expect(existsSync(join(HOME, "pwned"))).toBe(false);
  });

  it("keeps XROLE_PROFILE only for a name that splitting and globbing leave alone", async () => {
    const { url } = await fakeAws(sts);
    const HOME = makeHome({ ".aws/config": role('"my  profile"') + role("plain") });
    const env = { HOME, ...KEYS, AWS_ENDPOINT_URL_STS: url };
    expect((await xrole(["env", "my  profile"], { env })).stdout).toContain("unset XROLE_PROFILE;");
    expect((await xrole(["env", "plain"], { env })).stdout).toContain("export XROLE_PROFILE='plain';");
    // A child's environment is not a shell's words: the name is kept as it is.
    const run = await xrole(["exec", "my  profile", "--", "printenv", "XROLE_PROFILE"], { env });
    expect(run.stdout).toBe("my  profile\n");
  });

  it("is shown with its control characters spelled out", async () => {
    const run = await xrole(["env", "no\u001b[31m\u0007such"], { env: { HOME: makeHome() } });
    expect(run.stderr).toContain('there is no profile "no^[[31m^Gsuch"');
  });
});

describe("profiles that take their credentials from each other", () => {
  it("are an error that prints the cycle", async () => {
    const config = role("a", "source_profile = b") + role("b", "source_profile = c") + role("c", "source_profile = a");
    const run = await xrole(["env", "a"], { env: { HOME: makeHome({ ".aws/config": config }) } });
    expect(run.status).toBe(78);
    expect(run.stderr).toContain("a -> b -> c -> a");
  });

  it.each([
    ["itself", ["p"], "p -> p"],
    ["a ring", ["p", "q"], "p -> q -> p"],
  ])("through credential_process are no fork bomb: %s", async (_, ring, cycle) => {
    const command = `${process.execPath} ${BINARY} credential-process`;
    const config = ring.map((name, at) => {
      const next = ring[(at + 1) % ring.length] ?? "";
      return `[profile ${name}]\ncredential_process = ${command} ${next}\n`;
    });
    const run = await xrole(["credential-process", "p"], {
      env: { HOME: makeHome({ ".aws/config": config.join("") }) },
    });
    expect(run).toMatchObject({ status: 78, stdout: "" });
    expect(run.stderr).toContain(cycle);
  });

  it("keep their guard from the command that exec runs", async () => {
    const HOME = makeHome({ ".aws/credentials": "[p]\naws_access_key_id = A\naws_secret_access_key = secret-of-p\n" });
    const env = { HOME, XROLE_RESOLVING: '["x"]' };
    const run = await xrole(["exec", "p", "--", "sh", "-c", "echo ${XROLE_RESOLVING-gone}"], { env });
    expect(run.stdout).toBe("gone\n");
  });
});

describe("the files", () => {
  it("may have a BOM and CRLF", async () => {
    const { url } = await fakeAws(sts);
    const HOME = makeHome({ ".aws/config": `\uFEFF${role("p")}`.replaceAll("\n", "\r\n") });
    const run = await xrole(["exec", "p", "--", "printenv", "AWS_ACCESS_KEY_ID"], {
      env: { HOME, ...KEYS, AWS_ENDPOINT_URL_STS: url },
    });
    expect(run).toMatchObject({ status: 0, stdout: "ASIAr\n" });
  });

  it("must be regular files of a sane size, found out without blocking", async () => {
    const HOME = makeHome();
    const fifo = join(HOME, "fifo");
    execFileSync("mkfifo", [fifo]);
    const huge = join(HOME, "huge");
    writeFileSync(huge, "");
    truncateSync(huge, 2 ** 30);
    for (const [file, problem] of [
      [fifo, "not a regular file"],
      ["/dev/zero", "not a regular file"],
      [huge, "larger than 16 MiB"],
      [HOME, "a directory"],
    ] as const) {
      const run = await xrole(["env", "p"], { env: { HOME, AWS_CONFIG_FILE: file } });
      expect(run).toMatchObject({ status: 78, stdout: "(exit 78);\n" });
      expect(run.stderr).toContain(problem);
    }
  });

  it.each([
    ["a line without =", "[profile p]\n\nrole_arn arn-secret-value\n", 3],
    ["without its closing ]", "[profile p]\n[profile secret-value\n", 2],
    ["before any [section]", "region = secret-value\n", 1],
    ["without a name", "[profile p]\n= secret-value\n", 2],
    ["nested line without =", "[profile p]\ns3 =\n  secret-value\n", 3],
  ])("are refused with file and line, and no value: %s", async (problem, text, line) => {
    const HOME = makeHome({ ".aws/config": text });
    const run = await xrole(["env", "p"], { env: { HOME } });
    expect(run).toMatchObject({ status: 78, stdout: "(exit 78);\n" });
    expect(run.stderr).toContain(`${HOME}/.aws/config:${line}: `);
    expect(run.stderr).toContain(problem);
    expect(run.stderr).not.toContain("secret-value");
  });
});

describe("ten thousand profiles", () => {
  it("are listed and used", async () => {
    const { url } = await fakeAws(sts);
    const config = Array.from({ length: 10_000 }, (_, number) => role(`p${number}`)).join("\n");
    const env = { HOME: makeHome({ ".aws/config": config }), ...KEYS, AWS_ENDPOINT_URL_STS: url };
    const listed = await xrole(["list", "--json"], { env });
    expect(JSON.parse(listed.stdout)).toHaveLength(10_000);
    expect((await xrole(["exec", "p9999", "--", "true"], { env })).status).toBe(0);
  });
});

describe("a container address that is not the container's", () => {
  it.each([
    "http://10.0.0.1/",
    "http://127.0.0.1.evil/",
    "http://localhost@evil/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://[::ffff:127.0.0.1]/",
    "http://169.254.169.254/",
    "ftp://localhost/",
    "/creds",
    "http://localhost\\@evil/",
  ])("is refused, and sent nothing: %s", async (uri) => {
    const HOME = makeHome({ ".aws/config": role("p", "credential_source = EcsContainer") });
    const token = { AWS_CONTAINER_AUTHORIZATION_TOKEN: secret("container-token") };
    const run = await xrole(["env", "p"], { env: { HOME, AWS_CONTAINER_CREDENTIALS_FULL_URI: uri, ...token } });
    expect(run).toMatchObject({ status: 78, stdout: "(exit 78);\n" });
    expect(run.errors.at(-1)?.code).toBe("container-uri");
    expect(run.stderr).toContain("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  });
});
