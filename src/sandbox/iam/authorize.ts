// Decides whether a caller may perform an action on a resource, over all kinds of policies that AWS evaluates, and denies it in
// AWS's words. Source: "Policy evaluation logic" and "Troubleshoot access denied error messages" of the IAM User Guide.
import type { Identity } from "../world/identity.ts";
import { evaluateIdentity, evaluateResource, type Policy, type Request } from "./evaluate-policy.ts";
import type { Outgoing } from "../http-message.ts";
import type { FoundRole, World } from "../world/world.ts";
import { queryError } from "../services/xml.ts";

/** Policies of one kind, at least one of which must allow the request. The kind is named as AWS names it. */
interface Layer {
  readonly kind: string;
  readonly policies: readonly (Policy | undefined)[];
  /** Whether the policies only contain Deny statements. */
  readonly isDenyOnly?: boolean;
}

/** The resource of a request: a role, or a bucket with its objects. */
export interface Resource {
  /** Undefined if the resource does not exist. */
  readonly accountId: string | undefined;
  readonly policy: Policy | undefined;
  readonly kind: "role trust policy" | "resource-based policy";
}

/**
 * The refusal of an AssumeRole request; undefined if it is allowed. To a caller from another account, AWS does not mention the role
 * or its trust policy.
 */
export function refuseAssuming(
  world: World,
  caller: Identity,
  role: FoundRole | undefined,
  request: Request,
): Outgoing | undefined {
  const resource = { accountId: role?.accountId, policy: role?.trust, kind: "role trust policy" } as const;
  const reason = whyDenied(world, caller, resource, request);
  if (reason === undefined) return undefined;
  const message = `User: ${caller.arn} is not authorized to perform: ${request.action} on resource: ${request.resource}`;
  return queryError(403, "AccessDenied", message + reason);
}

/** Why the request is denied, in AWS's words, as the end of a sentence that may be empty; undefined if it is allowed. */
export function whyDenied(world: World, caller: Identity, resource: Resource, request: Request): string | undefined {
  const { action } = request;
  const isTrust = resource.kind === "role trust policy";
  const isSameAccount = resource.accountId === caller.accountId;
  const isTold = isSameAccount || !isTrust;
  const verdictOf = (policy: Policy | undefined): "deny" | "allow" | "none" => evaluateIdentity(policy, request);
  const theirs = evaluateResource(resource.policy, request);
  const identity: Layer = { kind: "identity-based policy", policies: [caller.policy] };
  const organization = [
    ...organizationOf(world, caller, resource.accountId),
    // The VPC endpoint is the one for STS.
    ...(isTrust ? endpointOf(world) : []),
  ];
  const limits = [...organization, ...limitsOf(caller)];

  for (const { kind, policies } of [...limits, identity]) {
    const policy = policies.find((one) => verdictOf(one) === "deny");
    const id = policy?.Id === undefined ? "" : `: ${policy.Id}`;
    if (policy) return ` with an explicit deny in ${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}${id}`;
  }
  if (theirs === "deny") return isTold ? ` with an explicit deny in ${isTrust ? "the" : "a"} ${resource.kind}` : "";

  // Within an account, a resource policy that names the caller replaces the caller's own policy. One that names the exact user or
  // session also replaces the policies that limit it. Trust policies are documented as an exception from the latter.
  const isNamed = isSameAccount && (theirs === "direct" || theirs === "itself");
  const needed = isNamed ? (theirs === "itself" && !isTrust ? organization : limits) : [identity, ...limits];
  for (const { kind, policies, isDenyOnly } of needed) {
    if (!isDenyOnly && !policies.some((one) => verdictOf(one) === "allow"))
      return ` because no ${kind} allows the ${action} action`;
  }
  const needsTheirs = isTrust || !isSameAccount;
  if (needsTheirs && (resource.accountId === undefined || theirs === "none"))
    return isTold ? ` because no ${resource.kind} allows the ${action} action` : "";
  return undefined;
}

/** Why a token, which has no policy of its own, may not assume the role; undefined if it may. */
export function whyTokenDenied(world: World, role: FoundRole | undefined, request: Request): string | undefined {
  const layers = [...organizationOf(world, undefined, role?.accountId), ...endpointOf(world)];
  for (const { kind, policies, isDenyOnly } of layers) {
    const verdicts = policies.map((one) => evaluateIdentity(one, request));
    if (verdicts.includes("deny")) return ` with an explicit deny in a ${kind}`;
    if (!isDenyOnly && !verdicts.includes("allow")) return ` because no ${kind} allows the ${request.action} action`;
  }
  return evaluateResource(role?.trust, request) === "direct" ? undefined : "";
}

/** The organization's policies for callers and for resources. */
function organizationOf(world: World, caller: Identity | undefined, ownerId: string | undefined): Layer[] {
  const own = world.accounts[caller?.accountId ?? ""]?.serviceControlPolicy;
  const theirs = world.accounts[ownerId ?? ""]?.resourceControlPolicy;
  return [
    ...(own ? [{ kind: "service control policy", policies: [own] }] : []),
    ...(theirs ? [{ kind: "resource control policy", policies: [theirs], isDenyOnly: true }] : []),
  ];
}

const endpointOf = ({ endpointPolicy }: World): Layer[] =>
  endpointPolicy ? [{ kind: "VPC endpoint policy", policies: [endpointPolicy] }] : [];

/** The policies that limit what the caller's own policy allows, if there are any. */
function limitsOf({ boundary, sessionPolicies }: Identity): Layer[] {
  return [
    ...(boundary ? [{ kind: "permissions boundary", policies: [boundary] }] : []),
    ...(sessionPolicies ? [{ kind: "session policy", policies: sessionPolicies }] : []),
  ];
}
