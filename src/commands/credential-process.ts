// `xrole credential-process`: the JSON that `credential_process =` in a profile wants.
import { resolveCredentials } from "../credentials/resolve.ts";
import type { Context } from "../context.ts";
import { processJson } from "../deliver/process-json.ts";
import { prepare, type Invocation } from "./prepare.ts";

export async function run(context: Context, invocation: Invocation): Promise<number> {
  const { host, ...request } = prepare(context, invocation);
  await context.stdout.write(processJson(await resolveCredentials(host, request)));
  return 0;
}
