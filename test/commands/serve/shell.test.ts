// The shell code by which the documentation uses `xrole serve` and `xrole env`: where xrole fails, nothing in it runs as the host.
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { awsError, fakeAws, hourly, type Answer } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { BINARY, xrole, type Run } from "../../harness/run.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const blocks = (page: string): string[] =>
  [...readFileSync(join(ROOT, "docs", page), "utf8").matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = ""]) => block);
const blockWith = (page: string, text: string): string =>
  blocks(page).find((block) => block.includes(text)) ?? `echo "no ${text}"; exit 1`;

const FUNCTION = blockWith("long-jobs.md", "xserve() {");
const SCRIPT = FUNCTION + blockWith("long-jobs.md", "trap ");
const PROMPT = FUNCTION + blockWith("long-jobs.md", "env --unset").replace("$(xrole env --unset)", "");
const DOCKER = blockWith("docker.md", "xserve b-s3 --print docker");
const SEVERAL = `${FUNCTION}${blockWith("long-jobs.md", "c-audit").split("\n")[1] ?? ""}\necho ran with the places`;

const role = (name: string): string =>
  `[profile ${name}]\nrole_arn = arn:aws:iam::222222222222:role/r\ncredential_source = Environment\nregion = us-east-1\n`;
const SHELLS = [["dash"], ["bash"], ["bash", "--posix"], ["zsh"], ["busybox", "sh"]].filter(([name = ""]) =>
  (process.env.PATH ?? "").split(":").some((folder) => existsSync(join(folder, name))),
);

const slow: Answer = (...all) => void setTimeout(() => hourly(...all), 500);
const refusing: Answer = (response) => awsError(response, 403, "AccessDenied", "no");

/** What stands for xrole, and what its STS answers. */
const OUTCOMES = {
  "is ready": { answer: hourly },
  "is ready late": { answer: slow },
  "is refused": { answer: refusing },
  "has no such profile": { config: role("c-audit") },
  "is killed": { xrole: "kill -KILL $$" },
  "is stopped": { xrole: `"$NODE" "$BINARY" "$@" & kill -TERM $!; wait $!` },
  "is not there": { xrole: undefined },
} as const;

let home = "";
beforeAll(() => {
  // Who runs the command, as far as its environment says; the container's is in the options of docker.
  const run = `echo "ran as \${XROLE_PROFILE-the host}"\n`;
  const docker = `case "$*" in *AWS_CONTAINER_CREDENTIALS_FULL_URI=*) echo ran as the role ;; *--xrole-failed*) exit 125 ;; *) echo "docker $*" ;; esac\n`;
  home = makeHome({
    "bin/aws": `#!/bin/sh\n${run}`,
    "bin/docker": `#!/bin/sh\n${docker}`,
    "bin/my-app": `#!/bin/sh\n${run}`,
  });
  for (const name of ["aws", "docker", "my-app"]) chmodSync(join(home, "bin", name), 0o755);
});

async function runScript(
  shell: readonly string[],
  script: string,
  {
    answer = hourly,
    config = role("b-s3") + role("c-audit"),
    ...more
  }: (typeof OUTCOMES)[keyof typeof OUTCOMES] & {
    readonly answer?: Answer;
    readonly config?: string;
  },
): Promise<Run> {
  const body = "xrole" in more ? more.xrole : `exec "$NODE" "$BINARY" "$@"`;
  const own = makeHome({ ".aws/config": config, ...(body !== undefined && { "bin/xrole": `#!/bin/sh\n${body}\n` }) });
  if (body !== undefined) chmodSync(join(own, "bin/xrole"), 0o755);
  const [command = "", ...options] = shell;
  return xrole([...options, "-c", script], {
    command,
    cwd: own,
    env: {
      HOME: own,
      TMPDIR: own,
      PATH: `${join(own, "bin")}:${join(home, "bin")}:${process.env.PATH ?? ""}`,
      NODE: process.execPath,
      BINARY,
      AWS_ACCESS_KEY_ID: "AKIAENV",
      AWS_SECRET_ACCESS_KEY: "secret-of-env",
      AWS_ENDPOINT_URL_STS: (await fakeAws(answer)).url,
    },
  });
}

describe.each(SHELLS.map((words) => ({ name: words.join(" "), words })))("in $name", ({ words: shell }) => {
  describe.each(["", "set -eu\n"])("after %j, where xrole serve", (mode) => {
    it.each(Object.entries(OUTCOMES))("%s, nothing runs as the host", async (name, outcome) => {
      const [script, prompt, docker, several] = await Promise.all(
        [SCRIPT, `${PROMPT}kill "$pid"`, `${DOCKER}kill "$pid"`, `${SEVERAL}\nkill "$pid"`].map((text) =>
          runScript(shell, `${mode}${text}`, outcome),
        ),
      );
      const isReady = name.startsWith("is ready");
      expect([script?.stdout, prompt?.stdout, docker?.stdout]).toEqual(
        isReady ? ["ran as b-s3\n", "ran as b-s3\n", "ran as the role\n"] : ["", "", ""],
      );
      if (!isReady) expect(script?.status).not.toBe(0);
      if (!isReady) expect(docker?.status).not.toBe(0);
      expect(several?.stdout).toBe(isReady ? "ran with the places\n" : "");
    });
  });
});

describe("what a script evaluates of xrole env", () => {
  const page = readFileSync(join(ROOT, "docs/ci.md"), "utf8");
  const lines = /- (vars=.*)\n +- (eval .*)\n/.exec(page)?.slice(1) ?? ["echo not found"];
  const GITLAB = `set -e\n${lines.join("\n").replaceAll("deploy", "b-s3")}\naws`;
  const ENV_FILE = blockWith("docker.md", "--env-file");

  it.each(["is refused", "has no such profile", "is killed", "is not there"] as const)(
    "stops, and starts no container, where xrole %s",
    async (name) => {
      const gitlab = await runScript(["sh"], GITLAB, OUTCOMES[name]);
      expect([gitlab.stdout, gitlab.status === 0]).toEqual(["", false]);
      const docker = await runScript(["bash"], ENV_FILE, OUTCOMES[name]);
      expect([docker.stdout, docker.status === 0]).toEqual(["", false]);
    },
  );

  it("goes on as the role where xrole is ready", async () => {
    const run = await runScript(["sh"], GITLAB, OUTCOMES["is ready"]);
    expect(run).toMatchObject({ status: 0, stdout: "ran as b-s3\n" });
    expect((await runScript(["bash"], ENV_FILE, OUTCOMES["is ready"])).stdout).toContain("docker run --rm --env-file");
  });
});
