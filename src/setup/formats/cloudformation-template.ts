// Writes a setup as one CloudFormation template for both accounts; it creates in each account what belongs there.
import { XroleError } from "../../errors/error.ts";
import { configureLine } from "./configure-line.ts";
import type { InlinePolicy } from "../policies/document.ts";
import { jsonText } from "./json-text.ts";
import { DESCRIPTION, type Setup } from "../setup.ts";
import { yamlOf } from "./yaml.ts";

/** @throws XroleError `usage` for a policy that CloudFormation would alter */
export function cloudformationTemplate(setup: Setup): string {
  const { profile, role, caller, notes } = setup;
  const account = { Ref: "AWS::AccountId" };
  const accounts = [...new Set([role.accountId, caller.accountId])];
  for (const part of [role, caller]) expectLiteral(part);
  const template = {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: `${DESCRIPTION}: ${caller.arn} may assume ${role.arn}`.slice(0, 1024),
    Rules: {
      Account: {
        Assertions: [
          {
            Assert: { "Fn::Contains": [accounts, account] },
            AssertDescription: `This stack is for the accounts ${accounts.join(" and ")}`,
          },
        ],
      },
    },
    Conditions: {
      IsTrusting: { "Fn::Equals": [account, role.accountId] },
      IsTrusted: { "Fn::Equals": [account, caller.accountId] },
    },
    Resources: {
      Role: {
        Type: "AWS::IAM::Role",
        Condition: "IsTrusting",
        Properties: {
          RoleName: role.name,
          Path: role.path,
          Description: DESCRIPTION,
          AssumeRolePolicyDocument: role.trustPolicy,
          ...(role.managedPolicyArns.length > 0 && { ManagedPolicyArns: role.managedPolicyArns }),
        },
      },
      ...Object.fromEntries(
        role.inlinePolicies.map((policy, at) => [`Policy${at + 1}`, attached("IsTrusting", { Ref: "Role" }, policy)]),
      ),
      CallerPolicy: attached("IsTrusted", caller.name, caller.policy),
    },
  };
  return `# xrole setup ${jsonText(profile)}
# Deploy it in ${accounts.map((id) => `account ${id}`).join(" and in ")}: it makes in each what belongs there.
#   aws cloudformation deploy --stack-name ${stackName(role.name)} --template-file FILE --capabilities CAPABILITY_NAMED_IAM
# Then, on the host:
#   ${configureLine(setup)}
#
${notes.map((note) => `# - ${note}\n`).join("")}${yamlOf(template)}
`;
}

const attached = (condition: string, role: unknown, { name, document }: InlinePolicy): object => ({
  Type: "AWS::IAM::Policy",
  Condition: condition,
  Properties: { PolicyName: name, Roles: [role], PolicyDocument: document },
});

/** The name of a stack: letters, digits and hyphens, beginning with a letter. */
const stackName = (role: string): string => `xrole-${role.replace(/[^a-z0-9]+/gi, "-")}`.slice(0, 128);

/** Rejects text that CloudFormation would replace: it does so anywhere, and has no way to quote it. */
function expectLiteral(value: unknown): void {
  if (typeof value === "string" && value.includes("{{resolve:")) throw notLiteral("{{resolve:");
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value) && (key === "Ref" || key.startsWith("Fn::"))) throw notLiteral(key);
    expectLiteral(inner);
  }
}

const notLiteral = (what: string): XroleError =>
  new XroleError("usage", {
    problem: `CloudFormation would replace ${what} in the policy by something else`,
    hint: "take another --format",
  });
