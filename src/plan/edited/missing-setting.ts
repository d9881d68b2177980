// Says what a profile still lacks before it leads anywhere, so that it can be asked for.
import { setting } from "../../config/profile.ts";
import type { Section } from "../../config/types.ts";
import { holdsCredentials, ownsRole } from "../own-source.ts";

/** The settings that make a role of somebody else's credentials, or name where those come from. */
const ROLE_SETTINGS = ["role_arn", "source_profile", "credential_source"] as const;

/**
 * What is missing once `wanted` is written: the role, or the source to assume it from.
 * @param before the profile as it is, if it is there
 */
export function missingSetting(
  before: Section | undefined,
  wanted: ReadonlyMap<string, string>,
): "role_arn" | "source" | undefined {
  const kept = new Map([...(before?.settings ?? [])].filter(([key]) => !wanted.has(key)));
  for (const [key, value] of wanted) kept.set(key, { value, file: "", line: 0 });
  const after: Section = { name: "", file: "", line: 0, settings: kept };
  const [role, profile, source] = ROLE_SETTINGS.map((key) => setting(after, key));
  if (role) return profile || source || ownsRole(after) ? undefined : "source";
  // Without a role, a profile is what it holds itself, or lends its source to others; the latter has to be said (rule 27).
  if (wanted.get("role_arn") === "" || (source && !wanted.has("credential_source"))) return undefined;
  return !source && holdsCredentials(after) ? undefined : "role_arn";
}
