// Logins that the AWS CLI keeps: `aws sso login` and `aws login`.
import { foreignHint } from "../hints.ts";
import { row } from "../row.ts";
import { STATUS } from "../status.ts";
import { word } from "../words.ts";

/** A reply of a service. */
interface Answer {
  endpoint: string;
  status: number;
  detail: string;
}
const answer = ({ status, detail }: Answer): string => `${String(status)} ${detail}`.trim();

export const LOGIN = {
  "sso-login-needed": row<{ where: string; problem: string; profile: string }>({
    status: STATUS.refused,
    message: (at) => `${at.where}: ${at.problem}`,
    hint: (at) => `aws sso login --profile ${word(at.profile)}`,
    when: "no SSO login, or one that has ended",
    fix: "`aws sso login --profile NAME`",
  }),
  "sso-refused": row<{ where: string; role: string; account: string; detail: string }>({
    status: STATUS.refused,
    message: (at) => `${at.where}: SSO does not give the role ${at.role} in account ${at.account}`,
    hint: (at) =>
      `AWS says: ${at.detail || "nothing"}; check sso_role_name, sso_account_id and what you are assigned to`,
    when: "SSO does not give this role",
    fix: "check `sso_role_name`, `sso_account_id` and what you are assigned to",
  }),
  "sso-failed": row<Answer>({
    status: STATUS.tryLater,
    message: (at) => `${at.endpoint} is throttling or out of order: ${answer(at)}`,
    hint: "trying later may help",
    when: "SSO is throttling or out of order",
    fix: "try again later",
  }),
  "sso-reply": row<{ endpoint: string; problem: string; isForeign?: boolean }>({
    status: STATUS.software,
    message: (at) => `${at.endpoint} sent a reply that makes no sense: ${at.problem}`,
    hint: foreignHint,
    when: "SSO sends a reply that makes no sense, such as a web page of a proxy",
    fix: "sign in to the network; check the proxy variables and the endpoint",
  }),
  "login-needed": row<{ where: string; problem: string; profile: string }>({
    status: STATUS.refused,
    message: (at) => `${at.where}: ${at.problem}`,
    hint: (at) => `aws login --profile ${word(at.profile)}`,
    when: "no `aws login`, or one that has ended",
    fix: "`aws login --profile NAME`",
  }),
  "login-unreadable": row<{ file: string; problem: string }>({
    status: STATUS.config,
    message: (at) => `cannot read the login in ${at.file}: ${at.problem}`,
    hint: "the AWS CLI writes a regular file there",
    when: "the file of an SSO login or of `aws login` cannot be read",
    fix: "remove it and log in again: the AWS CLI writes a regular file there",
  }),
  "login-failed": row<Answer>({
    status: STATUS.tryLater,
    message: (at) => `AWS Sign-In at ${at.endpoint} is throttling or out of order: ${answer(at)}`,
    hint: "try again later",
    when: "AWS Sign-In is throttling or out of order",
    fix: "try again later",
  }),
  "login-reply": row<{ endpoint: string; problem: string; isForeign?: boolean }>({
    status: STATUS.software,
    message: (at) => `${at.endpoint} sent a reply that makes no sense: ${at.problem}`,
    hint: foreignHint,
    when: "AWS Sign-In sends a reply that makes no sense, such as a web page of a proxy",
    fix: "sign in to the network; check the proxy variables and the endpoint",
  }),
};
