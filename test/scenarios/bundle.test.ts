// What a command loads before it needs it: the paths that scripts call in a loop must not wait for the SDK, chalk or ini.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

interface Metafile {
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly inputs: object;
        readonly entryPoint?: string;
        readonly imports: readonly { path: string; kind: string }[];
      }
    >
  >;
}

const ROOT = resolve(import.meta.dirname, "../..");
const { outputs } = JSON.parse(readFileSync(join(ROOT, "dist/metafile.json"), "utf8")) as Metafile;

/** The input files that an entry loads at once: its own, and those of its static imports. */
function loadedBy(entryPoint: string): string[] {
  const first = Object.keys(outputs).find((path) => outputs[path]?.entryPoint === entryPoint);
  expect(first, entryPoint).toBeDefined();
  const seen = new Set([first ?? ""]);
  for (const path of seen)
    for (const { path: next, kind } of outputs[path]?.imports ?? []) if (kind === "import-statement") seen.add(next);
  return [...seen].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}));
}

describe("the bundle", () => {
  it.each([
    "src/main.ts",
    "src/commands/exec.ts",
    "src/commands/env.ts",
    "src/commands/credential-process.ts",
    "src/commands/list.ts",
  ])("loads nothing of the SDK, chalk or ini with %s", (entry) => {
    const loaded = loadedBy(entry).join("\n");
    expect(loaded).not.toMatch(/node_modules\/(@aws-sdk|@smithy|chalk|ini)\//);
    expect(loaded).not.toMatch(/src\/(sts|sandbox)\//);
  });

  it("does not hold the SDK's default credential chain", () => {
    const all = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
    expect(all.filter((path) => /credential-provider-(node|ini|env|process|sso|web-identity)/.test(path))).toEqual([]);
    expect(all.some((path) => path.includes("@aws-sdk/client-sts/"))).toBe(true);
  });
});
