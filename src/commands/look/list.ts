// `xrole list`: lists the profiles with the role and source of each. A broken profile is listed with its error.
import { describeSource, hopJson, planAccount, planRole, sourceJson } from "../../plan/show/describe.ts";
import type { Plan } from "../../plan/types.ts";
import { misspeltHeaders } from "../../config/absent-profile.ts";
import { loadConfig } from "../../config/load.ts";
import { location } from "../../config/location.ts";
import type { Section } from "../../config/types.ts";
import type { Context } from "../../context/types.ts";
import { formatTable } from "../../terminal/table.ts";
import { visibleJson } from "../../terminal/visible.ts";
import { withoutPasswords } from "../../errors/passwords.ts";
import { headerInWords, missingFiles } from "../../errors/words.ts";
import { profileRows, type Row } from "../shared/profile-row.ts";
import { JSON_OPTION } from "../shared/common-options.ts";
import type { Declaration, Invocation } from "../shared/declaration.ts";

export const declaration = {
  name: "list",
  group: "Look",
  summary: "list the profiles, and the role and source behind each",
  arguments: [["[pattern]", "part of a name, or a pattern with * and ?"]],
  options: [JSON_OPTION],
  examples: [["xrole list 'prod-*'", "the profiles whose names start with prod-"]],
} as const satisfies Declaration;

export async function run(
  context: Context,
  { profile: pattern, options, warn }: Invocation<typeof declaration>,
): Promise<number> {
  const config = loadConfig(context);
  const rows = profileRows(context, config, pattern);
  if (options.json === true) {
    await context.stdout.write(`${visibleJson(withoutPasswords(rows.map(rowJson)), 2)}\n`);
    return 0;
  }
  if (config.looked?.areHidden)
    warn("profiles are hidden by --renew or serve: AWS_CONFIG_FILE is a file of xrole's here");
  for (const header of misspeltHeaders(config)) warn(headerInWords(header));
  const missing = missingFiles(config.looked?.missing ?? []);
  if (rows.length === 0)
    warn(
      pattern === undefined
        ? `there are no profiles${missing ? `: ${missing}` : ""}; to write one: xrole configure NAME`
        : `no profile matches "${pattern}"`,
    );
  else await context.stdout.write(formatTable(["PROFILE", "ACCOUNT", "ROLE", "SOURCE", "CHAIN"], rows.map(rowCells)));
  return 0;
}

function rowJson(row: Row): Record<string, unknown> {
  const profile = row.section.name;
  if ("error" in row) {
    const { code, message, hint } = row.error;
    return { profile, from: location(row.section), error: { code, message, hint } };
  }
  const { plan } = row;
  return {
    profile,
    region: plan.region,
    accountId: planAccount(plan),
    roleArn: planRole(plan),
    source: sourceJson(plan.source),
    hops: plan.hops.map(hopJson),
    from: plan.hops.at(-1)?.from ?? plan.source.from,
  };
}

function rowCells(row: Row): string[] {
  if ("error" in row) return [row.section.name, "", "", "", `error: ${row.error.message}`];
  const { plan } = row;
  const names = plan.hops.map(({ profile }) => profile);
  const chain = names.length > 1 ? names.join(" -> ") : isSourceOnly(row.section, plan) ? "source only" : "";
  const role = planRole(plan)?.replace(/^.*:role\//, "") ?? "";
  return [row.section.name, planAccount(plan) ?? "", role, describeSource(plan.source), chain];
}

/** A profile that provides a credential_source to others and is not usable by itself (rule 27). */
const isSourceOnly = (section: Section, { hops }: Plan): boolean =>
  hops.length === 0 && section.settings.has("credential_source");
