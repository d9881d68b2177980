// The documentation says what is: every error code with its status, and profiles that xrole can follow.
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { STATUS } from "../../src/errors.ts";
import { makeHome } from "../harness/home.ts";
import { xrole } from "../harness/run.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const pages = ["README.md", ...readdirSync(join(ROOT, "docs")).map((name) => `docs/${name}`)];
const profilesOf = (page: string): string =>
  [...read(page).matchAll(/^```ini\n(.*?)^```/gms)].map(([, block]) => block ?? "").join("\n");

describe("the profiles of", () => {
  it.each(pages.filter((page) => profilesOf(page) !== ""))("%s can be followed", async (page) => {
    const config = `${profilesOf(page)}\n${page === "docs/roles.md" ? "" : BASE}`;
    const run = await xrole(["list", "--json"], { env: { HOME: makeHome({ ".aws/config": config }) } });
    expect(run.status, run.stderr).toBe(0);
    const rows = JSON.parse(run.stdout) as { profile: string; error?: unknown }[];
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.filter(({ error }) => error !== undefined)).toEqual([]);
  });
});

/** What the pages call "base". */
const BASE = "[profile base]\ncredential_source = Ec2InstanceMetadata\n";

it("the data file of docs/sandbox.md can be played", async () => {
  const [, data = ""] = /^```json\n(.*?)^```/ms.exec(read("docs/sandbox.md")) ?? [];
  const cwd = makeHome({ "world.json": data });
  const run = await xrole(["sandbox", "--data", "world.json", "--", "sh", "-c", "test -s ~/ci-token.jwt"], { cwd });
  expect(run.status, run.stderr).toBe(0);
});

describe("docs/errors.md", () => {
  it("lists every code of src/errors.ts with its status, and no other", () => {
    const source = read("src/errors.ts");
    const table = source.slice(source.indexOf("const FAILURES"), source.indexOf("} satisfies Record"));
    const statuses: Record<string, number> = {
      config: STATUS.config,
      usage: STATUS.usage,
      unavailable: STATUS.unavailable,
      senseless: STATUS.software,
      refused: STATUS.refused,
    };
    const entries = table.split(/^ {2}(?="?[a-z][a-z-]*"?: \()/m).slice(1);
    const expected = entries.map((entry) => {
      const [, code = ""] = /^"?([a-z-]+)"?:/.exec(entry) ?? [];
      const found = [...entry.matchAll(/\b(?:(config|usage|unavailable|senseless|refused)\(|STATUS\.(\w+))/g)];
      const all = found.map(([, helper, name]) => (helper ? statuses[helper] : STATUS[name as keyof typeof STATUS]));
      return [code, [...new Set(all)].sort().join(" ")];
    });
    const listed = [...read("docs/errors.md").matchAll(/^\| `([a-z-]+)` +\| ([\d or]+?) +\|/gm)].map(
      ([, code, status = ""]) => [code, status.split(" or ").sort().join(" ")],
    );
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(expected));
    expect(listed.length).toBe(expected.length);
  });
});

describe("links between pages", () => {
  it.each(pages)("of %s lead somewhere", (page) => {
    const targets = [...read(page).matchAll(/\]\(([^)#:]+\.md)(?:#[\w-]+)?\)/g)].map(([, target = ""]) => target);
    for (const target of targets) expect(() => read(join(page, "..", target)), target).not.toThrow();
  });
});
