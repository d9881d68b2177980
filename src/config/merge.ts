// Lays the credentials file over the config file (rule 14): per key, but a key pair is never mixed from two files.
import type { Config, Section, Setting } from "./types.ts";

const TRIPLE = ["aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token"];

export const EMPTY: Config = {
  profiles: new Map(),
  ssoSessions: new Map(),
  services: new Map(),
  bareSections: new Map(),
};

/** Both files as one; a missing file is EMPTY. */
export function mergeFiles(config: Config, credentials: Config): Config {
  const profiles = new Map(config.profiles);
  for (const [name, section] of credentials.profiles) {
    const below = profiles.get(name);
    profiles.set(name, below ? mergeSection(below, section) : section);
  }
  return { ...config, profiles };
}

function mergeSection(below: Section, above: Section): Section {
  const settings = new Map<string, Setting>(below.settings);
  const keysFrom = hasKeyId(above) ? above : hasKeyId(below) ? below : undefined;
  for (const [key, setting] of above.settings) {
    // An empty value counts as absent, so it hides nothing (rule 5).
    if (setting.value !== "" || !settings.has(key)) settings.set(key, setting);
  }
  if (keysFrom) {
    for (const key of TRIPLE) {
      const own = keysFrom.settings.get(key);
      if (own) settings.set(key, own);
      else settings.delete(key);
    }
  }
  return { ...below, settings };
}

const hasKeyId = (section: Section): boolean => (section.settings.get("aws_access_key_id")?.value ?? "") !== "";
