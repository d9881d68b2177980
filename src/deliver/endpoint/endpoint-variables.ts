// Decides which variables make SDKs use an endpoint of xrole's, which renews the credentials (docs/contract.md, "The environment").
import type { Credentials } from "../../plan/aws/credentials.ts";
import type { Plan } from "../../plan/types.ts";
import type { Environment } from "../../context/types.ts";
import { roleChanges, type BESIDE_ENDPOINT, type Changes } from "../environment/environment.ts";

/** Where a command finds the endpoint that renews its credentials. */
export interface EndpointAccess {
  readonly url: string;
  /** The token, if it may be put into the environment itself. */
  readonly token?: string;
  /** The file with the token, and the files that replace the user's own: `credentials` is empty. */
  readonly files: { readonly tokenFile: string; readonly config: string; readonly credentials: string };
}

/** The changes that make an SDK use the endpoint, and no other source that it would look at before or after. */
export function endpointChanges(
  env: Environment,
  plan: Plan,
  { accountId }: Credentials,
  { url, token, files }: EndpointAccess,
): Changes {
  return roleChanges(env, plan, {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: url,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
    // The crate object_store ignores the endpoint and asks the instance unless this is set.
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: files.tokenFile,
    ...besideEndpoint(files),
    AWS_ACCOUNT_ID: accountId,
    XROLE_ENDPOINT: url,
  });
}

/**
 * Variables for the other places where SDKs look: keys of `[default]` would take precedence over the endpoint, and the instance is
 * asked if the endpoint does not answer.
 */
const besideEndpoint = ({
  config,
  credentials,
}: EndpointAccess["files"]): Record<(typeof BESIDE_ENDPOINT)[number], string> => ({
  AWS_CONFIG_FILE: config,
  AWS_SHARED_CREDENTIALS_FILE: credentials,
  // The SDK for Java 1.
  AWS_CREDENTIAL_PROFILES_FILE: credentials,
  // GDAL.
  CPL_AWS_CREDENTIALS_FILE: credentials,
  // botocore and boto 2; otherwise they read ~/.boto and /etc/boto.cfg.
  BOTO_CONFIG: credentials,
  // Without it, the SDKs for JavaScript 2 and Go 1 ignore one or both of the two files above.
  AWS_SDK_LOAD_CONFIG: "1",
  AWS_EC2_METADATA_DISABLED: "true",
});
