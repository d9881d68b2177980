import { describe, expect, it } from "vitest";
import { example, filled, literal, named, prose } from "../../../../src/cli/manual/roff.ts";

describe("roff", () => {
  it.each([
    ["--no-cache", "\\-\\-no\\-cache"],
    ["a\\b", "a\\eb"],
    ["it's `x` ~/.aws ^C", "it\\(aqs \\(gax\\(ga \\(ti/.aws \\(haC"],
    ["café…", "caf\\[u00E9]\\[u2026]"],
    ['"k = v" \t %', '"k = v" \t %'],
  ])("keeps %j as it stands", (text, roff) => {
    expect(literal(text)).toBe(roff);
  });

  it("sets what is to be typed in bold", () => {
    expect(prose("try `a -b` or `c`")).toBe("try \\fBa \\-b\\fR or \\fBc\\fR");
  });

  it.each([
    ["--tag <key=value>", "\\fB\\-\\-tag\\fR \\fIkey=value\\fR"],
    ["-V, --version", "\\fB\\-V\\fR, \\fB\\-\\-version\\fR"],
    ["[profile...]", "[\\fIprofile...\\fR]"],
    ["<list|clear>", "\\fBlist\\fR|\\fBclear\\fR"],
    ["<name[:write]>", "\\fIname[:write]\\fR"],
  ])("tells in %s what is typed from what is replaced", (name, roff) => {
    expect(named(name)).toBe(roff);
  });

  it("breaks lines at spaces, and shows those that begin as a command does", () => {
    const words = Array.from({ length: 40 }, (_, index) => `.word${index}`);
    const lines = filled(words.join(" "));
    expect(lines.every((line) => line.startsWith("\\&.word") && line.length <= 82)).toBe(true);
    expect(lines.map((line) => line.slice(2)).join(" ")).toBe(words.join(" "));
    expect(filled(" a  b\nc ")).toEqual(["a b c"]);
  });

  it("keeps the lines of an example", () => {
    expect(example(".x \\\n  -y")).toEqual([".PP", ".in +4n", ".nf", "\\&.x \\e", "  \\-y", ".fi", ".in"]);
  });
});
