// Writes the config file of a child whose credentials are renewed: the profile's settings that are no credentials.
import type { Config, Section, Setting } from "../../config/types.ts";
import { quoteWord } from "../../config/parse/words.ts";

/** Settings that say where credentials come from, or hold them. */
const CREDENTIALS =
  /^(aws_(access_key_id|secret_access_key|session_token|security_token|account_id)|role_.*|source_profile|source_identity|credential_.*|web_identity_.*|external_id|duration_seconds|mfa_.*|(transitive_)?session_tags|sso_.*|login_.*|xrole_.*)$/;

/** The text of the file: the profile's settings as `[default]`, and the services section that they name. */
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

/** What continues a value, or is nested below it, is indented (rule 8). */
const settingText = ([key, { value }]: [string, Setting]): string => `${key} = ${value.replaceAll("\n", "\n  ")}\n`;
