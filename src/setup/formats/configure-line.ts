// Writes the `xrole configure` command that adds the profile of a setup.
import { quoteWord } from "../../config/parse/words.ts";
import type { Setup } from "../setup.ts";
import { shellOption } from "./shell-option.ts";

const OPTIONS: Readonly<Record<string, string>> = {
  role_arn: "--role-arn",
  source_profile: "--source-profile",
  credential_source: "--credential-source",
  external_id: "--external-id",
  region: "--region",
};

export function configureLine({ profile, settings }: Pick<Setup, "profile" | "settings">): string {
  const options = [...settings].map(([key, value]) => shellOption(OPTIONS[key] ?? "", value));
  // A name that begins with - would be read as an option.
  const name = profile.startsWith("-") ? ["--", quoteWord(profile)] : [quoteWord(profile)];
  return profile.startsWith("-")
    ? ["xrole configure", ...options, ...name].join(" ")
    : ["xrole configure", ...name, ...options].join(" ");
}
