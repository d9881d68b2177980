// Decides which variables lead a child to the endpoint that renews its credentials (docs/contract.md, "The environment").
import type { Credentials } from "../../plan/sts-types.ts";
import type { Plan } from "../../plan/types.ts";
import type { Environment } from "../../context/types.ts";
import { roleChanges, type BESIDE_ENDPOINT, type Changes } from "../environment/environment.ts";

/** Where a child finds the endpoint that renews its credentials. */
export interface EndpointPlace {
  readonly url: string;
  /** The token, where it may go into the environment as it is. */
  readonly token?: string;
  /** The token in a file, and what replaces the user's own files: `credentials` is empty. */
  readonly files: { readonly tokenFile: string; readonly config: string; readonly credentials: string };
}

/** The changes that lead an SDK to the endpoint, and to nothing that it would look at before or after. */
export function endpointChanges(
  env: Environment,
  plan: Plan,
  { accountId }: Credentials,
  { url, token, files }: EndpointPlace,
): Changes {
  return roleChanges(env, plan, {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: url,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
    // object_store goes to the instance, not to the endpoint, where this is not set.
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: files.tokenFile,
    ...besideEndpoint(files),
    AWS_ACCOUNT_ID: accountId,
    XROLE_ENDPOINT: url,
  });
}

/** What else SDKs look at: keys of `[default]` would win over the endpoint, and the instance is asked when it does not answer. */
const besideEndpoint = ({
  config,
  credentials,
}: EndpointPlace["files"]): Record<(typeof BESIDE_ENDPOINT)[number], string> => ({
  AWS_CONFIG_FILE: config,
  AWS_SHARED_CREDENTIALS_FILE: credentials,
  // The SDK for Java 1.
  AWS_CREDENTIAL_PROFILES_FILE: credentials,
  // GDAL.
  CPL_AWS_CREDENTIALS_FILE: credentials,
  // botocore and boto 2: else ~/.boto and /etc/boto.cfg.
  BOTO_CONFIG: credentials,
  // Without it the SDKs for JavaScript 2 and Go 1 ignore both or one of the two files above.
  AWS_SDK_LOAD_CONFIG: "1",
  AWS_EC2_METADATA_DISABLED: "true",
});
