// The role of an ECS task or an EKS pod, from the container credential endpoint.
import { endedHint } from "../hints.ts";
import { withoutUser } from "../passwords.ts";
import { row } from "../row.ts";
import { STATUS } from "../status.ts";

const isAway = ({ status }: { readonly status: number }): boolean => status === 429 || status >= 500;

export const CONTAINER = {
  "container-unset": row<{ where: string }>({
    status: STATUS.config,
    message: (at) =>
      `${at.where}: the source is the container, but neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set`,
    hint: "ECS sets them for a task with a task role, EKS for a pod with Pod Identity",
    when: "`credential_source = EcsContainer` outside a container",
    fix: "give the ECS task a task role, or the pod a Pod Identity association",
  }),
  "container-uri": row<{ name: string; value: string; problem: string; hint?: string }>({
    status: STATUS.config,
    message: (at) => `${at.name} = ${withoutUser(at.value)} ${at.problem}`,
    hint: (at) => at.hint,
    when: "a container address that is not allowed",
    fix: "leave the variable as ECS or EKS sets it",
  }),
  "container-token": row<{ name: string; problem: string; isOurs?: boolean }>({
    status: STATUS.config,
    message: (at) => `${at.name}: ${at.problem}`,
    hint: endedHint,
    when: "the container's authorization token, or the token's file, cannot be used",
    fix: "if `xrole serve` or `exec --renew` set the variables and has ended, start it again",
  }),
  "container-unreachable": row<{ endpoint: string; problem: string; isOurs?: boolean }>({
    status: STATUS.unavailable,
    message: (at) => `the container credential endpoint at ${at.endpoint} could not be reached: ${at.problem}`,
    hint: endedHint,
    when: "no answer from the container endpoint",
    fix: "if `xrole serve` or `exec --renew` set the variables and has ended, start it again",
  }),
  "container-refused": row<{ endpoint: string; status: number; detail: string; hint?: string }>({
    status: STATUS.refused,
    or: { status: STATUS.tryLater, applies: isAway },
    message: (at) =>
      isAway(at)
        ? `the container credential endpoint at ${at.endpoint} answered ${String(at.status)}${at.detail}`
        : `the container credential endpoint at ${at.endpoint} refused: ${String(at.status)}${at.detail}`,
    hint: (at) =>
      isAway(at)
        ? "trying later may help"
        : (at.hint ?? "check the task role, and AWS_CONTAINER_AUTHORIZATION_TOKEN or its file"),
    when: "the container endpoint refuses; 75 for HTTP status 429 and 5xx",
    fix: "check the task role, and `AWS_CONTAINER_AUTHORIZATION_TOKEN` or its file; for 75, try again later",
  }),
  "container-role-refused": row<{ detail: string }>({
    status: STATUS.refused,
    message: (at) => `the container's role gave no credentials: ${at.detail}`,
    hint: "check the role of the ECS task or of the pod; its trust policy must allow ecs-tasks.amazonaws.com (ECS) or pods.eks.amazonaws.com (EKS)",
    when: "a task's or pod's role that gives no credentials",
    fix: "its trust policy must allow `ecs-tasks.amazonaws.com` (ECS) or `pods.eks.amazonaws.com` (EKS)",
  }),
  "container-reply": row<{ endpoint: string; problem: string }>({
    status: STATUS.software,
    message: (at) =>
      `the container credential endpoint at ${at.endpoint} sent a reply that makes no sense: ${at.problem}`,
    when: "the container endpoint sends a reply that makes no sense",
    fix: "check what answers at that address",
  }),
};
