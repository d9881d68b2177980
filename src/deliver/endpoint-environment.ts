// Decides which variables lead a child to the endpoint that renews its credentials (docs/contract.md, "The environment").
import type { Credentials, Plan } from "../chain/types.ts";
import type { Environment } from "../context.ts";
import { roleChanges, type Changes } from "./environment.ts";

/** Where a child finds the endpoint that renews its credentials. */
export interface EndpointPlace {
  readonly url: string;
  readonly token: { readonly value: string } | { readonly file: string };
  /** The files that stand in for the user's own. */
  readonly files: { readonly config: string; readonly credentials: string };
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
    AWS_CONTAINER_AUTHORIZATION_TOKEN: "value" in token ? token.value : undefined,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "file" in token ? token.file : undefined,
    // SDKs read keys of [default] before they ask the endpoint.
    AWS_CONFIG_FILE: files.config,
    AWS_SHARED_CREDENTIALS_FILE: files.credentials,
    // Of boto's days, and read before the endpoint still: without it, ~/.boto and /etc/boto.cfg.
    BOTO_CONFIG: files.credentials,
    // Some SDKs go on to the instance when the endpoint does not answer: that would be the host's own role.
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ACCOUNT_ID: accountId,
    XROLE_ENDPOINT: url,
  });
}
