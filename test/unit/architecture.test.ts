// The house rules that no linter holds (docs/architecture.md): no import circle, small files, small folders.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/command-table.ts";

const MOST_LINES = 220;
const MOST_FILES = 15;
const MOST_LOOSE = 5;
/** Tables of data, which grow by a row for each thing that they list. */
const TABLES: readonly string[] = ["src/doctor/ranked.ts"];

const files = readdirSync("src", { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => join(parentPath, name));

describe("the source tree", () => {
  it("has no circle of imports, of types neither", () => {
    const options = ["--circular", "--json", "--extensions", "ts", "--ts-config", "tsconfig.json"];
    // madge ends with status 1 where it finds one.
    const madge = ["node_modules/madge/bin/cli.js", ...options, "src"];
    let circles = "";
    try {
      circles = execFileSync(process.execPath, madge, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    } catch (error) {
      circles = (error as { stdout: string }).stdout;
    }
    expect(JSON.parse(circles)).toEqual([]);
  }, 120_000);

  it(`has no file of more than ${String(MOST_LINES)} lines, tables of data apart`, () => {
    const long = files
      .filter((file) => file.endsWith(".ts") && !TABLES.includes(file))
      .map((file) => [file, readFileSync(file, "utf8").split("\n").length - 1] as const)
      .filter(([, lines]) => lines > MOST_LINES);
    expect(Object.fromEntries(long)).toEqual({});
  });

  it(`has no folder of more than ${String(MOST_FILES)} files, and few files in none`, () => {
    const sizes = new Map<string, number>();
    for (const file of files) sizes.set(dirname(file), (sizes.get(dirname(file)) ?? 0) + 1);
    const full = [...sizes].filter(([folder, size]) => size > (folder === "src" ? MOST_LOOSE : MOST_FILES));
    expect(Object.fromEntries(full)).toEqual({});
  });
});

describe("the tests", () => {
  const FOLDERS = ["clients", "commands", "conformance", "properties", "style", "themes", "unit"];
  const tests = readdirSync("test", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".test.ts"));
  const inFolder = (folder: string): string[][] =>
    tests.map((file) => file.split("/")).filter(([first]) => first === folder);
  const verbs = COMMANDS.filter(({ isHidden }) => isHidden !== true).map(({ name }) => name);

  it(`are in ${FOLDERS.join(", ")}, of which vitest.config.ts knows`, () => {
    expect(tests.filter((file) => !FOLDERS.includes(file.split("/")[0] ?? ""))).toEqual([]);
  });

  it("of units are in the folders of src/", () => {
    const folders = inFolder("unit").map(([, ...path]) => path.slice(0, -1).join("/"));
    expect([...new Set(folders)].filter((folder) => !existsSync(join("src", folder)))).toEqual([]);
  });

  it("of commands are a file or a folder for each command", () => {
    const names = inFolder("commands").map(([, name = ""]) => name.replace(/\.test\.ts$/, ""));
    expect([...new Set(names)].sort(), "test/commands/ has a <verb>.test.ts or a folder for each command").toEqual(
      verbs.sort(),
    );
  });

  it("has the layers that docs/architecture.md lists", () => {
    const { rules } = JSON.parse(readFileSync(".eslintrc.json", "utf8")) as {
      rules: { "boundaries/element-types": [string, { rules: { from: [string]; allow: string[] }[] }] };
    };
    const declared = rules["boundaries/element-types"][1].rules.map(({ from: [layer], allow }) => {
      const others = allow.filter((one) => one !== layer).map((one) => `\`${one}\``);
      return `- \`${layer}\`: ${others.length > 0 ? others.join(", ") : "nothing else"}`;
    });
    const [, section = ""] = /\n## Layers\n(.*?)\n## /s.exec(readFileSync("docs/architecture.md", "utf8")) ?? [];
    expect(section.split("\n").filter((line) => line.startsWith("- "))).toEqual(declared);
  });
});
