// What `xrole env` prints, evaluated by the real shells: every value comes back as it was, and nothing runs.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fakeAws, sts } from "../harness/fake-aws.ts";
import { makeHome } from "../harness/home.ts";
import { xrole, type Run } from "../harness/run.ts";
import { secret } from "../harness/secrets.ts";
import { binaryFolder, SHELLS, type Shell } from "./shell-peers.ts";

/** How each shell evaluates; `ARGS` are the words for xrole. */
const FORMS: readonly (readonly [Shell, string])[] = [
  ...(["bash", "dash", "busybox", "zsh"] as const).flatMap((shell) => [
    [shell, "eval $(xrole env ARGS)"] as const,
    [shell, 'eval "$(xrole env ARGS)"'] as const,
  ]),
  ["zsh", "source <(xrole env ARGS)"],
  ["bash", "source <(xrole env ARGS)"],
  ["fish", "xrole env --format fish ARGS | source"],
  ["fish", "eval (xrole env --format=fish ARGS)"],
];

/** Profile names that a shell would do something with. */
const NAMES = [
  "plain-1",
  "$(touch pwned)`touch pwned`x'; touch pwned",
  '"; touch pwned; "',
  "a  b",
  "it's",
  "%PATH%",
  "!x !!",
  "back\\slash\\",
  "ünï😂’",
  "ü’",
  "x\u001b[31mred\u0007\u009b",
  "* ?",
  "~root",
  "(touch pwned)",
  "#x",
  "$HOME {a,b} \\n",
];
/** The same as values of the host's own variables, where a newline is possible too. */
const HOST_TOKEN = `Basic ${NAMES.join("|")}\nnew\n\nlines\t\n\n`;
const KEYS = {
  AWS_ACCESS_KEY_ID: "AKIAENV",
  AWS_SECRET_ACCESS_KEY: secret("secret-of-env"),
  AWS_PROFILE: "stale",
  AWS_CONTAINER_AUTHORIZATION_TOKEN: secret(HOST_TOKEN),
};
/** In the credentials file a section's name is the profile's as it stands. */
const credentials = NAMES.map(
  (name) =>
    `[${name}]\nrole_arn = arn:aws:iam::222222222222:role/r\ncredential_source = Environment\nregion = eu-west-1\n`,
).join("");
const SHOW = `node -p 'JSON.stringify(process.env)'`;
const BIN = binaryFolder();

interface Played extends Run {
  /** What the script's `SHOW` showed of AWS and xrole, the last time. */
  readonly shown: Readonly<Record<string, string>>;
  readonly cwd: string;
}

async function play(shell: Shell, script: string, more: Record<string, string> = {}): Promise<Played> {
  const { url } = await fakeAws(sts);
  const cwd = makeHome({ ".aws/credentials": credentials });
  // In the C locale fish changes what it inherits and what it is typed.
  const env = {
    HOME: cwd,
    LC_ALL: "C.UTF-8",
    AWS_ENDPOINT_URL_STS: url,
    ...KEYS,
    PATH: `${BIN}:${process.env.PATH ?? ""}`,
    ...more,
  };
  const [command, ...args] = SHELLS[shell];
  const run = await xrole([...args, script], { command, env, cwd });
  const last = run.stdout.trimEnd().split("\n").at(-1) ?? "";
  const all = last.startsWith("{") ? (JSON.parse(last) as Record<string, string>) : {};
  const shown = Object.fromEntries(
    Object.entries(all).filter(
      ([name]) => /^(AWS|XROLE)_/.test(name) && !/^(AWS_ENDPOINT_URL_STS|XROLE_TEST_GUARD)$/.test(name),
    ),
  );
  return { ...run, shown, cwd };
}

const isPlain = (name: string): boolean => /^[\w+/=.,:@%~-]*$/.test(name);

