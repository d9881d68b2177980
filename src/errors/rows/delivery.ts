// Handing credentials over: to a command, to a shell, or through an endpoint.
import { row } from "../row.ts";
import { STATUS } from "../status.ts";

export const DELIVERY = {
  "command-not-found": row<{ command: string }>({
    status: STATUS.notFound,
    message: (at) => `${at.command}: command not found`,
    when: "the command of `exec` does not exist",
    fix: "install it, or correct its name or `PATH`",
  }),
  "command-not-runnable": row<{ command: string; problem: string }>({
    status: STATUS.cannotRun,
    message: (at) => `${at.command}: ${at.problem}`,
    when: "the command of `exec` cannot be run",
    fix: "check its permissions, and that it is a program of this system",
  }),
  "output-failed": row<{ problem: string }>({
    status: STATUS.output,
    message: (at) => `the output could not be written: ${at.problem}`,
    when: "stdout could not be written to, or is closed",
    fix: "check the space on the disk, and the program that reads the output",
  }),
  "value-unfit": row<{ name: string; format: string }>({
    status: STATUS.config,
    message: (at) => `${at.name} holds a character that --format ${at.format} cannot carry safely`,
    hint: "xrole exec hands any value to its command",
    when: "a value that the format of `env --format` cannot carry",
    fix: "use `xrole exec`, which hands any value to its command",
  }),
  "variable-stays": row<{ names: readonly string[]; where: "github" | "fish" }>({
    status: STATUS.config,
    message: (at) =>
      at.where === "github"
        ? `GITHUB_ENV cannot remove what would win over the role: ${at.names.join(", ")}`
        : `a universal variable would win over the role, and is yours to erase: ${at.names.join(", ")}`,
    hint: (at) =>
      at.where === "github"
        ? "set it in those steps alone that need it, or use xrole exec"
        : "set -eU NAME, or use xrole exec",
    when: "a variable that must go and cannot be removed: `env --format github`, fish",
    fix: "use `xrole exec`; in GitHub Actions, set the variable only in the steps that need it; in fish, `set -eU NAME`",
  }),
  "listen-failed": row<{ address: string; problem: string }>({
    status: STATUS.config,
    message: (at) => `cannot listen on ${at.address}: ${at.problem}`,
    hint: "leave --port out, or give a free one above 1023",
    when: "`serve` cannot listen on the address or port",
    fix: "leave `--port` out, or give a free one above 1023",
  }),
  "folder-unusable": row<{ folder: string; problem: string }>({
    status: STATUS.config,
    message: (at) => `${at.folder} cannot hold the token: ${at.problem}`,
    hint: "name a folder that only you may enter (chmod 700)",
    when: "the folder for the token, or one above it, is not safe from other users",
    fix: "name a folder that only you may enter (`chmod 700`)",
  }),
  "not-servable": row<{ profile: string }>({
    status: STATUS.config,
    message: (at) =>
      `the credentials of profile "${at.profile}" do not expire, and SDKs take only expiring ones from an endpoint`,
    hint: "serve a profile with a role",
    when: "long-term keys, which no SDK takes from an endpoint",
    fix: "serve a profile with a role",
  }),
  "session-too-short": row<{ seconds: number }>({
    status: STATUS.refused,
    message: (at) => `the credentials live less than ${String(at.seconds)} s, which is too little to hand out`,
    hint: "renew where they come from, or ask for a longer session",
    when: "credentials that expire in less than a minute, which an endpoint does not hand out",
    fix: "renew them where they come from, or ask for a longer session",
  }),
};
