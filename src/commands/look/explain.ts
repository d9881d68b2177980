// `xrole explain`: shows the role chain, where each setting comes from, and settings without effect (offline).
import { planJson } from "../../plan/show/describe.ts";
import { drawPlan } from "../../plan/show/draw.ts";
import { configuredEndpoint } from "../../plan/aws/endpoint.ts";
import { regionPlace } from "../../plan/aws/region.ts";
import { unusedSettings } from "../../plan/unused/unused.ts";
import { location } from "../../config/location.ts";
import type { Context } from "../../context/types.ts";
import { visible, visibleJson } from "../../terminal/visible.ts";
import { withoutPassword, withoutPasswords } from "../../errors/passwords.ts";
import { prepare } from "../shared/prepare.ts";
import { JSON_OPTION, PROFILE } from "../shared/common-options.ts";
import type { Declaration, Invocation } from "../shared/declaration.ts";

export const declaration = {
  name: "explain",
  group: "Look",
  summary: "show the role chain and settings without effect (offline)",
  arguments: [PROFILE],
  options: [JSON_OPTION],
  roleOptions: "all",
  examples: [["xrole explain b-s3", "source, hops, region and endpoint"]],
} as const satisfies Declaration;

export async function run(context: Context, invocation: Invocation<typeof declaration>): Promise<number> {
  const { profile, options } = invocation;
  const isJson = options.json === true;
  // In JSON, the warnings are part of the output.
  const { plan, config, host } = prepare(context, isJson ? { ...invocation, warn: () => undefined } : invocation);
  const selected = config.profiles.get(plan.profile);
  const origins = {
    profile: selected && location(selected),
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
