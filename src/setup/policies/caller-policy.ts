// Makes the policy that allows the host's role to assume the other role. Across accounts, both sides must allow it.
import { policyOf, type PolicyDocument } from "./document.ts";
import type { SetupRequest } from "../types.ts";
import { sessionActions } from "./session-actions.ts";

export function callerPolicy(request: SetupRequest): PolicyDocument {
  const more = sessionActions(request);
  const Action = more ? ["sts:AssumeRole", ...[more].flat()] : "sts:AssumeRole";
  return policyOf([{ Sid: "AssumeRole", Effect: "Allow", Action, Resource: request.to.arn }]);
}
