// `xrole setup`: prints the two policies of a cross-account role, and the profile. Nothing is sent to AWS.
import { loadConfig } from "../../config/load.ts";
import type { Context } from "../../context/types.ts";
import { cliScript } from "../../setup/formats/cli-script.ts";
import { cloudformationTemplate } from "../../setup/formats/cloudformation-template.ts";
import { setupRequest } from "../../setup/request.ts";
import type { SetupOptions } from "../../setup/types.ts";
import { planSetup } from "../../setup/setup.ts";
import { setupJson } from "../../setup/formats/setup-json.ts";
import { setupText } from "../../setup/formats/setup-text.ts";
import { terraformModule } from "../../setup/formats/terraform-module.ts";
import { readPolicy } from "../shared/prepare.ts";
import type { Declaration, Invocation } from "../shared/declaration.ts";

export const declaration = {
  name: "setup",
  group: "Set up and repair",
  summary: "print the policies and profile of a cross-account role",
  arguments: [["<profile>", "the profile that will use it; what it says already need not be said again"]],
  options: [
    ["--from-role <arn>", "the role that the host has, in account A"],
    ["--role-arn <arn>", "the role to make, in account B"],
    ["--s3-bucket <name[:write]>", "bucket it may read, or read and write; may be repeated", { repeatable: true }],
    ["--policy-arn <arn>", "managed policy it gets; may be repeated", { repeatable: true }],
    ["--policy <file>", "policy (JSON) it gets"],
    ["--external-id <id>", "word that the caller must give (sts:ExternalId)"],
    ["--org-id <id>", "organization that the caller must be of (aws:PrincipalOrgID)"],
    ["--allow-tags", "sessions may have tags, as those of EKS Pod Identity do"],
    ["--allow-source-identity", "sessions may have a source identity"],
    ["--credential-source <name>", "of the profile; without it, Ec2InstanceMetadata"],
    ["--source-profile <name>", "of the profile, instead of a credential source"],
    ["--region <name>", "of the profile"],
    ["--format <format>", "as", { choices: ["text", "json", "cli", "cloudformation", "terraform"] }],
  ],
  examples: [
    [
      "xrole setup b-s3 --from-role arn:aws:iam::111111111111:role/app-host \\\n" +
        "    --role-arn arn:aws:iam::222222222222:role/role-b-s3 --s3-bucket b-s3-bucket",
      "explained, in the order to do it",
    ],
    ["xrole setup b-s3 --from-role ... --s3-bucket b-s3-bucket:write --format cli > setup.sh", "to read, then to run"],
  ],
} as const satisfies Declaration;

const FORMATS = {
  text: setupText,
  json: setupJson,
  cli: cliScript,
  cloudformation: cloudformationTemplate,
  terraform: terraformModule,
};

export async function run(
  context: Context,
  { profile = "", options }: Invocation<typeof declaration>,
): Promise<number> {
  const { format = "text", policy: file, ...given } = options;
  const policy = file !== undefined ? { text: readPolicy(context, file), file } : undefined;
  const words: SetupOptions = { ...given, ...(policy && { policy }) };
  const existing = loadConfig(context).profiles.get(profile);
  await context.stdout.write(FORMATS[format](planSetup(setupRequest(profile, words, existing))));
  return 0;
}
