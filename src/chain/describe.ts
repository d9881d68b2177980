// Shows a plan: as the JSON of docs/contract.md, and its source in words.
import { withoutPassword } from "../errors.ts";
import type { Hop, Plan, Source } from "./types.ts";

/** The plan as `explain --json` prints it, with the passwords of URLs still in it; keys without a value are left out. */
export function planJson(plan: Plan): Record<string, unknown> {
  const { profile, name, region, regionAsGiven, endpoint, source, mfaSession, hops } = plan;
  const { expectAccount, caBundle, renewFrom, warnings } = plan;
  const chain = { source: sourceJson(source), mfaSession, hops: hops.map(hopJson) };
  return {
    profile: name ?? profile,
    region,
    regionAsGiven,
    endpoint,
    ...chain,
    expectAccount,
    caBundle,
    renewFrom,
    warnings,
  };
}

export function sourceJson(source: Source): Record<string, unknown> {
  switch (source.kind) {
    case "static": {
      const { kind, accessKeyId, accountId, from } = source;
      return { kind, accessKeyId, accountId, from };
    }
    case "instance": {
      const { kind, endpoint, timeoutSeconds, attempts, from } = source;
      return { kind, endpoint, timeoutSeconds, attempts, from };
    }
    case "process": {
      const { kind, command, from } = source;
      return { kind, command, from };
    }
    case "web-identity": {
      return asked(source);
    }
    case "environment":
    case "container":
    case "sso":
    case "login":
      return { ...source };
    default:
      return source satisfies never;
  }
}

export function hopJson(hop: Hop): Record<string, unknown> {
  return asked(hop);
}

/** What is asked of STS, `from` last; how the session name came about is no part of it. */
function asked(call: { readonly from: string; readonly sessionNameGenerated: boolean }): Record<string, unknown> {
  const { from, ...rest } = call;
  return { ...rest, sessionNameGenerated: undefined, from };
}

/** The source in a few words, as in "..., may not assume ...". */
export function describeSource(source: Source): string {
  switch (source.kind) {
    case "static":
      return `the keys of profile "${source.profile}" (${source.accessKeyId})`;
    case "environment":
      return "the keys in the environment";
    case "instance":
      return "the instance's role";
    case "container":
      return "the container's role";
    case "web-identity":
      return `web identity for ${source.roleArn}`;
    case "sso":
      return `SSO (${source.session ?? withoutPassword(source.startUrl)})`;
    case "login":
      return `login session (${source.session})`;
    case "process":
      return `the credential_process of profile "${source.profile}"`;
    default:
      return source satisfies never;
  }
}

/** `role team/reader in account 222222222222` */
export const roleInWords = (arn: string): string => `role ${roleName(arn)} in account ${accountOf(arn)}`;

/** The account of an ARN, its fifth field. */
export const accountOf = (arn: string): string => arn.split(":")[4] ?? "";

/** The role's name with its path: what follows `role/`. */
export const roleName = (arn: string): string => arn.replace(/^.*?:role\//, "");

/** The account the plan ends in, as far as the configuration tells: the fifth field of the last role's ARN, or the source's own. */
export function planAccount({ source, hops }: Plan): string | undefined {
  const roleArn = planRole({ source, hops });
  if (roleArn !== undefined) return roleArn.split(":")[4];
  return source.kind === "static" || source.kind === "sso" ? source.accountId : undefined;
}

/** The role the plan ends in, if it has one. */
export function planRole({ source, hops }: Pick<Plan, "source" | "hops">): string | undefined {
  return hops.at(-1)?.roleArn ?? (source.kind === "web-identity" ? source.roleArn : undefined);
}
