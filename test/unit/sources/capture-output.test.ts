// What a command prints is taken whole, or not at all: past the limit it is no answer, even where it begins as one.
import { describe, expect, it } from "vitest";
import { captureOutput } from "../../../src/sources/capture-output.ts";

const LIMIT = 256 * 1024;
const capture = (script: string, unneeded?: AbortSignal): ReturnType<typeof captureOutput> =>
  captureOutput(
    { env: { PATH: process.env.PATH, GREETING: "hello" }, sharesStreams: false, onStop: () => () => undefined },
    ["sh", "-c", script],
    unneeded,
  );
const spaces = (count: number): string => `head -c ${String(count)} /dev/zero | tr '\\0' ' '`;

describe("what a command prints", () => {
  it("is taken with its environment, in UTF-8, and nothing of its stderr", async () => {
    expect(await capture(`printf '%s ünï\\n' "$GREETING"; echo no >&2`)).toEqual({ stdout: "hello ünï\n" });
  });

  it("is taken up to the limit, and not a byte past it", async () => {
    expect((await capture(spaces(LIMIT))).stdout).toHaveLength(LIMIT);
    for (const script of [spaces(LIMIT + 1), `printf '{}'; ${spaces(LIMIT)}`, `printf '{}'; ${spaces(4 * LIMIT)}`]) {
      const { stdout, problem } = await capture(script);
      expect([stdout.length, problem]).toEqual([0, "its output is too large"]);
    }
  });

  it.each([
    ["echo '{}'; exit 3", "exited with status 3"],
    ["echo '{}'; kill -9 $$", "ended by SIGKILL"],
  ])("does not count where the command fails: %s", async (script, problem) => {
    expect(await capture(script)).toEqual({ stdout: "", problem });
  });

  it("does not count where nobody needs it any more", async () => {
    const unneeded = new AbortController();
    const captured = capture("echo '{}'; exec sleep 30", unneeded.signal);
    unneeded.abort();
    expect(await captured).toEqual({ stdout: "", problem: "ended by SIGTERM" });
  });
});

describe("a command that cannot be started", () => {
  const run = (...words: string[]): ReturnType<typeof captureOutput> =>
    captureOutput({ env: process.env, sharesStreams: false, onStop: () => () => undefined }, words);

  it.each<[string, string[], string]>([
    ["that is not there", ["/nonexistent/helper"], "command not found"],
    ["with an argument that is too long", ["sh", "x".repeat(4 * 1024 * 1024)], "its arguments are too long"],
    ["that may not be run", ["/etc/passwd"], "permission denied"],
  ])("%s is told", async (_, words, problem) => {
    expect(await run(...words)).toEqual({ stdout: "", problem });
  });
});
