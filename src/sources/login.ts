// Credentials of a console session that `aws login` keeps, by the SDK's own provider: renewing them takes a proof of
// possession (DPoP) that is no business of xrole's.
import { fromLoginCredentials } from "@aws-sdk/credential-providers";
import { externalDataInterceptor } from "@smithy/core/config";
import type { Credentials, Plan, Source } from "../chain/types.ts";
import type { Context } from "../context.ts";
import { XroleError } from "../errors.ts";
import { openTransport } from "../sts/transport.ts";

/** The one profile that the SDK is shown: its own parser knows no names with spaces (rule 4), and reads more than it is asked. */
const FILE = "xrole-login-profile";

/** @throws XroleError `login-needed`, `ca-bundle`, `proxy-invalid` */
export async function loginCredentials(
  context: Context,
  { from: where, profile, session }: Extract<Source, { kind: "login" }>,
  region: string | undefined,
  caBundle: Plan["caBundle"],
): Promise<Credentials> {
  externalDataInterceptor.interceptFile(FILE, `[profile login]\nlogin_session = ${session}\n`);
  externalDataInterceptor.interceptFile(`${FILE}-none`, "");
  const transport = await openTransport(context, caBundle, `https://signin.aws.amazon.com`);
  try {
    const found = await fromLoginCredentials({
      profile: "login",
      configFilepath: FILE,
      filepath: `${FILE}-none`,
      clientConfig: { region: region ?? "us-east-1", requestHandler: { ...transport, requestTimeout: 10_000 } },
    })();
    const { accessKeyId, secretAccessKey, sessionToken, expiration, accountId } = found;
    if (expiration && expiration.getTime() <= context.now()) throw new Error("the login has expired");
    return {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken !== undefined && { sessionToken }),
      ...(expiration && { expiration }),
      ...(accountId !== undefined && { accountId }),
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    context.debug(`the SDK's login provider: ${message}`);
    const isMissing = message.includes("ENOENT");
    const problem = isMissing
      ? `there is no login for ${session}`
      : `the login of ${session} gives no credentials: ${reason(message)}`;
    throw new XroleError("login-needed", { where, profile, problem }, { cause: error });
  } finally {
    transport.close();
  }
}

/** The first sentence of the SDK's message, which may go on with the path of a cache file. */
const reason = (message: string): string => message.split(/\. |\n/)[0] ?? message;
