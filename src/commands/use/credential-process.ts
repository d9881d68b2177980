// `xrole credential-process`: prints the JSON for `credential_process =` in a profile.
import { obtainCredentials } from "../../credentials/obtain.ts";
import type { Context } from "../../context/types.ts";
import { processJson } from "../../deliver/environment/process-json.ts";
import { prepare } from "../shared/prepare.ts";
import { PROFILE } from "../shared/common-options.ts";
import type { Declaration, Invocation } from "../shared/declaration.ts";

export const declaration = {
  name: "credential-process",
  group: "Use a role",
  summary: "print JSON for `credential_process =` in a profile",
  arguments: [PROFILE],
  options: [],
  roleOptions: "all",
  examples: [["credential_process = xrole credential-process b-s3", "in ~/.aws/config"]],
} as const satisfies Declaration;

/** Seconds. SDKs call again 15 minutes before the credentials expire, so those must be valid for longer. */
const MIN_TTL = 1200;

export async function run(context: Context, invocation: Invocation<typeof declaration>): Promise<number> {
  const { host, ...request } = prepare(context, invocation, { minTtl: MIN_TTL });
  await context.stdout.write(processJson(await obtainCredentials(host, request)));
  return 0;
}
