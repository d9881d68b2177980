// Profiles with a credential_process.
import { noShell, notStarted } from "../hints.ts";
import { row } from "../row.ts";
import { STATUS } from "../status.ts";

/** @param syntax what only a shell gives a meaning to in the command */
interface Command {
  where: string;
  command: string;
  problem: string;
  syntax?: string | undefined;
}

export const PROCESS = {
  "process-failed": row<Command>({
    status: STATUS.config,
    message: (at) => `${at.where}: ${`credential_process ${at.command}`.trimEnd()}: ${at.problem}`,
    hint: (at) => noShell(at.syntax) ?? notStarted(at.command, at.problem),
    when: "a `credential_process` that cannot be run or fails",
    fix: "run the command yourself; no shell runs it, so write whole paths",
  }),
  "process-reply": row<Command>({
    status: STATUS.software,
    message: (at) => `${at.where}: credential_process ${at.command}: ${at.problem}`,
    hint: (at) => noShell(at.syntax),
    when: "a `credential_process` that prints something other than credentials in JSON",
    fix: "run the command yourself and look at what it prints",
  }),
  "process-recursion": row<{ cycle: readonly string[] }>({
    status: STATUS.config,
    message: (at) => `a credential_process asks xrole for the profile it belongs to: ${at.cycle.join(" -> ")}`,
    hint: "a profile whose credential_process runs xrole must name another profile there",
    when: "a `credential_process` that asks xrole for its own profile",
    fix: "name another profile there",
  }),
};
