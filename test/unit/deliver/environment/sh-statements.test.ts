// The statements for sh, to the letter: what is removed, what is left out, and how each kind of value is quoted.
import { describe, expect, it } from "vitest";
import { quote, shellFailure, shellStatements } from "../../../../src/deliver/environment/sh.ts";

describe("statements for sh", () => {
  it("remove what must go in one line, and set a variable a line", () => {
    expect(shellStatements({ set: { A: "1", B: "x/y" }, unset: ["C", "D"] })).toBe(
      "unset C D;\nexport A='1';\nexport B='x/y';\n",
    );
    expect(shellStatements({ set: { A: "" }, unset: [] })).toBe("export A='';\n");
    expect(shellStatements({ set: {}, unset: [] })).toBe("");
  });

  it("write another byte than a plain one in octal, by UTF-8", () => {
    expect(quote("a b")).toBe(`"$(printf '%b' '\\0141\\0040\\0142')"`);
    expect(quote("ü\n")).toBe(`"$(printf '%b' '\\0303\\0274\\0012')"`);
    expect(quote("Az09_+/=.,:@%~-")).toBe("'Az09_+/=.,:@%~-'");
    for (const char of ["'", '"', "$", "`", "\\", "*", "?", "[", "{", "!", ";", "&", "|", "(", "<", "#", "^", "\t"])
      expect(quote(char)).toMatch(/^"\$\(printf/);
  });

  it("keep a newline at the end, which a command substitution drops", () => {
    expect(shellStatements({ set: { A: "b\n" }, unset: [] })).toBe(
      `export A="$(printf '%b' '\\0142\\0012\\0170')";\nA="\${A%x}";\n`,
    );
  });

  it("remove the name of a profile that a shell could change, and set any other", () => {
    expect(shellStatements({ set: { XROLE_PROFILE: "my space" }, unset: [] })).toBe("unset XROLE_PROFILE;\n");
    expect(shellStatements({ set: { XROLE_PROFILE: "b-s3" }, unset: [] })).toBe("export XROLE_PROFILE='b-s3';\n");
    expect(shellStatements({ set: { OTHER: "my space" }, unset: [] })).toMatch(/^export OTHER="/);
  });

  it("end with the status of a failure", () => {
    expect(shellFailure(78)).toBe("(exit 78);\n");
  });
});
