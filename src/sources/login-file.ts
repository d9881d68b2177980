// Reads the files in which `aws sso login` and `aws login` store a login. They belong to the AWS CLI, which decides their format.
import { join, resolve } from "node:path";
import { expandHome, homeFolder } from "../config/locate.ts";
import { unsendable } from "../plan/aws/credential-text.ts";
import { parseObject } from "../util/json.ts";
import { variable, type Context } from "../context/types.ts";
import { sha1, sha256 } from "../util/digest.ts";
import { XroleError } from "../errors/error.ts";
import { readText } from "../util/files.ts";

/** The file of `aws sso login`: named after the session, or in the legacy format after the start URL. */
export function ssoLoginFile(
  context: Context,
  { session, startUrl }: { readonly session?: string; readonly startUrl: string },
): string {
  return join(cliFolder(context, "sso"), `${sha1(session ?? startUrl)}.json`);
}

/** The file of `aws login`. */
export function consoleLoginFile(context: Context, session: string): string {
  const name = "AWS_LOGIN_CACHE_DIRECTORY";
  const named = variable(context.env, name);
  const folder =
    named === undefined ? cliFolder(context, "login") : resolve(context.cwd, expandHome(named, context, name));
  return join(folder, `${sha256(session)}.json`);
}

const cliFolder = (context: Context, of: "sso" | "login"): string => join(homeFolder(context), ".aws", of, "cache");

/** The content of a login file; undefined if there is no such file, {} if it is damaged. @throws XroleError `login-unreadable` */
export function readLogin(file: string): Record<string, unknown> | undefined {
  const text = readText(file, (problem, cause) => {
    throw new XroleError("login-unreadable", { file, problem }, { cause });
  });
  return text === undefined ? undefined : (parseObject(text) ?? {});
}

/**
 * Checks the values of a login file that will be sent.
 * @throws XroleError `credentials-malformed` with the line of the first value that cannot be sent
 */
export function checkLogin(file: string, values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    const problem = typeof value === "string" ? unsendable(value) : undefined;
    if (problem === undefined) continue;
    const text = readText(file, () => undefined as never) ?? "";
    const before = text.slice(0, Math.max(0, text.indexOf(`"${name}"`)));
    const line = before.split("\n").length;
    throw new XroleError("credentials-malformed", { where: `${file}:${String(line)}`, name, problem });
  }
}

/** The same for callers that only compare: {} if the file cannot be read. */
export function peekAtLogin(file: string): Record<string, unknown> {
  try {
    return readLogin(file) ?? {};
  } catch {
    return {};
  }
}
