// The settings of a profile that xrole reads, and so may write; and those it never writes.
import { VARIABLES_OF_SETTINGS } from "./setting-variables.ts";

export const KNOWN_SETTINGS: readonly string[] = [
  ...["role_arn", "source_profile", "credential_source", "region"],
  ...["role_session_name", "duration_seconds", "external_id", "mfa_serial", "mfa_process"],
  ...["xrole_mfa_session", "xrole_renew"],
  ...["source_identity", "session_tags", "transitive_session_tags"],
  ...["web_identity_token_file", "credential_process", "login_session", "aws_account_id"],
  ...["sso_session", "sso_start_url", "sso_region", "sso_account_id", "sso_role_name"],
  ...["services", ...VARIABLES_OF_SETTINGS.map(({ key }) => key)],
  ...["ec2_metadata_service_endpoint", "ec2_metadata_service_endpoint_mode"],
  ...["metadata_service_timeout", "metadata_service_num_attempts"],
];

/** The settings that are true or false: anything else is read as false, which nobody means who writes it. */
export const BOOLEAN_SETTINGS: readonly string[] = [
  "xrole_mfa_session",
  "xrole_renew",
  ...VARIABLES_OF_SETTINGS.flatMap(({ key, isBoolean }) => (isBoolean === true ? [key] : [])),
];

/** Keys are the credentials file's; a command line, where everybody sees them, is no place for one. */
export const KEY_SETTINGS: readonly string[] = [
  "aws_access_key_id",
  "aws_secret_access_key",
  "aws_session_token",
  "aws_security_token",
];
