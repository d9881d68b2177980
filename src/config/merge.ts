// Merges the credentials file over the config file (rule 14): setting by setting, but a key pair always comes from one file.
import { lazySections } from "./sections.ts";
import type { Config, Section, Sections, Setting } from "./types.ts";

/** The settings that belong to a key id and come from the same file. */
const WITH_KEY_ID = ["aws_secret_access_key", "aws_session_token", "aws_security_token", "aws_account_id"];

const NONE: Sections = { get: () => undefined, keys: () => [], values: () => [] };
export const EMPTY: Config = { profiles: NONE, ssoSessions: NONE, services: NONE, bareSections: NONE };

/** Both files as one; a missing file is EMPTY. */
export function mergeFiles(config: Config, credentials: Config): Config {
  if (credentials.profiles === NONE) return config;
  const names = new Set([...config.profiles.keys(), ...credentials.profiles.keys()]);
  const profiles = lazySections(names, (name) => {
    const [below, above] = [config.profiles.get(name), credentials.profiles.get(name)];
    return below && above ? mergeSection(below, above) : (below ?? above);
  });
  const unread = [...(config.unread ?? []), ...(credentials.unread ?? [])];
  return { ...config, profiles, unread, credentialsFile: credentials.profiles };
}

function mergeSection(below: Section, above: Section): Section {
  const settings = new Map<string, Setting>(below.settings);
  const keysFrom = hasKeyId(above) ? above : hasKeyId(below) ? below : undefined;
  for (const [key, setting] of above.settings) {
    // An empty value counts as absent, so it hides nothing (rule 5).
    const over = settings.get(key);
    if (setting.value !== "" || !over) settings.set(key, over ? { ...setting, over } : setting);
  }
  if (keysFrom) {
    for (const key of WITH_KEY_ID) {
      const own = keysFrom.settings.get(key);
      if (!own) settings.delete(key);
      // Otherwise the setting is already the right one, with the value it overrides.
      else if (keysFrom !== above || own.value === "") settings.set(key, own);
    }
  }
  return { ...below, settings };
}

const hasKeyId = (section: Section): boolean => (section.settings.get("aws_access_key_id")?.value ?? "") !== "";
