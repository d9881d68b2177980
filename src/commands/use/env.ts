// `xrole env`: prints what a shell evaluates to hold the role, or to let go of it.
import { heldByXrole } from "../../chain/host-environment.ts";
import { obtainCredentials } from "../../credentials/obtain.ts";
import { variable, type Context } from "../../context.ts";
import { environmentChanges, shellChanges, type Changes } from "../../deliver/environment.ts";
import { shellStatements } from "../../deliver/shells.ts";
import { undoChanges } from "../../deliver/undo.ts";
import { XroleError } from "../../errors.ts";
import { prepare, type Invocation } from "../shared/prepare.ts";

export async function run(context: Context, invocation: Invocation): Promise<number> {
  const { format, unset } = invocation.options;
  // The sh form is on the way that scripts go in a loop; the others are loaded when they are asked for.
  const other =
    format === undefined || format === "sh"
      ? undefined
      : (await import("../../deliver/formats.ts")).otherFormat(String(format));
  const deliver = (changes: Changes): Promise<void> =>
    other ? other.deliver(context, changes) : context.stdout.write(shellStatements(changes));
  if (unset === true) {
    if (other?.canUnset === false)
      throw new XroleError("usage", {
        problem: `--format ${String(format)} cannot remove variables`,
        hint: "--unset is for the shell that holds the role",
      });
    const isForeign = variable(context.env, "AWS_ACCESS_KEY_ID") !== undefined && !heldByXrole(context.env);
    await deliver(undoChanges(context.env, isForeign));
    return 0;
  }
  other?.check?.(context);
  const { host, ...request } = prepare(context, invocation);
  const credentials = await obtainCredentials(host, request);
  const changes = environmentChanges(context.env, request.plan, credentials);
  await deliver(other?.isOwnShell === false ? changes : shellChanges(context.env, changes));
  return 0;
}
