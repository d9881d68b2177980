// The settings of a profile that xrole reads, and so may write; and those it never writes.
import { VARIABLES_OF_SETTINGS } from "../../config/setting-variables.ts";
import type { SourceFacts } from "../../sources/kind.ts";
import { FACTS, type Source } from "../../sources/kinds.ts";

const SOURCES: readonly SourceFacts<Source>[] = Object.values(FACTS);
const ofSources = [...new Set(SOURCES.flatMap(({ settings }) => settings))];

export const KNOWN_SETTINGS: readonly string[] = [
  ...["role_arn", "source_profile", "credential_source", "region"],
  ...["role_session_name", "duration_seconds", "external_id", "mfa_serial", "mfa_process"],
  ...["xrole_mfa_session", "xrole_renew"],
  ...["source_identity", "session_tags", "transitive_session_tags"],
  ...ofSources,
  ...["services", ...VARIABLES_OF_SETTINGS.map(({ key }) => key)],
];

/** The settings that are true or false: anything else is read as false, which nobody means who writes it. */
export const BOOLEAN_SETTINGS: readonly string[] = [
  "xrole_mfa_session",
  "xrole_renew",
  ...VARIABLES_OF_SETTINGS.flatMap(({ key, isBoolean }) => (isBoolean === true ? [key] : [])),
];

/** Keys are the credentials file's; a command line, where everybody sees them, is no place for one. */
export const KEY_SETTINGS: readonly string[] = SOURCES.flatMap(({ keySettings = [] }) => keySettings);
