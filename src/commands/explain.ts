// `xrole explain`: the chain and where each setting comes from; asks nobody.
import { planJson, planText } from "../chain/describe.ts";
import type { Context } from "../context.ts";
import { visible } from "../deliver/visible.ts";
import { prepare, type Invocation } from "./prepare.ts";

export async function run(context: Context, invocation: Invocation): Promise<number> {
  const isJson = invocation.options.json === true;
  // In JSON the warnings are part of the answer.
  const { plan } = prepare(context, isJson ? { ...invocation, warn: () => undefined } : invocation);
  await context.stdout.write(
    isJson ? `${JSON.stringify(planJson(plan), null, 2)}\n` : planText(plan).split("\n").map(visible).join("\n"),
  );
  return 0;
}
