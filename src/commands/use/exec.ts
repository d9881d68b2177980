// `xrole exec`: runs a command as the role.
import { obtainCredentials } from "../../credentials/obtain.ts";
import type { Context } from "../../context/types.ts";
import { becomeCommand, runChild, type Ending } from "../../deliver/run/child.ts";
import { findCommand } from "../../deliver/run/command.ts";
import { applyChanges, childChanges, environmentChanges } from "../../deliver/environment/environment.ts";
import { XroleError } from "../../errors/error.ts";
import { prepare } from "../shared/prepare.ts";
import { PICK, PROFILE } from "../shared/common-options.ts";
import type { Declaration, Invocation } from "../shared/declaration.ts";

export const declaration = {
  name: "exec",
  group: "Use a role",
  summary: "run a command as the role",
  arguments: [PROFILE],
  runsCommand: true,
  options: [
    PICK,
    ["--renew", "renew the credentials while the command runs"],
    ["--no-renew", "do not, whatever the profile's xrole_renew says", { hidden: true }],
  ],
  roleOptions: "all",
  examples: [
    ["xrole exec b-s3 -- aws s3 ls", "one command"],
    ["xrole exec b-s3 --renew -- terraform apply", "for longer than credentials live"],
  ],
} as const satisfies Declaration;

export async function run(context: Context, invocation: Invocation<typeof declaration>): Promise<Ending> {
  const [command] = invocation.command;
  if (command === undefined) {
    throw new XroleError("usage", {
      problem: "there is no command to run",
      hint: "xrole exec <profile> -- <command> [args...]",
    });
  }
  const { host, ...request } = prepare(context, invocation);
  const path = findCommand(context, command);
  if (invocation.options.renew ?? request.plan.renewFrom !== undefined) {
    const { runRenewed } = await import("../shared/renew.ts");
    return runRenewed(context, { host, ...request }, path, invocation.command);
  }
  const credentials = await obtainCredentials(host, request);
  const changes = childChanges(environmentChanges(context.env, request.plan, credentials));
  const env = applyChanges(context.env, changes);
  becomeCommand(path, invocation.command, env);
  return runChild(context, path, invocation.command, env);
}
