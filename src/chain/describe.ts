// Shows a plan: as the JSON of docs/contract.md, and in words.
import type { Hop, Plan, Source } from "./types.ts";

/** The plan as `explain --json` prints it; keys without a value are left out. */
export function planJson(plan: Plan): Record<string, unknown> {
  const { profile, region, endpoint, source, mfaSession, hops, expectAccount, caBundle, renewFrom, warnings } = plan;
  const chain = { source: sourceJson(source), mfaSession, hops: hops.map(hopJson) };
  return { profile, region, endpoint, ...chain, expectAccount, caBundle, renewFrom, warnings };
}

export function sourceJson(source: Source): Record<string, unknown> {
  switch (source.kind) {
    case "static": {
      const { kind, accessKeyId, accountId, from } = source;
      return { kind, accessKeyId, accountId, from };
    }
    case "instance": {
      const { kind, endpoint, from } = source;
      return { kind, endpoint, from };
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
      return source;
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
      return `SSO (${source.session ?? source.startUrl})`;
    case "login":
      return `login session (${source.session})`;
    case "process":
      return `the credential_process of profile "${source.profile}"`;
    default:
      return source satisfies never;
  }
}

/** The plan for people: one line a step, each with the file and line that set it. */
export function planText(plan: Plan): string {
  const { profile, region, regionOrigin, endpoint, source, mfaSession, hops, expectAccount, caBundle, renewFrom } =
    plan;
  const regionText =
    region === undefined
      ? "the instance's own, asked when needed"
      : regionOrigin === "partition"
        ? `none set; STS is called in ${region}`
        : region;
  const lines: (readonly [string, string, string?])[] = [
    ["profile", profile],
    ["region", regionText],
    ...(endpoint === undefined ? [] : [["endpoint", endpoint] as const]),
    ...(caBundle === undefined ? [] : [["ca bundle", caBundle.file, caBundle.from] as const]),
    ["source", describeSource(source), source.from],
    ...(source.kind === "web-identity" ? [["", sessionDetails(source)] as const] : []),
    ...(mfaSession ? [["session", `MFA ${mfaSession.mfaSerial}, for all hops`, mfaSession.from] as const] : []),
    ...hops.flatMap((hop, index) => [
      [`hop ${String(index + 1)}`, hop.roleArn, hop.from] as const,
      ["", sessionDetails(hop)] as const,
    ]),
    ...(expectAccount === undefined ? [] : [["expected", `account ${expectAccount}`] as const]),
    ...(renewFrom === undefined ? [] : [["renewed", "while a command runs", renewFrom] as const]),
  ];
  return lines
    .filter(([name, text]) => name !== "" || text !== "")
    .map(([name, text, from]) => `${name.padEnd(10)}${text}${from === undefined ? "" : `   (${from})`}\n`)
    .join("");
}

function sessionDetails(session: Partial<Hop>): string {
  const {
    sessionName,
    durationSeconds,
    externalId,
    mfaSerial,
    sourceIdentity,
    tags,
    transitiveTagKeys,
    policy,
    policyArns,
  } = session;
  const parts: readonly (readonly [string, string | undefined])[] = [
    ["session", sessionName],
    ["for", durationSeconds === undefined ? undefined : `${String(durationSeconds)} s`],
    ["external id", externalId],
    ["MFA", mfaSerial],
    ["source identity", sourceIdentity],
    [
      "tags",
      tags &&
        Object.entries(tags)
          .map((tag) => tag.join("="))
          .join(" "),
    ],
    ["transitive", transitiveTagKeys?.join(" ")],
    ["narrowed by", [...(policyArns ?? []), ...(policy === undefined ? [] : ["a policy"])].join(" ") || undefined],
  ];
  return parts.flatMap(([name, text]) => (text === undefined ? [] : [`${name} ${text}`])).join(", ");
}

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
