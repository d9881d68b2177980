// Turns the caller's ARN from STS into a principal for policies. Source: "AWS JSON policy elements: Principal" of the IAM User Guide.

export interface Principal {
  readonly account: string;
  /** For the Principal element of a trust policy: a role or user, otherwise the account. */
  readonly arn: string;
  readonly kind: "role" | "user" | "root" | "federated";
  /** `role app-host`, `user alice`. */
  readonly name: string;
  /** For aws:PrincipalArn with ArnLike, if the ARN has parts that are not in the caller's. */
  readonly like?: string;
  /** Whether the ARN was made from a session's ARN, which does not contain the path of the role. */
  readonly mayLackPath: boolean;
}

/**
 * The principal for a caller's ARN; undefined for an unknown kind of ARN.
 * @param roles ARNs of the roles in the chain, whose paths are known
 */
export function principalOf(arn: string, roles: readonly string[]): Principal | undefined {
  const [, partition = "", service = "", account = "", resource = ""] =
    /^arn:([\w-]+):(iam|sts)::(\d{12}):(.+)$/.exec(arn) ?? [];
  if (resource === "") return undefined;
  const root = `arn:${partition}:iam::${account}:root`;
  if (resource === "root") return { account, arn: root, kind: "root", name: "the root user", mayLackPath: false };
  const [kind = "", ...path] = resource.split("/");
  const name = path.at(-1) ?? "";
  switch (kind) {
    case "user":
      return { account, arn, kind, name: `user ${name}`, mayLackPath: false };
    case "federated-user":
      return { account, arn, kind: "federated", name: `federated user ${name}`, mayLackPath: false };
    case "role":
      return { account, arn, kind, name: `role ${name}`, mayLackPath: false };
    case "assumed-role": {
      const role = path[0] ?? "";
      const prefix = `arn:${partition}:iam::${account}:role/`;
      const known = roles.find((one) => one.startsWith(prefix) && one.endsWith(`/${role}`));
      const found = { account, kind: "role" as const, name: `role ${role}` };
      if (known !== undefined) return { ...found, arn: known, mayLackPath: false };
      // The roles of Identity Center have a path with a region in it, and are created again. The guide recommends the account and a pattern.
      if (role.startsWith("AWSReservedSSO_"))
        return { ...found, arn: root, like: `${prefix}aws-reserved/sso.amazonaws.com/*${role}`, mayLackPath: false };
      return { ...found, arn: prefix + role, mayLackPath: service === "sts" };
    }
    default:
      return undefined;
  }
}
