// Signing in to the AWS console.
import { foreignHint } from "../hints.ts";
import { row } from "../row.ts";
import { STATUS } from "../status.ts";

export const CONSOLE = {
  "console-unknown": row<{ region: string; partition: string }>({
    status: STATUS.config,
    message: (at) => `where the console of ${at.region} (partition ${at.partition}) is signed in to is not documented`,
    hint: "sign in as your organisation does; `xrole exec` and `xrole env` work there",
    when: "a region whose console sign-in is not documented",
    fix: "sign in as your organisation does; `xrole exec` and `xrole env` work there",
  }),
  "console-duration": row<{ role: string }>({
    status: STATUS.usage,
    message: (at) =>
      `--session-duration is not for ${at.role}: it is assumed from a role, and AWS ends its console session with its credentials`,
    hint: "leave --session-duration out",
    when: "`--session-duration` for a role that is assumed from a role",
    fix: "leave `--session-duration` out",
  }),
  "console-needs-role": row<{ accessKeyId: string }>({
    status: STATUS.config,
    message: (at) =>
      `the keys ${at.accessKeyId} are a user's own, and AWS opens the console to temporary credentials only`,
    hint: "name a profile with a role_arn, or give --role-arn",
    when: "a user's own keys, which AWS does not open the console to",
    fix: "name a profile with a `role_arn`, or give `--role-arn`",
  }),
  "console-refused": row<{ endpoint: string; status: number; hasDuration: boolean }>({
    status: STATUS.refused,
    message: (at) => `AWS sign-in at ${at.endpoint} does not take the credentials (${String(at.status)})`,
    hint: (at) =>
      at.hasDuration
        ? "leave --session-duration out: a role that was assumed from a role has none of its own"
        : "they may have been revoked, or are a user's session: --fresh asks for others",
    when: "AWS sign-in does not take the credentials",
    fix: "leave `--session-duration` out; if the credentials were revoked, use `--fresh`",
  }),
  "console-failed": row<{ endpoint: string; status: number }>({
    status: STATUS.tryLater,
    message: (at) => `AWS sign-in at ${at.endpoint} is throttling or out of order: ${String(at.status)}`,
    hint: "trying later may help",
    when: "AWS sign-in is throttling or out of order",
    fix: "try again later",
  }),
  "console-reply": row<{ endpoint: string; problem: string; isForeign?: boolean }>({
    status: STATUS.software,
    message: (at) => `${at.endpoint} sent a reply that makes no sense: ${at.problem}`,
    hint: foreignHint,
    when: "AWS sign-in sends a reply that makes no sense, such as a web page of a proxy",
    fix: "sign in to the network; check the proxy variables and the endpoint",
  }),
  "browser-missing": row<{ command: string; problem: string }>({
    status: STATUS.unavailable,
    message: (at) => `the browser cannot be opened: ${at.command}: ${at.problem}`,
    hint: "leave --open out, and open the link",
    when: "the browser cannot be opened",
    fix: "leave `--open` out, and open the link",
  }),
};
