// Finds the setting that a profile still needs before it is usable, so that `configure` can ask for it.
import { setting } from "../../config/profile.ts";
import type { Section } from "../../config/types.ts";
import { holdsCredentials, ownsRole } from "../own-source.ts";

/** The settings that name a role, or the source of the credentials that assume it. */
const ROLE_SETTINGS = ["role_arn", "source_profile", "credential_source"] as const;

/**
 * What is missing after `wanted` is written: the role, or the source of the credentials that assume it.
 * @param before the existing profile, if any
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
  // A profile without a role uses its own credentials, or only lends its source to others. The latter must be explicit (rule 27).
  if (wanted.get("role_arn") === "" || (source && !wanted.has("credential_source"))) return undefined;
  return !source && holdsCredentials(after) ? undefined : "role_arn";
}
