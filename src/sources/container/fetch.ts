// Fetches the credentials of an ECS task or an EKS pod (rules 45 to 48). The SDK's provider is not used: it drops AccountId (vector
// `ecs-account`), checks the host after parsing it, and reads its tokens from the environment of the process.
import { resolve } from "node:path";
import type { Credentials } from "../../plan/aws/credentials.ts";
import { variable, type Context } from "../../context/types.ts";
import { XroleError } from "../../errors/error.ts";
import { readText, type Fail } from "../../util/files.ts";
import { exchange, HttpError, spokenPart, unexpected, webPage, type HttpReply } from "../../util/http.ts";
import { parseHostCredentials } from "../host-credentials.ts";
import type { OpenSource } from "../kind.ts";
import type { ContainerSource } from "./plan.ts";

export const open = (context: Context, source: ContainerSource): OpenSource => ({
  credentials: () => containerCredentials(context, source),
});

const TIMEOUT = 2000;
const ATTEMPTS = 3;

/** @throws XroleError `container-*` */
export async function containerCredentials(
  context: Context,
  { endpoint, from }: ContainerSource,
): Promise<Credentials> {
  if (endpoint === undefined) throw new XroleError("container-unset", { where: from });
  const senseless = (problem: string): XroleError => new XroleError("container-reply", { endpoint, problem });
  const unreachable = (cause: HttpError): XroleError => {
    const at = { endpoint, problem: cause.message, isOurs: isOurs(context) };
    return cause.kind === "oversize"
      ? senseless(cause.message)
      : new XroleError("container-unreachable", at, { cause });
  };
  for (let attempt = 1; ; attempt++) {
    try {
      const authorization = authorizationToken(context);
      const headers = { accept: "application/json", ...(authorization !== undefined && { authorization }) };
      const reply = await exchange({ method: "GET", url: endpoint, headers, timeout: TIMEOUT });
      context.debug(`GET ${endpoint}: ${reply.status}`);
      if (reply.status < 400 && reply.status !== 200) throw senseless(unexpected(reply.status));
      const page = webPage(reply.body);
      if (page !== undefined) throw senseless(`${page} with status ${String(reply.status)}`);
      if (reply.status !== 200) throw refusal(endpoint, reply, authorization);
      return parseHostCredentials(
        reply.body,
        senseless,
        (detail) => new XroleError("container-role-refused", { detail }),
      );
    } catch (error) {
      const failure = error instanceof HttpError ? unreachable(error) : error;
      // A token that cannot be read or sent will not change by itself; all other errors may be temporary.
      const isLocal = failure instanceof XroleError && failure.code === "container-token";
      if (attempt === ATTEMPTS || isLocal || !(failure instanceof XroleError)) throw failure;
      context.debug(`${endpoint}: ${failure.message}`);
    }
    await new Promise((done) => setTimeout(done, 100 * 2 ** (attempt - 1)));
  }
}

/**
 * The value of the Authorization header: from the file, read again each time (EKS rotates it), otherwise from the variable (rule
 * 47).
 */
function authorizationToken(context: Context): string | undefined {
  const FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
  const file = variable(context.env, FILE);
  if (file === undefined) {
    const name = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
    const token = variable(context.env, name);
    return token === undefined ? undefined : headerValue(token, name);
  }
  const name = `${FILE} (${file})`;
  const fail: Fail = (problem, cause) => {
    throw new XroleError("container-token", { name, problem, isOurs: isOurs(context) }, { cause });
  };
  return headerValue(readText(resolve(context.cwd, file), fail) ?? fail("there is no such file"), name);
}

/** Whether the variables were set by `serve` or `exec --renew`. */
const isOurs = ({ env }: Context): boolean =>
  env.XROLE_ENDPOINT !== undefined && env.XROLE_ENDPOINT === env.AWS_CONTAINER_CREDENTIALS_FULL_URI;

function headerValue(token: string, name: string): string {
  // [pinned] Editors add one trailing newline. Any other line break would start a second header.
  const value = token.replace(/\r?\n$/, "");
  if (value === "") throw new XroleError("container-token", { name, problem: "it is empty" });
  if (!/^[\t\x20-\x7e]+$/.test(value))
    throw new XroleError("container-token", { name, problem: "it holds a line break or a control character" });
  return value;
}

/** The EKS Pod Identity agent gives its reason as plain text, that of ECS as JSON. */
function refusal(endpoint: string, { status, body }: HttpReply, authorization = ""): XroleError {
  const reason = spokenPart(authorization === "" ? body : body.replaceAll(authorization, "***"), 300);
  const detail = reason === "" ? "" : ` (${reason})`;
  return new XroleError("container-refused", { endpoint, status, detail });
}
