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

export const VARIABLES_OF_SETTINGS: readonly SettingVariable[] = [
  { key: "use_fips_endpoint", names: ["AWS_USE_FIPS_ENDPOINT"], isBoolean: true },
  { key: "use_dualstack_endpoint", names: ["AWS_USE_DUALSTACK_ENDPOINT"], isBoolean: true },
  { key: "ca_bundle", names: ["AWS_CA_BUNDLE"] },
  { key: "ignore_configured_endpoint_urls", names: ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"], isBoolean: true },
  { key: "endpoint_url", names: ["AWS_ENDPOINT_URL"] },
  { key: "account_id_endpoint_mode", names: ["AWS_ACCOUNT_ID_ENDPOINT_MODE"] },
  { key: "auth_scheme_preference", names: ["AWS_AUTH_SCHEME_PREFERENCE"] },
  { key: "sigv4a_signing_region_set", names: ["AWS_SIGV4A_SIGNING_REGION_SET"] },
  { key: "sts_regional_endpoints", names: ["AWS_STS_REGIONAL_ENDPOINTS"] },
  {
    key: "s3_us_east_1_regional_endpoint",
    names: ["AWS_S3_US_EAST_1_REGIONAL_ENDPOINT"],
    inS3: "us_east_1_regional_endpoint",
  },
  { key: "s3_use_arn_region", names: ["AWS_S3_USE_ARN_REGION"], inS3: "use_arn_region", isBoolean: true },
  {
    key: "s3_disable_multiregion_access_points",
    names: ["AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS"],
    inS3: "s3_disable_multiregion_access_points",
    isBoolean: true,
  },
  { key: "s3_disable_express_session_auth", names: ["AWS_S3_DISABLE_EXPRESS_SESSION_AUTH"], isBoolean: true },
  // The second is the name that botocore and Java 2 read. It may also be `auto`.
  { key: "endpoint_discovery_enabled", names: ["AWS_ENABLE_ENDPOINT_DISCOVERY", "AWS_ENDPOINT_DISCOVERY_ENABLED"] },
  { key: "disable_host_prefix_injection", names: ["AWS_DISABLE_HOST_PREFIX_INJECTION"], isBoolean: true },
  { key: "request_checksum_calculation", names: ["AWS_REQUEST_CHECKSUM_CALCULATION"] },
  { key: "response_checksum_validation", names: ["AWS_RESPONSE_CHECKSUM_VALIDATION"] },
  { key: "disable_request_compression", names: ["AWS_DISABLE_REQUEST_COMPRESSION"], isBoolean: true },
  { key: "request_min_compression_size_bytes", names: ["AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES"] },
  { key: "defaults_mode", names: ["AWS_DEFAULTS_MODE"] },
  { key: "retry_mode", names: ["AWS_RETRY_MODE"] },
  { key: "max_attempts", names: ["AWS_MAX_ATTEMPTS"] },
  { key: "sdk_ua_app_id", names: ["AWS_SDK_UA_APP_ID"] },
];

const NAMES = new Set(VARIABLES_OF_SETTINGS.flatMap(({ names }) => names));

/**
 * The variable for a service's endpoint, by botocore's rule.
 * @param service as a `[services]` section calls it: the service's id in lower case, `_` for a space
 */
export const endpointVariable = (service: string): string | undefined =>
  /^[a-z0-9_]+$/.test(service) ? `AWS_ENDPOINT_URL_${service.toUpperCase()}` : undefined;

/** Whether it is the name of one of these variables, an endpoint of a service included. */
export const isSettingVariable = (name: string): boolean =>
  NAMES.has(name) || /^AWS_ENDPOINT_URL_[A-Z0-9_]+$/.test(name);
