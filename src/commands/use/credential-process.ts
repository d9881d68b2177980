// `xrole credential-process`: the JSON that `credential_process =` in a profile wants.
import { obtainCredentials } from "../../credentials/obtain.ts";
import type { Context } from "../../context.ts";
import { processJson } from "../../deliver/process-json.ts";
import { prepare, type Invocation } from "../shared/prepare.ts";

/** SDKs ask again when 15 minutes are left: what they get must outlive that. Seconds. */
const MIN_TTL = 1200;

export async function run(context: Context, invocation: Invocation): Promise<number> {
  const { host, ...request } = prepare(context, invocation, { minTtl: MIN_TTL });
  await context.stdout.write(processJson(await obtainCredentials(host, request)));
  return 0;
}