describe.each(FORMS)("in %s, %s", (shell, form) => {
  const evaluate = (words: string): string => form.replace("ARGS", words);

  it.each(form.startsWith("source") ? NAMES.slice(0, 3) : NAMES)(
    "holds the role of a profile named %j",
    async (name) => {
      const run = await play(shell, `${evaluate('"$NAME"')}; ${SHOW}`, { NAME: name });
      expect(run).toMatchObject({ status: 0, stderr: "" });
      // The sh form leaves a name out that the splitting of an unquoted eval could change.
      const isKept = shell === "fish" || isPlain(name);
      expect(run.shown).toEqual({
        AWS_ACCESS_KEY_ID: "ASIAr",
        AWS_SECRET_ACCESS_KEY: "secret-of-r",
        AWS_SESSION_TOKEN: "token-of-r",
        AWS_CREDENTIAL_EXPIRATION: "2099-01-01T00:00:00Z",
        AWS_ACCOUNT_ID: "222222222222",
        AWS_REGION: "eu-west-1",
        AWS_DEFAULT_REGION: "eu-west-1",
        XROLE_REGION: "eu-west-1",
        XROLE_SESSION: expect.stringMatching(/^[0-9a-f]{16}\.[0-9a-f]{16}$/) as string,
        XROLE_HOST_AWS_CONTAINER_AUTHORIZATION_TOKEN: HOST_TOKEN,
        ...(isKept && { XROLE_PROFILE: name }),
      });
      expect(existsSync(join(run.cwd, "pwned"))).toBe(false);
    },
  );

  it("lets go of it with --unset, and gives the host's variables back", async () => {
    const run = await play(shell, `${evaluate("plain-1")}; ${evaluate("--unset")}; ${SHOW}`);
    expect(run).toMatchObject({ status: 0, stderr: "", shown: { AWS_CONTAINER_AUTHORIZATION_TOKEN: HOST_TOKEN } });
    expect(Object.keys(run.shown)).toEqual(["AWS_CONTAINER_AUTHORIZATION_TOKEN"]);
    expect(existsSync(join(run.cwd, "pwned"))).toBe(false);
  });

  if (!form.startsWith("source")) {
    const status = shell === "fish" ? "$status" : "$?";
    it.each([
      ["nope", 78],
      ["'nope$(touch pwned)`touch pwned`; touch pwned'", 78],
      ["plain-1 --nonsense", 64],
      ["--duration", 64],
      ["plain-1 surplus", 64],
    ])("ends with xrole's status, and changes nothing: %s", async (words, expected) => {
      const run = await play(shell, `${evaluate(words)}; echo "status ${status}"; ${SHOW}`);
      expect(run.stdout).toMatch(new RegExp(`^status ${expected}\n`));
      expect(run.shown).toEqual(KEYS);
      expect(existsSync(join(run.cwd, "pwned"))).toBe(false);
    });

    it("stops a script that minds, and is 0 after a failure before it", async () => {
      const minding = shell === "fish" ? `${evaluate("nope")}; or exit` : `set -e; ${evaluate("nope")}`;
      expect(await play(shell, `${minding}; echo reached`)).toMatchObject({ status: 78, stdout: "" });
      const fine = shell === "fish" ? `false; ${evaluate("plain-1")}; or exit` : `set -e; ${evaluate("plain-1")}`;
      expect(await play(shell, `${fine}; echo reached`)).toMatchObject({ status: 0, stdout: "reached\n" });
    });
  }
});

describe("in fish", () => {
  const USE = "xrole env plain-1 --format fish | source";

  it("a local variable of the user's does not win over the role, and a universal one not where the role sets it", async () => {
    const run = await play(
      "fish",
      `set -Ux AWS_ACCESS_KEY_ID universal
function f; set -lx AWS_PROFILE local; set -lx AWS_ACCESS_KEY_ID local; ${USE}; ${SHOW}; end
f; ${SHOW}`,
    );
    for (const line of run.stdout.trimEnd().split("\n")) {
      const { AWS_PROFILE, AWS_ACCESS_KEY_ID } = JSON.parse(line) as Record<string, string>;
      expect([AWS_PROFILE, AWS_ACCESS_KEY_ID]).toEqual([undefined, "ASIAr"]);
    }
  });

  it("a universal variable that would win is an error, and changes nothing", async () => {
    const run = await play(
      "fish",
      `set -eg AWS_PROFILE; set -Ux AWS_PROFILE u; ${USE}; echo "status $status"; ${SHOW}`,
    );
    expect(run.stdout).toContain("status 78\n");
    expect(run.stderr).toBe(
      "xrole: a universal variable would win over the role, and is yours to erase: AWS_PROFILE\n  hint: set -eU NAME, or use xrole exec\n",
    );
    expect(run.shown).toEqual({ ...KEYS, AWS_PROFILE: "u" });
  });

  it("a failure ends neither the function that evaluates it nor the shell, and leaves no function behind", async () => {
    const evaluate = "xrole env nope --format fish | source";
    const run = await play(
      "fish",
      `function f; ${evaluate}; echo "in $status"; end; f; functions -a | string match '*xrole*'; echo end`,
    );
    expect(run.stdout).toBe("in 78\nend\n");
  });

  it("is the same in a locale without letters", async () => {
    // The name comes from a file, since fish itself would change it on its way to xrole.
    const script = `sh -c 'xrole env "$(cat name)" --format fish' | source; ${SHOW}`;
    const run = await play("fish", `printf '%b' '\\303\\274\\342\\200\\231' > name; ${script}`, { LC_ALL: "C" });
    expect(run.shown.XROLE_PROFILE).toBe("ü’");
  });
});

describe("the dotenv form", () => {
  it("can be sourced by a shell too, where a failure is a status", async () => {
    const source = (words: string): string => `set -a; xrole env ${words} --format dotenv > file; . ./file`;
    const run = await play("dash", `${source("plain-1")}; ${SHOW}`);
    expect(run.shown).toMatchObject({
      AWS_ACCESS_KEY_ID: "ASIAr",
      AWS_SECRET_ACCESS_KEY: "secret-of-r",
      XROLE_PROFILE: "plain-1",
    });
    expect(await play("dash", `${source("nope")}; echo "status $?"`)).toMatchObject({ stdout: "status 78\n" });
  });
});
