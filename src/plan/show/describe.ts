// Shows a plan: as the JSON of docs/contract.md, and its source in words.
import { factsAbout, type Source } from "../../sources/kinds.ts";
import type { Hop } from "../sts-calls.ts";
import type { Plan } from "../types.ts";

/** The plan as `explain --json` prints it, still with the passwords of URLs. Keys without a value are left out. */
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

export const sourceJson = (source: Source): Record<string, unknown> => factsAbout(source).json(source);

/** The call to STS, with `from` last. Whether the session name was generated is not shown. */
export function hopJson({ from, ...rest }: Hop): Record<string, unknown> {
  return { ...rest, sessionNameGenerated: undefined, from };
}

/** The source in a few words, as in "..., may not assume ...". */
export const describeSource = (source: Source): string => factsAbout(source).describe(source);

/** `role team/reader in account 222222222222` */
export const roleInWords = (arn: string): string => `role ${roleName(arn)} in account ${accountOf(arn)}`;

/** The account of an ARN, its fifth field. */
export const accountOf = (arn: string): string => arn.split(":")[4] ?? "";

/** The role's name with its path: what follows `role/`. */
export const roleName = (arn: string): string => arn.replace(/^.*?:role\//, "");

/** The account of the plan's final credentials, if the configuration tells it: from the last role's ARN, or from the source. */
export function planAccount({ source, hops }: Plan): string | undefined {
  const roleArn = planRole({ source, hops });
  if (roleArn !== undefined) return roleArn.split(":")[4];
  return factsAbout(source).accountId(source);
}

/** The role of the plan's final credentials, if it has one. */
export function planRole({ source, hops }: Pick<Plan, "source" | "hops">): string | undefined {
  return hops.at(-1)?.roleArn ?? source.roleArn;
}
