// The role of an EC2 instance, from the instance metadata service.
import { row } from "../row.ts";
import { STATUS } from "../status.ts";

export const INSTANCE = {
  "instance-disabled": row({
    status: STATUS.config,
    message: "the source is the instance, but AWS_EC2_METADATA_DISABLED=true forbids asking it",
    hint: "unset AWS_EC2_METADATA_DISABLED",
    when: "the instance is the source, and `AWS_EC2_METADATA_DISABLED` forbids it",
    fix: "unset `AWS_EC2_METADATA_DISABLED`",
  }),
  "instance-unreachable": row<{ endpoint: string; problem: string; hint?: string }>({
    status: STATUS.unavailable,
    message: (at) => `the instance metadata service at ${at.endpoint} could not be reached: ${at.problem}`,
    hint: (at) => at.hint,
    when: "no answer from the instance metadata service",
    fix: "run on an EC2 instance whose metadata service is on; from a container, allow a hop limit of 2: see [ec2.md](ec2.md)",
  }),
  "instance-refused": row<{ endpoint: string; status: number; detail: string; hint?: string }>({
    status: STATUS.unavailable,
    message: (at) =>
      `the instance metadata service at ${at.endpoint} answered ${String(at.status)}${at.detail === "" ? "" : `: ${at.detail}`}`,
    hint: (at) => at.hint,
    when: "an answer such as 400, 403 or 404, perhaps from a proxy such as kube2iam",
    fix: "see [ec2.md](ec2.md), and the rules of the proxy",
  }),
  "instance-role-missing": row<{ isListEmpty?: boolean; role?: string }>({
    status: STATUS.unavailable,
    message: (at) =>
      at.role !== undefined
        ? `the instance metadata service lists the role ${at.role}, but has no credentials of it (404)`
        : at.isListEmpty === true
          ? "the instance metadata service gave a token, but its list of roles is empty"
          : "this instance has no role",
    hint: (at) =>
      at.role !== undefined
        ? "the instance profile may have been replaced just now: try again in a minute"
        : "attach an instance profile: aws ec2 associate-iam-instance-profile --instance-id ... --iam-instance-profile Name=..." +
          (at.isListEmpty === true ? "; where a proxy such as kube2iam answers, give the pod a role there" : ""),
    when: "an instance without a role, or whose role has been removed",
    fix: "attach an instance profile; if it was just replaced, try again in a minute",
  }),
  "instance-role-refused": row<{ detail: string }>({
    status: STATUS.refused,
    message: (at) => `the instance's role gave no credentials: ${at.detail}`,
    hint: "the role's trust policy must allow ec2.amazonaws.com to assume it",
    when: "an instance role that gives no credentials",
    fix: "the role's trust policy must allow `ec2.amazonaws.com` to assume it",
  }),
  "instance-reply": row<{ endpoint: string; problem: string }>({
    status: STATUS.software,
    message: (at) => `the instance metadata service at ${at.endpoint} sent a reply that makes no sense: ${at.problem}`,
    when: "the instance metadata service sends a reply that makes no sense",
    fix: "check what answers at that address, such as a proxy",
  }),
};
