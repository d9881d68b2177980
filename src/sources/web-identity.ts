// The token of a web identity: EKS and CI systems write it to a file and renew it there (rule 21a).
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Source } from "../chain/types.ts";
import type { Context } from "../context.ts";
import { XroleError } from "../errors.ts";

/** The token, read afresh. STS takes up to 20000 characters. @throws XroleError `web-identity-token` */
export function webIdentityToken(context: Context, source: Extract<Source, { kind: "web-identity" }>): string {
  const fail = (problem: string, cause?: unknown): never => {
    throw new XroleError("web-identity-token", { where: source.from, file: source.tokenFile, problem }, { cause });
  };
  const path = resolve(context.cwd, source.tokenFile);
  let text = "";
  try {
    // A named pipe would be waited for, for ever.
    if (!statSync(path).isFile()) fail("it is not a regular file");
    text = readFileSync(path, "utf8").trim();
  } catch (error) {
    if (error instanceof XroleError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    fail(code === "ENOENT" ? "there is no such file" : `it cannot be read (${String(code)})`, error);
  }
  if (text === "") fail("it is empty");
  return text.length <= 20_000 ? text : fail("it is too long for a token");
}
