// Profiles for the role options, and what is sent to STS for them.
import { fakeAws, sts, type Answer } from "./fake-aws.ts";
import { makeHome } from "./home.ts";
import { xrole, type Run } from "./run.ts";

export const ROLE = "arn:aws:iam::222222222222:role/r";
export const config = `[profile keys]
aws_access_key_id = AKIAKEYS
aws_secret_access_key = secret-of-keys
region = us-east-1
[profile p]
role_arn = ${ROLE}
source_profile = keys
region = us-east-1
[profile chain]
role_arn = arn:aws:iam::333333333333:role/deep
source_profile = p
region = us-east-1
[profile tagged]
role_arn = ${ROLE}
source_profile = keys
region = us-east-1
session_tags = team=blue, cost center = 42
transitive_session_tags = team
source_identity = alice
[profile bad-tags]
role_arn = ${ROLE}
source_profile = keys
session_tags = team
`;

export type Sent = Record<string, string>;

export async function call(words: readonly string[], answer: Answer = sts): Promise<Run & { sent: Sent[] }> {
  const { url, asked } = await fakeAws(answer);
  const home = makeHome({ ".aws/config": config, "policy.json": '{ "Statement": [] }', "not.json": "{" });
  const run = await xrole(words, { cwd: home, env: { HOME: home, AWS_ENDPOINT_URL_STS: url } });
  const sent = asked.map(({ body }) => {
    const pairs = [...new URLSearchParams(body)];
    return Object.fromEntries(pairs.filter(([key]) => key !== "Version" && key !== "RoleSessionName"));
  });
  return { ...run, sent };
}
