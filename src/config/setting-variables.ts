// The settings of a profile that a command needs beside its credentials, and the variables that say the same: they choose an endpoint, a
// signature, or how a client behaves. Sources: botocore's configprovider.py, and the settings reference of "AWS SDKs and Tools".

export interface SettingVariable {
  readonly key: string;
  /** All that some SDK reads. */
  readonly names: readonly string[];
  /** Where older files have it: in the nested block `s3 =`, under this key. */
  readonly inS3?: string;
  /** True or false: the SDK for JavaScript refuses any other case of these words in a variable. */
  readonly isBoolean?: true;
}

/** Nearly every variable has the name of its setting. */
const row = (key: string, more?: Partial<SettingVariable>): SettingVariable => ({
  key,
  names: [`AWS_${key.toUpperCase()}`],
  ...more,
});
const boolean = (key: string, inS3?: string): SettingVariable =>
  row(key, { isBoolean: true, ...(inS3 !== undefined && { inS3 }) });

export const VARIABLES_OF_SETTINGS: readonly SettingVariable[] = [
  boolean("use_fips_endpoint"),
  boolean("use_dualstack_endpoint"),
  row("ca_bundle"),
  boolean("ignore_configured_endpoint_urls"),
  row("endpoint_url"),
  row("account_id_endpoint_mode"),
  row("auth_scheme_preference"),
  row("sigv4a_signing_region_set"),
  row("sts_regional_endpoints"),
  row("s3_us_east_1_regional_endpoint", { inS3: "us_east_1_regional_endpoint" }),
  boolean("s3_use_arn_region", "use_arn_region"),
  boolean("s3_disable_multiregion_access_points", "s3_disable_multiregion_access_points"),
  boolean("s3_disable_express_session_auth"),
  // The second is the name that botocore and Java 2 read. It may also be `auto`.
  row("endpoint_discovery_enabled", { names: ["AWS_ENABLE_ENDPOINT_DISCOVERY", "AWS_ENDPOINT_DISCOVERY_ENABLED"] }),
  boolean("disable_host_prefix_injection"),
  row("request_checksum_calculation"),
  row("response_checksum_validation"),
  boolean("disable_request_compression"),
  row("request_min_compression_size_bytes"),
  row("defaults_mode"),
  row("retry_mode"),
  row("max_attempts"),
  row("sdk_ua_app_id"),
];

/**
 * The variable for a service's endpoint, by botocore's rule.
 * @param service as a `[services]` section calls it: the service's id in lower case, `_` for a space
 */
export const endpointVariable = (service: string): string | undefined =>
  /^[a-z0-9_]+$/.test(service) ? `AWS_ENDPOINT_URL_${service.toUpperCase()}` : undefined;

/** Whether it is the name of one of these variables, an endpoint of a service included. */
export const isSettingVariable = (name: string): boolean =>
  VARIABLES_OF_SETTINGS.some(({ names }) => names.includes(name)) || /^AWS_ENDPOINT_URL_[A-Z0-9_]+$/.test(name);
