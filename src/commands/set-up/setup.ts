// `xrole setup`: the two policies of a cross-account role, and the profile. It writes them down; nothing is sent to AWS.
import { loadConfig } from "../../config/load.ts";
import type { Context } from "../../context.ts";
import { XroleError } from "../../errors.ts";
import { cliScript } from "../../policy/cli-script.ts";
import { cloudformationTemplate } from "../../policy/cloudformation-template.ts";
import { setupRequest, type SetupOptions } from "../../policy/request.ts";
import { planSetup, type Setup } from "../../policy/setup.ts";
import { setupJson } from "../../policy/setup-json.ts";
import { setupText } from "../../policy/setup-text.ts";
import { terraformModule } from "../../policy/terraform-module.ts";
import { readPolicy, type Invocation } from "../shared/prepare.ts";

const FORMATS: ReadonlyMap<unknown, (setup: Setup) => string> = new Map([
  ["text", setupText],
  ["json", setupJson],
  ["cli", cliScript],
  ["cloudformation", cloudformationTemplate],
  ["terraform", terraformModule],
]);

export async function run(context: Context, { profile = "", options }: Invocation): Promise<number> {
  const { format = "text", policy: file, ...given } = options;
  const write = FORMATS.get(format);
  if (!write) {
    const hint = `known are ${[...FORMATS.keys()].join(", ")}`;
    throw new XroleError("usage", { problem: `--format ${String(format)} is not known`, hint });
  }
  const policy = typeof file === "string" ? { text: readPolicy(context, file), file } : undefined;
  const words: SetupOptions = { ...given, ...(policy && { policy }) };
  const existing = loadConfig(context).profiles.get(profile);
  await context.stdout.write(write(planSetup(setupRequest(profile, words, existing))));
  return 0;
}
