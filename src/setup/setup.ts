// Decides everything that lets one role assume another: policies, profile, notes. The formats only write it.
import { editProfile } from "../config/edit/edit.ts";
import { XroleError } from "../errors/error.ts";
import { callerPolicy } from "./policies/caller-policy.ts";
import type { InlinePolicy, PolicyDocument } from "./policies/document.ts";
import { permissionPolicy } from "./policies/permission-policy.ts";
import type { SetupRequest } from "./types.ts";
import { isReserved, type Role } from "./role.ts";
import { trustPolicy } from "./policies/trust-policy.ts";

export interface Setup {
  readonly profile: string;
  /** The role to create, in the trusting account. */
  readonly role: Role & {
    readonly trustPolicy: PolicyDocument;
    readonly inlinePolicies: readonly InlinePolicy[];
    readonly managedPolicyArns: readonly string[];
  };
  /** The existing role, in the trusted account, and the policy to add to it. */
  readonly caller: Role & { readonly policy: InlinePolicy };
  /** The profile, as text for the config file, and as settings. */
  readonly config: string;
  readonly settings: ReadonlyMap<string, string>;
  /** The words of a command that shows whether it works. */
  readonly trial: readonly string[];
  /** What a reader should know about how AWS treats these roles and policies. */
  readonly notes: readonly string[];
}

/** The description of the role, by which a second run recognizes it. Roles that somebody else created are left alone. */
export const DESCRIPTION = "Made by xrole setup";

/** The most characters in all inline policies of a role, without white space. Source: "IAM and AWS STS quotas". */
const INLINE_LIMIT = 10_240;

/** @throws XroleError `usage` for more inline policies than a role can have */
export function planSetup(request: SetupRequest): Setup {
  const { profile, from, to, policyArns, policy, source, externalId, region } = request;
  const buckets = permissionPolicy(request);
  const inlinePolicies: InlinePolicy[] = [
    ...(buckets ? [{ name: "xrole-s3", document: buckets }] : []),
    ...(policy ? [{ name: "xrole-policy", document: policy }] : []),
  ];
  const size = inlinePolicies.reduce((sum, { document }) => sum + JSON.stringify(document).length, 0);
  if (size > INLINE_LIMIT)
    throw new XroleError("usage", {
      problem: `these policies have ${size} characters, and the inline policies of a role at most ${INLINE_LIMIT}`,
      hint: "make a managed policy of them, and give it with --policy-arn",
    });
  const settings = new Map([
    ["role_arn", to.arn],
    source,
    ...(region === undefined ? [] : ([["region", region]] as const)),
    ...(externalId === undefined ? [] : ([["external_id", externalId]] as const)),
  ]);
  return {
    profile,
    role: { ...to, trustPolicy: trustPolicy(request), inlinePolicies, managedPolicyArns: policyArns },
    caller: {
      ...from,
      policy: { name: `xrole-assume-${to.accountId}-${to.name}`, document: callerPolicy(request) },
    },
    config: editProfile("", "", { profile, settings }),
    settings,
    trial: trial(request),
    notes: notes(request),
  };
}

function trial({ profile, buckets }: SetupRequest): string[] {
  const [bucket] = buckets;
  const command = bucket ? ["s3", "ls", `s3://${bucket.name}/`] : ["sts", "get-caller-identity"];
  return ["xrole", "exec", profile, "--", "aws", ...command];
}

function notes({ from, to, source, buckets, allowTags, externalId }: SetupRequest): string[] {
  const said = (isSaid: boolean, text: string): string[] => (isSaid ? [text] : []);
  return [
    `${from.name} must exist first: AWS keeps its unique id in the trust policy, not its name. Where ${from.name} is deleted and created again, save the trust policy again.`,
    ...said(
      isReserved(from),
      `${from.name} belongs to IAM Identity Center or to a service, and cannot be changed in IAM: where it is a permission set's, put its policy there.`,
    ),
    ...said(
      !allowTags && source[1] === "EcsContainer",
      "EKS Pod Identity tags its sessions, and the tags go along to the next role: on EKS add --allow-tags.",
    ),
    ...said(
      buckets.length > 0,
      `A bucket that is encrypted with a KMS key of its own also needs kms:Decrypt (and kms:GenerateDataKey to write) for ${to.name}.`,
    ),
    ...said(externalId !== undefined, "An external id is no secret; it must only be the same on both sides."),
  ];
}
