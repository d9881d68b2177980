// Shows a change of a config file as a unified diff. Keys that stand beside the change are not shown.
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import { withoutPassword } from "../errors/errors.ts";
import { visible } from "./visible.ts";

const SECRET = /^([#;\s]*(?:aws_secret_access_key|aws_session_token|aws_security_token)\s*=\s*)\S.*?(\r?)$/is;

/** A line whose value shows no password of a URL. */
function withoutUrlPassword(line: string): string {
  const [, start = "", value = ""] = /^([^=]*=?)(.*)$/s.exec(line) ?? [];
  return start + withoutPassword(value);
}

/** The difference between two texts of a file; "" when there is none. @param before undefined where there was no file */
export function unifiedDiff(file: string, before: string | undefined, after: string): string {
  // Line by line: white space that could go on over line ends would be read again from each of them.
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
  // Tabs are ordinary white space, and a return at the end of a line is its line end.
  const shown = (text: string): string => text.split("\t").map(visible).join("\t");
  return patch
    .split("\n")
    .map((line) => (line.endsWith("\r") ? `${shown(line.slice(0, -1))}\r` : shown(line)))
    .join("\n");
}
