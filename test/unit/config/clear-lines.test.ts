// Characters at which botocore ends a line within nested settings (Python's splitlines), or which only one of Python and JavaScript takes
// for white space: read as they are, xrole and the AWS CLI would find different settings in one file.
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/config/parse/parse.ts";

const CHARACTERS = ["\v", "\f", "\x1c", "\x1d", "\x1e", "\x1f", "\x85", "\u2028", "\u2029", "\ufeff"];
const read = (text: string): ReturnType<typeof parseConfig> => parseConfig(text, "config", "config");
const refused = (line: number): Error =>
  expect.objectContaining({
    code: "config-syntax",
    message: `config:${line}: a control character that some programs take for the end of a line; remove it`,
  }) as Error;

describe.each(CHARACTERS)("%j", (char) => {
  it.each([
    ["in nested settings", `[services s]\nsts =\n  region = x${char}endpoint_url = http://127.0.0.1:1\n`, 3],
    [
      "in a nested comment after a value",
      `[services s]\nsts =\n  a = b # ${char}endpoint_url = http://127.0.0.1:1\n`,
      3,
    ],
    [
      "in place of nothing before nested settings",
      `[services s]\nsts = ${char}\n  endpoint_url = http://127.0.0.1:1\n`,
      2,
    ],
    ["after a name", `[profile p]\nrole_arn${char} = x\n`, 2],
    ["before a name", `[profile p]\n${char}role_arn = x\n`, 2],
    ["in a continued value", `[profile p]\na = b\n  c${char}d\n`, 3],
    ["in a header that is indented", `[services s]\nsts =\n  [x]${char}endpoint_url = http://127.0.0.1:1\n`, 3],
    ["in a line that nobody asks for", `[profile p]\nregion = x\n[profile q]\nb = c${char}\n`, 4],
  ])("is refused %s", (_, text, line) => {
    expect(() => read(text)).toThrow(refused(line));
  });

  it("may be in a comment", () => {
    const text = `# ${char}role_arn = x\n[profile p]\n; ${char}\ns3 =\n  # ${char}a = b\n  c = d\nregion = x\n`;
    expect([...(read(text).profiles.get("p")?.settings.keys() ?? [])]).toEqual(["s3", "region"]);
  });
});

it("form feeds between sections, and a mark at the start, are nothing", () => {
  expect([...read("\ufeff[profile a]\nregion = x\n\f\n[profile b]\n").profiles.keys()]).toEqual(["a", "b"]);
});
