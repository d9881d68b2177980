// The fixes that several causes share.
import { accountOf, roleName } from "../plan/show/describe.ts";
import type { Hop } from "../plan/sts-calls.ts";
import { type Principal } from "./principal.ts";
import type { Fix } from "./types.ts";

export const see = (text: string): Fix => ({ do: "see", text });

/** The options for settings of a role. */
const OPTIONS = {
  external_id: "--external-id",
  mfa_serial: "--mfa-serial",
  role_session_name: "--session-name",
  session_tags: "--tag",
  source_identity: "--source-identity",
} as const;

/** Makes the fix that changes what a hop sends: a line of its profile or, for a role of `--role-arn`, an option. */
export const setFix =
  ({ profile, from }: Hop) =>
  (key: keyof typeof OPTIONS, value: string): Fix =>
    isOnCommandLine({ from })
      ? see(`add ${OPTIONS[key]} ${value.includes(" ") || value.includes("<") ? `'${value}'` : value}`)
      : { do: "set", where: `profile "${profile}" (${from})`, line: `${key} = ${value}` };

/** Whether `--role-arn` names the role, so that no setting of a profile applies to it. */
export const isOnCommandLine = ({ from }: Pick<Hop, "from">): boolean => from === "--role-arn";

export const arnOf = (hop: Hop): string => (isOnCommandLine(hop) ? "--role-arn" : `role_arn at ${hop.from}`);

export const activateRegion = (region = ""): Fix =>
  see(
    `activate ${region} in the IAM console (Account settings, Security Token Service), or name another region: --region`,
  );

/** A command that shows the trust policy. */
export function showTrust({ roleArn }: Hop): Fix {
  const name = roleName(roleArn).split("/").at(-1) ?? "";
  const command = `aws iam get-role --role-name ${name} --query Role.AssumeRolePolicyDocument`;
  return { do: "run", account: accountOf(roleArn), command };
}

/** A note about the path of the caller's role: a session's ARN does not contain it, and without it IAM does not accept the statement. */
export function pathNote(caller: Principal | undefined): Fix[] {
  if (!caller?.mayLackPath) return [];
  const command = `aws iam get-role --role-name ${caller.name.replace("role ", "")} --query Role.Arn`;
  return [see(`if IAM does not take that principal, ${caller.name} has a path: ${command} shows it`)];
}
