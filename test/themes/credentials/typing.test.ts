// Commands that run at the same time while a user is asked for an MFA code: one asks, the others wait for as long as that takes.
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { fakeAws, hourly, type Answer, type FakeAws } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { FAST, SPEED } from "../../harness/run.ts";
import { seen, start, type Running } from "../../harness/start.ts";
import { openTerminal, xroleWords, type Terminal } from "../../harness/terminal.ts";

const role = (name: string, source: string): string =>
  `[profile ${name}]\nrole_arn = arn:aws:iam::222222222222:role/${name}\nregion = us-east-1\n${source}\n`;
const CONFIG = [
  "[profile keys]\naws_access_key_id = AKIAKEYS\naws_secret_access_key = secret-of-keys\n",
  role("p", "source_profile = keys\nmfa_serial = arn:aws:iam::111111111111:mfa/alice"),
  role("q", "source_profile = p"),
  role("r", "source_profile = p"),
  role("s", "source_profile = keys\nmfa_serial = arn:aws:iam::111111111111:mfa/alice\nmfa_process = sleep 1000"),
].join("");
const PROMPT = "MFA code for arn:aws:iam::111111111111:mfa/alice: ";
const WAITS = "it is asking its user for a code";
/** Milliseconds of the test in which twenty-five seconds of its commands pass: more than they wait for somebody who is gone. */
const PAST_THE_CAP = 25_000 / SPEED;

interface Desk extends Pick<FakeAws, "asked"> {
  readonly env: Record<string, string>;
  /** Starts a command on a terminal of its own. */
  readonly terminal: (...words: string[]) => Terminal;
  /** Starts a command that has no terminal, and waits until it waits for another one's user. */
  readonly waiter: (...words: string[]) => Promise<Running>;
}

async function desk(answer: Answer = hourly): Promise<Desk> {
  const { url, asked } = await fakeAws(answer);
  const env = { HOME: makeHome({ ".aws/config": CONFIG }), AWS_ENDPOINT_URL_STS: url, ...FAST };
  const waiter: Desk["waiter"] = async (...words) => {
    const running = start([...words, "--debug"], env);
    await seen(running, WAITS);
    return running;
  };
  return { asked, env, terminal: (...words) => openTerminal(xroleWords(...words), env), waiter };
}

const calls = (asked: FakeAws["asked"]): (string | null)[][] =>
  asked.map(({ body }) => {
    const form = new URLSearchParams(body);
    return [form.get("RoleArn")?.split("/").at(-1) ?? null, form.get("TokenCode")];
  });

describe("while a user types", () => {
  it("the others wait, however slow that is, and then have what came of it", async () => {
    const { asked, terminal, waiter } = await desk();
    const first = terminal("env", "p");
    await first.see(PROMPT);
    const others = await Promise.all([waiter("env", "p"), waiter("env", "p", "--fresh"), waiter("env", "p")]);
    const second = terminal("env", "p", "--debug");
    await second.see(WAITS);
    await wait(PAST_THE_CAP);
    expect(asked).toHaveLength(0);
    first.type("123456\r");
    for (const { ended } of others) expect(await ended).toMatchObject({ status: 0 });
    expect((await first.ended).status).toBe(0);
    expect((await second.ended).status).toBe(0);
    expect(second.text()).not.toContain(PROMPT);
    expect(calls(asked)).toEqual([["p", "123456"]]);
  });

  it("those wait as well that wait for one who waits for the user", async () => {
    const { asked, terminal, waiter } = await desk();
    const first = terminal("env", "r");
    await first.see(PROMPT);
    // The first of these holds the lock of its own role, and waits for that of the common one.
    const others = [await waiter("env", "q"), await waiter("env", "q"), await waiter("env", "r")];
    await wait(PAST_THE_CAP);
    first.type("123456\r");
    for (const { ended } of others) expect(await ended).toMatchObject({ status: 0 });
    expect((await first.ended).status).toBe(0);
    expect(calls(asked).sort()).toEqual([
      ["p", "123456"],
      ["q", null],
      ["r", null],
    ]);
  });

  it("who has a code does not wait, and the question ends", async () => {
    const { asked, env, terminal } = await desk();
    const first = terminal("env", "r");
    await first.see(PROMPT);
    expect(await start(["env", "q", "--mfa-code", "654321"], env).ended).toMatchObject({ status: 0 });
    await first.see("(another xrole has obtained it)");
    expect((await first.ended).status).toBe(0);
    expect(calls(asked).sort()).toEqual([
      ["p", "654321"],
      ["q", null],
      ["r", null],
    ]);
  });

  it("one who has stopped it (Ctrl-Z) keeps the others no longer than the cap; back again, the question has ended", async () => {
    const { asked, terminal, waiter } = await desk();
    const first = terminal("env", "p");
    await first.see(PROMPT);
    await waiter("env", "p");
    process.kill(first.pid, "SIGSTOP");
    onTestFinished(() => {
      try {
        process.kill(first.pid, "SIGCONT");
      } catch {
        // It has ended.
      }
    });
    const second = terminal("env", "p");
    await second.see(PROMPT);
    second.type("123456\r");
    expect((await second.ended).status).toBe(0);
    process.kill(first.pid, "SIGCONT");
    await first.see("(another xrole has obtained it)");
    expect((await first.ended).status).toBe(0);
    expect(calls(asked)).toEqual([["p", "123456"]]);
  });

  it("one who leaves hands the question to another at once", async () => {
    const { asked, terminal } = await desk();
    const first = terminal("env", "p");
    await first.see(PROMPT);
    const second = terminal("env", "p", "--debug");
    await second.see(WAITS);
    first.type("\u0003");
    await second.see(PROMPT);
    second.type("123456\r");
    expect((await second.ended).status).toBe(0);
    expect(calls(asked)).toEqual([["p", "123456"]]);
  });

  it("an mfa_process counts as a user: it may ask one, and its code works once", async () => {
    const { env, waiter } = await desk();
    const first = start(["env", "s", "--debug"], env);
    await seen(first, "running mfa_process");
    const second = await waiter("env", "s");
    expect(await start(["env", "s", "--mfa-code", "123456"], env).ended).toMatchObject({ status: 0 });
    for (const { ended } of [first, second]) expect(await ended).toMatchObject({ status: 0 });
  });
});
