// How a command of the configuration is started, and how it ends: by itself, with what it started still alive, or since xrole is told to stop.
import type * as ChildProcess from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { captureOutput } from "../../../src/sources/capture-output.ts";
import { makeHome } from "../../harness/home.ts";
import { passAtOnce, watchTimers } from "../../harness/timers.ts";

vi.mock("node:child_process", async (original) => {
  const module = await original<typeof ChildProcess>();
  return { ...module, spawn: vi.fn(module.spawn) };
});

const LIMIT = 256 * 1024;
const ready = (): string => join(makeHome(), "ready");

/** Runs a script, and gives the way to tell it that xrole is told to stop. */
function capture(script: string, unneeded?: AbortSignal, sharesStreams = false) {
  let stop: ((signal: NodeJS.Signals) => Promise<void>) | undefined;
  const forget = vi.fn();
  const onStop = (end: typeof stop & {}): (() => void) => {
    stop = end;
    return forget;
  };
  const env = { PATH: process.env.PATH };
  const captured = captureOutput({ env, sharesStreams, onStop }, ["sh", "-c", script], unneeded);
  return { captured, forget, stop: (signal: NodeJS.Signals) => stop?.(signal) };
}
const child = (): ChildProcess.ChildProcess => vi.mocked(spawn).mock.results.at(-1)?.value as ChildProcess.ChildProcess;
const until = (file: string): Promise<unknown> =>
  vi.waitUntil(() => existsSync(file), { timeout: 30_000, interval: 5 });

/** Lets no timer of `ms` milliseconds fire. */
function stopTimers(ms: number): void {
  const { setTimeout } = globalThis;
  const spy = vi
    .spyOn(globalThis, "setTimeout")
    .mockImplementation((run: () => void, time = 0) => setTimeout(time === ms ? () => undefined : run, time));
  onTestFinished(() => spy.mockRestore());
}

describe("a command", () => {
  it.each<[boolean, string]>([
    [true, "inherit"],
    [false, "ignore"],
  ])("has the user's stdin and stderr: %s", async (shares, stream) => {
    await capture("exit 0", undefined, shares).captured;
    const options = { env: { PATH: process.env.PATH }, stdio: [stream, "pipe", stream], windowsHide: true };
    expect(vi.mocked(spawn).mock.lastCall).toEqual(["sh", ["-c", "exit 0"], options]);
  });

  it("that ends has nothing to be waited for, or to be ended, any more", async () => {
    const [rest, grace] = [watchTimers(100), watchTimers(2000)];
    const unneeded = new AbortController();
    const { captured, forget } = capture("echo x", unneeded.signal);
    expect(forget).not.toHaveBeenCalled();
    expect(await captured).toEqual({ stdout: "x\n" });
    expect(forget).toHaveBeenCalledTimes(1);
    unneeded.abort();
    expect([rest(), grace()]).toEqual([0, 0]);
  });

  it("gives what it printed, though what it started holds its output", async () => {
    const { captured } = capture("sleep 60 & echo $!");
    const { stdout, problem } = await captured;
    expect(problem).toBeUndefined();
    // xrole can end.
    expect(child().stdout?.destroyed).toBe(true);
    // It is there still.
    expect(process.kill(Number(stdout), "SIGKILL")).toBe(true);
  });

  it("is given a tenth of a second for that, and after a signal always", async () => {
    const passed = passAtOnce((ms) => ms === 100);
    expect(await capture("kill -9 $$").captured).toEqual({ stdout: "", problem: "ended by SIGKILL" });
    expect(passed).toEqual([100]);
  });

  it("that ended by a signal may have xrole end by it, too, before that is told", async () => {
    stopTimers(100);
    let isTold = false;
    void capture("kill -9 $$").captured.then(() => (isTold = true));
    await once(child(), "close");
    await new Promise((resolve) => setImmediate(resolve));
    expect(isTold).toBe(false);
  });

  it("is not waited for where its output has ended", async () => {
    stopTimers(100);
    expect(await capture("echo x").captured).toEqual({ stdout: "x\n" });
  });

  it("gives all of what lies in the pipe when it ends", async () => {
    passAtOnce((ms) => ms === 100);
    const { stdout } = await capture(`head -c 60000 /dev/zero | tr '\\0' x; sleep 60 > /dev/null & echo`).captured;
    expect(stdout).toBe(`${"x".repeat(60_000)}\n`);
  });

  it("that prints too much is ended, though it prints no more, or heeds no signal", async () => {
    const tooMuch = `head -c ${String(LIMIT + 1)} /dev/zero`;
    const problem = "its output is too large";
    expect(await capture(`${tooMuch}; exec sleep 60`).captured).toEqual({ stdout: "", problem });
    // The end of the pipe ends this one.
    stopTimers(2000);
    expect(await capture("trap '' TERM; exec yes").captured).toEqual({ stdout: "", problem });
  });
});

