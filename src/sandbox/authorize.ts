// Decides whether a caller may assume a role, over every kind of policy that AWS looks at, and denies in AWS's words. Source:
// "Policy evaluation logic" and "Troubleshoot access denied error messages" of the IAM User Guide.
import type { Identity } from "./identity.ts";
import { evaluateIdentity, evaluateResource, type Policy, type Request } from "./policy.ts";
import type { Outgoing } from "./serve.ts";
import type { FoundRole, World } from "./world.ts";
import { queryError } from "./xml.ts";

/** A policy that stands in the way unless it allows; as AWS names its kind. */
interface Layer {
  readonly kind: string;
  readonly policies: readonly (Policy | undefined)[];
  /** It holds Deny statements only. */
  readonly isDenyOnly?: boolean;
}

/** The refusal of the request, if there is one. AWS does not tell another account's caller about the role or its trust policy. */
export function refuseAssuming(
  world: World,
  caller: Identity,
  role: FoundRole | undefined,
  request: Request,
): Outgoing | undefined {
  const { action, resource } = request;
  const denied = (reason: string): Outgoing =>
    queryError(
      403,
      "AccessDenied",
      `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource}${reason}`,
    );
  const isSameAccount = role?.accountId === caller.accountId;
  const verdictOf = (policy: Policy | undefined): "deny" | "allow" | "none" => evaluateIdentity(policy, request);
  const trust = evaluateResource(role?.trust, request);
  const identity: Layer = { kind: "identity-based policy", policies: [caller.policy] };
  const limits = limitsOf(world, caller, role);

  for (const { kind, policies } of [...limits, identity]) {
    const policy = policies.find((one) => verdictOf(one) === "deny");
    const id = policy?.Id === undefined ? "" : `: ${policy.Id}`;
    if (policy) return denied(` with an explicit deny in ${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}${id}`);
  }
  if (trust === "deny") return denied(isSameAccount ? " with an explicit deny in the role trust policy" : "");

  // Within an account, a trust policy that names the caller itself stands in for the caller's own policy.
  const needed = trust === "direct" && isSameAccount ? limits : [identity, ...limits];
  for (const { kind, policies, isDenyOnly } of needed) {
    if (!isDenyOnly && !policies.some((one) => verdictOf(one) === "allow"))
      return denied(` because no ${kind} allows the ${action} action`);
  }
  if (!role || trust === "none")
    return denied(isSameAccount ? ` because no role trust policy allows the ${action} action` : "");
  return undefined;
}

/** What narrows what the caller's own policy allows: those of these that there are. */
function limitsOf(world: World, caller: Identity, role: FoundRole | undefined): Layer[] {
  const own = world.accounts[caller.accountId]?.serviceControlPolicy;
  const theirs = world.accounts[role?.accountId ?? ""]?.resourceControlPolicy;
  const { endpointPolicy } = world;
  const { boundary, sessionPolicies } = caller;
  return [
    ...(own ? [{ kind: "service control policy", policies: [own] }] : []),
    ...(theirs ? [{ kind: "resource control policy", policies: [theirs], isDenyOnly: true }] : []),
    ...(endpointPolicy ? [{ kind: "VPC endpoint policy", policies: [endpointPolicy] }] : []),
    ...(boundary ? [{ kind: "permissions boundary", policies: [boundary] }] : []),
    ...(sessionPolicies ? [{ kind: "session policy", policies: sessionPolicies }] : []),
  ];
}
