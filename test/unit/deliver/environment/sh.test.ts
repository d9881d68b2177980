import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { shellStatements } from "../../../../src/deliver/environment/sh.ts";

const HOSTILE = [
  "",
  "a b",
  "a  b",
  "*",
  "[a]?",
  "it's",
  '"$(id)`id`"',
  "back\\slash",
  "new\nline",
  "newline at the end\n\n",
  "ünï😂",
  "-n",
  "%d%%",
  "tab\t",
  "!x",
];

describe("statements for a shell", () => {
  for (const shell of ["sh", "bash", "dash"]) {
    for (const form of ["eval $(cat)", 'eval "$(cat)"']) {
      it(`give every value back in ${shell}, by ${form}`, () => {
        const set = Object.fromEntries(HOSTILE.map((value, at) => [`XROLE_TEST_${at}`, value]));
        const input = shellStatements({ set, unset: ["GONE"] });
        const show = `node -p 'JSON.stringify(Object.keys(process.env).filter((n) => /^(XROLE_TEST_|GONE)/.test(n)).map((n) => [n, process.env[n]]))'`;
        const env = { PATH: process.env.PATH, HOME: "/dev/null", GONE: "x" };
        const output = execFileSync(shell, ["-c", `set -eu; ${form}; ${show}`], {
          input,
          env,
          encoding: "utf8",
          cwd: "/",
        });
        expect(Object.fromEntries(JSON.parse(output) as [string, string][])).toEqual(set);
      });
    }
  }

  it("are one a line, each ended with ;", () => {
    const text = shellStatements({ set: { A: "1", B: "a b" }, unset: ["C", "D"] });
    for (const line of text.trimEnd().split("\n")) expect(line).toMatch(/^(unset|export) .*;$/);
  });
});
