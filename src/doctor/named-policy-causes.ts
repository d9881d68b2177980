// Finds the cause of a refused call if AWS names the kind of policy that denied it.
import { accountOf, roleName } from "../plan/show/describe.ts";
import type { Hop } from "../plan/sts-calls.ts";
import type { Denial } from "./access-denied-message.ts";
import type { Principal } from "./principal.ts";
import { pathNote, see } from "./fixes.ts";
import { callerStatement, trustStatement } from "./statements.ts";
import type { Cause, Fix } from "./types.ts";

type By = NonNullable<Denial["by"]>;

/**
 * The cause that AWS named. Undefined for a trust policy without an Allow, since AWS does not say why it has none (likely-causes.ts).
 * @param caller undefined if it is not known; then there are no statements
 */
export function namedCause(by: By, denial: Denial, hop: Hop, caller: Principal | undefined): Cause | undefined {
  const action = denial.action ?? "sts:AssumeRole";
  const own = caller?.account ?? "";
  const whose = caller?.name ?? "the caller";
  const named = (cause: string, text: string, fixes: readonly Fix[]): Cause => ({
    cause,
    likelihood: "named",
    text: `${text}${by.policyArn === undefined ? "" : `: ${by.policyArn}`}`,
    fixes,
  });
  const role = roleName(hop.roleArn);
  const at = (account: string | undefined): { account?: string } => (account === undefined ? {} : { account });
  const add = (account: string | undefined, where: string): Fix[] => [
    { do: "add", ...at(account), where, statement: callerStatement(hop, action) },
  ];
  /** An Allow does not override a Deny, so the condition of the Deny must exempt the caller. */
  const exempt = (account: string | undefined, where: string): Fix[] => {
    if (!caller || caller.kind === "root") return [see(`take the Deny of ${action} out of ${where}`)];
    const [operator, arn] = caller.like === undefined ? ["ArnNotEquals", caller.arn] : ["ArnNotLike", caller.like];
    return [{ do: "exempt", ...at(account), where, condition: { [operator]: { "aws:PrincipalArn": arn } } }];
  };
  const policy = by.policyArn === undefined ? "" : ` (${by.policyArn})`;
  // The organization's management account owns its policies; their ARNs contain its id.
  const keeper = by.policyArn === undefined ? undefined : accountOf(by.policyArn);

  switch (by.kind) {
    case "identity":
      return by.isExplicit
        ? named(
            "deny-identity",
            `a policy of ${whose} denies ${action}`,
            exempt(own, `the policy of ${whose} that holds it${policy}`),
          )
        : named(
            "caller-policy",
            `no policy of ${whose} allows ${action} on this role`,
            add(own, `a policy of ${whose}`),
          );
    case "resource":
    case "trust":
      if (!by.isExplicit) return undefined;
      return named(
        "deny-trust",
        `the trust policy of role ${role} denies ${action}`,
        exempt(accountOf(hop.roleArn), `the trust policy of role ${role}`),
      );
    case "service-control": {
      const where = `the organization's service control policy for account ${own}${policy}`;
      return by.isExplicit
        ? named("deny-scp", `a service control policy for account ${own} denies ${action}`, exempt(keeper, where))
        : named("scp", `no service control policy for account ${own} allows ${action}`, add(keeper, where));
    }
    case "resource-control": {
      const account = accountOf(hop.roleArn);
      const where = `the organization's resource control policy for account ${account}${policy}`;
      return named(
        "deny-rcp",
        `a resource control policy for account ${account} denies ${action}`,
        exempt(keeper, where),
      );
    }
    case "boundary":
      return by.isExplicit
        ? named(
            "deny-boundary",
            `the permissions boundary of ${whose} denies ${action}`,
            exempt(own, `the permissions boundary of ${whose}${policy}`),
          )
        : named(
            "boundary",
            `the permissions boundary of ${whose} does not allow ${action}`,
            add(own, `the permissions boundary of ${whose}${policy}`),
          );
    case "session": {
      const text = `the session of ${whose} was narrowed by a session policy, which ${by.isExplicit ? "denies" : "does not allow"} ${action}`;
      const where = `the session policy of the session of ${whose}`;
      const fix = by.isExplicit ? exempt(own, where) : add(own, where);
      const origin =
        "whoever opened the session gave it the policy (--policy, --policy-arn, --read-only, a broker): open it without, or add to it";
      return named(by.isExplicit ? "deny-session-policy" : "session-policy", text, [...fix, see(origin)]);
    }
    case "vpc-endpoint": {
      const where = "the policy of the VPC endpoint for STS on the way";
      // The policy of an endpoint belongs to the network's account, which may not be the caller's, and it names principals.
      const statement = { ...callerStatement(hop, action), Principal: { AWS: caller?.arn ?? "*" } };
      return by.isExplicit
        ? named("deny-vpc-endpoint", `${where} denies ${action}`, exempt(undefined, `${where}${policy}`))
        : named("vpc-endpoint", `${where} does not allow ${action}`, [{ do: "add", where, statement }]);
    }
    default:
      return by.kind satisfies never;
  }
}

/** Across accounts both sides must allow the call. This is what the other side needs, if AWS named only one. */
export function otherSide(hop: Hop, caller: Principal | undefined, action: string | undefined): Cause | undefined {
  if (!caller || caller.account === accountOf(hop.roleArn)) return undefined;
  const role = roleName(hop.roleArn);
  return {
    cause: "trust",
    likelihood: "possible",
    text: `across accounts the role's side must allow it too, which AWS shows only after this: the trust policy of role ${role}`,
    fixes: [
      {
        do: "add",
        account: accountOf(hop.roleArn),
        where: `the trust policy of role ${role}`,
        statement: trustStatement(hop, caller, action),
      },
      ...pathNote(caller),
    ],
  };
}
