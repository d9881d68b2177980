// `--pick`, on a real terminal: the list is there and nowhere else, and leaving it is never taken for a choice.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fakeAws, sts, type FakeAws } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { BINARY, UNTIL, xrole } from "../../harness/run.ts";
import { CTRL_C, openTerminal, xroleWords, type Terminal } from "../../harness/terminal.ts";

const CTRL_D = "\u0004";
const [DOWN, UP] = ["\u001b[B", "\u001b[A"];
const role = (name: string, arn: string): string =>
  `[profile ${name}]\nrole_arn = ${arn}\nsource_profile = keys\nregion = us-east-1\n`;
const config = [
  "[profile keys]\naws_access_key_id = AKIAKEYS\naws_secret_access_key = secret-of-keys\n",
  role("app", "arn:aws:iam::222222222222:role/reader"),
  role("app-admin", "arn:aws:iam::222222222222:role/admin"),
  role("other", "arn:aws:iam::333333333333:role/admin"),
  "[profile broken]\nrole_arn = arn:aws:iam::222222222222:role/x\n",
  role('"evil\u001b7\u0007"', "arn:aws:iam::444444444444:role/evil"),
].join("");

async function world(): Promise<{ env: Record<string, string>; asked: FakeAws["asked"]; folder: string }> {
  const { url, asked } = await fakeAws(sts);
  const folder = makeHome({ ".aws/config": config });
  return { env: { HOME: folder, AWS_ENDPOINT_URL_STS: url, XROLE: BINARY, NODE: process.execPath }, asked, folder };
}

/** Types until the list begins with `row`, and takes that. */
async function take(terminal: Terminal, keys: string, row: string): Promise<void> {
  terminal.type(keys);
  await terminal.see(`❯ ${row}`);
  terminal.type("\r");
}

const roleOf = ({ body }: { body: string }): string | null => new URLSearchParams(body).get("RoleArn");
const XROLE = '"$NODE" "$XROLE"';

