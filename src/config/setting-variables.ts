// The table of profile settings that a command needs besides its credentials, with the equivalent variables: they choose an endpoint, a
// signature, or the behaviour of a client. Sources: botocore's configprovider.py, and the settings reference of "AWS SDKs and Tools".

export interface SettingVariable {
  readonly key: string;
  /** All variables that some SDK reads. */
  readonly names: readonly string[];
  /** Its key in the nested block `s3 =`, where older files have it. */
  readonly inS3?: string;
  /** True or false. In a variable, the SDK for JavaScript accepts these words only in lower case. */
  readonly isBoolean?: true;
}

/** A row whose variable has the name of its setting, as nearly all have. */
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
 * @param service its name in a `[services]` section: the service id in lower case, with `_` for a space
 */
export const endpointVariable = (service: string): string | undefined =>
  /^[a-z0-9_]+$/.test(service) ? `AWS_ENDPOINT_URL_${service.toUpperCase()}` : undefined;

/** Whether a name is one of these variables, including the endpoint of any service. */
export const isSettingVariable = (name: string): boolean =>
  VARIABLES_OF_SETTINGS.some(({ names }) => names.includes(name)) || /^AWS_ENDPOINT_URL_[A-Z0-9_]+$/.test(name);
