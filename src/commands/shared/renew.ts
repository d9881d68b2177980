// `xrole exec --renew`: runs a command together with an endpoint that provides renewed credentials while the command runs.
import type { Context } from "../../context/types.ts";
import { openRenewal } from "../../credentials/refresh.ts";
import { writeChildFiles } from "../../deliver/endpoint/child-files.ts";
import { runChild, type Ending } from "../../deliver/run/child.ts";
import { isServable, openEndpoint } from "../../deliver/endpoint/endpoint.ts";
import { endpointChanges } from "../../deliver/endpoint/endpoint-variables.ts";
import { applyChanges, childChanges, environmentChanges } from "../../deliver/environment/environment.ts";
import { neverWait } from "../../terminal/non-blocking-stderr.ts";
import { profileFile } from "../../deliver/endpoint/profile-file.ts";
import type { Prepared } from "./prepare.ts";

/** @param path the path of the command */
export async function runRenewed(
  context: Context,
  { host, ...request }: Prepared,
  path: string,
  command: readonly string[],
): Promise<Ending> {
  const { config, plan } = request;
  const { first, credentials } = await openRenewal(host, request);
  if (!isServable(first.credentials)) {
    request.warn("these credentials have no end that is known: the command gets them as they are");
    const changes = childChanges(environmentChanges(context.env, plan, first.credentials));
    return runChild(context, path, command, applyChanges(context.env, changes));
  }
  neverWait(context, false);
  const files = await writeChildFiles(context, profileFile(config, plan.profile));
  try {
    const place = { path: files.path, token: files.token, credentials };
    const endpoint = await openEndpoint({ host: "127.0.0.1", port: 0, places: [place], now: context.now });
    try {
      const at = { url: endpoint.url + files.path, token: files.token, files };
      const changes = childChanges(endpointChanges(context.env, plan, first.credentials, at));
      return await runChild(context, path, command, applyChanges(context.env, changes));
    } finally {
      await endpoint.close();
    }
  } finally {
    files.remove();
  }
}
