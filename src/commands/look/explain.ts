// `xrole explain`: the chain, where each setting comes from, and what is set in vain; asks nobody.
import { planJson } from "../../chain/describe.ts";
import { drawPlan } from "../../chain/draw.ts";
import { configuredEndpoint } from "../../chain/endpoint.ts";
import { regionPlace } from "../../chain/region.ts";
import { unusedSettings } from "../../chain/unused.ts";
import { place } from "../../config/profile.ts";
import type { Context } from "../../context.ts";
import { visible, visibleJson } from "../../deliver/visible.ts";
import { withoutPassword, withoutPasswords } from "../../errors.ts";
import { prepare, type Invocation } from "../shared/prepare.ts";

export async function run(context: Context, invocation: Invocation): Promise<number> {
  const { profile, options } = invocation;
  const isJson = options.json === true;
  // In JSON the warnings are part of the answer.
  const { plan, config, host } = prepare(context, isJson ? { ...invocation, warn: () => undefined } : invocation);
  const selected = config.profiles.get(plan.profile);
  const origins = {
    profile: selected && place(selected),
    region: regionPlace(plan, host.env, selected),
    endpoint: plan.endpoint === undefined ? undefined : configuredEndpoint(host.env, config, selected)?.where,
  };
  const unused = unusedSettings({ config, env: host.env, profile, options }, plan);
  if (!isJson) {
    await context.stdout.write(
      drawPlan(plan, origins, unused).split("\n").map(withoutPassword).map(visible).join("\n"),
    );
    return 0;
  }
  const json = {
    ...planJson(plan),
    regionFrom: origins.region,
    endpointFrom: origins.endpoint,
    unused: unused.length > 0 ? unused : undefined,
  };
  await context.stdout.write(`${visibleJson(withoutPasswords(json), 2)}\n`);
  return 0;
}
