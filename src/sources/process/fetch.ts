// Gets credentials from the output of a command: credential_process, run without a shell as in the AWS CLI (rule 51).
import { isKeyText, unsendable } from "../../plan/aws/credential-text.ts";
import { parseObject } from "../../util/json.ts";
import { formatTime, parseTime } from "../../plan/aws/timestamps.ts";
import type { Credentials } from "../../plan/aws/credentials.ts";
import { shellSyntax } from "../../config/parse/shell-syntax.ts";
import { variable, type Context } from "../../context/types.ts";
import { XroleError } from "../../errors/error.ts";
import { captureOutput, commandWords } from "../capture-output.ts";
import type { OpenSource } from "../kind.ts";
import type { ProcessSource } from "./plan.ts";

export const open = (context: Context, source: ProcessSource): OpenSource => ({
  credentials: () => processCredentials(context, source),
});

/** The profiles that the xrole processes above this one are resolving, innermost last. Prevents endless recursion. */
export const RESOLVING = "XROLE_RESOLVING";

/** @throws XroleError `process-failed`, `process-reply`, `process-recursion`, `credentials-expired`, `credentials-malformed` */
export async function processCredentials(context: Context, source: ProcessSource): Promise<Credentials> {
  const above = parseList(variable(context.env, RESOLVING));
  if (above.includes(source.profile)) {
    throw new XroleError("process-recursion", {
      cycle: [...above.slice(above.indexOf(source.profile)), source.profile],
    });
  }
  const { words, problem: fault } = commandWords(source.command);
  // The arguments may contain a secret, so errors only show the first word.
  const at = { where: source.from, command: words[0] ?? "", syntax: shellSyntax(source.command) };
  if (fault !== undefined) throw new XroleError("process-failed", { ...at, problem: fault });

  const env = { ...context.env, [RESOLVING]: JSON.stringify([...above, source.profile]) };
  context.debug(`running the credential_process of profile "${source.profile}"`);
  const { stdout, problem } = await captureOutput({ ...context, env }, words);
  if (problem !== undefined) throw new XroleError("process-failed", { ...at, problem });
  const shape = (name: string, fault: string): XroleError =>
    new XroleError("credentials-malformed", {
      where: `${at.where}: credential_process ${at.command}`,
      name,
      problem: fault,
    });
  const found = parseOutput(
    stdout,
    shape,
    (fault) => new XroleError("process-reply", { ...at, problem: fault }),
    context.now(),
  );
  return source.accountId === undefined ? found : { accountId: source.accountId, ...found };
}

function parseOutput(
  stdout: string,
  malformed: (name: string, problem: string) => XroleError,
  senseless: (problem: string) => XroleError,
  now: number,
): Credentials {
  const reply = parseObject(stdout);
  if (!reply) throw senseless("its output is not a JSON object");
  const { Version, AccessKeyId, SecretAccessKey, SessionToken, Expiration, AccountId } = reply;
  if (Version !== 1) throw senseless("its Version is not 1");
  if (!isText(AccessKeyId)) throw senseless("AccessKeyId is missing");
  if (!isText(SecretAccessKey)) throw senseless("SecretAccessKey is missing");
  // Without their token the keys would be somebody else's, or nobody's.
  if (SessionToken !== undefined && SessionToken !== null && typeof SessionToken !== "string")
    throw senseless("its SessionToken is not text");
  for (const [name, value] of Object.entries({ AccessKeyId, SecretAccessKey, SessionToken })) {
    const problem = isText(value) ? unsendable(value) : undefined;
    if (problem !== undefined) throw malformed(name, problem);
  }
  const expiration = typeof Expiration === "string" ? parseTime(Expiration) : undefined;
  if (Expiration !== undefined && Expiration !== null && !expiration)
    throw senseless("its Expiration is not a timestamp");
  if (expiration && expiration.getTime() <= now) {
    const at = { origin: "the output of its credential_process", expiration: formatTime(expiration) };
    throw new XroleError("credentials-expired", { ...at, hint: "renew what that command reads" });
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(isText(SessionToken) && { sessionToken: SessionToken }),
    ...(expiration && { expiration }),
    ...(AccountId !== undefined &&
      AccountId !== null &&
      AccountId !== "" && { accountId: accountId(AccountId, senseless) }),
  };
}

function accountId(value: unknown, senseless: (problem: string) => XroleError): string {
  if (isKeyText(value)) return value;
  throw senseless("AccountId is not the id of an account");
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

/** The strings of a JSON list; none where the text is not a list. */
function parseList(text = ""): string[] {
  try {
    return (JSON.parse(text) as unknown[]).filter((name) => typeof name === "string");
  } catch {
    return [];
  }
}