describe("a command that is not needed any more", () => {
  it("is ended by force after two seconds, if it does not heed SIGTERM", async () => {
    const passed = passAtOnce((ms) => ms === 2000);
    const [file, unneeded] = [ready(), new AbortController()];
    const { captured } = capture(`trap '' TERM; : > ${file}; exec sleep 60`, unneeded.signal);
    await until(file);
    unneeded.abort();
    expect(await captured).toEqual({ stdout: "", problem: "ended by SIGKILL" });
    expect(passed).toEqual([2000]);
  });
});

describe("where xrole is told to stop, a command", () => {
  it.each<NodeJS.Signals>(["SIGTERM", "SIGHUP"])("is told by %s, and ends first", async (signal) => {
    const [file, left] = [ready(), watchTimers(2000)];
    const { captured, stop } = capture(`trap 'exit 7' ${signal.slice(3)}; : > ${file}; while :; do sleep 0.01; done`);
    await until(file);
    let hasEnded = false;
    void captured.then(() => (hasEnded = true));
    await stop(signal);
    expect(await captured).toEqual({ stdout: "", problem: "exited with status 7" });
    expect(hasEnded).toBe(true);
    expect(left()).toBe(0);
  });

  it("is told at once, without a time of grace", async () => {
    stopTimers(2000);
    const file = ready();
    const { captured, stop } = capture(`trap 'exit 7' TERM; : > ${file}; while :; do sleep 0.01; done`);
    await until(file);
    await stop("SIGTERM");
    expect(await captured).toEqual({ stdout: "", problem: "exited with status 7" });
  });

  it.each<NodeJS.Signals>(["SIGINT", "SIGQUIT"])("has had the key of %s, and two seconds for it", async (signal) => {
    let grace = 0;
    const passed = passAtOnce((ms) => ms === 2000 && grace++ === 0);
    const file = ready();
    const { captured, stop } = capture(
      `trap 'exit 7' TERM; trap 'exit 8' INT QUIT; : > ${file}; while :; do sleep 0.01; done`,
    );
    await until(file);
    await stop(signal);
    expect(await captured).toEqual({ stdout: "", problem: "exited with status 7" });
    expect(passed).toEqual([2000]);
  });

  it("that ends by the key is not told by SIGTERM", async () => {
    const left = watchTimers(2000);
    const file = ready();
    const { captured, stop } = capture(`: > ${file}; while [ -e ${file} ]; do sleep 0.01; done; exit 5`);
    await until(file);
    const stopped = stop("SIGINT");
    expect(left()).toBe(1);
    rmSync(file);
    await stopped;
    expect(await captured).toEqual({ stdout: "", problem: "exited with status 5" });
    expect(left()).toBe(0);
  });

  it.each(["exit 0", "kill -9 $$"])("that has ended already holds up nobody: %s", async (script) => {
    let stopped: Promise<void> | undefined;
    const { captured, stop } = capture(script);
    const { setTimeout } = globalThis;
    const spy = vi.spyOn(globalThis, "setTimeout").mockImplementation((run: () => void, ms = 0) => {
      // Its end has been seen, that of its output has not.
      if (ms === 100) stopped = stop("SIGINT");
      return setTimeout(run, ms);
    });
    onTestFinished(() => spy.mockRestore());
    await captured;
    await stopped;
    expect(stopped).toBeInstanceOf(Promise);
    expect(spy.mock.calls.map(([, ms]) => ms)).toEqual([100]);
  });
});

describe("a command that cannot be started", () => {
  it.each<[string[], string]>([
    [["/etc/passwd/helper"], "command not found"],
    [["sh", "a\0b"], "ERR_INVALID_ARG_VALUE"],
    [[], "ERR_INVALID_ARG_VALUE"],
  ])("%j is told", async (words, problem) => {
    const forget = vi.fn();
    expect(await captureOutput({ env: {}, sharesStreams: false, onStop: () => forget }, words)).toEqual({
      stdout: "",
      problem,
    });
  });

  it("needs no stop", async () => {
    const forget = vi.fn();
    await captureOutput({ env: {}, sharesStreams: false, onStop: () => forget }, ["/nonexistent/helper"]);
    expect(forget).toHaveBeenCalledTimes(1);
  });
});

describe("a signal that arrives while the command starts", () => {
  it("finds xrole ready to end it", async () => {
    const onStop = vi.fn(() => () => undefined);
    const context = { env: { PATH: process.env.PATH }, sharesStreams: false, onStop };
    await captureOutput(context, ["true"]);
    const [ready] = onStop.mock.invocationCallOrder;
    expect(ready).toBeLessThan(vi.mocked(spawn).mock.invocationCallOrder.at(-1) ?? 0);
  });
});