describe("on a terminal", () => {
  it("a profile is chosen from a list that shows account and role", async () => {
    const { env, asked } = await world();
    const terminal = openTerminal(xroleWords("exec", "--pick", "--", "printenv", "AWS_ACCOUNT_ID"), env);
    await terminal.see("Profile:");
    await terminal.see(/app {8}222222222222 {2}reader/);
    await terminal.see(/app-admin {2}222222222222 {2}admin/);
    await terminal.see(/other {6}333333333333 {2}admin/);
    await take(terminal, "other", "other");
    await terminal.see("Profile: other");
    await terminal.see("333333333333\r\n");
    expect(await terminal.ended).toEqual({ status: 0, signal: undefined });
    expect(asked.map(roleOf)).toEqual(["arn:aws:iam::333333333333:role/admin"]);
  });

  it("typing narrows by words of name, account and role; arrows move", async () => {
    const { env, asked } = await world();
    const terminal = openTerminal(xroleWords("exec", "--pick", "--", "true"), env);
    await terminal.see("broken");
    await take(terminal, "2222 ADMIN", "app-admin");
    expect((await terminal.ended).status).toBe(0);
    const again = openTerminal(xroleWords("exec", "--pick", "--", "true"), env);
    await again.see("broken");
    again.type(DOWN);
    await again.see("❯ app ");
    again.type(DOWN);
    await again.see("❯ app-admin");
    again.type(UP);
    await again.see("❯ app ");
    again.type("\r");
    expect((await again.ended).status).toBe(0);
    expect(asked.map(roleOf)).toEqual([
      "arn:aws:iam::222222222222:role/admin",
      "arn:aws:iam::222222222222:role/reader",
    ]);
  });

  it("what matches nothing is not a choice", async () => {
    const { env, asked } = await world();
    const terminal = openTerminal(xroleWords("exec", "--pick", "--", "true"), env);
    await terminal.see("broken");
    terminal.type("zzz");
    await terminal.see("No results found");
    terminal.type("\r");
    terminal.type(CTRL_C);
    expect((await terminal.ended).status).toBe(130);
    expect(asked).toEqual([]);
  });

  it("eval takes the role: the list is not on stdout", async () => {
    const { env } = await world();
    const script = `eval "$(${XROLE} env --pick)"; echo "now in $AWS_ACCOUNT_ID"; ${XROLE} env --pick >out </dev/null; cat out`;
    const folder = makeHome();
    const terminal = openTerminal(["sh", "-c", `cd ${folder}; ${script}`], env);
    await terminal.see("broken");
    await take(terminal, "app-admin", "app-admin");
    await terminal.see("now in 222222222222");
    await terminal.see("broken");
    await take(terminal, "other", "other");
    await terminal.see("AWS_ACCOUNT_ID='333333333333'");
    await terminal.ended;
    expect(readFileSync(join(folder, "out"), "utf8")).toMatch(/^unset [^\n]*;\nexport /);
  });

  it.each([
    ["Ctrl-C", CTRL_C],
    ["Ctrl-D", CTRL_D],
  ])("%s is 130, and under env the failing form", async (_, key) => {
    const { env, asked } = await world();
    const exec = openTerminal(xroleWords("exec", "--pick", "--", "echo", "ran"), env);
    await exec.see("broken");
    exec.type(key);
    await exec.see("no profile was chosen");
    expect(await exec.ended).toEqual({ status: 130, signal: undefined });
    expect(exec.text()).not.toContain("ran\r\n");

    const folder = makeHome();
    const script = `cd ${folder}; set -e; stty -a >before; eval $(${XROLE} env --pick | tee out) || { echo "eval: $?"; stty -a >after; }`;
    const shell = openTerminal(["sh", "-c", script], env);
    await shell.see("broken");
    shell.type(key);
    await shell.see("eval: 130");
    await shell.ended;
    const read = (name: string): string => readFileSync(join(folder, name), "utf8");
    expect(read("out")).toBe("(exit 130);\n");
    // The terminal is left as it was found.
    expect(read("after")).toBe(read("before"));
    expect(asked).toEqual([]);
  });

  it("a terminal that goes away ends it, as it ends everybody: by SIGHUP", async () => {
    const { env, asked } = await world();
    const folder = makeHome();
    // The shell in between outlives the terminal, and tells how xrole ended.
    const between = `${XROLE} env --pick >out 2>errors; echo $? >status`;
    const terminal = openTerminal(["sh", "-c", `cd ${folder}; trap '' HUP; (${between}); :`], env);
    await terminal.see("broken");
    process.kill(terminal.pid, "SIGKILL");
    const read = (name: string): string => readFileSync(join(folder, name), { encoding: "utf8", flag: "a+" });
    await expect.poll(() => read("status"), UNTIL).toBe("129\n");
    expect(read("out")).toBe("");
    expect(asked).toEqual([]);
  });

  it("doctor walks the profile that was chosen", async () => {
    const { env } = await world();
    const terminal = openTerminal(xroleWords("doctor", "--pick"), env);
    await terminal.see("Profile:");
    await take(terminal, "app-admin", "app-admin");
    await terminal.see("hop 1");
    await terminal.see("role admin in account 222222222222");
    expect((await terminal.ended).signal).toBeUndefined();
  });

  it("names are shown, not sent", async () => {
    const { env, asked } = await world();
    const terminal = openTerminal(xroleWords("whoami", "--pick"), env);
    await terminal.see("evil^[7^G");
    await take(terminal, "evil", "evil^[7^G");
    await terminal.ended;
    // eslint-disable-next-line no-control-regex -- control characters are what this is about
    expect(terminal.text()).not.toMatch(/evil(\u001b|\u0007)/);
    expect(asked.map(roleOf)[0]).toBe("arn:aws:iam::444444444444:role/evil");
  });

  it("a broken profile says what is wrong with it when it is chosen", async () => {
    const { env } = await world();
    const terminal = openTerminal(xroleWords("exec", "--pick", "--", "true"), env);
    await terminal.see(/broken .*error: .*nothing to assume it with/);
    await take(terminal, "broken", "broken");
    await terminal.see("(source-missing, 78)");
    expect((await terminal.ended).status).toBe(125);
  });

  it("begins at the profile that AWS_PROFILE names", async () => {
    const { env, asked } = await world();
    const terminal = openTerminal(xroleWords("exec", "--pick", "--", "true"), { ...env, AWS_PROFILE: "other" });
    await terminal.see("❯ other");
    terminal.type("\r");
    expect((await terminal.ended).status).toBe(0);
    expect(asked.map(roleOf)).toEqual(["arn:aws:iam::333333333333:role/admin"]);
  });

  it.each([
    [{ TERM: "xterm-256color" }, [], true],
    [{ TERM: "xterm-256color", NO_COLOR: "1" }, [], false],
    [{ TERM: "xterm-256color" }, ["--no-color"], false],
    [{ TERM: "dumb" }, [], false],
  ])("has colours where they are wanted: %j %j", async (more, words, isColored) => {
    const { env } = await world();
    const terminal = openTerminal(xroleWords("exec", "--pick", ...words, "--", "true"), { ...env, ...more });
    await terminal.see("select");
    const shown = terminal.text();
    terminal.type(CTRL_C);
    await terminal.ended;
    // eslint-disable-next-line no-control-regex -- escape sequences are what this is about
    expect(/\u001b\[[\d;]*m/.test(shown)).toBe(isColored);
  });
});

describe("--pick is wrong usage", () => {
  it("without a terminal", async () => {
    const { env, asked } = await world();
    const run = await xrole(["env", "--pick"], { env, stdin: "app\n" });
    expect(run).toMatchObject({ status: 64, stdout: "(exit 64);\n" });
    expect(run.stderr).toContain("--pick needs a terminal");
    expect((await xrole(["exec", "--pick", "--", "true"], { env })).status).toBe(125);
    expect(asked).toEqual([]);
  });

  it.each([
    [["env", "app", "--pick"], "names one"],
    [["env", "--pick", "--unset"], "cannot be used with"],
    [["whoami", "--pick", "app"], "names one"],
    [["doctor", "--pick", "--all"], "cannot be used with"],
  ])("as in %j", async (words, text) => {
    const { env } = await world();
    const run = await xrole(words, { env });
    expect(run.status).toBe(64);
    expect(run.stderr).toContain(text);
  });

  it("where a command's first word would be the profile", async () => {
    const { env } = await world();
    const run = await xrole(["exec", "--pick", "aws", "s3", "ls"], { env });
    expect(run.status).toBe(125);
    expect(run.stderr).toContain("a command comes after --");
    expect((await xrole(["exec", "--pick"], { env })).stderr).toContain("there is no command to run");
  });

  it("where there are no profiles", async () => {
    const run = await xrole(["whoami", "--pick"], { env: { HOME: makeHome() } });
    expect(run.status).toBe(64);
    expect(run.stderr).toContain("there is no profile to choose from");
  });
});
