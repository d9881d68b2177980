// Shows a change of a config file as a unified diff. Secrets near the change are masked.
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import { withoutPassword } from "../errors/passwords.ts";
import { visible } from "./visible.ts";

const SECRET = /^([#;\s]*(?:aws_secret_access_key|aws_session_token|aws_security_token)\s*=\s*)\S.*?(\r?)$/is;

/** The line with the passwords of URLs in its value masked. */
function withoutUrlPassword(line: string): string {
  const [, start = "", value = ""] = /^([^=]*=?)(.*)$/s.exec(line) ?? [];
  return start + withoutPassword(value);
}

/** The difference between two versions of a file; "" when they are equal. @param before undefined if the file did not exist */
export function unifiedDiff(file: string, before: string | undefined, after: string): string {
  // Works line by line: otherwise the pattern's white space could span lines, and matching would take quadratic time.
  const hidden = (text: string): string =>
    text
      .split("\n")
      .map((line) => withoutUrlPassword(line.replace(SECRET, "$1********$2")))
      .join("\n");
  const from = before === undefined ? "/dev/null" : file;
  const patch = createTwoFilesPatch(from, file, hidden(before ?? ""), hidden(after), undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
  if (!patch.includes("\n@@")) return "";
  // A tab is ordinary white space, and a carriage return at the end of a line belongs to the line ending.
  const shown = (text: string): string => text.split("\t").map(visible).join("\t");
  return patch
    .split("\n")
    .map((line) => (line.endsWith("\r") ? `${shown(line.slice(0, -1))}\r` : shown(line)))
    .join("\n");
}
