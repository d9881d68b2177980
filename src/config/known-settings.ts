// The settings of a profile that xrole reads, and so may write; and those it never writes.

export const KNOWN_SETTINGS = [
  ...["role_arn", "source_profile", "credential_source", "region"],
  ...["role_session_name", "duration_seconds", "external_id", "mfa_serial", "mfa_process"],
  ...["xrole_mfa_session", "xrole_renew"],
  ...["source_identity", "session_tags", "transitive_session_tags"],
  ...["web_identity_token_file", "credential_process", "login_session", "aws_account_id"],
  ...["sso_session", "sso_start_url", "sso_region", "sso_account_id", "sso_role_name"],
  ...["services", "endpoint_url", "ignore_configured_endpoint_urls", "use_fips_endpoint", "use_dualstack_endpoint"],
  ...["ca_bundle", "ec2_metadata_service_endpoint", "ec2_metadata_service_endpoint_mode"],
] as const;

/** The settings that are true or false: anything else is read as false, which nobody means who writes it. */
export const BOOLEAN_SETTINGS: readonly string[] = [
  "xrole_mfa_session",
  "xrole_renew",
  "ignore_configured_endpoint_urls",
  "use_fips_endpoint",
  "use_dualstack_endpoint",
];

/** Keys are the credentials file's; a command line, where everybody sees them, is no place for one. */
export const KEY_SETTINGS: readonly string[] = [
  "aws_access_key_id",
  "aws_secret_access_key",
  "aws_session_token",
  "aws_security_token",
];
