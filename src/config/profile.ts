// Looks up a profile, and a setting of it; an empty setting counts as absent (rule 5).
import { XroleError } from "../errors/error.ts";
import { meantHeader } from "./absent-profile.ts";
import { closeProfiles } from "./close-names.ts";
import type { Config, Section, Setting } from "./types.ts";

/** The setting; undefined if it is absent or empty (rule 5). */
export function setting(section: Section, key: string): Setting | undefined {
  const found = section.settings.get(key);
  return found && found.value !== "" ? found : undefined;
}

/**
 * The profile that the user named.
 * @throws XroleError `profile-not-found` with close names (rule 19)
 */
export function findProfile(config: Config, name: string, origin?: string): Section {
  const found = config.profiles.get(name);
  if (found) return found;
  const header = meantHeader(config, name);
  throw new XroleError("profile-not-found", {
    profile: name,
    close: closeProfiles(config, name),
    ...(origin === undefined ? {} : { origin }),
    ...(header && { header }),
    ...(config.looked && { looked: config.looked }),
  });
}
