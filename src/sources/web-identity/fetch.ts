// Reads the token of a web identity: EKS and CI systems write it to a file and renew it there (rule 21a).
import { resolve } from "node:path";
import { unsendable } from "../../plan/aws/credential-text.ts";
import type { Context } from "../../context/types.ts";
import { XroleError } from "../../errors/error.ts";
import { readText, type Fail } from "../../util/files.ts";
import type { OpenSource, SourceTools } from "../kind.ts";
import type { WebIdentitySource } from "./plan.ts";

type Tools = Pick<SourceTools, "assumeRoleWithWebIdentity">;

export function open(context: Context, source: WebIdentitySource, { assumeRoleWithWebIdentity }: Tools): OpenSource {
  const token = (): string => webIdentityToken(context, source);
  // The token is renewed in its file, so it is read again for each request.
  return { token, credentials: () => assumeRoleWithWebIdentity(source, token()) };
}

/** The token, read again each time. STS accepts up to 20000 characters. @throws XroleError `web-identity-token` */
export function webIdentityToken(context: Context, source: WebIdentitySource): string {
  const fail: Fail = (problem, cause) => {
    throw new XroleError("web-identity-token", { where: source.from, file: source.tokenFile, problem }, { cause });
  };
  const text = readText(resolve(context.cwd, source.tokenFile), fail) ?? fail("there is no such file");
  const token = text.trim();
  if (token === "") fail("it is empty");
  const problem = unsendable(token);
  if (problem !== undefined) fail(`its token ${problem}`);
  return token.length <= 20_000 ? token : fail("it is too long for a token");
}
