// Writes the config file of a command whose credentials are renewed: the settings of the profile, without the settings about
// credentials.
import type { Config, Section, Setting } from "../../config/types.ts";
import { quoteWord } from "../../config/parse/words.ts";

/** Settings that contain credentials, or say where they come from. */
const CREDENTIALS =
  /^(aws_(access_key_id|secret_access_key|session_token|security_token|account_id)|role_.*|source_profile|source_identity|credential_.*|web_identity_.*|external_id|duration_seconds|mfa_.*|(transitive_)?session_tags|sso_.*|login_.*|xrole_.*)$/;

/** The text of the file: the profile's settings as `[default]`, and the services section that they refer to. */
export function profileFile({ profiles, services }: Config, profile: string): string {
  const own = profiles.get(profile);
  const named = own?.settings.get("services")?.value;
  const section = named === undefined ? undefined : services.get(named);
  return sectionText("[default]", own) + (section ? sectionText(`[services ${quoteWord(section.name)}]`, section) : "");
}

function sectionText(header: string, section: Section | undefined): string {
  const settings = [...(section?.settings ?? [])].filter(([key]) => !CREDENTIALS.test(key));
  return `${header}\n${settings.map(settingText).join("")}`;
}

/** Lines that continue a value, or are nested below it, are indented (rule 8). */
const settingText = ([key, { value }]: [string, Setting]): string => `${key} = ${value.replaceAll("\n", "\n  ")}\n`;
