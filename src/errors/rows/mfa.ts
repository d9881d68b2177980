// Codes of MFA devices.
import { noShell, notStarted } from "../hints.ts";
import { row } from "../row.ts";
import { STATUS } from "../status.ts";

export const MFA = {
  "mfa-needed": row<{ where: string; serial: string; isProgram?: boolean }>({
    status: STATUS.refused,
    message: (at) =>
      `${at.where}: an MFA code of ${at.serial} is needed, and there is ${at.isProgram ? "nobody to ask" : "no terminal to ask on"}`,
    hint: (at) =>
      at.isProgram
        ? "give mfaCodeProvider or mfaCode, or let mfa_process print it"
        : "give it with --mfa-code, let mfa_process print it, or spend one code on a longer session (--mfa-session)",
    when: "an MFA code is needed, and there is no terminal to ask on",
    fix: "give it with `--mfa-code`, let `mfa_process` print it, or use one code for a longer session (`--mfa-session`)",
  }),
  "mfa-refused": row<{ serial: string; detail: string; isMistyped: boolean }>({
    status: STATUS.refused,
    message: (at) => `AWS refused the MFA code of ${at.serial}`,
    hint: (at) =>
      at.isMistyped
        ? "a code works once: wait for the next one, and check this machine's and the device's clock"
        : `AWS says: ${at.detail}`,
    when: "AWS does not take the MFA code",
    fix: "a code works once: wait for the next one, and check this machine's and the device's clock",
  }),
  "mfa-process": row<{ where: string; command: string; problem: string; syntax?: string | undefined }>({
    status: STATUS.config,
    message: (at) => `${at.where}: ${`mfa_process ${at.command}`.trimEnd()}: ${at.problem}`,
    hint: (at) => noShell(at.syntax) ?? notStarted(at.command, at.problem),
    when: "an `mfa_process` that cannot be run, fails, or prints no code",
    fix: "run the command yourself; no shell runs it, so write whole paths",
  }),
  "mfa-serial-missing": row({
    status: STATUS.config,
    message: "an MFA code is of no use: no mfa_serial says whose it is",
    hint: "set mfa_serial in the profile, or give --mfa-serial",
    when: "an MFA code without a device",
    fix: "set `mfa_serial` in the profile, or give `--mfa-serial`",
  }),
  "mfa-without-keys": row({
    status: STATUS.config,
    message: "an MFA session needs a user's own keys, and this chain starts from a session already",
    hint: "leave --mfa-session or xrole_mfa_session out",
    when: "an MFA session for a chain that starts from a session, not from a user's own keys",
    fix: "leave `--mfa-session` or `xrole_mfa_session` out",
  }),
};
