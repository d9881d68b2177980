// `xrole configure`: adds or changes one profile in the config file, if the result can be planned.
import { missingSetting } from "../../plan/edited/missing-setting.ts";
import { wantedSettings } from "../../plan/edited/wanted-settings.ts";
import { loadConfig } from "../../config/load.ts";
import type { Section } from "../../config/types.ts";
import type { Context } from "../../context/types.ts";
import { unifiedDiff } from "../../terminal/diff.ts";
import { visible } from "../../terminal/visible.ts";
import { XroleError } from "../../errors/error.ts";
import { previewChange, writeChange, type Change } from "../shared/change-config.ts";
import type { Declaration, Invocation } from "../shared/declaration.ts";

export const declaration = {
  name: "configure",
  group: "Set up and repair",
  summary: "add or change one profile in the config file",
  arguments: [["<profile>", "its name; it is added when it is not there"]],
  options: [
    ["--source-profile <name>", "profile whose credentials assume it; replaces credential_source"],
    ["--credential-source <name>", "Ec2InstanceMetadata, EcsContainer or Environment; replaces source_profile"],
    ["--mfa-process <command>", "mfa_process"],
    ["--web-identity-token-file <file>", "web_identity_token_file"],
    ["--credential-process <command>", "credential_process"],
    ["--sso-session <name>", "sso_session"],
    ["--endpoint-url <url>", "endpoint_url"],
    ["--set <key=value>", "any other setting that xrole reads; may be repeated", { repeatable: true }],
    ["--dry-run", "print the difference, and write nothing"],
  ],
  settingOptions: true,
  examples: [
    [
      "xrole configure b-s3 --role-arn arn:aws:iam::222222222222:role/role-b-s3 --credential-source EcsContainer",
      "without them, it asks",
    ],
    ['xrole configure b-s3 --external-id "" --dry-run', "what taking the external id away would change"],
  ],
} as const satisfies Declaration;

const SOURCES = ["Ec2InstanceMetadata", "EcsContainer", "Environment"];

export async function run(
  context: Context,
  { profile = "", options, warn }: Invocation<typeof declaration>,
): Promise<number> {
  const before = loadConfig(context).profiles.get(profile);
  const settings = await askMissing(context, profile, before, wantedSettings(options));
  if (settings.size === 0)
    throw new XroleError("usage", { problem: "there is nothing to change", hint: "xrole configure --help" });
  const isDry = options.dryRun === true;
  const change = isDry
    ? previewChange(context, { profile, settings })
    : await writeChange(context, { profile, settings });
  change.edited.warnings.forEach(warn);
  if (change.otherNames !== undefined && change.otherNames > 0)
    warn(
      `${change.file} was one of ${String(change.otherNames + 1)} hard links to the same file; it is a file of its own now, and the others keep the old content`,
    );
  if (isDry) await context.stdout.write(unifiedDiff(change.file, change.before, change.edited.text));
  if (options.quiet !== true) await context.stderr.write(`${visible(describe(change, profile, isDry))}\n`);
  return 0;
}

/** The settings, and answers from the terminal for those that are missing. @throws XroleError `usage` if there is no answer */
async function askMissing(
  { ask }: Context,
  profile: string,
  before: Section | undefined,
  wanted: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const asked = new Map<string, string>();
  // In a new profile the role comes first, whether from an option or from an answer.
  const role = [...wanted].filter(([key]) => key === "role_arn");
  const all = (): Map<string, string> => new Map([...role, ...asked, ...wanted]);
  for (let what = missingSetting(before, all()); what !== undefined; what = missingSetting(before, all())) {
    const isRole = what === "role_arn";
    const question = isRole ? "Role to assume (its ARN): " : `Assumed by (${SOURCES.join(", ")}, or a profile): `;
    const answer = (await ask(question))?.trim() ?? "";
    if (answer === "") throw unanswered(profile, what);
    const source = SOURCES.find((one) => one.toLowerCase() === answer.toLowerCase());
    asked.set(isRole ? what : source ? "credential_source" : "source_profile", source ?? answer);
  }
  if (asked.size > 0 && !wanted.has("region") && !before?.settings.has("region")) {
    const region = (await ask("Region (Enter for none): "))?.trim() ?? "";
    if (region !== "") asked.set("region", region);
  }
  return all();
}

function unanswered(profile: string, what: "role_arn" | "source"): XroleError {
  return what === "role_arn"
    ? new XroleError("usage", {
        problem: `profile "${profile}" would lead to no role: --role-arn is missing`,
        hint: '--role-arn "" is for a profile that only lends its source to others',
      })
    : new XroleError("usage", {
        problem: `profile "${profile}" has nothing to assume its role with: --credential-source or --source-profile is missing`,
        hint: `--credential-source is one of ${SOURCES.join(", ")}`,
      });
}

function describe({ file, before, edited }: Change, profile: string, isDry: boolean): string {
  const { text, isNew, dropped } = edited;
  if (text === (before ?? "")) return `profile "${profile}" in ${file} is so already`;
  const verb = `${isDry ? "would be " : ""}${isNew ? "added" : "changed"}`;
  const replaced = dropped.map(
    (key) => `; its ${key} ${isDry ? "would go" : "is gone"}: the other source takes its place`,
  );
  return `profile "${profile}" in ${file} ${verb}${replaced.join("")}`;
}
