// Characters at which botocore ends a line within nested settings (Python's splitlines), or which only one of Python and JavaScript takes
// for white space: read as they are, xrole and the AWS CLI would find different settings in one file.
import { describe, expect, it } from "vitest";
import { editProfile } from "../../../../src/config/edit/edit.ts";
import { parseConfig } from "../../../../src/config/parse/parse.ts";

/** At these botocore ends a nested line. */
const LINE_ENDS = ["\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"];
/** White space to Python alone; the last, to JavaScript alone. */
const SPACES = ["\x1c", "\x1d", "\x1e", "\x1f", "\x85", "\ufeff"];
const read = (text: string): ReturnType<typeof parseConfig> => parseConfig(text, "config", "config");
const refused = (line: number): Error =>
  expect.objectContaining({
    code: "config-syntax",
    message: `config:${line}: a character that some programs read as white space or as the end of a line; remove it`,
  }) as Error;

describe.each(LINE_ENDS)("the line end %j", (char) => {
  const hidden = `${char}endpoint_url = http://127.0.0.1:1`;
  it.each([
    ["in nested settings", `[services s]\nsts =\n  region = x${hidden}\n`, 3],
    ["in a comment after a nested value", `[services s]\nsts =\n  a = b # ${hidden}\n`, 3],
    ["in what looks like a nested header", `[services s]\nsts =\n  [x]${hidden}\n`, 3],
    ["before a name", `[profile p]\nsts =\n${char}role_arn = x\n`, 3],
    ["in a line that nobody asks for", `[profile p]\nregion = x\n[profile q]\ns3 =\n  b = c${char}d\n`, 5],
  ])("is refused %s", (_, text, line) => {
    expect(() => read(text)).toThrow(refused(line));
  });

  it("is a character like any other within a value", () => {
    expect(read(`[profile p]\na = b${char}c\n`).profiles.get("p")?.settings.get("a")?.value).toBe(`b${char}c`);
  });
});

describe.each(SPACES)("the white space %j", (char) => {
  it.each([
    [
      "in place of nothing before nested settings",
      `[services s]\nsts = ${char}\n  endpoint_url = http://127.0.0.1:1\n`,
      2,
    ],
    ["after a name", `[profile p]\nrole_arn${char} = x\n`, 2],
    ["before a name", `[profile p]\n${char}role_arn = x\n`, 2],
    ["before a value", `[profile p]\nrole_arn = ${char}x\n`, 2],
    ["after a value", `[profile p]\nrole_arn = x ${char}\n`, 2],
  ])("is refused %s", (_, text, line) => {
    expect(() => read(text)).toThrow(refused(line));
  });
});

describe.each([...LINE_ENDS, ...SPACES])("%j", (char) => {
  it("may be in a comment", () => {
    const text = `# ${char}role_arn = x\n[profile p]\n; ${char}\ns3 =\n  # ${char}a = b\n  c = d\nregion = x\n`;
    expect([...(read(text).profiles.get("p")?.settings.keys() ?? [])]).toEqual(["s3", "region"]);
  });
});

it("form feeds between sections, and a mark at the start, are nothing", () => {
  expect([...read("\ufeff[profile a]\nregion = x\n\f\n[profile b]\n").profiles.keys()]).toEqual(["a", "b"]);
});

it.each(["\x85", "\u2028", "\u2029", "\ufeff"])("configure writes no value with %j", (char) => {
  const settings = new Map([["region", `x${char}y`]]);
  expect(() => editProfile("[profile p]\n", "config", { profile: "p", settings })).toThrow(
    expect.objectContaining({ code: "setting-invalid" }) as Error,
  );
});
