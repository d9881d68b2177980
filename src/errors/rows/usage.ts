// How xrole was called, and faults of its own.
import { row } from "../row.ts";
import { STATUS } from "../status.ts";

export const USAGE = {
  usage: row<{ problem: string; hint?: string }>({
    status: STATUS.usage,
    message: (at) => at.problem,
    hint: (at) => at.hint,
    when: "an option, argument or command that xrole does not know, or a value it does not take",
    fix: "`xrole --help` and the command's own `--help` list what there is",
  }),
  "option-without-hop": row<{ option: string; profile: string }>({
    status: STATUS.usage,
    message: (at) => `${at.option} changes a role, and profile "${at.profile}" assumes none`,
    when: "a role option, for a profile that assumes no role",
    fix: "leave the option out, or name a profile with a `role_arn`",
  }),
  "pick-cancelled": row({
    status: STATUS.interrupted,
    message: "no profile was chosen",
    when: "the list of `--pick` was left without a choice",
    fix: "choose a profile, or name it on the command line",
  }),
  "working-folder-gone": row({
    status: STATUS.config,
    message: "the folder you are in is no longer there",
    hint: "cd to one that is",
    when: "the working directory has been removed",
    fix: "`cd` to a directory that exists",
  }),
  internal: row<{ problem: string }>({
    status: STATUS.software,
    message: (at) => `a fault of xrole's own: ${at.problem}`,
    hint: "please report it, with the output of --debug",
    when: "a fault in xrole itself",
    fix: "report it, with the output of `--debug`",
  }),
};
