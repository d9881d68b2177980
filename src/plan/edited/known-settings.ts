// Lists the settings of a profile that xrole reads and may write, and those that it never writes.
import { VARIABLES_OF_SETTINGS } from "../../config/setting-variables.ts";
import type { SourceFacts } from "../../sources/kind.ts";
import { FACTS, type Source } from "../../sources/kinds.ts";
import { roleOptionRows } from "../options/role-options.ts";

const SOURCES: readonly SourceFacts<Source>[] = Object.values(FACTS);
const ofSources = [...new Set(SOURCES.flatMap(({ settings }) => settings))];

const ofOptions = roleOptionRows().flatMap(([, { setting, type }]) =>
  setting === undefined ? [] : [{ setting, type }],
);

export const KNOWN_SETTINGS: readonly string[] = [
  ...["role_arn", "source_profile", "credential_source"],
  ...ofOptions.map(({ setting }) => setting).filter((key) => key !== "role_arn"),
  ...["mfa_process", "xrole_renew"],
  ...ofSources,
  ...["services", ...VARIABLES_OF_SETTINGS.map(({ key }) => key)],
];

/** The settings that are true or false. Any other value would be read as false, so `configure` refuses it. */
export const BOOLEAN_SETTINGS: readonly string[] = [
  ...ofOptions.flatMap(({ setting, type }) => (type === "flag" ? [setting] : [])),
  "xrole_renew",
  ...VARIABLES_OF_SETTINGS.flatMap(({ key, isBoolean }) => (isBoolean === true ? [key] : [])),
];

/** Keys belong in the credentials file. `configure` does not take them: other users can see a command line. */
export const KEY_SETTINGS: readonly string[] = SOURCES.flatMap(({ keySettings = [] }) => keySettings);
