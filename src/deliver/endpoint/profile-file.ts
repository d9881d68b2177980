// Writes the config file of a command whose credentials are renewed: the settings of the profile, without the settings about
// credentials.
import type { Config, Section, Setting } from "../../config/types.ts";
import { quoteWord } from "../../config/parse/words.ts";
import { roleOptionRows } from "../../plan/options/role-options.ts";

/** Settings that contain credentials, or say where they come from. */
const CREDENTIALS =
  /^(aws_(access_key_id|secret_access_key|session_token|security_token|account_id)|role_.*|source_profile|credential_.*|web_identity_.*|mfa_.*|sso_.*|login_.*|xrole_.*)$/;

/** Settings that are sent when the role is assumed. */
const SENT: readonly string[] = roleOptionRows().flatMap(([, { setting, sent }]) => (sent && setting) ?? []);

/** The text of the file: the profile's settings as `[default]`, and the services section that they refer to. */
export function profileFile({ profiles, services }: Config, profile: string): string {
  const own = profiles.get(profile);
  const named = own?.settings.get("services")?.value;
  const section = named === undefined ? undefined : services.get(named);
  return sectionText("[default]", own) + (section ? sectionText(`[services ${quoteWord(section.name)}]`, section) : "");
}

function sectionText(header: string, section: Section | undefined): string {
  const settings = [...(section?.settings ?? [])].filter(([key]) => !CREDENTIALS.test(key) && !SENT.includes(key));
  return `${header}\n${settings.map(settingText).join("")}`;
}

/** Lines that continue a value, or are nested below it, are indented (rule 8). */
const settingText = ([key, { value }]: [string, Setting]): string => `${key} = ${value.replaceAll("\n", "\n  ")}\n`;
