// `xrole whoami`: asks STS which identity you end up with, through a profile or in this shell.
import { formatTime } from "../../plan/aws/timestamps.ts";
import type { Context } from "../../context/types.ts";
import { describeTimeLeft } from "../../terminal/table.ts";
import { visible, visibleJson } from "../../terminal/visible.ts";
import { prepare } from "../shared/prepare.ts";
import { JSON_OPTION, PICK, PROFILE } from "../shared/common-options.ts";
import type { Declaration, Invocation } from "../shared/declaration.ts";

export const declaration = {
  name: "whoami",
  group: "Look",
  summary: "ask STS who the credentials are",
  arguments: [PROFILE],
  options: [PICK, JSON_OPTION],
  roleOptions: "all",
  examples: [
    ["xrole whoami b-s3", "account, ARN, expiry and hops of a profile"],
    ["xrole whoami", "who this shell is now"],
  ],
} as const satisfies Declaration;

export async function run(context: Context, invocation: Invocation<typeof declaration>): Promise<number> {
  const { host, ...request } = prepare(context, invocation, { allowSourceOnly: true });
  const { plan } = request;
  const { resolveIdentity } = await import("../../credentials/resolve.ts");
  const { credentials, identity, region } = await resolveIdentity(host, request);
  const { accountId, arn, userId } = identity;
  const { expiration } = credentials;
  const hops = plan.hops.map(({ roleArn }) => roleArn);
  const answer = { accountId, arn, userId, region, expiration: expiration && formatTime(expiration), hops };
  const { name: profile } = plan;
  if (invocation.options.json === true) {
    await context.stdout.write(`${visibleJson({ profile, ...answer }, 2)}\n`);
    return 0;
  }
  const lines: readonly (readonly [string, string | undefined])[] = [
    ["account", accountId],
    ["arn", arn],
    ["user id", userId],
    ["profile", profile],
    ["region", region],
    ["expires", expiration && `${formatTime(expiration)} (${describeTimeLeft(expiration.getTime() - context.now())})`],
    ...hops.map((hop, index) => [`hop ${String(index + 1)}`, hop] as const),
  ];
  const shown = lines.flatMap(([name, text]) => (text === undefined ? [] : [`${name.padEnd(10)}${visible(text)}\n`]));
  await context.stdout.write(shown.join(""));
  return 0;
}
