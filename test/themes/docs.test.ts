// The documentation says what is: every error code with its status, and profiles that xrole can follow.
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { readWords } from "../../src/cli/run.ts";
import { errorTables } from "../../src/errors/page.ts";
import { withTables } from "../../scripts/made-tables.mjs";
import { commandLines } from "../harness/command-lines.ts";
import { makeHome } from "../harness/home.ts";
import { xrole } from "../harness/run.ts";
import { doctorTables } from "../commands/doctor/page.ts";

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

describe("the command lines of", () => {
  const lines = pages.map((page) => ({ page, all: commandLines(read(page)) }));

  it.each(lines.filter(({ all }) => all.length > 0))("$page name commands and options that there are", ({ all }) => {
    for (const { line, words, isInText } of all) {
      const { entry, own, command, parse } = readWords(words);
      // In a line of text a command may be named, and no more.
      if (isInText && entry && words.length === 1) continue;
      if (!entry && PROMISED.includes(words[0] ?? "")) continue;
      expect(parse, line).not.toThrow();
      const parsed = parse();
      if ("help" in parsed) expect(parsed.isError, line).toBe(false);
      // What an image's ENTRYPOINT leaves open, its CMD gives.
      if (entry?.name === "exec" && !words.includes("--"))
        expect([own, command], line).toEqual([own, [expect.anything()]]);
    }
  });

  it("are found, whatever stands around them", () => {
    const found = lines.flatMap(({ all }) => all.map(({ line }) => line));
    expect(found.length).toBeGreaterThan(100);
    for (const line of [
      "xrole env --unset",
      "xrole credential-process b-s3",
      "xrole exec b-s3 --renew --",
      "xrole exec eks-prod --min-ttl 15m -- aws eks get-token --cluster-name prod --region eu-west-1",
    ])
      expect(found).toContain(line);
  });
});

/** The commands that docs/contract.md promises and marks as not built yet. */
const PROMISED = [...read("docs/contract.md").matchAll(/^xrole ([a-z-]+)\b.* \* /gm)].map(([, name]) => name ?? "");

/** What the pages call "base". */
const BASE = "[profile base]\ncredential_source = Ec2InstanceMetadata\n";

it("the data file of docs/sandbox.md can be played", async () => {
  const [, data = ""] = /^```json\n(.*?)^```/ms.exec(read("docs/sandbox.md")) ?? [];
  const cwd = makeHome({ "world.json": data });
  const run = await xrole(["sandbox", "--data", "world.json", "--", "sh", "-c", "test -s ~/ci-token.jwt"], { cwd });
  expect(run.status, run.stderr).toBe(0);
});

it.each([
  ["docs/errors.md", "the error table", errorTables],
  ["docs/doctor.md", "the cases that the tests play", doctorTables],
])("%s has the tables made from %s (npm run docs writes them)", async (page, _, tables) => {
  expect(await withTables(read(page), tables())).toBe(read(page));
});

describe("links between pages", () => {
  it.each(pages)("of %s lead somewhere", (page) => {
    const links = [...read(page).matchAll(/\]\(([^)#:]*\.md)?(?:#([\w-]+))?\)/g)];
    for (const [link, target, anchor] of links) {
      const file = target === undefined ? page : join(page, "..", target);
      expect(() => read(file), link).not.toThrow();
      if (anchor !== undefined) expect(anchorsOf(file), link).toContain(anchor);
    }
  });

  it("lead from docs/README.md to every page, and from the README to it", () => {
    const listed = [...read("docs/README.md").matchAll(/^- \[([\w-]+\.md)\]\(\1\): \S/gm)].map(
      ([, name]) => `docs/${name}`,
    );
    expect(listed.sort()).toEqual(pages.filter((page) => page.startsWith("docs/") && page !== "docs/README.md").sort());
    expect(read("README.md")).toContain("](docs/README.md)");
  });
});

/** What a heading is called in a link, as GitHub does it. */
const anchorsOf = (file: string): string[] =>
  [...read(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, "")
      .replaceAll(" ", "-"),
  );
