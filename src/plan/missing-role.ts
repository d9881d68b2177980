// Sees that a profile was meant to have a role and has none that can be used: its other settings would then go to somebody else.
import { lostSettings } from "./unused/lost-settings.ts";
import { setting } from "../config/profile.ts";
import type { Section, Setting } from "../config/types.ts";
import { roleOptionRows } from "./options/role-options.ts";
import { XroleError } from "../errors/error.ts";
import { holdsCredentials, isOfCredentials } from "./own-source.ts";

/** What only a profile with a role has a use for, the surest sign first. */
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
 * Refuses a profile whose own credentials would stand in for a role that is misspelt or indented.
 * @throws XroleError `role-missing`
 */
export function expectRoleSpelt(profile: Section): void {
  // Nearly no profile has such a line, so that the search below is rare.
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

/** Whether a profile was meant to say whose credentials it gives, well or not: the default chain does not pass such a one by. */
export const meansCredentials = (profile: Section): boolean =>
  holdsCredentials(profile) ||
  firstRoleSetting(profile) !== undefined ||
  lostSettings(profile).some(({ meant }) => meant === "source_profile" || isOfCredentials(meant));
