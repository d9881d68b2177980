// Writes a setup as a Terraform module. It needs an AWS CLI profile of an administrator in each account.
import { partitionOfArn } from "../../plan/aws/partitions.ts";
import { configureLine } from "./configure-line.ts";
import type { InlinePolicy } from "../policies/document.ts";
import { alignedLines, hclOf, hclText } from "./hcl.ts";
import { jsonText } from "./json-text.ts";
import { DESCRIPTION, type Setup } from "../setup.ts";

type Attributes = Readonly<Record<string, string>>;

export function terraformModule(setup: Setup): string {
  const { profile, role, caller, notes } = setup;
  const inline = role.inlinePolicies.map((policy) =>
    resource("aws_iam_role_policy", policy.name.replace(/^xrole-/, ""), {
      provider: "aws.trusting",
      role: "aws_iam_role.this.name",
      ...policyAttributes(policy),
    }),
  );
  const attached = role.managedPolicyArns.map((arn, at) =>
    resource("aws_iam_role_policy_attachment", `managed_${at + 1}`, {
      provider: "aws.trusting",
      role: "aws_iam_role.this.name",
      policy_arn: hclText(arn),
    }),
  );
  const blocks = [
    `terraform {\n  required_providers {\n    aws = {\n      source = "hashicorp/aws"\n    }\n  }\n}\n`,
    ...account("trusting", role),
    ...account("trusted", caller),
    resource("aws_iam_role", "this", {
      provider: "aws.trusting",
      name: hclText(role.name),
      path: hclText(role.path),
      description: hclText(DESCRIPTION),
      assume_role_policy: `jsonencode(${hclOf(role.trustPolicy, 2)})`,
    }),
    ...inline,
    ...attached,
    resource("aws_iam_role_policy", "caller", {
      provider: "aws.trusted",
      role: hclText(caller.name),
      ...policyAttributes(caller.policy),
    }),
  ];
  return `# xrole setup ${jsonText(profile)}
# Lets ${jsonText(caller.arn)} assume ${jsonText(role.arn)}.
# Then, on the host:
#   ${configureLine(setup)}
#
${notes.map((note) => `# - ${note}\n`).join("")}
${blocks.join("\n")}`;
}

/** The provider for one account. It refuses credentials of other accounts. */
function account(alias: string, { accountId, arn }: Setup["caller"] | Setup["role"]): string[] {
  const variable = {
    description: hclText(
      `AWS CLI profile of an administrator in account ${accountId}; null for the environment's credentials`,
    ),
    type: "string",
    default: "null",
  };
  const provider = {
    alias: hclText(alias),
    region: hclText(partitionOfArn(arn).defaultRegion),
    profile: `var.${alias}_profile`,
    allowed_account_ids: `[${hclText(accountId)}]`,
  };
  return [block(`variable "${alias}_profile"`, variable), block(`provider "aws"`, provider)];
}

const policyAttributes = ({ name, document }: InlinePolicy): Attributes => ({
  name: hclText(name),
  policy: `jsonencode(${hclOf(document, 2)})`,
});

const resource = (type: string, name: string, attributes: Attributes): string =>
  block(`resource "${type}" "${name}"`, attributes);

function block(head: string, attributes: Attributes): string {
  const entries = Object.entries(attributes).map(([name, text]) => ({ name, text }));
  return `${head} {\n${alignedLines(entries, "  ")}}\n`;
}
