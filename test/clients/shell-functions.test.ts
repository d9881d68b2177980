// The functions and prompts of docs/shells.md, as they stand there, in the real shells.
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { assumeRoleReply, fakeAws } from "../harness/fake-aws.ts";
import { makeHome } from "../harness/home.ts";
import { xrole, type Run } from "../harness/run.ts";
import { secret } from "../harness/secrets.ts";
import { binaryFolder, SHELLS, type Shell } from "./shell-peers.ts";

const PAGE = readFileSync(resolve(import.meta.dirname, "../../docs/shells.md"), "utf8");
/** The code under a heading in a language. */
function code(heading: string, language: string): string {
  const section = PAGE.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
  const [, found] = new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "ms").exec(section) ?? [];
  expect(found, `${language} under ${heading}`).toBeDefined();
  return found ?? "";
}

const role = (name: string): string =>
  `[${name}]\nrole_arn = arn:aws:iam::222222222222:role/r\ncredential_source = Environment\n`;
const KEYS = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-env") };
const BIN = binaryFolder();
const SHOW_KEY = `node -p 'process.env.AWS_ACCESS_KEY_ID'`;

async function play(shell: Shell, script: string, bin = BIN): Promise<Run> {
  const expiration = new Date(Date.now() + 42.5 * 60_000).toISOString();
  const { url } = await fakeAws((response, { body }) => void response.end(assumeRoleReply(body, { expiration })));
  const HOME = makeHome({ ".aws/credentials": role("p") + role("my  profile") + role("%n%%") });
  const env = { HOME, LC_ALL: "C.UTF-8", AWS_ENDPOINT_URL_STS: url, ...KEYS, PATH: `${bin}:${process.env.PATH ?? ""}` };
  const [command, ...args] = SHELLS[shell];
  return xrole([...args, script], { command, env });
}

describe.each(Object.keys(SHELLS) as Shell[])("xr in %s", (shell) => {
  const isFish = shell === "fish";
  const defined = code("A function", isFish ? "fish" : "sh");
  const status = isFish ? "$status" : "$?";

  it.each(["p", "'my  profile'", "p --region eu-west-1"])("holds the role: %s", async (words) => {
    const run = await play(shell, `${defined}\nxr ${words}; echo "status ${status}"; ${SHOW_KEY}`);
    expect(run).toMatchObject({ stdout: "status 0\nASIAr\n", stderr: "" });
  });

  it("lets go of it", async () => {
    const run = await play(shell, `${defined}\nxr p; xr --unset; echo "status ${status}"; ${SHOW_KEY}`);
    expect(run).toMatchObject({ stdout: "status 0\nundefined\n", stderr: "" });
  });

  const stopped = isFish ? "; or exit" : "";
  const stopping = isFish ? "" : "set -e; ";

  it("fails as xrole does, and changes nothing", async () => {
    const run = await play(shell, `${defined}\nxr nope; echo "status ${status}"; ${SHOW_KEY}`);
    expect(run.stdout).toBe("status 78\nAKIAENV\n");
    const stops = await play(shell, `${stopping}${defined}\nxr nope${stopped}; echo reached`);
    expect(stops).toMatchObject({ status: 78, stdout: "" });
  });

  it("does not take a missing xrole for success", async () => {
    const run = await play(shell, `${defined}\nxr p; echo "status ${status}"; ${SHOW_KEY}`, makeHome());
    expect(run.stdout).toBe("status 127\nAKIAENV\n");
  });

  it("does not take a killed xrole for success", async () => {
    const bin = makeHome();
    writeFileSync(join(bin, "xrole"), "#!/bin/sh\nkill -KILL $$\n");
    chmodSync(join(bin, "xrole"), 0o755);
    const run = await play(shell, `${defined}\nxr p; echo "status ${status}"; ${SHOW_KEY}`, bin);
    expect(run.stdout).toBe("status 137\nAKIAENV\n");
  });

  it("leaves no variable behind", async () => {
    const run = await play(shell, `${defined}\nxr p; set`);
    expect(run.stdout).not.toMatch(/^c[= ]/m);
  });
});

describe("the prompt", () => {
  it("of bash", async () => {
    const script = `PS1='$ '; ${code("The prompt", "bash")}\necho "\${PS1@P}|"; eval "$(xrole env p)"; echo "\${PS1@P}|"`;
    expect(await play("bash", script)).toMatchObject({ stdout: "$ |\n[p 42m] $ |\n", stderr: "" });
  });

  it("of zsh, whatever the name", async () => {
    const show = `xrole_prompt; print -P "$PROMPT|"`;
    const script = `PROMPT='$ '; ${code("The prompt", "zsh")}\n${show}; eval "$(xrole env p)"; ${show}; export XROLE_PROFILE=%n%%; ${show}`;
    expect(await play("zsh", script)).toMatchObject({ stdout: "$ |\n[p 42m] $ |\n[%n%% 42m] $ |\n", stderr: "" });
  });

  it("of fish", async () => {
    const script = `${code("The prompt", "fish")}\nfish_right_prompt; xrole env p --format fish | source; fish_right_prompt`;
    expect(await play("fish", script)).toMatchObject({ stdout: "p 42m\n", stderr: "" });
  });
});
