// `xrole env`: prints shell code that exports the role's credentials, or that removes them (--unset).
import { heldByXrole } from "../../plan/shell/host-environment.ts";
import { obtainCredentials } from "../../credentials/obtain.ts";
import { variable, type Context } from "../../context/types.ts";
import { environmentChanges, shellChanges, type Changes } from "../../deliver/environment/environment.ts";
import { FORMATS } from "../../deliver/environment/format-names.ts";
import { shellStatements } from "../../deliver/environment/sh.ts";
import { undoChanges } from "../../deliver/environment/undo.ts";
import { XroleError } from "../../errors/error.ts";
import { prepare } from "../shared/prepare.ts";
import { PICK, PROFILE } from "../shared/common-options.ts";
import type { Declaration, Invocation } from "../shared/declaration.ts";

export const declaration = {
  name: "env",
  group: "Use a role",
  summary: "print shell code that exports the role, for `eval`",
  arguments: [PROFILE],
  options: [
    PICK,
    ["--format <form>", "as", { choices: FORMATS }],
    ["--unset", "print shell code that removes the role again", { conflicts: ["--pick"] }],
  ],
  roleOptions: "all",
  examples: [
    ["eval $(xrole env b-s3)", "hold the role; on failure eval returns xrole's status"],
    ["eval $(xrole env --unset)", "remove it"],
  ],
} as const satisfies Declaration;

export async function run(context: Context, invocation: Invocation<typeof declaration>): Promise<number> {
  const { format, unset } = invocation.options;
  // Scripts call the sh form in a loop, so only the other forms are loaded on demand.
  const other =
    format === undefined || format === "sh"
      ? undefined
      : (await import("../../deliver/environment/formats.ts")).otherFormat(format);
  const deliver = (changes: Changes): Promise<void> =>
    other ? other.deliver(context, changes) : context.stdout.write(shellStatements(changes));
  if (unset === true) {
    if (other?.canUnset === false)
      throw new XroleError("usage", {
        problem: `--format ${format ?? "sh"} cannot remove variables`,
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
