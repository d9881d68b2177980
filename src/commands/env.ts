// `xrole env`: prints what a shell evaluates to hold the role, or to let go of it.
import { heldByXrole } from "../chain/session.ts";
import { obtainCredentials } from "../credentials/obtain.ts";
import { variable, type Context } from "../context.ts";
import { environmentChanges, shellChanges, undoChanges } from "../deliver/environment.ts";
import { shellStatements } from "../deliver/shells.ts";
import { XroleError } from "../errors.ts";
import { prepare, type Invocation } from "./prepare.ts";

export async function run(context: Context, invocation: Invocation): Promise<number> {
  const { format, unset } = invocation.options;
  if (format !== undefined && format !== "sh")
    throw new XroleError("usage", { problem: `--format ${String(format)} is not known`, hint: "known is sh" });
  if (unset === true) {
    const isForeign = variable(context.env, "AWS_ACCESS_KEY_ID") !== undefined && !heldByXrole(context.env);
    await context.stdout.write(shellStatements(undoChanges(context.env, isForeign)));
    return 0;
  }
  const { host, ...request } = prepare(context, invocation);
  const credentials = await obtainCredentials(host, request);
  const changes = shellChanges(context.env, environmentChanges(context.env, request.plan, credentials));
  await context.stdout.write(shellStatements(changes));
  return 0;
}
