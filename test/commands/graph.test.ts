// `xrole graph`: every role once, whoever leads to it; broken profiles aside; and names that are meant to break a flowchart.
import { describe, expect, it } from "vitest";
import { visible } from "../../src/terminal/visible.ts";
import { makeHome } from "../harness/home.ts";
import { xrole, type Run } from "../harness/run.ts";

const config = `[profile b]
credential_source = Ec2InstanceMetadata
role_arn = arn:aws:iam::222222222222:role/team/b

[profile b-again]
credential_source = Ec2InstanceMetadata
role_arn = arn:aws:iam::222222222222:role/team/b

[profile b-task]
credential_source = EcsContainer
role_arn = arn:aws:iam::222222222222:role/team/b

[profile c]
source_profile = b
role_arn = arn:aws:iam::333333333333:role/c

[profile ci]
web_identity_token_file = /token
role_arn = arn:aws:iam::222222222222:role/ci

[profile keys]
aws_access_key_id = AKIAKEYS
aws_secret_access_key = secret-of-keys

[profile broken]
role_arn = arn:aws:iam::222222222222:role/x
`;
const draw = (words: readonly string[], files: Record<string, string> = { ".aws/config": config }): Promise<Run> =>
  xrole(["graph", ...words], { env: { HOME: makeHome(files) } });

describe("graph", () => {
  it("has each role once, with who leads to it, and tells of broken profiles", async () => {
    const run = await draw([]);
    expect(run.status).toBe(0);
    expect(run.stdout).toBe(`account 222222222222
  team/b
    <- the instance's role   profile b, b-again
    <- the container's role   profile b-task
  ci
    <- the token in /token   profile ci
account 333333333333
  c
    <- team/b in account 222222222222   profile c
no role
  the keys of profile "keys" (AKIAKEYS)   profile keys
`);
    expect(run.stderr).toMatch(/^xrole: warning: profile "broken" is left out: .*nothing to assume it with\n$/);
  });

  it("is a flowchart for Mermaid", async () => {
    expect((await draw(["--format", "mermaid", "c"])).stdout).toBe(`flowchart LR
  n0(["the instance#39;s role"])
  n3(["the token in /token"])
  subgraph a0["account 222222222222"]
    n1["team/b"]
    n4["ci"]
  end
  subgraph a1["account 333333333333"]
    n2["c"]
  end
  n0 -->|"b"| n1
  n1 -->|"c"| n2
  n3 -->|"ci"| n4
`);
  });

  it("is empty where no profile matches, and says so", async () => {
    const run = await draw(["none-such"]);
    expect(run).toMatchObject({ status: 0, stdout: "" });
    expect(run.stderr).toContain('no profile matches "none-such"');
  });

  it("knows two forms", async () => {
    const run = await draw(["--format", "svg"]);
    expect(run.status).toBe(64);
    expect(run.stderr).toContain("Allowed choices are text, mermaid");
  });
});

describe("a hostile name", () => {
  const NAMES = [
    ["end", "subgraph", "click n0 href", "__proto__"],
    ['a"b', "x|y", "a -->|z| b", "`**bold**`", "a[b)c}"],
    ["<img src=x onerror=alert(1)>", "#quot;", "#34;", "%% comment", "a;b"],
    ["x\u001b[31mred", "line\u2028feed", "\u202eltr", "日本語", "🎉"],
  ].flat();

  it("is text in a label, and nothing else", async () => {
    const profiles = NAMES.map(
      (name, index) => `[${name}]\nsource_profile = keys\nrole_arn = arn:aws:iam::222222222222:role/r${index}\n`,
    );
    const keys = "[keys]\naws_access_key_id = AKIAKEYS\naws_secret_access_key = secret-of-keys\n";
    const run = await draw(["--format", "mermaid"], { ".aws/credentials": keys + profiles.join("") });
    expect(run).toMatchObject({ status: 0, stderr: "" });
    const LINES = [
      /^flowchart LR$/,
      /^ {2}n\d+\(\["[^"<>`|\p{C}]*"\]\)$/u,
      /^ {2}subgraph a\d+\["account \d+"\]$/,
      /^ {4}n\d+\["[^"<>`|\p{C}]*"\]$/u,
      /^ {2}end$/,
      /^ {2}n\d+ -->\|"([^"<>`|\p{C}]*)"\| n\d+$/u,
    ];
    const lines = run.stdout.trimEnd().split("\n");
    expect(lines.filter((line) => !LINES.some((form) => form.test(line)))).toEqual([]);
    const labels = lines.flatMap((line) => LINES.at(-1)?.exec(line)?.slice(1) ?? []);
    const decoded = labels.map((label) => label.replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))));
    // An entity code would hand the page that Mermaid draws on what has no shape of its own.
    expect(decoded).toEqual(NAMES.map(visible));
  });

  it("is shown in the text form, and sends nothing to the terminal", async () => {
    const files = {
      ".aws/credentials": "[x\u001b[31m]\naws_access_key_id = AKIAKEYS\naws_secret_access_key = secret-of-keys\n",
    };
    const run = await draw([], files);
    expect(run.stdout).toContain('profile "x^[[31m"');
    expect(run.stdout).not.toContain("\u001b");
  });
});
