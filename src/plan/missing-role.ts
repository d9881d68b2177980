// Detects a profile whose role is missing or misspelt: its own credentials would be used instead, as another identity.
import { lostSettings } from "./unused/lost-settings.ts";
import { setting } from "../config/profile.ts";
import type { Section, Setting } from "../config/types.ts";
import { roleOptionRows } from "./options/role-options.ts";
import { XroleError } from "../errors/error.ts";
import { holdsCredentials, isOfCredentials } from "./own-source.ts";

/** Settings that make sense only with a role, the most certain sign first. */
const ROLE_SETTINGS = [
  ...["source_profile", "credential_source"],
  ...roleOptionRows().flatMap(([, { setting: key, of, sent }]) => (of && sent && key) ?? []),
  "mfa_process",
];

/** The first setting of a role in a profile without one. */
export function firstRoleSetting(profile: Section): { key: string; at: Setting } | undefined {
  for (const key of ROLE_SETTINGS) {
    const at = setting(profile, key);
    if (at) return { key, at };
  }
  return undefined;
}

/**
 * Rejects a profile with a misspelt or indented role_arn, whose own credentials would be used instead of the role.
 * @throws XroleError `role-missing`
 */
export function expectRoleSpelt(profile: Section): void {
  // Hardly any profile has such a line, so the search below is rare.
  if (!anyValue(profile, (value) => ROLE_ARN.test(value))) return;
  const lost = lostSettings(profile).find(({ meant, value }) => meant === "role_arn" && ROLE_ARN.test(value));
  if (!lost) return;
  throw new XroleError("role-missing", { where: lost.from, profile: profile.name, setting: lost.written });
}

const ROLE_ARN = /arn:[\w-]*:iam::\d*:role\//;

function anyValue({ settings }: Section, matches: (value: string) => boolean): boolean {
  for (const { value } of settings.values()) if (matches(value)) return true;
  return false;
}

/** Whether a profile was meant to provide credentials, even if its settings are wrong: the default chain does not skip it. */
export const meansCredentials = (profile: Section): boolean =>
  holdsCredentials(profile) ||
  firstRoleSetting(profile) !== undefined ||
  lostSettings(profile).some(({ meant }) => meant === "source_profile" || isOfCredentials(meant));
