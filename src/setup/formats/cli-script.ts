// Writes a setup as a script of AWS CLI commands. Each step runs only in its own account, and the script can be run again.
import { quoteWord } from "../../config/parse/words.ts";
import { partitionOfArn } from "../../plan/aws/partitions.ts";
import { configureLine } from "./configure-line.ts";
import { jsonText } from "./json-text.ts";
import { DESCRIPTION, type Setup } from "../setup.ts";
import { shellOption } from "./shell-option.ts";

export function cliScript(setup: Setup): string {
  const { profile, role, caller, notes } = setup;
  // IAM is global within a partition and answers in its default region. The caller's own region may belong to another partition.
  const region = partitionOfArn(role.arn).defaultRegion;
  const accounts = [...new Set([role.accountId, caller.accountId])];
  return `#!/bin/sh
# xrole setup ${jsonText(profile)}
# Lets   ${jsonText(caller.arn)}
# assume ${jsonText(role.arn)}
#
# Read it, then run it with an administrator's credentials of ${accounts.map((id) => `account ${id}`).join(", and again with those of ")}.
# Each step runs in its own account only. It can be run as often as you like.
#
${notes.map((note) => `# - ${note}\n`).join("")}
set -eu
export AWS_PAGER='' AWS_REGION=${region} AWS_DEFAULT_REGION=${region}

whose() { aws sts get-caller-identity --query Account --output text; }
fail() { printf '%s\\n' "$1" >&2; exit 1; }

account=$(whose)
case $account in
${accounts.join(" | ")}) ;;
*) fail "these credentials are of account $account, and nothing is to be done there" ;;
esac

${trustStep(setup)}
${permissionStep(setup)}
${callerStep(setup)}
${accounts.length > 1 ? `printf '%s\\n' "account $account is done; the other one is the other half (accounts ${accounts.join(", ")})"\n` : ""}
# Step 4, on the host: the profile.
#   ${configureLine(setup)}
`;
}

/** A step that runs only if the caller's credentials, checked again for each step, belong to the account. */
function guarded(number: number, account: string, what: string, lines: readonly string[]): string {
  return `# Step ${number}, in account ${account}: ${what}
account=$(whose)
if [ "$account" = ${account} ]; then
  printf '%s\\n' ${quoteWord(`step ${number}, account ${account}: ${what}`)}
${lines.join("\n")}
fi
`;
}

function trustStep({ role }: Setup): string {
  const name = shellOption("--role-name", role.name);
  const document = quoteWord(jsonText(role.trustPolicy, 2));
  return guarded(1, role.accountId, `the role ${role.name}, and who may assume it`, [
    `  trust=${document}`,
    `  # The trust policy of a role that somebody else made is theirs: replacing it would shut others out.`,
    `  found=$(aws iam get-role ${name} --query 'Role.[Arn, Description]' --output text 2>/dev/null) || found=`,
    `  if [ -z "$found" ]; then`,
    `    aws iam create-role ${name} ${shellOption("--path", role.path)} \\`,
    `      --description '${DESCRIPTION}' --assume-role-policy-document "$trust" >/dev/null`,
    `  elif [ "$found" = "$(printf '%s\\t%s' ${quoteWord(role.arn)} '${DESCRIPTION}')" ]; then`,
    `    aws iam update-assume-role-policy ${name} --policy-document "$trust"`,
    `  else`,
    `    fail ${quoteWord(`the role ${role.name} is there already and was not made by this script: change its trust policy by hand, or take another name`)}`,
    `  fi`,
  ]);
}

function permissionStep({ role }: Setup): string {
  const name = shellOption("--role-name", role.name);
  return guarded(2, role.accountId, `what ${role.name} may do`, [
    ...role.inlinePolicies.map((policy) => `  ${putPolicy(name, policy)}`),
    ...role.managedPolicyArns.map((arn) => `  aws iam attach-role-policy ${name} ${shellOption("--policy-arn", arn)}`),
  ]);
}

function callerStep({ caller }: Setup): string {
  const name = shellOption("--role-name", caller.name);
  return guarded(3, caller.accountId, `that ${caller.name} may assume it`, [
    `  found=$(aws iam get-role ${name} --query Role.Arn --output text)`,
    `  [ "$found" = ${quoteWord(caller.arn)} ] || fail "the role there is $found"`,
    `  ${putPolicy(name, caller.policy)}`,
  ]);
}

function putPolicy(role: string, { name, document }: Setup["caller"]["policy"]): string {
  return `aws iam put-role-policy ${role} ${shellOption("--policy-name", name)} --policy-document ${quoteWord(jsonText(document, 2))}`;
}
